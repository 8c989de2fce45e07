// SPDX-License-Identifier: GPL-2.0-or-later
// libcamera's cam on the kernel's own drivers in the virtual machine: every camera, every kind of
// stream, sizes and lights, and a cam that is killed again and again.
#include "tests/functional/guest_shell.hpp"
#include "tests/functional/vm.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tests {
namespace {

/// `took LOG STREAM COUNT`: whether the log of a cam tells of COUNT frames of that stream, each
/// later than the one before. `took_raw`, of the RAW stream, cannot tell the latter: libcamera
/// queues its buffers to the ImgU as well, whose driver gives them back with number 0.
constexpr std::string_view guest_cam = R"sh(
took() {
    count=$(sed -n "s/.* fps) .*$2 seq: \([0-9]*\) .*/\1/p" $1 | awk 'NR > 1 && $1 <= last { bad = 1 } { last = $1 } END { print bad ? "disorder" : NR }')
    is "$1: frames of $2, in order" "$count" $3
}
took_raw() { is "$1: frames of $2" $(grep -c "fps) .*$2 seq: 0* " $1) $3; }
take() { # LOG CAMERA COUNT ARGUMENTS...
    log=$1 camera=$2 count=$3; shift 3
    LIBCAMERA_LOG_LEVELS=IPU3:DEBUG cam -c$camera --capture=$count "$@" >$log 2>&1
    note $? "cam -c$camera --capture=$count $*"
}
)sh";

constexpr unsigned frames = 120;

class ImguCam : public testing::TestWithParam<std::string> {
  protected:
    static void machine(Vm& vm, std::string_view kernel) {
        vm.options({"--kernel", kernel, "--drivers", "stock", "--imgu", "--scene", "room",
                    "--memory", "2G", "--timeout", "3000"});
    }
    static void expect_all_right(const Outcome& outcome, const Vm& vm, std::string_view log) {
        EXPECT_EQ(outcome.status, 0) << describe(outcome) << vm.share_text(log);
        EXPECT_EQ(outcome.out.find("not ok"), std::string::npos) << outcome.out;
    }
};

TEST_P(ImguCam, TakesEachKindOfStreamFromEachCamera) {
    Vm vm;
    machine(vm, GetParam());
    vm.options({"--sensors", "ov5693,ov8865"});
    const auto outcome = vm.run(fmt::format(R"sh({}{}
        is 'cameras of cam -l' $(cam -l 2>/dev/null | grep -c '^[0-9]*: ') 2
        for camera in 1 2; do
            take viewfinder-$camera.log $camera {} -s role=viewfinder,width=640,height=480
            took viewfinder-$camera.log stream0 {}
            take still-$camera.log $camera {} -s role=still
            took still-$camera.log stream0 {}
            take both-$camera.log $camera {} -s role=viewfinder,width=640,height=480 -s role=raw
            took both-$camera.log stream0 {}
            took_raw both-$camera.log stream1 {}
        done
        exit $failed)sh",
                                            guest_shell, guest_cam, frames, frames, frames, frames,
                                            frames, frames, frames));
    expect_all_right(outcome, vm, "viewfinder-1.log");
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

class ImguCamSize : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(ImguCamSize, ShowsTheRoomInItsColours) {
    const auto& [scene, size] = GetParam();
    const auto cross = size.find('x');
    constexpr unsigned settled = 60; // frames
    Vm vm;
    // Slow enough for a host that has other work: exposure and white balance see each frame then.
    vm.options({"--drivers", "stock", "--imgu", "--scene", scene, "--memory", "2G", "--slow", "3",
                "--timeout", "1200"});
    const auto outcome = vm.run(fmt::format(
        R"sh({}{}
        mkdir /tmp/frames
        take cam.log 1 {} --file=/tmp/frames/#.bin -s role=viewfinder,width={},height={} -s role=raw
        took cam.log stream0 {}
        # All RAW frames have the same name, so the last one is there.
        cp $(ls /tmp/frames/*stream0-* | tail -n 1) picture.nv12 && cp /tmp/frames/*stream1-000000.bin frame.raw || failed=1
        exit $failed)sh",
        guest_shell, guest_cam, settled, size.substr(0, cross), size.substr(cross + 1), settled));
    ASSERT_EQ(outcome.status, 0) << describe(outcome) << vm.share_text("cam.log");
    const auto sizes = chosen(vm.share_text("cam.log"));
    ASSERT_TRUE(sizes) << vm.share_text("cam.log");

    auto arguments = sizes_of(*sizes, size);
    arguments.insert(arguments.begin(),
                     {"colours", (vm.share() / "picture.nv12").string(), "--gamma", "1.1"});
    const auto colours = run_program("ipu3-judge", arguments);
    EXPECT_EQ(colours.status, 0) << describe(colours);
    fmt::print("{}", colours.out.substr(colours.out.rfind("brightness")));

    arguments = sizes_of(*sizes, size);
    arguments.insert(arguments.begin(), {"picture", (vm.share() / "picture.nv12").string(), "--raw",
                                         (vm.share() / "frame.raw").string(), "--format", "ip3b"});
    const auto picture = run_program("ipu3-judge", arguments);
    EXPECT_EQ(picture.status, 0) << describe(picture);
    fmt::print("{}", picture.out);
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
    const auto outcome = vm.run(fmt::format(R"sh({}{}
        take cam.log 1 {} --file=#.bin -s role=viewfinder,width=640,height=480
        exit $failed)sh",
                                            guest_shell, guest_cam, count));
    ASSERT_EQ(outcome.status, 0) << describe(outcome) << vm.share_text("cam.log");
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
    constexpr unsigned kills = 100;
    Vm vm;
    machine(vm, GetParam());
    // The moments are the same in each run: between the start of cam and its tenth frame or so.
    const auto outcome = vm.run(fmt::format(R"sh({}{}
        moment=7
        for kill in $(seq {}); do
            cam -c1 --capture=1000 -s role=viewfinder,width=640,height=480 >killed.log 2>&1 & victim=$!
            moment=$((moment * 1103515245 + 12345 & 0x7fffffff))
            sleep $((moment / 65536 % 4)).$((moment / 4096 % 10))
            kill -KILL $victim || {{ note 1 'it had ended by itself'; tail -n 5 killed.log; break; }}
            wait $victim 2>/dev/null
            [ $((kill % 10)) = 0 ] || continue
            take after.log 1 5 -s role=viewfinder,width=640,height=480
            took after.log stream0 5
            [ $failed = 0 ] || {{ echo "not ok: after $kill kills"; break; }}
        done
        exit $failed)sh",
                                            guest_shell, guest_cam, kills));
    expect_all_right(outcome, vm, "after.log");
}

INSTANTIATE_TEST_SUITE_P(Full, ImguCam, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

INSTANTIATE_TEST_SUITE_P(Full, ImguCamSize,
                         testing::Combine(testing::Values("room", "room:shade"),
                                          testing::Values("640x480", "1280x720", "1920x1080")),
                         [](const auto& tested) {
                             const auto& scene = std::get<0>(tested.param);
                             return fmt::format("{}_{}",
                                                scene == "room" ? "daylight" : scene.substr(5),
                                                std::get<1>(tested.param));
                         });

} // namespace
} // namespace tests
