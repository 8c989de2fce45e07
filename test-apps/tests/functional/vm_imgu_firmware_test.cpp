// SPDX-License-Identifier: GPL-2.0-or-later
// The stand-in for the ImgU's firmware file before the kernel's own driver and libcamera.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

namespace tests {
namespace {

constexpr const char* says_so = "ipu3-vm: the ImgU's firmware is a stand-in\n";

class ImguStandIn : public testing::TestWithParam<std::string> {
  protected:
    static Vm& stand_in(Vm& vm) {
        return vm.options({"--kernel", GetParam(), "--drivers", "stock", "--imgu",
                           "--imgu-firmware", "stand-in", "--scene", "room", "--memory", "2G",
                           "--timeout", "900"});
    }
};

TEST_P(ImguStandIn, MakesVideoAndStillPictures) {
    constexpr std::size_t width = 640;
    constexpr std::size_t height = 480;
    constexpr unsigned frames = 5;
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    const auto outcome = expect_script(stand_in(vm), "imgu-stand-in.sh",
                                       {{"FRAMES", std::to_string(frames)},
                                        {"WIDTH", std::to_string(width)},
                                        {"HEIGHT", std::to_string(height)}});
    EXPECT_NE(outcome.err.find(says_so), std::string::npos) << outcome.err;
    EXPECT_NE(vm.log_text("trace.jsonl").find("\"version\":\"stand-in of vb2-ipu-iommu"),
              std::string::npos);
    constexpr auto bytes = width * height * 3 / 2;
    for (unsigned i = 0; i < frames; ++i) {
        EXPECT_EQ(vm.share_text(fmt::format("frame-cam0-stream0-{:06}.bin", i)).size(), bytes) << i;
    }
    EXPECT_EQ(vm.share_text("output-0.nv12").size(), 3 * bytes);
}

TEST_P(ImguStandIn, SpoiledIsRefusedByTheDriver) {
    Vm vm;
    expect_script(stand_in(vm), "imgu-spoiled.sh");
}

INSTANTIATE_TEST_SUITE_P(Full, ImguStandIn, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
