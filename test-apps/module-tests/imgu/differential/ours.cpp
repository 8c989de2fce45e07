// SPDX-License-Identifier: GPL-2.0-or-later
#include "differ.hpp"
#include "invariants.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <new>

namespace differential {

namespace {

/// The first byte that differs outside of @p ranges, or the size.
std::size_t changed_outside(std::span<const std::uint8_t> before,
                            std::span<const std::uint8_t> after,
                            std::span<const ours_range> ranges) {
    std::vector<ours_range> sorted{ranges.begin(), ranges.end()};
    std::ranges::sort(sorted, {}, &ours_range::offset);
    std::size_t at = 0;
    const auto check = [&](std::size_t end) {
        if (at < end && std::memcmp(&before[at], &after[at], end - at) != 0) {
            while (before[at] == after[at]) {
                ++at;
            }
            return false;
        }
        return true;
    };
    for (const auto& range : sorted) {
        if (!check(range.offset)) {
            return at;
        }
        at = std::max<std::size_t>(at, range.offset + range.size);
    }
    return check(before.size()) ? before.size() : at;
}

} // namespace

Ours::Ours()
    : ours_{ours_new()}, warp_(REFERENCE_WARP_BLOCKS * std::size_t{REFERENCE_WARP_BLOCK_BYTES}) {
    if (ours_ == nullptr) {
        throw std::bad_alloc{};
    }
}

Ours::~Ours() {
    ours_free(ours_);
}

std::string Ours::begin(const reference_exchange& exchange) {
    const auto reason = ours_begin(ours_, &exchange.pipe);
    return reason == 0 ? std::string{} : ours_reason_name(reason);
}

std::string Ours::set(const reference_exchange& exchange, std::uint32_t index) {
    // A copy of a quarter of a megabyte: of some.
    before_is_known_ = sets_++ % 8 == 0;
    if (before_is_known_) {
        const auto* const next = ours_next_acc(ours_);
        before_.assign(next, next + REFERENCE_ACC_BYTES);
    }
    ours_set(ours_, &exchange.set[index], &result_);
    return result_.reason == 0 ? std::string{} : ours_reason_name(result_.reason);
}

Subject::Blocks Ours::blocks() const {
    return {.acc = {result_.acc, REFERENCE_ACC_BYTES},
            .vmem = {result_.vmem, result_.vmem_bytes},
            .dmem = {result_.dmem, result_.dmem_bytes}};
}

std::span<const std::uint8_t> Ours::warp() {
    const auto blocks = ours_warp(ours_, warp_.data());
    return {warp_.data(), blocks * std::size_t{REFERENCE_WARP_BLOCK_BYTES}};
}

std::string Ours::broken_invariant(const reference_pipe& pipe) const {
    if (before_is_known_) {
        const std::span<const std::uint8_t> after{result_.acc, REFERENCE_ACC_BYTES};
        const auto at = changed_outside(before_, after, {result_.acc_range, result_.acc_ranges});
        if (at != after.size()) {
            return fmt::format("{} was written, and nobody would flush it",
                               place_of(BlockKind::acc, at));
        }
    }
    return differential::broken_invariant(pipe, {result_.acc, REFERENCE_ACC_BYTES});
}

} // namespace differential
