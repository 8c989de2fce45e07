// SPDX-License-Identifier: GPL-2.0-or-later
// The ImgU's firmware file, which the guest's driver and the device model must both have.
#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace ipu3::vm {

/// The file that the driver in a guest with @p root as its root will find: the first that there is
/// of those that Linux ipu3-css-fw.c asks for. Error: a sentence that names the package.
[[nodiscard]] base::Result<std::filesystem::path>
find_imgu_firmware(const std::filesystem::path& root = "/");

} // namespace ipu3::vm
