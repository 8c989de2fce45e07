// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ipu3::capture {
namespace {

using namespace std::chrono_literals;

FrameRecord frame(std::uint32_t sequence, std::chrono::nanoseconds timestamp = 0ns) {
    return {.index = 0,
            .buffer = 3,
            .sequence = sequence,
            .bytes = 100,
            .damaged = false,
            .written = false,
            .timestamp = timestamp,
            .latency = 1500us};
}

TEST(Statistics, GapsAreLost) {
    Statistics statistics;
    EXPECT_EQ(statistics.add(frame(7)), 0U); // the first number is no gap
    EXPECT_EQ(statistics.add(frame(8)), 0U);
    EXPECT_EQ(statistics.add(frame(11)), 2U);
    EXPECT_EQ(statistics.add(frame(13)), 1U);
    EXPECT_EQ(statistics.frames(), 4U);
    EXPECT_EQ(statistics.lost(), 3U);
}

TEST(Statistics, NumbersWrapAndAStepBackIsNoLoss) {
    Statistics statistics;
    (void)statistics.add(frame(0xfffffffe));
    EXPECT_EQ(statistics.add(frame(1)), 2U);
    EXPECT_EQ(statistics.add(frame(1)), 0U);
    EXPECT_EQ(statistics.add(frame(0)), 0U);
    EXPECT_EQ(statistics.lost(), 2U);
}

TEST(Statistics, DamagedAndWrittenAreCounted) {
    Statistics statistics;
    auto damaged = frame(0);
    damaged.damaged = true;
    auto written = frame(1);
    written.written = true;
    (void)statistics.add(damaged);
    (void)statistics.add(written);
    (void)statistics.add(frame(2));
    EXPECT_EQ(statistics.errors(), 1U);
    EXPECT_EQ(statistics.written(), 1U);
}

TEST(Statistics, RateIsOfTheTimestamps) {
    Statistics statistics;
    EXPECT_FALSE(statistics.fps());
    (void)statistics.add(frame(0, 10s));
    EXPECT_FALSE(statistics.fps());
    auto untimed = frame(1);
    untimed.timestamp.reset();
    (void)statistics.add(untimed);
    EXPECT_FALSE(statistics.fps());
    (void)statistics.add(frame(2, 10s + 200ms));
    (void)statistics.add(frame(3, 10s + 400ms));
    EXPECT_DOUBLE_EQ(statistics.fps().value(), 5.0);
}

TEST(Report, TableShowsDamageAndLoss) {
    auto record = frame(3, 12s + 345678us);
    record.index = 2;
    const auto clean = table_line(record, 0);
    EXPECT_THAT(clean, testing::MatchesRegex(" +2 +3 +12.345678 +100 +1.500 +-\n"));
    record.damaged = true;
    EXPECT_THAT(table_line(record, 0), testing::EndsWith(" ERROR\n"));
    EXPECT_THAT(table_line(record, 4), testing::EndsWith("ERROR,lost:4\n"));
    record.damaged = false;
    record.timestamp.reset();
    record.latency.reset();
    EXPECT_THAT(table_line(record, 4), testing::MatchesRegex(" +2 +3 +- +100 +- +lost:4\n"));
}

TEST(Report, JsonIsOneObjectALine) {
    auto record = frame(3, 12s + 345678us);
    record.index = 2;
    record.damaged = true;
    const auto line = json_line(record, 4);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json["index"], 2);
    EXPECT_EQ(json["buffer"], 3);
    EXPECT_EQ(json["sequence"], 3);
    EXPECT_EQ(json["timestamp_us"], 12345678);
    EXPECT_EQ(json["bytesused"], 100);
    EXPECT_EQ(json["error"], true);
    EXPECT_EQ(json["lost"], 4);
    EXPECT_EQ(json["latency_ms"], 1.5);
    EXPECT_EQ(json["written"], false);
    record.latency.reset();
    EXPECT_TRUE(nlohmann::json::parse(json_line(record, 0))["latency_ms"].is_null());
}

TEST(Report, PagesAreToldAsRuns) {
    const std::array buffers{std::vector<v4l2::PageRun>{{.address = 0x12345000, .pages = 2},
                                                        {.address = std::nullopt, .pages = 1}},
                             std::vector<v4l2::PageRun>{}};
    EXPECT_EQ(pages_json(buffers), "{\"buffers\":[[[\"0x12345000\",2],[null,1]],[]]}\n");
}

TEST(Report, SummaryHasAllCounts) {
    Statistics statistics;
    (void)statistics.add(frame(0, 1s));
    (void)statistics.add(frame(2, 3s));
    const auto text = summary_json(statistics, {.interrupted = true, .error = "it \xff broke"});
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    const auto json = nlohmann::json::parse(text);
    EXPECT_EQ(json["frames"], 2);
    EXPECT_EQ(json["lost"], 1);
    EXPECT_EQ(json["errors"], 0);
    EXPECT_EQ(json["fps"], 0.5);
    EXPECT_EQ(json["interrupted"], true);
    EXPECT_THAT(json["failure"].get<std::string>(), testing::HasSubstr("broke"));
    EXPECT_TRUE(nlohmann::json::parse(summary_json({}, {}))["fps"].is_null());
    EXPECT_EQ(summary_line(statistics, {}),
              "2 frames, 1 lost, 0 damaged, 0 written, 0.50 frames/s\n");
    EXPECT_THAT(summary_line({}, {.interrupted = true, .error = {}}),
                testing::EndsWith("- frames/s, stopped by a signal\n"));
}

} // namespace
} // namespace ipu3::capture
