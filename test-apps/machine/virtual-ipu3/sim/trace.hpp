// SPDX-License-Identifier: GPL-2.0-or-later
// The event trace: one JSON object a line, what the devices did and when.
#pragma once

#include "machine/virtual-ipu3/sim/scheduler.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ipu3::sim {

using TraceValue = std::variant<std::int64_t, std::uint64_t, double, bool, std::string>;
using TraceField = std::pair<std::string_view, TraceValue>;

/// Collects events and hands each, as one line of JSON without its newline, to a sink.
///
/// A line is {"t": seconds since start, "device": "...", "event": "...", ...fields}. Counters are
/// kept per device and event, whether or not a sink is set, and `write_summary` emits them as a
/// last line.
class Trace {
  public:
    using Sink = std::function<void(std::string_view line)>;

    /// Without a sink, only the counters are kept.
    explicit Trace(const Scheduler& clock, Sink sink = {});

    void emit(std::string_view device, std::string_view event,
              std::initializer_list<TraceField> fields = {});
    /// Counts an event too frequent for a line of its own, such as an MMIO access.
    void count(std::string_view device, std::string_view event, std::uint64_t times = 1);

    [[nodiscard]] std::uint64_t counted(std::string_view device, std::string_view event) const;
    void write_summary();

  private:
    const Scheduler& clock_;
    Sink sink_;
    std::map<std::string, std::map<std::string, std::uint64_t, std::less<>>, std::less<>> counters_;
};

} // namespace ipu3::sim
