// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/kernel_log.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ipu3::vm {
namespace {

constexpr std::string_view panic_words = "Kernel panic - not syncing: ";

/// Takes a number and the character behind it off the front.
template <typename Number>
bool take(std::string_view& text, Number& value, char behind) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto used = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || used >= text.size() || text[used] != behind) {
        return false;
    }
    text.remove_prefix(used + 1);
    return true;
}

/// The kernel writes what is not printable, and the backslash, as \\xNN.
std::string unescape(std::string_view escaped) {
    constexpr std::size_t length = 4;
    std::string text;
    while (!escaped.empty()) {
        unsigned byte = 0;
        if (escaped.size() >= length && escaped.starts_with("\\x")) {
            const auto* digits = escaped.data() + 2;
            const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
            if (error == std::errc{} && end == digits + 2) {
                text.push_back(static_cast<char>(byte));
                escaped.remove_prefix(length);
                continue;
            }
        }
        text.push_back(escaped.front());
        escaped.remove_prefix(1);
    }
    return text;
}

// What reports begin with, from lib/bug.c, lib/dump_stack.c, kernel/panic.c,
// arch/x86/kernel/dumpstack.c, arch/x86/kernel/traps.c, kernel/locking/lockdep.c,
// kernel/hung_task.c, kernel/rcu/tree_stall.h, kernel/watchdog.c, lib/ubsan.c, mm/kasan/report.c,
// mm/page_alloc.c, kernel/irq/spurious.c.
constexpr auto beginnings = std::to_array<std::string_view>({
    "WARNING: ",
    "BUG: ",
    "kernel BUG at ",
    "------------[ cut here ]------------",
    "Oops: ",
    "Oops - ",
    "general protection fault",
    "double fault",
    "traps: PANIC",
    "PANIC: ",
    "Kernel panic",
    "Internal error",
    "Bad page state",
    "UBSAN: ",
    "KASAN: ",
    "KCSAN: ",
    "list_add corruption",
    "list_del corruption",
    "refcount_t: ",
    "watchdog: BUG: ",
    "unchecked MSR access error",
});

struct Pair {
    std::string_view first;
    std::string_view second;
};

// Reports with something that changes between two fixed parts.
constexpr auto pairs = std::to_array<Pair>({
    {"INFO: task ", " blocked for more than "},
    {"INFO: task ", " blocked in I/O wait for more than "},
    {"INFO: ", "detected stall"},
    {"INFO: ", "self-detected stall"},
    {"rcu: ", "detected stall"},
    {"rcu: ", "detected expedited stall"},
    {"rcu: ", "kthread starved"},
    {"DMAR: ", " fault"},
    {"watchdog: ", "LOCKUP"},
    {"NMI watchdog: ", "LOCKUP"},
    {"irq ", "nobody cared"},
    {"DMA-API: ", "device driver"},
    {"DMA-API: ", "overlapping"},
    {"DMA-API: ", "debugging out of memory"},
    {"kmemleak: ", "suspected memory leak"},
    {"kmemleak: ", "disabled"},
    {"ODEBUG: ", "object"},
});

// Messages that begin like a report and are none.
constexpr auto harmless = std::to_array<std::string_view>({
    "WARNING: Spectre ",
});

} // namespace

std::string KernelRecord::line() const {
    constexpr std::int64_t second = 1000000;
    return fmt::format("[{:5}.{:06}] {}", time.count() / second, time.count() % second, text);
}

base::Result<KernelRecord> parse_record(std::string_view raw) {
    KernelRecord record;
    unsigned priority = 0;
    std::int64_t microseconds = 0;
    auto rest = raw;
    const bool numbers = take(rest, priority, ',') && take(rest, record.sequence, ',') &&
                         take(rest, microseconds, ',');
    const auto semicolon = rest.find(';');
    if (!numbers || semicolon == std::string_view::npos) {
        return base::fail("a record of the kernel log is malformed: {}", raw.substr(0, 80));
    }
    record.level = priority & 7U;
    record.facility = priority >> 3U;
    record.time = std::chrono::microseconds{microseconds};
    const auto text = rest.substr(semicolon + 1);
    record.text = unescape(text.substr(0, text.find('\n')));
    return record;
}

bool is_report(std::string_view text) {
    if (const auto end = text.find('\n'); end != std::string_view::npos) {
        return is_report(text.substr(0, end)) || is_report(text.substr(end + 1));
    }
    const auto begins = [text](std::string_view beginning) { return text.starts_with(beginning); };
    if (std::ranges::any_of(harmless, begins)) {
        return false;
    }
    if (std::ranges::any_of(beginnings, begins)) {
        return true;
    }
    return std::ranges::any_of(pairs, [text](const Pair& pair) {
        return text.starts_with(pair.first) &&
               text.find(pair.second, pair.first.size() - 1) != std::string_view::npos;
    });
}

std::string_view console_text(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) {
        line.remove_suffix(1);
    }
    // "[    1.234567] ", and "[    T123] " of a kernel that names the caller.
    while (line.starts_with('[')) {
        const auto close = line.find(']');
        if (close == std::string_view::npos) {
            break;
        }
        line.remove_prefix(close + 1);
        if (line.starts_with(' ')) {
            line.remove_prefix(1);
        }
    }
    return line;
}

std::optional<std::string> panic_reason(std::string_view console) {
    const auto start = console.find(panic_words);
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    const auto reason = console.substr(start + panic_words.size());
    return std::string{reason.substr(0, reason.find_first_of("\r\n"))};
}

} // namespace ipu3::vm
