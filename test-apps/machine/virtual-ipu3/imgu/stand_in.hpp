// SPDX-License-Identifier: GPL-2.0-or-later
// A firmware file for where the ImgU's own, which is not free software, is not wanted.
//
// The model does not run the programs of a firmware file, and the kernel's driver does not look at
// them: both go by what its header says. This file's header is one that they take. Its programs are
// noise, and no ImgU of silicon can run them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ipu3::imgu {

/// What the file calls itself; the driver prints it, and the device trace has it.
inline constexpr std::string_view stand_in_version{"stand-in of vb2-ipu-iommu, noise for programs"};

/// The file's bytes, always the same: programs for SP0, SP1, the bootloader and, for the ISP, one
/// for video and one for still pictures.
///
/// Facts: what the driver checks and reads is in Linux ipu3-css-fw.c, ipu3-css.c and
/// ipu3-css-params.c. Sizes of pictures, of stripes and of the ISP's memories, and where an SP
/// keeps its variables, are those of the file in Debian's firmware-intel-graphics, so that the
/// driver behaves in the same way and queues and blank memory overlap as they do there.
[[nodiscard]] std::vector<std::byte> stand_in_firmware();

} // namespace ipu3::imgu
