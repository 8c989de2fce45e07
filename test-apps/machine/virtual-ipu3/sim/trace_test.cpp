// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <vector>

namespace {

using ipu3::sim::ManualScheduler;
using ipu3::sim::Trace;
using nlohmann::json;
using namespace std::chrono_literals;

struct TraceTest : testing::Test {
    ManualScheduler clock;
    std::vector<std::string> lines;
    Trace trace{clock, [this](std::string_view line) { lines.emplace_back(line); }};
};

TEST_F(TraceTest, OneLineHoldsTimeDeviceEventAndEachKindOfField) {
    clock.advance(1500ms);
    trace.emit("cio2", "frame-done",
               {{"queue", std::int64_t{-1}},
                {"bytes", std::numeric_limits<std::uint64_t>::max()},
                {"level", 0.25},
                {"dropped", true},
                {"why", std::string{"no \"buffer\"\n"}}});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].find('\n'), std::string::npos);
    EXPECT_TRUE(lines[0].starts_with(R"({"t":1.5,"device":"cio2","event":"frame-done","queue":-1)"))
        << lines[0];
    const json object = json::parse(lines[0]);
    EXPECT_EQ(object["bytes"], std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(object["level"], 0.25);
    EXPECT_EQ(object["dropped"], true);
    EXPECT_EQ(object["why"], "no \"buffer\"\n");
}

TEST_F(TraceTest, BytesThatAreNoUtf8StillMakeValidJson) {
    trace.emit("i2c", "odd", {{"text", std::string{"\xff\xfe"}}});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(json::accept(lines[0])) << lines[0];
}

TEST_F(TraceTest, AFieldCannotReplaceTheHead) {
    trace.emit("cio2", "real", {{"event", std::string{"forged"}}});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(json::parse(lines[0])["event"], "real");
}

TEST_F(TraceTest, CountsEmittedAndCountedEventsPerDevice) {
    trace.emit("cio2", "irq");
    trace.emit("cio2", "irq");
    trace.count("cio2", "mmio", 1000);
    trace.count("i2c0", "irq");
    EXPECT_EQ(lines.size(), 2U) << "count() writes no line";
    EXPECT_EQ(trace.counted("cio2", "irq"), 2U);
    EXPECT_EQ(trace.counted("cio2", "mmio"), 1000U);
    EXPECT_EQ(trace.counted("i2c0", "irq"), 1U);
    EXPECT_EQ(trace.counted("i2c0", "mmio"), 0U);
    EXPECT_EQ(trace.counted("nothing", "irq"), 0U);

    trace.write_summary();
    ASSERT_EQ(lines.size(), 3U);
    const json summary = json::parse(lines.back());
    EXPECT_EQ(summary["event"], "summary");
    EXPECT_EQ(summary["counters"],
              (json{{"cio2", {{"irq", 2}, {"mmio", 1000}}}, {"i2c0", {{"irq", 1}}}}));
}

TEST_F(TraceTest, AnEmptySummaryIsAnEmptyObject) {
    trace.write_summary();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(json::parse(lines[0])["counters"], json::object());
}

TEST(Trace, WithoutASinkOnlyTheCountersAreKept) {
    const ManualScheduler clock;
    Trace trace{clock};
    trace.emit("cio2", "irq", {{"x", true}});
    trace.write_summary();
    EXPECT_EQ(trace.counted("cio2", "irq"), 1U);
}

} // namespace
