// SPDX-License-Identifier: GPL-2.0-or-later
// Memory of user space that cannot serve as a buffer, or that only seems so.
#pragma once

#include "lib/base/result.hpp"
#include "module-tests/misuse/verdict.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace ipu3::v4l2 {

/// Queues user memory as a buffer, which must fail with @p wanted, or succeed if that is 0.
using TryUserMemory = std::function<void(std::string_view what, int wanted, std::uintptr_t address,
                                         std::uint32_t length)>;
/// The same of a dma-buf.
using TryDmaBuf = std::function<void(std::string_view what, int wanted, int fd)>;

/// Tries user memory in every state for frames of @p frame bytes, which are more than two pages and
/// at most three and a quarter. @p to_device: for a node whose device only reads; may be empty.
[[nodiscard]] base::Result<void> try_bad_user_memory(Verdict& verdict, std::uint32_t frame,
                                                     const TryUserMemory& from_device,
                                                     const TryUserMemory& to_device);

/// Tries dma-bufs for frames of @p frame bytes, those of the module ipu-bad-exporter among them.
/// @p contiguous: for a device that must see one range of addresses.
[[nodiscard]] base::Result<void> try_bad_dma_bufs(std::uint32_t frame, bool contiguous,
                                                  const TryDmaBuf& attempt);

} // namespace ipu3::v4l2
