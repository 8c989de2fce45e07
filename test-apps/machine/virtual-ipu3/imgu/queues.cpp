// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/queues.hpp"

namespace ipu3::imgu {

namespace {

constexpr std::uint32_t word = 4;
constexpr std::uint32_t info_bytes = 4;

// Words in each ring.
constexpr unsigned to_sp_size = 3;
constexpr unsigned to_host_size = 2 * Queues::threads;
constexpr unsigned events_to_sp_size =
    Queues::buffer_queues * Queues::threads * 2 + Queues::threads * 4;
constexpr unsigned events_to_host_size = 6 * Queues::threads;

// Where they are, from the first byte of all.
constexpr std::uint32_t to_sp_info = 0;
constexpr std::uint32_t to_sp_words =
    to_sp_info + info_bytes * Queues::threads * Queues::buffer_queues;
constexpr std::uint32_t to_host_info =
    to_sp_words + word * to_sp_size * Queues::threads * Queues::buffer_queues;
constexpr std::uint32_t to_host_words = to_host_info + info_bytes * Queues::buffer_queues;
constexpr std::uint32_t events_to_sp_info =
    to_host_words + word * to_host_size * Queues::buffer_queues;
constexpr std::uint32_t events_to_sp_words = events_to_sp_info + info_bytes;
constexpr std::uint32_t events_to_host_info = events_to_sp_words + word * events_to_sp_size;
constexpr std::uint32_t events_to_host_words = events_to_host_info + info_bytes;
static_assert(events_to_host_words + word * events_to_host_size == Queues::bytes);

// Of a ring's info.
constexpr std::uint32_t size_at = 0;
constexpr std::uint32_t step_at = 1;
constexpr std::uint32_t start_at = 2;
constexpr std::uint32_t end_at = 3;

} // namespace

Queues::Ring Queues::to_sp(unsigned thread, unsigned queue) const {
    const auto number = thread * buffer_queues + queue;
    return {at_ + to_sp_info + info_bytes * number, at_ + to_sp_words + word * to_sp_size * number,
            to_sp_size};
}

Queues::Ring Queues::to_host(unsigned queue) const {
    return {at_ + to_host_info + info_bytes * queue,
            at_ + to_host_words + word * to_host_size * queue, to_host_size};
}

Queues::Ring Queues::events_to_sp() const {
    return {at_ + events_to_sp_info, at_ + events_to_sp_words, events_to_sp_size};
}

Queues::Ring Queues::events_to_host() const {
    return {at_ + events_to_host_info, at_ + events_to_host_words, events_to_host_size};
}

void Queues::make_empty(Ring ring) {
    memory_.store<std::uint8_t>(ring.info + size_at, static_cast<std::uint8_t>(ring.size));
    memory_.store<std::uint8_t>(ring.info + step_at, word);
    memory_.store<std::uint8_t>(ring.info + start_at, 0);
    memory_.store<std::uint8_t>(ring.info + end_at, 0);
}

void Queues::initialize() {
    for (unsigned queue = 0; queue < buffer_queues; ++queue) {
        for (unsigned thread = 0; thread < threads; ++thread) {
            make_empty(to_sp(thread, queue));
        }
        make_empty(to_host(queue));
    }
    make_empty(events_to_sp());
    make_empty(events_to_host());
}

/// The driver may have written anything to the info: an index that its ring does not have ends the
/// taking.
std::optional<std::uint32_t> Queues::take(Ring ring) {
    const auto start = memory_.load<std::uint8_t>(ring.info + start_at);
    const auto end = memory_.load<std::uint8_t>(ring.info + end_at);
    if (start == end || start >= ring.size || end >= ring.size) {
        return std::nullopt;
    }
    const auto value = memory_.load<std::uint32_t>(ring.words + word * start);
    memory_.store<std::uint8_t>(ring.info + start_at,
                                static_cast<std::uint8_t>((start + 1) % ring.size));
    return value;
}

bool Queues::give(Ring ring, std::uint32_t value) {
    const auto start = memory_.load<std::uint8_t>(ring.info + start_at);
    const auto end = memory_.load<std::uint8_t>(ring.info + end_at);
    if (end >= ring.size || (end + 1U) % ring.size == start) {
        return false;
    }
    memory_.store(ring.words + word * end, value);
    memory_.store<std::uint8_t>(ring.info + end_at,
                                static_cast<std::uint8_t>((end + 1) % ring.size));
    return true;
}

std::optional<std::uint32_t> Queues::take_event() {
    return take(events_to_sp());
}

std::optional<std::uint32_t> Queues::take(unsigned thread, BufferQueue queue) {
    const auto number = static_cast<unsigned>(queue);
    return thread < threads && number < buffer_queues ? take(to_sp(thread, number)) : std::nullopt;
}

bool Queues::give_event(std::uint32_t event) {
    return give(events_to_host(), event);
}

bool Queues::give(BufferQueue queue, std::uint32_t value) {
    return give(to_host(static_cast<unsigned>(queue)), value);
}

void Queues::spoil_events() {
    memory_.store<std::uint8_t>(events_to_host().info + end_at, 0xff);
}

unsigned Queues::room_for_events() const {
    const auto ring = events_to_host();
    const auto start = memory_.load<std::uint8_t>(ring.info + start_at);
    const auto end = memory_.load<std::uint8_t>(ring.info + end_at);
    return (start + ring.size - end % ring.size - 1U) % ring.size;
}

bool Queues::is_doorbell(std::uint64_t from, std::uint64_t size) const {
    const auto end = std::uint64_t{events_to_sp().info} + end_at;
    return from <= end && end - from < size;
}

} // namespace ipu3::imgu
