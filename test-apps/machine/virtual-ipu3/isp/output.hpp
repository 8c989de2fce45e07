// SPDX-License-Identifier: GPL-2.0-or-later
// The output system: crops, scales and lays out what leaves as NV12.
#pragma once

#include "machine/virtual-ipu3/isp/develop.hpp"
#include "machine/virtual-ipu3/isp/parameters.hpp"

#include <cstddef>
#include <vector>

namespace ipu3::isp {

/// The part of @p frame that is left when @p size stays in the middle; even offsets.
[[nodiscard]] YuvFrame crop_centre(const YuvFrame& frame, Size size);

/// Bytes of an NV12 picture: luma rows, then half as many chroma rows, of the stride each.
[[nodiscard]] std::size_t nv12_bytes(const Output& output);

/// @p frame as @p output wants it. Between the end of a row and the stride is 0. Where cropping or
/// scaling would leave the frame, its border goes on.
[[nodiscard]] std::vector<std::byte> make_nv12(const YuvFrame& frame, const Output& output);

} // namespace ipu3::isp
