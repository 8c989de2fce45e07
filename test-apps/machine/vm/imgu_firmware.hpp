// SPDX-License-Identifier: GPL-2.0-or-later
// The ImgU's firmware file, which the guest's driver and the device model must both have.
#pragma once

#include "lib/base/result.hpp"
#include "machine/vm/initramfs.hpp"
#include "machine/vm/options.hpp"

#include <filesystem>
#include <optional>

namespace ipu3::vm {

/// The file that the driver in a guest with @p root as its root will find: the first that there is
/// of those that Linux ipu3-css-fw.c asks for. Error: a sentence that names the package.
[[nodiscard]] base::Result<std::filesystem::path>
find_imgu_firmware(const std::filesystem::path& root = "/");

struct ImguFirmwareFile {
    std::filesystem::path file;     ///< for the device model
    std::optional<Overlay> overlay; ///< the same for the guest; nothing: its root tree has it
};

/// The file that @p wanted says, of the tree at @p root. A stand-in is written into @p folder and
/// hides what the tree has. Error: a file that is not there or cannot be written.
[[nodiscard]] base::Result<ImguFirmwareFile>
provide_imgu_firmware(ImguFirmware wanted, const std::filesystem::path& folder,
                      const std::filesystem::path& root = "/");

} // namespace ipu3::vm
