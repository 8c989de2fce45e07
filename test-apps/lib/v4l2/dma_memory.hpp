// SPDX-License-Identifier: GPL-2.0-or-later
// dma-bufs from elsewhere than a V4L2 node.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

#include <cstdint>

namespace ipu3::v4l2 {

/// A dma-buf of at least @p size bytes over pages of a memfd (/dev/udmabuf).
[[nodiscard]] base::Result<base::UniqueFd> make_udmabuf(std::uint64_t size);
/// A dma-buf of at least @p size bytes from /dev/dma_heap/system.
[[nodiscard]] base::Result<base::UniqueFd> make_heap_buffer(std::uint64_t size);

/// What the processor does with a dma-buf between the calls.
enum class CpuAccess : std::uint8_t { read, write };
/// Begins (@p begin) or ends the processor's access to the dma-buf @p fd.
[[nodiscard]] base::Result<void> synchronise(int fd, CpuAccess access, bool begin);

} // namespace ipu3::v4l2
