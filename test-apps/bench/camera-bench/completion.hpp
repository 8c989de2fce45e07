// SPDX-License-Identifier: GPL-2.0-or-later
// How long a frame takes from its interrupt to the program, by the kernel's own tracepoints.
#pragma once

#include <string_view>
#include <vector>

namespace ipu3::camera_bench {

/// Seconds from the last irq_handler_entry of interrupt @p irq to each v4l2_dqbuf, in the text of
/// tracefs' `trace`. A frame without an interrupt of its own is left out.
[[nodiscard]] std::vector<double> completion_times(std::string_view trace, unsigned irq);

/// How often interrupt @p irq came, on all processors, in the text of /proc/interrupts.
[[nodiscard]] unsigned long interrupt_count(std::string_view interrupts, unsigned irq);

} // namespace ipu3::camera_bench
