// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/pipe.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace ipu3::imgu {

namespace {

constexpr std::string_view device = "imgu";

// struct imgu_abi_parameter_set_info
constexpr std::uint32_t set_obgrid_at = 0x78;
constexpr std::uint32_t set_acc_at = 0x80;
constexpr std::uint32_t set_bytes = 144;

// struct imgu_abi_sp_group, imgu_abi_sp_pipeline, imgu_abi_sp_stage, imgu_abi_isp_stage
constexpr std::uint32_t group_pipe_at = 8;
constexpr std::uint32_t pipe_bytes = 92;
constexpr std::uint32_t pipe_id_at = 0;
constexpr std::uint32_t pipe_stage_at = 40;
constexpr std::uint32_t stage_isp_stage_at = 260;
constexpr std::uint32_t isp_stage_awb_at = 0x60 + 0x1bb;
constexpr std::uint32_t isp_stage_af_at = 0x60 + 0x1c8;

// Events of the program: enum by IMGU_ABI_EVTTYPE_*.
enum class Done : std::uint8_t {
    output = 0,
    viewfinder = 2,
    statistics = 4,
    pipeline = 6,
    input = 8,
};

/// Assumed: as many pixels in a cycle as the hardware's vector length lets it keep up with sensors
/// at the lowest of the driver's two frequencies.
constexpr std::uint64_t pixels_per_cycle = 2;
constexpr unsigned frequency_at_least = 25; // MHz, for a driver that asks for none

template <typename T>
std::optional<T> load(MappedMemory& memory, Address from) {
    T value{};
    if (!memory.read(from, std::as_writable_bytes(std::span{&value, 1}))) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::uint32_t> take(std::deque<std::uint32_t>& queue) {
    if (queue.empty()) {
        return std::nullopt;
    }
    const auto first = queue.front();
    queue.pop_front();
    return first;
}

} // namespace

void Pipe::refuse(std::string_view why) {
    context_.trace.emit(device, "frame-refused",
                        {{"pipe", std::uint64_t{number_}}, {"why", std::string{why}}});
}

// ---- from the driver ----

Pipe::Set Pipe::read_set(std::uint32_t address) {
    Set set{.address = address, .parameters = {}, .statistics = {}};
    const auto info =
        load<std::array<std::uint32_t, set_bytes / 4>>(context_.memory, Address{address});
    if (!info) {
        refuse("parameters that cannot be read");
        return set;
    }
    std::vector<std::byte> acc(acc_param_bytes);
    std::array<std::byte, obgrid_bytes> obgrid{};
    if (!context_.memory.read(Address{info->at(set_acc_at / 4)}, acc) ||
        !context_.memory.read(Address{info->at(set_obgrid_at / 4)}, obgrid)) {
        refuse("parameters that cannot be read");
        return set;
    }
    auto decoded = decode_parameters(acc, obgrid);
    if (!decoded) {
        refuse(decoded.error().message);
        return set;
    }
    set.parameters = *decoded;
    set.statistics = statistics_config(acc);
    return set;
}

void Pipe::enqueue(BufferQueue queue, std::uint32_t descriptor) {
    if (queue == BufferQueue::parameters) {
        // A copy, for the driver uses the memory again; the set before goes back without an event.
        if (set_) {
            owed_.push_back({.queue = queue, .descriptor = set_->address, .event = 0});
            flush();
        }
        set_ = read_set(descriptor);
    } else {
        waiting_.at(static_cast<std::size_t>(queue)).push_back(descriptor);
    }
    begin();
}

void Pipe::start(Address group) {
    const auto pipeline = group + group_pipe_at + pipe_bytes * std::uint64_t{number_};
    const auto id = load<std::uint32_t>(context_.memory, pipeline + pipe_id_at);
    const auto stage = load<std::uint32_t>(context_.memory, pipeline + pipe_stage_at);
    const auto isp_stage =
        stage ? load<std::uint32_t>(context_.memory, Address{*stage} + stage_isp_stage_at)
              : std::nullopt;
    if (!id || !isp_stage) {
        refuse("a pipe whose description cannot be read");
        return;
    }
    const auto counts = [&](std::uint32_t at) {
        return load<std::uint8_t>(context_.memory, Address{*isp_stage} + at).value_or(0) != 0;
    };
    counts_awb_ = counts(isp_stage_awb_at);
    counts_af_ = counts(isp_stage_af_at);
    pipe_id_ = *id;
    running_ = true;
    begin();
}

void Pipe::stop() {
    timer_.cancel();
    work_.cancel();
    late_.clear();
    running_ = false;
    busy_ = false;
    making_ = false;
    waiting_for_time_ = false;
    previous_statistics_.reset();
    set_.reset();
    owed_.clear();
    for (auto& queue : waiting_) {
        queue.clear();
    }
}

// ---- a frame ----

void Pipe::begin() {
    auto& inputs = waiting_.at(static_cast<std::size_t>(BufferQueue::input));
    if (!running_ || busy_ || !set_) {
        return;
    }
    const auto input = take(inputs);
    if (!input) {
        return;
    }
    busy_ = true;
    const auto next = [&](BufferQueue queue) {
        return take(waiting_.at(static_cast<std::size_t>(queue)));
    };
    frame_ = {.input = *input,
              .output = next(BufferQueue::output),
              .viewfinder = next(BufferQueue::viewfinder),
              .statistics = next(BufferQueue::statistics)};
    processed_ = {};
    std::uint64_t pixels = 0;
    if (const auto& set = *set_; set.parameters) {
        order(*set.parameters, set);
        const auto& size = set.parameters->effective;
        pixels = std::uint64_t{size.width} * size.height;
    } else {
        refuse("no parameters to make it with");
    }
    const auto megahertz = std::max(context_.frequency(), frequency_at_least);
    const std::chrono::microseconds takes{pixels / pixels_per_cycle / megahertz};
    waiting_for_time_ = true;
    timer_ = context_.clock.after(takes, [this] {
        waiting_for_time_ = false;
        end_when_made();
    });
}

std::optional<std::vector<std::byte>> Pipe::read_input(std::uint32_t descriptor,
                                                       const isp::Parameters& parameters) {
    const auto data = load<std::uint32_t>(context_.memory, Address{descriptor});
    if (!data) {
        refuse("an input whose descriptor cannot be read");
        return std::nullopt;
    }
    const auto bytes = row_bytes(parameters);
    std::vector<std::byte> packed(bytes * parameters.effective.height);
    for (std::size_t y = 0; y < parameters.effective.height; ++y) {
        const auto at = Address{*data} + parameters.feeder.start +
                        std::uint64_t{parameters.feeder.row_stride} * y;
        if (!context_.memory.read(at, std::span{packed}.subspan(y * bytes, bytes))) {
            refuse("an input that cannot be read");
            return std::nullopt;
        }
    }
    return packed;
}

void Pipe::order(const isp::Parameters& parameters, const Set& set) {
    auto packed = read_input(frame_.input, parameters);
    if (!packed) {
        return;
    }
    struct Job {
        Order order;
        Processed processed;
    };
    const auto job =
        std::make_shared<Job>(Job{.order = {.parameters = parameters,
                                            .statistics_config = set.statistics,
                                            .packed = std::move(*packed),
                                            .wants_output = frame_.output.has_value(),
                                            .wants_viewfinder = frame_.viewfinder.has_value(),
                                            .wants_statistics = frame_.statistics.has_value(),
                                            .counts_awb = counts_awb_,
                                            .counts_af = counts_af_,
                                            .sabotage = context_.sabotage},
                                  .processed = {}});
    making_ = true;
    work_ = context_.worker.run([job] { job->processed = process(job->order); },
                                [this, job] {
                                    making_ = false;
                                    processed_ = std::move(job->processed);
                                    end_when_made();
                                });
}

void Pipe::end_when_made() {
    if (making_ || waiting_for_time_ ||
        context_.faults.strike(sim::FaultKind::imgu_stuck_frame, number_)) {
        return;
    }
    end();
}

/// What a program does that has gone mad, before it tells of the frame.
void Pipe::misbehave() {
    using enum sim::FaultKind;
    // No such type, no such pipe, both, nothing at all.
    constexpr std::array nonsense{0x0000001fU, 0x00000700U, 0x0000ff1fU, ~0U};
    constexpr std::uint32_t assertion = 0x1200340f; // of module 0x34, line 0x12
    constexpr std::uint32_t timer = 12;
    constexpr std::uint32_t nobodys = 0xdeadbeef;
    auto& faults = context_.faults;
    const auto event = [&](std::uint32_t word) {
        owed_.push_back({.queue = std::nullopt, .descriptor = 0, .event = word});
    };
    if (faults.strike(imgu_bad_event, number_)) {
        std::ranges::for_each(nonsense, event);
    }
    if (faults.strike(imgu_assert, number_)) {
        event(assertion);
    }
    if (faults.strike(imgu_bad_buffer, number_)) {
        owed_.push_back({.queue = BufferQueue::output,
                         .descriptor = nobodys,
                         .event = static_cast<std::uint32_t>(Done::output) | number_ << 8U |
                                  (pipe_id_ & 0xffU) << 16U});
    }
    if (faults.strike(imgu_event_flood, number_)) {
        while (context_.queues.give_event(timer)) {
        }
        context_.interrupt();
    }
    if (faults.strike(imgu_spurious_irq, number_)) {
        context_.spurious();
    }
    if (faults.strike(imgu_bad_ring, number_)) {
        context_.queues.spoil_events();
        context_.interrupt();
    }
    if (faults.strike(imgu_off_bus, number_)) {
        context_.off_bus();
    }
}

void Pipe::write_back(std::optional<std::uint32_t> descriptor,
                      const std::optional<std::vector<std::byte>>& bytes) {
    if (!descriptor || !bytes) {
        return;
    }
    // All descriptors begin with the address.
    const auto to = load<std::uint32_t>(context_.memory, Address{*descriptor});
    if (!to || !context_.memory.write(Address{*to}, *bytes)) {
        refuse("a buffer that cannot be written");
    }
}

void Pipe::end() {
    if (context_.sabotage == Sabotage::previous_statistics) {
        auto now = processed_.statistics;
        if (previous_statistics_) {
            processed_.statistics = std::move(previous_statistics_);
        }
        previous_statistics_ = std::move(now);
    }
    misbehave();
    write_back(frame_.statistics, processed_.statistics);
    write_back(frame_.output, processed_.output);
    write_back(frame_.viewfinder, processed_.viewfinder);
    busy_ = false;
    ++frames_;
    const auto give = [&](std::optional<BufferQueue> queue, std::optional<std::uint32_t> descriptor,
                          Done what) {
        if (!descriptor) {
            return;
        }
        const Given given{.queue = queue,
                          .descriptor = *descriptor,
                          .event = static_cast<std::uint32_t>(what) | number_ << 8U |
                                   (pipe_id_ & 0xffU) << 16U};
        if (what == Done::output && context_.sabotage == Sabotage::lost_event && frames_ % 4 == 0) {
            return;
        }
        if (what == Done::output && context_.sabotage == Sabotage::late_event) {
            // Of more than these the time is over; the driver has fewer frames on their way.
            constexpr std::size_t held = 8;
            if (late_.size() == held) {
                late_.pop_front();
            }
            late_.push_back(context_.clock.after(std::chrono::seconds{1}, [this, given] {
                owed_.push_back(given);
                flush();
            }));
            return;
        }
        owed_.push_back(given);
    };
    give(BufferQueue::output, frame_.output, Done::output);
    if (context_.faults.strike(sim::FaultKind::imgu_half_frame, number_)) {
        busy_ = true; // for good
        flush();
        return;
    }
    give(BufferQueue::viewfinder, frame_.viewfinder, Done::viewfinder);
    give(BufferQueue::statistics, frame_.statistics, Done::statistics);
    give(BufferQueue::input, frame_.input, Done::input);
    give(std::nullopt, 0, Done::pipeline);
    context_.trace.count(device, "frame");
    flush(!context_.faults.strike(sim::FaultKind::imgu_lost_irq, number_));
    begin();
}

/// The buffer before its event: the driver looks for it as soon as it has that.
void Pipe::flush(bool with_interrupt) {
    bool told = false;
    while (!owed_.empty()) {
        const auto& next = owed_.front();
        const bool silent = next.queue == BufferQueue::parameters;
        if (!silent && context_.queues.room_for_events() == 0) {
            break;
        }
        if (next.queue && !context_.queues.give(*next.queue, next.descriptor)) {
            break;
        }
        if (!silent) {
            (void)context_.queues.give_event(next.event); // there is room
            told = true;
        }
        owed_.pop_front();
    }
    if (told && with_interrupt) {
        context_.interrupt();
    }
}

} // namespace ipu3::imgu
