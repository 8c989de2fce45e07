// SPDX-License-Identifier: GPL-2.0-or-later
// Where two recordings differ, by register, block and field.
#pragma once

#include "machine/virtual-ipu3/recorder/recording.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::record {

/// What two runs of one driver need not have in common, and is left out of a comparison: a pattern
/// of names (a star at its end stands for anything) and the reason.
struct Masked {
    std::string_view pattern;
    std::string_view why;
};
[[nodiscard]] const std::vector<Masked>& masked_writes();
[[nodiscard]] bool is_masked(const Write& write);

/// One difference, in parts.
struct Difference {
    std::string where; ///< "writes:pm_ctrl", "parameters:acc_param:bnr.column_size"
    std::string a;     ///< what the first recording has; "-": nothing
    std::string b;
};

struct DiffOptions {
    bool exact{false};             ///< also which of several blocks of a kind it was: "frame#2"
    bool common{false};            ///< one recording may go on where the other ends
    std::size_t lines_at_most{20}; ///< of each channel; 0: all
    /// Whether a difference is meant; empty: none is.
    std::function<bool(const Difference&)> is_expected{};
};

/// Entries that both recordings have in the same order: the writes, or one kind of hand-over of one
/// pipe. Between channels the order depends on time.
struct Channel {
    std::string name; ///< "writes", "pipe 0 parameters"
    std::size_t entries_a{0};
    std::size_t entries_b{0};
    std::size_t differences{0};
    std::size_t expected{0};        ///< differences that are meant, not counted in the others
    std::vector<std::string> lines; ///< what differs, up to the limit
};

/// All channels, with the writes first.
[[nodiscard]] std::vector<Channel> compare(const Recording& a, const Recording& b,
                                           const DiffOptions& options);

} // namespace ipu3::record
