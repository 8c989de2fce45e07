// SPDX-License-Identifier: GPL-2.0-or-later
// The image processor's faults on demand.
#pragma once

#include "machine/virtual-ipu3/sim/fault_plan.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <cstdint>
#include <map>
#include <utility>

namespace ipu3::imgu {

/// Counts the occasions of each kind and pipe, from the device's beginning, and tells the trace.
class Faults {
  public:
    /// Both outlive it.
    Faults(sim::FaultPlan& plan, sim::Trace& trace) : plan_{plan}, trace_{trace} {}

    /// Whether @p kind strikes now: to be asked once on each occasion.
    [[nodiscard]] bool strike(sim::FaultKind kind, unsigned pipe = 0);

  private:
    sim::FaultPlan& plan_;
    sim::Trace& trace_;
    std::map<std::pair<sim::FaultKind, unsigned>, std::uint64_t> occasions_;
};

} // namespace ipu3::imgu
