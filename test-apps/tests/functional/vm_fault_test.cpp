// SPDX-License-Identifier: GPL-2.0-or-later
// Each fault has the effect that it names, seen through the stock drivers, and takes nothing else
// down.
#include "tests/functional/vm.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace tests {
namespace {

constexpr unsigned width = 1296;
constexpr unsigned height = 972;
constexpr unsigned frames_captured = 12;

/// Two streams in one boot: the fault strikes frame 6 of each.
void run_two_streams(Vm& vm, unsigned fps) {
    expect_script(vm, "two-streams.sh",
                  {{"COUNT", std::to_string(frames_captured)}, {"FPS", std::to_string(fps)}});
}

nlohmann::json check_dump(const Vm& vm, std::string_view name) {
    const auto outcome = check_frames_json(vm.share() / name, "ip3b", width, height);
    return nlohmann::json::parse(outcome.out, nullptr, false);
}

/// How often the driver's handler found no cause.
unsigned unhandled(const Vm& vm) {
    return static_cast<unsigned>(std::stoul(vm.share_text("unhandled")));
}
/// Without a fault that happens, too: the driver asks again before it returns, and sometimes a
/// cause is there by then, whose message then finds nothing.
constexpr unsigned overtaken_at_most = 4;

/// Milliseconds between the buffer with sequence number @p sequence and the one before, from
/// v4l2-ctl's report.
std::optional<double> delta_before(const std::string& log, unsigned sequence) {
    const std::regex line{fmt::format("seq: +{} .*delta: ([0-9.]+) ms", sequence)};
    std::smatch found;
    if (!std::regex_search(log, found, line)) {
        return std::nullopt;
    }
    return std::stod(found[1]);
}

struct DataFault {
    const char* name;
    const char* option;
    const char* kernel_says; ///< regular expression for the guest's kernel log
    bool damages;            ///< whether the struck frame's pixels are wrong
};

class FrameFault : public testing::TestWithParam<DataFault> {};

TEST_P(FrameFault, IsReportedAndLeavesTheNextFramesRight) {
    const auto& fault = GetParam();
    Vm vm;
    vm.options({"--drivers", "stock", "--fault", fault.option});
    run_two_streams(vm, 10);
    const auto kernel = vm.share_text("fault.dmesg");
    EXPECT_TRUE(std::regex_search(kernel, std::regex{fault.kernel_says})) << kernel;
    for (const auto* stream : {"first.raw", "second.raw"}) {
        const auto report = check_dump(vm, stream);
        ASSERT_TRUE(report.is_object()) << stream;
        EXPECT_EQ(report.at("frames"), frames_captured) << report.dump();
        EXPECT_EQ(report.at("bad_frames"), fault.damages ? 1 : 0) << report.dump();
    }
}

INSTANTIATE_TEST_SUITE_P(
    Full, FrameFault,
    testing::Values(DataFault{"crc", "crc:frame=6", "payload checksum \\(CRC\\) error", false},
                    DataFault{"fifo_overflow", "fifo-overflow:frame=6", "fifo overflow", true},
                    DataFault{"short_frame", "short-frame:frame=6",
                              "payload length is 1617408, received 808704", true},
                    DataFault{"no_frame_end", "no-frame-end:frame=6", "frame sync error", false}),
    [](const auto& tested) { return tested.param.name; });

TEST(Fault, FourInOneStreamStrikeTheirOwnFramesOnly) {
    Vm vm;
    vm.options({"--drivers", "stock", "--fault", "crc:frame=2", "--fault", "fifo-overflow:frame=4",
                "--fault", "short-frame:frame=6", "--fault", "no-frame-end:frame=8"});
    run_two_streams(vm, 10);
    const auto kernel = vm.share_text("fault.dmesg");
    for (const auto* said : {"payload checksum (CRC) error", "fifo overflow",
                             "payload length is 1617408, received 808704", "frame sync error"}) {
        EXPECT_NE(kernel.find(said), std::string::npos) << said << '\n' << kernel;
    }
    for (const auto* stream : {"first.raw", "second.raw"}) {
        const auto report = check_dump(vm, stream);
        ASSERT_TRUE(report.is_object()) << stream;
        EXPECT_EQ(report.at("frames"), frames_captured) << report.dump();
        EXPECT_EQ(report.at("bad_frames"), 2) << report.dump(); // the overflow's and the short one
    }
}

TEST(FaultInFull, NoneLeavesTheKernelSilent) {
    Vm vm;
    vm.options({"--drivers", "stock"});
    run_two_streams(vm, 10);
    EXPECT_EQ(vm.share_text("fault.dmesg"), "");
    EXPECT_LE(unhandled(vm), overtaken_at_most);
    for (const auto* stream : {"first.raw", "second.raw"}) {
        EXPECT_EQ(check_dump(vm, stream).at("bad_frames"), 0);
    }
}

TEST(FaultInFull, SpuriousInterruptIsCountedAsUnhandled) {
    Vm vm;
    vm.options({"--drivers", "stock", "--fault", "spurious-irq:p=1"});
    run_two_streams(vm, 10);
    // One with every frame; the processor merges a message with another that it has not taken yet.
    EXPECT_GE(unhandled(vm), frames_captured);
    EXPECT_EQ(check_dump(vm, "first.raw").at("bad_frames"), 0);
    EXPECT_EQ(check_dump(vm, "second.raw").at("bad_frames"), 0);
}

TEST(FaultInFull, LostInterruptDelaysItsBufferToTheNextFrame) {
    Vm vm;
    vm.options({"--drivers", "stock", "--fault", "lost-irq:frame=6"});
    // At two frames a second the readout takes 33 of 500 ms, so that the lost completion shows far
    // above any jitter.
    run_two_streams(vm, 2);
    const auto log = vm.share_text("first.log");
    const auto struck = delta_before(log, 6);
    const auto calm = delta_before(log, 5);
    ASSERT_TRUE(struck && calm) << log;
    EXPECT_GT(*struck, 750) << log;
    EXPECT_LT(*calm, 750) << log;
    EXPECT_EQ(check_dump(vm, "first.raw").at("bad_frames"), 0);
}

TEST(FaultInFull, I2cNakFailsTheStreamWithAnError) {
    Vm vm;
    vm.options({"--drivers", "stock", "--fault", "i2c-nak:frame=60"});
    run_two_streams(vm, 10);
    EXPECT_NE(vm.share_text("fault.dmesg").find("Error writing reg"), std::string::npos)
        << vm.share_text("fault.dmesg");
    EXPECT_NE(vm.share_text("first.log").find("VIDIOC_STREAMON returned -1"), std::string::npos)
        << vm.share_text("first.log");
}

TEST(FaultInFull, StuckDmaStopsTheStreamAndTheNextOneRunsUpToIt) {
    Vm vm;
    vm.options({"--drivers", "stock", "--fault", "stuck-dma:frame=6"});
    run_two_streams(vm, 10);
    EXPECT_NE(vm.share_text("fault.dmesg").find("can not be halted"), std::string::npos)
        << vm.share_text("fault.dmesg");
    for (const auto* stream : {"first.raw", "second.raw"}) {
        const auto report = check_dump(vm, stream);
        ASSERT_TRUE(report.is_object());
        EXPECT_GT(report.at("frames"), 0) << report.dump();
        EXPECT_LT(report.at("frames"), 6) << report.dump();
        EXPECT_EQ(report.at("bad_frames"), 0) << report.dump();
    }
}

// Negative controls: a model with one thing wrong must not pass.
TEST(Sabotage, OneWrongBitInPackingIsSeenByTheChecker) {
    Vm vm;
    vm.options({"--drivers", "stock", "--sabotage", "packing-bit"});
    run_two_streams(vm, 10);
    const auto report = check_dump(vm, "first.raw");
    ASSERT_TRUE(report.is_object());
    EXPECT_GT(report.at("bad_frames"), 0) << report.dump();
}

TEST(SabotageInFull, OneWrongStepInTheListOfPagesIsSeenByTheChecker) {
    Vm vm;
    vm.options({"--drivers", "stock", "--sabotage", "lop-step"});
    run_two_streams(vm, 10);
    const auto report = check_dump(vm, "first.raw");
    ASSERT_TRUE(report.is_object());
    EXPECT_GT(report.at("bad_frames"), 0) << report.dump();
}

TEST(SabotageInFull, OneWrongInterruptStatusBitIsSeenByTheDriver) {
    Vm vm;
    vm.options({"--drivers", "stock", "--sabotage", "int-status-bit"});
    const auto outcome =
        vm.run("dmesg -C; timeout 60 ./stream-raw --count 5 ov5693 1296x972 first.raw; dmesg");
    EXPECT_NE(outcome.out.find("bad DMA channel"), std::string::npos) << describe(outcome);
    const auto report = check_dump(vm, "first.raw");
    EXPECT_TRUE(!report.is_object() || report.at("frames") == 0) << report.dump();
}

TEST(SabotageInFull, OneWrongBitInTheChipIdIsSeenByTheSensorDriver) {
    Vm vm;
    vm.options({"--drivers", "stock", "--sabotage", "chip-id"});
    const auto outcome = vm.run("media-ctl -p; dmesg | grep ov5693");
    EXPECT_EQ(outcome.out.find("- entity 37: ov5693"), std::string::npos) << describe(outcome);
    EXPECT_NE(outcome.out.find("sensor ID mismatch"), std::string::npos) << describe(outcome);
}

} // namespace
} // namespace tests
