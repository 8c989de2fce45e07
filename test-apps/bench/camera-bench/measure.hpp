// SPDX-License-Identifier: GPL-2.0-or-later
// What is measured of a capture node, whichever driver has it.
#pragma once

#include "apps/ipu3-capture/pipeline.hpp"
#include "lib/base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ipu3::camera_bench {

/// A number and what it is of: "frame:all", "reqbufs:4".
struct Row {
    std::string name;
    double value{0};
};
using Rows = std::vector<Row>;

/// A PCI function and the module that drives it.
struct Device {
    unsigned irq{0};                       ///< Linux's number of its interrupt
    std::vector<std::uint64_t> code_pages; ///< of the driver and its own memory backend
};

/// Finds the CIO2 at @p function, "0000:00:14.3". Error: it has no driver, or no MSI.
[[nodiscard]] base::Result<Device> find_device(const std::string& function);

/// Counts while nobody streams. Error: the driver's code runs all the same, so that what is counted
/// of a stream would not be the stream's.
[[nodiscard]] base::Result<void> check_rest(const Device& device);

/// Instructions of REQBUFS, of mapping (QUERYBUF and mmap() of each), of unmapping and of giving
/// back @p count buffers: of each the least of some rounds.
[[nodiscard]] base::Result<Rows> measure_buffers(capture::Pipeline& pipeline, std::uint32_t count);

/// A stream of @p frames: instructions and interrupts a frame. Error: one was lost or damaged.
[[nodiscard]] base::Result<Rows> measure_stream(capture::Pipeline& pipeline, const Device& device,
                                                std::uint32_t frames);

/// Microseconds from a frame's interrupt to the program: the median of @p frames.
[[nodiscard]] base::Result<Rows> measure_completion(capture::Pipeline& pipeline,
                                                    const Device& device, std::uint32_t frames);

/// How fast a frame is read, as a share of how fast plain memory of its size is: the median of
/// some rounds, which take turns.
[[nodiscard]] base::Result<Rows> measure_reading(capture::Pipeline& pipeline);

} // namespace ipu3::camera_bench
