// SPDX-License-Identifier: GPL-2.0-or-later
// The guest's kernel log: its records, and which of them report a bug of the kernel's or a
// device's.
#pragma once

#include "lib/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipu3::vm {

struct KernelRecord {
    unsigned level{0};    ///< 0 emergency ... 7 debug
    unsigned facility{0}; ///< 0: the kernel itself; else a program wrote it
    std::uint64_t sequence{0};
    std::chrono::microseconds time{0};
    std::string text;

    /// As dmesg shows it: "[    1.234567] text".
    [[nodiscard]] std::string line() const;
};

/// Parses a record as /dev/kmsg gives it: "PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;TEXT\n
/// KEY=VALUE..." (Documentation/ABI/testing/dev-kmsg).
[[nodiscard]] base::Result<KernelRecord> parse_record(std::string_view raw);

/// Whether a line of a kernel message begins the report of a bug: WARN, BUG, oops, panic, lockdep,
/// hung task, stall, sanitizers, DMAR fault, an interrupt that nobody cared for.
[[nodiscard]] bool is_report(std::string_view text);

/// The text of a line of the console: without its time and the like.
[[nodiscard]] std::string_view console_text(std::string_view line);

/// What follows "Kernel panic - not syncing: " in a console's text, if that is in it.
[[nodiscard]] std::optional<std::string> panic_reason(std::string_view console);

} // namespace ipu3::vm
