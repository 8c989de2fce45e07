// SPDX-License-Identifier: GPL-2.0-or-later
// libcamera's cam in the virtual machine, on the kernel's own drivers and on the project's: every
// camera, every kind of stream, sizes and lights, and a cam that is killed again and again.
#include "tests/functional/vm.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <optional>
#include <ostream>
#include <regex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tests {
namespace {

constexpr unsigned frames = 120;

/// Kernel, and whose drivers.
class ImguCam : public testing::TestWithParam<std::tuple<std::string, std::string>> {
  protected:
    static void machine(Vm& vm) {
        const auto& [kernel, drivers] = GetParam();
        vm.options({"--kernel", kernel, "--drivers", drivers, "--imgu", "--scene", "room",
                    "--memory", "2G", "--timeout", "3000"});
    }
};

TEST_P(ImguCam, TakesEachKindOfStreamFromEachCamera) {
    Vm vm;
    machine(vm);
    vm.options({"--sensors", "ov5693,ov8865"});
    expect_script(vm, "cam-streams.sh", {{"FRAMES", std::to_string(frames)}});
}

/// What libcamera has chosen, by its log.
struct Chosen {
    std::string frame;     ///< the sensor's
    std::string read;      ///< of it, by the ImgU
    std::string bds;       ///< what that is scaled to
    std::string corrected; ///< what is left of it
};

std::optional<Chosen> chosen(const std::string& log) {
    // cam asks for what is possible more than once: the last answer counts.
    const auto last = [&log](const char* what) {
        const std::regex line{std::string{what} + R"(:? (\d+x\d+))"};
        std::string size;
        for (std::sregex_iterator found{log.begin(), log.end(), line}, end; found != end; ++found) {
            size = (*found)[1].str();
        }
        return size;
    };
    Chosen sizes{.frame = last("CIO2 configuration"),
                 .read = last(" IF"),
                 .bds = last(" BDS"),
                 .corrected = last(" GDC")};
    if (sizes.frame.empty() || sizes.read.empty() || sizes.bds.empty() || sizes.corrected.empty()) {
        return std::nullopt;
    }
    return sizes;
}

std::vector<std::string> sizes_of(const Chosen& sizes, const std::string& picture) {
    return {"--size",  sizes.frame,   "--read",        sizes.read,       "--bds",
            sizes.bds, "--corrected", sizes.corrected, "--picture-size", picture};
}

/// Whose drivers, scene, size.
class ImguCamSize
    : public testing::TestWithParam<std::tuple<std::string, std::string, std::string>> {};

/// What two judges say of a picture, and of the RAW frame that it was made of.
struct Judged {
    Outcome colours;
    Outcome picture;
};

/// @p vm, with its options, takes a picture of the room with libcamera.
Judged judge_a_picture(Vm& vm, const std::string& size) {
    const auto cross = size.find('x');
    constexpr unsigned settled = 60; // frames
    Judged judged;
    expect_script(vm, "cam-picture.sh",
                  {{"FRAMES", std::to_string(settled)},
                   {"WIDTH", size.substr(0, cross)},
                   {"HEIGHT", size.substr(cross + 1)}});
    const auto sizes = chosen(vm.share_text("cam.log"));
    if (!sizes) {
        ADD_FAILURE() << vm.share_text("cam.log");
        return judged;
    }
    auto arguments = sizes_of(*sizes, size);
    arguments.insert(arguments.begin(),
                     {"colours", (vm.share() / "picture.nv12").string(), "--gamma", "1.1"});
    judged.colours = run_program("ipu3-judge", arguments);
    fmt::print("{}", judged.colours.out);

    arguments = sizes_of(*sizes, size);
    arguments.insert(arguments.begin(), {"picture", (vm.share() / "picture.nv12").string(), "--raw",
                                         (vm.share() / "frame.raw").string(), "--format", "ip3b"});
    judged.picture = run_program("ipu3-judge", arguments);
    fmt::print("{}", judged.picture.out);
    return judged;
}

TEST_P(ImguCamSize, ShowsTheRoomInItsColours) {
    const auto& [drivers, scene, size] = GetParam();
    Vm vm;
    // Slow enough for a host that has other work: exposure and white balance see each frame then.
    vm.options({"--drivers", drivers, "--imgu", "--scene", scene, "--memory", "2G", "--slow", "3",
                "--timeout", "1200"});
    const auto judged = judge_a_picture(vm, size);
    EXPECT_EQ(judged.colours.status, 0) << describe(judged.colours);
    EXPECT_EQ(judged.picture.status, 0) << describe(judged.picture);
}

/// Who snoops, what the drivers are told of it, and what comes of it.
struct Way {
    std::string name;
    std::vector<std::string> options;
    bool right{true};
};

void PrintTo(const Way& way, std::ostream* stream) {
    *stream << way.name;
}

/// From the receiver to the image processor no lines are flushed: right wherever the one's writes
/// end, and wherever the other one looks.
class ImguCamWay : public testing::TestWithParam<Way> {};

TEST_P(ImguCamWay, CarriesTheFrame) {
    const auto& way = GetParam();
    Vm vm;
    vm.options({"--drivers", "project", "--imgu", "--scene", "room", "--memory", "2G", "--slow",
                "3", "--timeout", "1800"});
    for (const auto& option : way.options) {
        vm.options({option});
    }
    const auto judged = judge_a_picture(vm, "640x480");
    // A judge that cannot judge ends with another status.
    ASSERT_LE(judged.colours.status, 1) << describe(judged.colours);
    ASSERT_LE(judged.picture.status, 1) << describe(judged.picture);
    EXPECT_EQ(judged.colours.status == 0 && judged.picture.status == 0, way.right)
        << describe(judged.colours) << describe(judged.picture);
}

/// A light, and the frame from which on exposure is to be at rest.
struct Light {
    std::string scene;
    std::size_t rest;
};

class ImguLoop : public testing::TestWithParam<Light> {};

TEST_P(ImguLoop, ComesToRest) {
    const auto& [scene, rest] = GetParam();
    constexpr std::size_t count = 60;
    Vm vm;
    // So slow that libcamera answers each frame, as on a machine of its own: what it then does is
    // the same each time.
    vm.options({"--drivers", "stock", "--imgu", "--scene", scene, "--memory", "2G", "--slow", "8",
                "--timeout", "1800"});
    expect_script(vm, "cam-rest.sh", {{"FRAMES", std::to_string(count)}});
    ASSERT_FALSE(HasFailure()) << vm.share_text("cam.log");
    const auto sizes = chosen(vm.share_text("cam.log"));
    ASSERT_TRUE(sizes) << vm.share_text("cam.log");

    std::vector<std::filesystem::path> pictures;
    for (const auto& entry : std::filesystem::directory_iterator{vm.share()}) {
        if (entry.path().filename().string().find("stream0") != std::string::npos) {
            pictures.push_back(entry.path());
        }
    }
    std::ranges::sort(pictures);
    ASSERT_EQ(pictures.size(), count);
    std::vector<double> brightness;
    Outcome last;
    for (const auto& picture : pictures) {
        auto arguments = sizes_of(*sizes, "640x480");
        arguments.insert(arguments.begin(), {"colours", picture.string(), "--gamma", "1.1"});
        last = run_program("ipu3-judge", arguments);
        const std::regex number{R"(brightness (\d+\.\d+))"};
        std::smatch found;
        ASSERT_TRUE(std::regex_search(last.out, found, number)) << describe(last);
        brightness.push_back(std::stod(found[1].str()));
    }
    // The last frame that was a sixth brighter or darker than the one at the end.
    std::size_t from = count;
    while (from > 0 && std::abs(brightness.at(from - 1) / brightness.back() - 1) < 1.0 / 6) {
        --from;
    }
    fmt::print("{}: brightness {:.0f}; at rest from frame {} on\n", scene,
               fmt::join(brightness, " "), from);
    EXPECT_GT(brightness.back(), 15);
    EXPECT_LT(brightness.back(), 120);
    EXPECT_LE(from, rest);
    // The colours are right by then, and greys are grey.
    EXPECT_EQ(last.status, 0) << describe(last);
}

// From far too bright libcamera needs longer than one would like: see docs/virtual-ipu3.md.
INSTANTIATE_TEST_SUITE_P(Full, ImguLoop,
                         testing::Values(Light{"room", 45}, Light{"room:0.1", 20},
                                         Light{"room:16", 55}, Light{"room:shade", 45}),
                         [](const auto& tested) {
                             auto name = tested.param.scene;
                             std::ranges::replace_if(
                                 name, [](char c) { return c == ':' || c == '.'; }, '_');
                             return name;
                         });

TEST_P(ImguCam, SurvivesAHundredKills) {
    Vm vm;
    machine(vm);
    expect_script(vm, "cam-kills.sh", {{"KILLS", "100"}});
}

std::string size_name(const testing::TestParamInfo<ImguCamSize::ParamType>& tested) {
    const auto& [drivers, scene, size] = tested.param;
    return fmt::format("{}_{}_{}", drivers, scene == "room" ? "daylight" : scene.substr(5), size);
}

const auto whose = testing::Values("stock", "project");

INSTANTIATE_TEST_SUITE_P(Full, ImguCam,
                         testing::Combine(testing::Values("stable", "newest"), whose),
                         [](const auto& tested) {
                             return std::get<0>(tested.param) + "_" + std::get<1>(tested.param);
                         });

INSTANTIATE_TEST_SUITE_P(
    Full, ImguCamWay,
    testing::Values(Way{.name = "neither_snoops",
                        .options = {"--noncoherent", "imgu,cio2", "--evict", "3"}},
                    Way{.name = "neither_snoops_vtd",
                        .options = {"--noncoherent", "imgu,cio2", "--evict", "3", "--vtd"}},
                    Way{.name = "to_memory", .options = {"--noncoherent", "imgu", "--evict", "3"}},
                    Way{.name = "stays_in_the_caches",
                        .options = {"--noncoherent", "imgu", "--evict", "3", "--ddio", "--append",
                                    "vb2_ipu_iommu.ddio=1"}},
                    // Control.
                    Way{.name = "stays_and_is_not_told_of",
                        .options = {"--noncoherent", "imgu", "--ddio"},
                        .right = false},
                    Way{.name = "walker_alone",
                        .options = {"--noncoherent", "imgu:tables", "--append",
                                    "ipu3_imgu.noncoherent_buffers=0"}}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(Full, ImguCamSize,
                         testing::Combine(whose, testing::Values("room", "room:shade"),
                                          testing::Values("640x480", "1280x720", "1920x1080")),
                         size_name);

} // namespace
} // namespace tests
