// SPDX-License-Identifier: GPL-2.0-or-later
// What a processor is in the middle of, so that interrupt handlers do not count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace ipu3::membench {

/// A processor's counters.
struct Counts {
    std::uint64_t instructions{0};
    std::uint64_t flushes{0}; ///< of one cache line each
    bool operator==(const Counts&) const = default;
};

/// Interrupts and exceptions that were taken and not returned from. An interrupt comes when it
/// likes, so what it does is undone in the counters when it returns. An exception is the work of
/// the code that raised it.
class Nesting {
  public:
    /// @p counts: as they are before the handler's first instruction.
    void interrupt(const Counts& counts) { push(counts); }
    void exception() { push(std::nullopt); }

    /// IRET. What the counters must be set back to; none: they stay.
    [[nodiscard]] std::optional<Counts> leave() {
        if (depth_ == 0) {
            return std::nullopt; // of a system call, or older than forget()
        }
        --depth_;
        return depth_ < taken_.size() ? taken_.at(depth_) : std::nullopt;
    }

    /// The processor is in no handler, whatever was seen: a task that was switched away from in
    /// one returns on its own account later.
    void forget() { depth_ = 0; }

  private:
    void push(std::optional<Counts> counts) {
        if (depth_ < taken_.size()) {
            taken_.at(depth_) = counts;
        }
        ++depth_;
    }

    static constexpr std::size_t deepest = 16;
    std::array<std::optional<Counts>, deepest> taken_;
    std::size_t depth_{0};
};

} // namespace ipu3::membench
