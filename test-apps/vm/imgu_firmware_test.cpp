// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/imgu_firmware.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace ipu3::vm {
namespace {

TEST(ImguFirmware, IsTheFirstThatTheDriverWouldTake) {
    const auto root =
        std::filesystem::path{testing::TempDir()} / ("imgu-firmware-" + std::to_string(::getpid()));
    std::filesystem::create_directories(root / "lib/firmware/intel/ipu");
    const auto none = find_imgu_firmware(root);
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("firmware-intel-graphics"), std::string::npos);
    const auto make = [&](const char* name) {
        auto file = root / "lib/firmware/intel" / name;
        std::ofstream{file} << "x";
        return file;
    };
    const auto last = make("ipu3-fw.bin");
    EXPECT_EQ(find_imgu_firmware(root).value(), last);
    const auto first = make("ipu/irci_irci_ecr-master_20161208_0213_20170112_1500.bin");
    EXPECT_EQ(find_imgu_firmware(root).value(), first);
    std::filesystem::remove_all(root);
}

} // namespace
} // namespace ipu3::vm
