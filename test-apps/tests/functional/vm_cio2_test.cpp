// SPDX-License-Identifier: GPL-2.0-or-later
// The project's ipu3-cio2 driver on the virtual machine, most of it past a cache that the device
// does not snoop: what user space finds, every pixel, and what becomes of faults.
#include "tests/functional/cio2_machine.hpp"
#include "tests/functional/vm.hpp"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <regex>
#include <string>

namespace tests {
namespace {

using cio2::Machine;
using cio2::set_up;

std::string machine_name(const testing::TestParamInfo<Machine>& tested) {
    return tested.param.name();
}

// ---- what user space finds

/// The one difference: a receiver's format has its colour space from the beginning, as the stock
/// driver's has in 7.3; 6.12's says nothing.
std::string without_colour_space(const std::string& text) {
    const auto shorter = std::regex_replace(text, std::regex{" colorspace:raw"}, "");
    return std::regex_replace(shorter, std::regex{R"(\t(Colorspace|Transfer|YCbCr|Quant)[^\n]*\n)"},
                              "");
}

class Cio2Same : public testing::TestWithParam<std::string> {};

TEST_P(Cio2Same, NamesFormatsControlsAndLinksAreTheStockDrivers) {
    std::array<std::string, 2> found;
    for (const bool project : {false, true}) {
        Vm vm;
        vm.options({"--kernel", GetParam(), "--drivers", project ? "project" : "stock"});
        expect_script(vm, "cio2-same.sh");
        const auto text = vm.share_text("found");
        found[project ? 1 : 0] = GetParam() == "newest" ? text : without_colour_space(text);
    }
    EXPECT_EQ(found[0], found[1]);
    EXPECT_NE(found[0].find("ip3r"), std::string::npos) << found[0];
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Same, testing::Values("newest"),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Full, Cio2Same, testing::Values("stable"),
                         [](const auto& tested) { return tested.param; });

// ---- pixels

class Cio2Capture : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Capture, EveryPixelIsRightInEveryKindOfMemoryAndOnTwoPortsAtOnce) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--sensors", "ov5693,ov8865", "--scene", "counter", "--pace", "--cpus", "2"});
    expect_script(vm, "cio2-capture.sh");
    for (const auto* memory : {"mmap.raw", "userptr.raw"}) {
        const auto checked = check_frames(vm.share() / memory, "ip3b", 1296, 972);
        EXPECT_EQ(checked.status, 0) << memory << describe(checked);
    }
    const auto checked = check_frames(vm.share() / "other.raw", "ip3b", 3264, 2448);
    EXPECT_EQ(checked.status, 0) << describe(checked);
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Capture,
                         testing::Values(Machine{.kernel = "newest", .vtd = true, .evict = 1}),
                         machine_name);

// ---- compliance

class Cio2Compliance : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Compliance, NothingFailsAndNothingIsWarnedOf) {
    Vm vm;
    set_up(vm, GetParam());
    expect_script(vm, "cio2-compliance.sh");
}

// The model of the caches takes half of a machine's time: the short list does without where they
// are not what is asked.
INSTANTIATE_TEST_SUITE_P(Short, Cio2Compliance,
                         testing::Values(Machine{
                             .kernel = "newest", .vtd = true, .noncoherent = false}),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(
    Full, Cio2Compliance,
    testing::Values(Machine{.kernel = "newest"}, Machine{.kernel = "newest", .noncoherent = false},
                    Machine{.kernel = "newest", .vtd = true}, Machine{.kernel = "stable"},
                    Machine{.kernel = "stable", .vtd = true},
                    Machine{.kernel = "stable", .noncoherent = false},
                    Machine{.kernel = "stable", .vtd = true, .noncoherent = false}),
    machine_name);

// ---- what is missing, late, or odd

class Cio2Late : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Late, AMissingLensOrSensorCostsNoOtherCameraAndWorksOnceItIsThere) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--sensors", "ov5693,ov8865+dw9719", "--pace", "--cpus", "2"});
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    expect_script(vm, "cio2-late.sh");
}

TEST_P(Cio2Late, ASensorWithoutLanesIsWarnedOfAndSkipped) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--sensors", "ov5693,ov5670+no-lanes"});
    expect_script(vm, "cio2-odd.sh");
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2Late,
                         testing::Values(Machine{.kernel = "stable"}, Machine{.kernel = "newest"}),
                         machine_name);

// ---- faults

// Negative control: the same driver, which now takes the device for one that snoops.
TEST(Cio2Control, WithoutFlushesNoFrameComes) {
    Vm vm;
    set_up(vm, {.kernel = "newest"});
    vm.options({"--append", "ipu3_cio2.noncoherent=0"});
    expect_script(vm, "cio2-no-flushes.sh");
}

class Cio2Fault : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Fault, DamagedFramesAreMarkedAndTheOthersAreRight) {
    Vm vm;
    set_up(vm, GetParam());
    // Slow: of two frames that end before a late interrupt thread looks, both are marked.
    vm.options({"--pace", "--slow", "4", "--fault", "crc:frame=2", "--fault",
                "fifo-overflow:frame=4", "--fault", "short-frame:frame=6", "--fault",
                "lost-irq:frame=8", "--fault", "no-frame-end:frame=10"});
    expect_script(vm, "cio2-damaged.sh");
    for (const auto* stream : {"first.raw", "second.raw"}) {
        // v4l2-ctl leaves damaged frames out of the file.
        const auto checked = check_frames_json(vm.share() / stream, "ip3b", 1296, 972);
        const auto report = nlohmann::json::parse(checked.out, nullptr, false);
        ASSERT_TRUE(report.is_object()) << describe(checked);
        EXPECT_EQ(report.at("frames"), 12) << report.dump();
        EXPECT_EQ(report.at("bad_frames"), 0) << report.dump();
    }
}

/// What the short list can do without.
class Cio2LesserFault : public Cio2Fault {};

TEST_P(Cio2LesserFault, AnInterruptWithoutACauseIsCountedAndNothingElse) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--pace", "--fault", "spurious-irq:p=1"});
    expect_script(vm, "cio2-spurious.sh");
    const auto checked = check_frames(vm.share() / "first.raw", "ip3b", 1296, 972);
    EXPECT_EQ(checked.status, 0) << describe(checked);
}

TEST_P(Cio2Fault, AStuckChannelEndsTheStreamAndTheNextOneRuns) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--fault", "stuck-dma:frame=6"});
    expect_script(vm, "cio2-stuck.sh");
}

TEST_P(Cio2LesserFault, ASensorThatDoesNotAnswerFailsTheStreamAndLeavesNothing) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--fault", "i2c-nak:frame=60"});
    expect_script(vm, "cio2-no-answer.sh");
}

TEST_P(Cio2Fault, UnbindingWhileStreamingEndsTheStreamOnly) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--cpus", "2"});
    vm.options({"--allow-warn"}); // the stock ov5693 disables a regulator once too often
    expect_script(vm, "cio2-unbind.sh");
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Fault,
                         testing::Values(Machine{
                             .kernel = "newest", .vtd = true, .noncoherent = false}),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, Cio2Fault,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "newest", .vtd = true}),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, Cio2LesserFault,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "newest", .vtd = true}),
                         machine_name);

} // namespace
} // namespace tests
