// SPDX-License-Identifier: GPL-2.0-or-later
// GStreamer before the virtual ImgU: through libcamera's element, through libcamera's V4L2
// compatibility layer, and on the driver's own output node.
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/vm.hpp"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tests {
namespace {

constexpr std::size_t picture_bytes = std::size_t{640} * 480 * 3 / 2;
/// After so many libcamera's exposure has come to rest where it misses no frame.
constexpr std::size_t libcamera_pictures = 50;
constexpr std::size_t direct_pictures = 12; ///< besides one whose RAW frame may not be whole

/// What libcamera chooses for 640x480, and what the direct way is told to.
const ImguSizes& sizes() {
    static const ImguSizes chosen{"1296x972", "768x576", "640x480", "320x240"};
    return chosen;
}

/// Exactly @p count pictures, and of the last @p different each another one: the sensor's noise is
/// in them.
void count_pictures(const std::string& pictures, std::size_t count, std::size_t different) {
    ASSERT_EQ(pictures.size(), count * picture_bytes);
    const std::string_view all{pictures};
    const auto picture = [&](std::size_t number) {
        return all.substr(number * picture_bytes, picture_bytes);
    };
    for (auto number = count - different + 1; number < count; ++number) {
        EXPECT_NE(picture(number), picture(number - 1)) << number << " and the one before it";
    }
}

Outcome judge_colours(const Vm& vm, std::string_view file, std::size_t number,
                      const std::vector<std::string>& more) {
    // Gamma: that of libcamera's tone curve for the IPU3.
    std::vector<std::string> arguments{
        "colours",   "--size",      sizes().frame,          "--bds",
        sizes().bds, "--corrected", sizes().picture,        "--gamma",
        "1.1",       "--number",    std::to_string(number), (vm.share() / file).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program("ipu3-judge", arguments);
}

void expect_status(const Outcome& judged, int status) {
    EXPECT_EQ(judged.status, status) << describe(judged);
}

/// Kernel, and whose drivers.
class ImguGstreamer : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(ImguGstreamer, PicturesAreAllThereAndShowTheRoom) {
    Vm vm;
    std::filesystem::copy_file(source_tree() / "test-apps/apps/scripts/imgu-nv12",
                               vm.share() / "imgu-nv12");
    const auto& [kernel, drivers] = GetParam();
    vm.options({"--kernel", kernel, "--drivers", drivers, "--imgu", "--scene", "room", "--memory",
                "2G", "--slow", "8", "--timeout", "1200"});
    expect_script(vm, "imgu-gstreamer.sh",
                  {{"LIBCAMERA_COUNT", std::to_string(libcamera_pictures)},
                   {"DIRECT_COUNT", std::to_string(direct_pictures + 1)}});
    ASSERT_FALSE(HasFailure());

    for (const auto* const way : {"libcamerasrc", "v4l2src-libcamera"}) {
        SCOPED_TRACE(way);
        const auto file = std::string{way} + ".nv12";
        // The first ones may be black.
        count_pictures(vm.share_text(file), libcamera_pictures, libcamera_pictures / 2);
        const auto judged =
            judge_colours(vm, file, libcamera_pictures - 1, {"--picture-size", sizes().picture});
        expect_status(judged, 0);
        fmt::print("{}", judged.out);
        // Negative controls: another row length, another size, one picture more than there are.
        expect_status(judge_colours(vm, file, libcamera_pictures - 2,
                                    {"--picture-size", sizes().picture, "--stride", "642"}),
                      1);
        expect_status(
            judge_colours(vm, file, libcamera_pictures - 2, {"--picture-size", "642x480"}), 1);
        expect_status(
            judge_colours(vm, file, libcamera_pictures, {"--picture-size", sizes().picture}), 2);
    }

    count_pictures(vm.share_text("v4l2src.nv12"), direct_pictures + 1, direct_pictures + 1);
    for (std::size_t number = 0; number < direct_pictures; ++number) {
        SCOPED_TRACE(number);
        const auto text = std::to_string(number);
        const auto judge = [&](const std::vector<std::string>& more) {
            std::vector<std::string> arguments{"--number", text, "--frame", text};
            arguments.insert(arguments.end(), more.begin(), more.end());
            return judge_picture(vm, sizes(), "v4l2src.nv12", "fed.raw", arguments);
        };
        expect_status(judge({"--picture-size", sizes().picture}), 0);
        expect_status(judge({"--picture-size", sizes().picture, "--stride", "642"}), 1);
        expect_status(judge({"--picture-size", "642x480"}), 1);
    }
}

INSTANTIATE_TEST_SUITE_P(Full, ImguGstreamer,
                         testing::Combine(testing::Values("stable", "newest"),
                                          testing::Values("stock", "project")),
                         [](const auto& tested) {
                             return std::get<0>(tested.param) + "_" + std::get<1>(tested.param);
                         });

} // namespace
} // namespace tests
