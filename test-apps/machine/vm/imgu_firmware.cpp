// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/imgu_firmware.hpp"

#include "machine/virtual-ipu3/imgu/stand_in.hpp"

#include <array>
#include <string_view>
#include <system_error>

namespace ipu3::vm {

namespace {

/// Below the folder of firmware, in the order in which the driver asks for them.
constexpr auto names = std::to_array<std::string_view>(
    {"intel/ipu/irci_irci_ecr-master_20161208_0213_20170112_1500.bin",
     "intel/irci_irci_ecr-master_20161208_0213_20170112_1500.bin", "intel/ipu3-fw.bin"});

base::Result<ImguFirmwareFile> write_stand_in(const std::filesystem::path& folder) {
    const auto bytes = imgu::stand_in_firmware();
    auto file = folder / "imgu-stand-in.bin";
    if (auto written =
            write_file(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        !written) {
        return tl::unexpected{std::move(written.error())};
    }
    // Not /lib, which is a link in the tree.
    return ImguFirmwareFile{
        .file = file,
        .overlay = Overlay{.from = file,
                           .to = std::filesystem::path{"/usr/lib/firmware"} / names.front()}};
}

} // namespace

base::Result<std::filesystem::path> find_imgu_firmware(const std::filesystem::path& root) {
    for (const auto name : names) {
        auto file = root / "lib/firmware" / name;
        std::error_code error; // a file that cannot be looked at is none
        if (std::filesystem::is_regular_file(file, error)) {
            return file;
        }
    }
    return base::fail("--imgu-firmware debian needs Debian's firmware-intel-graphics, from "
                      "non-free-firmware, in the root tree");
}

base::Result<ImguFirmwareFile> provide_imgu_firmware(ImguFirmware wanted,
                                                     const std::filesystem::path& folder,
                                                     const std::filesystem::path& root) {
    if (wanted == ImguFirmware::stand_in) {
        return write_stand_in(folder);
    }
    auto found = find_imgu_firmware(root);
    if (found) {
        return ImguFirmwareFile{.file = std::move(*found), .overlay = std::nullopt};
    }
    if (wanted == ImguFirmware::debian) {
        return tl::unexpected{std::move(found.error())};
    }
    return write_stand_in(folder);
}

} // namespace ipu3::vm
