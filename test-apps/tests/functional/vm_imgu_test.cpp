// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual ImgU before the kernel's own driver and libcamera.
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <numeric>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

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
    expect_script(vm, "cam-pictures.sh",
                  {{"FRAMES", std::to_string(frames)},
                   {"WIDTH", std::to_string(width)},
                   {"HEIGHT", std::to_string(height)}});
    ASSERT_FALSE(HasFailure()) << vm.share_text("list");
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

class ImguPicture : public testing::TestWithParam<std::tuple<std::string, ImguSizes>> {};

TEST_P(ImguPicture, ShowsTheFrameThatItWasGiven) {
    const auto& [kernel, sizes] = GetParam();
    Vm vm;
    vm.options({"--kernel", kernel, "--drivers", "stock", "--timeout", "900"});
    expect_the_frame(vm, sizes);
}

const ImguSizes unscaled{"1296x972", "1296x972", "1280x960", "640x480"};
const ImguSizes scaled{"1296x972", "768x576", "640x480", "320x240"};

std::string picture_name(const testing::TestParamInfo<ImguPicture::ParamType>& tested) {
    return fmt::format("{}_{}", std::get<0>(tested.param), std::get<1>(tested.param).picture);
}

INSTANTIATE_TEST_SUITE_P(Short, ImguPicture, testing::Values(std::tuple{"stable", scaled}),
                         picture_name);
INSTANTIATE_TEST_SUITE_P(Full, ImguPicture,
                         testing::Values(std::tuple{"stable", unscaled},
                                         std::tuple{"newest", unscaled},
                                         std::tuple{"newest", scaled}),
                         picture_name);

class ImguRecord : public testing::TestWithParam<std::string> {};

TEST_P(ImguRecord, OfTwoRunsIsTheSameAndOfAnotherSizeIsNot) {
    const auto record = [](Vm& vm, const std::string& bds) {
        std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
        vm.options({"--kernel", GetParam(), "--drivers", "stock", "--imgu", "--memory", "2G",
                    "--pace", "--timeout", "900", "--record", (vm.share() / "told").string()});
        expect_script(
            vm, "imgu-process.sh",
            {{"FRAME", "1296x972"}, {"BDS", bds}, {"PICTURE", "640x480"}, {"COUNT", "3"}});
    };
    const auto compare = [](const Vm& a, const Vm& b) {
        // How many frames are on their way when the last one came out depends on time.
        return run_program("ipu3-record",
                           {"diff", "--common", "--all", (a.share() / "told").string(),
                            (b.share() / "told").string()});
    };
    Vm first;
    Vm second;
    Vm other;
    record(first, "768x576");
    record(second, "768x576");
    record(other, "864x648");
    const auto same = compare(first, second);
    EXPECT_EQ(same.status, 0) << describe(same);
    for (const auto* const channel : {"writes: ", "start: 1 | 1", "parameters: 1 | 1",
                                      "input: ", "output: ", "viewfinder: ", "statistics: "}) {
        EXPECT_NE(same.out.find(channel), std::string::npos) << channel << '\n' << same.out;
    }
    const auto different = compare(first, other);
    EXPECT_EQ(different.status, 1) << describe(different);
    for (const auto* const field :
         {"acc_param stripe.bds_frame_width: 0x300 | 0x360", "acc_param bds.ver.ver_ctrl1[0]",
          "configuration.dmem0 iterator.internal_info[0]: 0x300 | 0x360"}) {
        EXPECT_NE(different.out.find(field), std::string::npos) << field << '\n' << different.out;
    }
}

INSTANTIATE_TEST_SUITE_P(Full, ImguRecord, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

INSTANTIATE_TEST_SUITE_P(Short, Imgu, testing::Values("newest"),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Full, Imgu, testing::Values("stable"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
