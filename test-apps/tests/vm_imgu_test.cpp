// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual ImgU before the kernel's own driver and libcamera.
#include "tests/vm.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <numeric>
#include <string>

namespace tests {
namespace {

constexpr std::size_t width = 640;
constexpr std::size_t height = 480;
constexpr unsigned frames = 12;

/// Of the luma, 0 to 255.
double brightness(const std::string& picture) {
    const auto luma = std::string_view{picture}.substr(0, width * height);
    return std::accumulate(
               luma.begin(), luma.end(), 0.0,
               [](double sum, char value) { return sum + static_cast<unsigned char>(value); }) /
           static_cast<double>(luma.size());
}

class Imgu : public testing::TestWithParam<std::string> {};

TEST_P(Imgu, LibcameraTakesPicturesThroughTheStockDriver) {
    Vm vm;
    vm.options({"--kernel", GetParam(), "--drivers", "stock", "--imgu", "--scene", "room",
                "--memory", "2G", "--timeout", "900"});
    const auto outcome = vm.run(fmt::format(R"sh(
        cam -l >list 2>/dev/null && grep -c '^[0-9]*: ' list
        cam -c1 --capture={} --file=frame-#.bin -s width={},height={} >cam.log 2>&1)sh",
                                            frames, width, height));
    ASSERT_EQ(outcome.status, 0) << describe(outcome) << vm.share_text("cam.log");
    EXPECT_EQ(outcome.out, "1\n") << vm.share_text("list");
    for (unsigned i = 0; i < frames; ++i) {
        const auto picture = vm.share_text(fmt::format("frame-cam0-stream0-{:06}.bin", i));
        ASSERT_EQ(picture.size(), width * height * 3 / 2) << i;
        if (i + 1 == frames) {
            // Not black, as the first ones may be, and not white. It says nothing of colours, nor
            // of what exposure went by.
            EXPECT_GT(brightness(picture), 10) << vm.share_text("cam.log");
            EXPECT_LT(brightness(picture), 200) << vm.share_text("cam.log");
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Full, Imgu, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
