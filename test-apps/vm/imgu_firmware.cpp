// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/imgu_firmware.hpp"

#include <string_view>
#include <system_error>

namespace ipu3::vm {

base::Result<std::filesystem::path> find_imgu_firmware(const std::filesystem::path& root) {
    using namespace std::literals;
    for (const auto name :
         {"intel/ipu/irci_irci_ecr-master_20161208_0213_20170112_1500.bin"sv,
          "intel/irci_irci_ecr-master_20161208_0213_20170112_1500.bin"sv, "intel/ipu3-fw.bin"sv}) {
        auto file = root / "lib/firmware" / name;
        std::error_code error; // a file that cannot be looked at is none
        if (std::filesystem::is_regular_file(file, error)) {
            return file;
        }
    }
    return base::fail("--imgu needs the ImgU's firmware in the root tree: Debian's "
                      "firmware-intel-graphics, from non-free-firmware");
}

} // namespace ipu3::vm
