// SPDX-License-Identifier: GPL-2.0-or-later
// Frames on the link: starts, stops, test patterns, faults, and a host that is late.
#include "machine/virtual-ipu3/sensors/sensor_bench.hpp"
#include "machine/virtual-ipu3/sim/lazy_worker.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace ipu3::sensors {
namespace {

using namespace std::chrono_literals;
using bench::Bench;
using enum frames::BayerOrder;

constexpr sim::Duration small_period{16639695}; // of ov5693 1296x972

TEST(TestPatterns, AreTheDriversMenus) {
    struct Case {
        std::string_view model;
        std::uint16_t address;
        std::uint8_t value;
        TestPattern pattern;
    };
    constexpr std::array cases{
        Case{"ov5693", 0x5e00, 0x00, TestPattern::none},
        Case{"ov5693", 0x5e00, 0x81, TestPattern::random},
        Case{"ov5693", 0x5e00, 0x80, TestPattern::bars},
        Case{"ov5693", 0x5e00, 0xc0, TestPattern::rolling_bars},
        Case{"ov8865", 0x5e00, 0x81, TestPattern::random},
        Case{"ov8865", 0x5e00, 0x80, TestPattern::bars},
        Case{"ov8865", 0x5e00, 0xc0, TestPattern::rolling_bars},
        Case{"ov8865", 0x5e00, 0x82, TestPattern::squares},
        Case{"ov8865", 0x5e00, 0xc2, TestPattern::rolling_squares},
        Case{"ov8865", 0x5e00, 0x92, TestPattern::grey_squares},
        Case{"ov8865", 0x5e00, 0x83, TestPattern::black},
        Case{"ov8865", 0x5e00, 0x42, TestPattern::none},
        Case{"ov5670", 0x4303, 0x08, TestPattern::bars},
        Case{"ov5670", 0x4303, 0xf7, TestPattern::none},
    };
    for (const auto& test : cases) {
        Bench bench{test.model};
        bench.write(test.address, test.value);
        EXPECT_EQ(bench.sensor->readout().settings.pattern, test.pattern)
            << test.model << ' ' << unsigned{test.value};
    }
}

TEST(TestPatterns, ReplaceTheSceneFromTheNextFrameOn) {
    Bench bench{"ov5693"};
    bench.start("1296x972");
    bench.into_next_frame();
    bench.write(0x5e00, 0xc0);
    bench.into_next_frame();
    bench.into_next_frame(); // frame 1 is complete
    EXPECT_EQ(bench.scene.readouts.size(), 1U);
    const auto& image = bench.receiver.last.image;
    ASSERT_EQ(image.size, (frames::Size{1296, 972}));
    for (const unsigned y : {0U, 7U, 8U, 100U, 500U, 971U}) {
        for (const unsigned x : {0U, 1U, 161U, 162U, 700U, 1295U}) {
            EXPECT_EQ(image.line(y)[x],
                      test_pattern_pixel(TestPattern::rolling_bars, image.size, bggr, 1, x, y));
        }
    }
    bench.write(0x5e00, 0x00);
    bench.into_next_frame();
    EXPECT_EQ(bench.scene.readouts.size(), 2U);
    EXPECT_EQ(bench.scene.readouts[1].frame, 3U);
}

TEST(Streaming, CountsFramesFromEachStart) {
    Bench bench{"ov5693"};
    bench.start("1296x972");
    bench.clock.advance(10 * small_period);
    bench.stream(false);
    bench.stream(true);
    bench.clock.advance(3 * small_period);
    std::vector<std::uint64_t> indices;
    std::vector<unsigned> numbers;
    for (const auto& frame : bench.receiver.starts) {
        indices.push_back(frame.index);
        numbers.push_back(frame.number);
    }
    EXPECT_EQ(indices, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2}));
    EXPECT_EQ(numbers, (std::vector<unsigned>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3}));
    EXPECT_EQ(bench.traced("streaming"), 2U);
    EXPECT_EQ(bench.traced("standby"), 1U);
}

TEST(Streaming, StopInMidFrameEndsTheLinkAtOnce) {
    Bench bench{"ov5693"};
    bench.start("1296x972");
    bench.into_next_frame();
    bench.into_next_frame();
    ASSERT_EQ(bench.receiver.starts.size(), 2U);
    ASSERT_EQ(bench.receiver.end_times.size(), 1U);
    bench.stream(false);
    EXPECT_FALSE(bench.sensor->streaming());
    EXPECT_EQ(bench.clock.pending(), 0U);
    bench.clock.advance(1s);
    EXPECT_EQ(bench.receiver.starts.size(), 2U);
    EXPECT_EQ(bench.receiver.end_times.size(), 1U);
}

TEST(Streaming, ResetAndDestructionEndItToo) {
    Bench bench{"ov5693"};
    bench.start("1296x972");
    bench.into_next_frame();
    bench.write(0x0103, 1);
    EXPECT_EQ(bench.clock.pending(), 0U);
    bench.start("1296x972");
    bench.into_next_frame();
    bench.sensor.reset();
    EXPECT_EQ(bench.clock.pending(), 0U);
}

TEST(Streaming, ASecondStartChangesNothing) {
    Bench bench{"ov5693"};
    bench.start("1296x972");
    bench.clock.advance(5 * small_period / 2);
    bench.stream(true);
    bench.clock.advance(small_period);
    EXPECT_EQ(bench.receiver.starts.back().index, 3U);
}

TEST(Streaming, ReusesItsMemory) {
    Bench bench{"ov5693"};
    bench.start("1296x972");
    bench.into_next_frame();
    bench.into_next_frame();
    const auto* first = bench.receiver.pixels;
    bench.into_next_frame();
    EXPECT_EQ(bench.receiver.pixels, first);
}

TEST(Streaming, FrameNumbersOnTheLinkWrapToOne) {
    Bench bench{"ov5693"};
    // Thousands of tiny frames a second.
    bench.write(bench::mode_of("ov5693", "1296x972").registers);
    bench.write(0x3808, 2, 2);
    bench.write(0x380a, 2, 2);
    bench.write(0x380e, 3, 2);
    bench.stream(true);
    while (bench.receiver.starts.size() <= 65536) {
        bench.clock.advance(1s);
    }
    EXPECT_EQ(bench.receiver.starts[65534].number, 65535U);
    EXPECT_EQ(bench.receiver.starts[65535].number, 1U);
    EXPECT_EQ(bench.receiver.starts[65535].index, 65535U);
}

TEST(Streaming, AShortFrameHasHalfItsLinesInHalfTheTime) {
    const sim::FaultSpec fault{
        .kind = sim::FaultKind::short_frame, .frame = 1, .probability = {}, .port = {}};
    Bench bench{"ov5693", std::vector{fault}};
    bench.start("1296x972");
    bench.clock.advance(4 * small_period);
    ASSERT_GE(bench.receiver.lines_sent.size(), 3U);
    EXPECT_EQ(bench.receiver.lines_sent[0], 972U);
    EXPECT_EQ(bench.receiver.lines_sent[1], 486U);
    EXPECT_EQ(bench.receiver.lines_sent[2], 972U);
    const auto length = [&](std::size_t frame) {
        return bench.receiver.end_times[frame] - bench.receiver.start_times[frame];
    };
    EXPECT_EQ(length(1), length(0) / 2);
    EXPECT_EQ(bench.receiver.start_times[2] - bench.receiver.start_times[1], small_period);
    EXPECT_EQ(bench.traced("short-frame"), 1U);
}

TEST(Streaming, AShortFrameOfAnotherPortIsNone) {
    const sim::FaultSpec fault{
        .kind = sim::FaultKind::short_frame, .frame = 1, .probability = {}, .port = 3};
    Bench bench{"ov5693", std::vector{fault}};
    bench.start("1296x972");
    bench.clock.advance(4 * small_period);
    EXPECT_EQ(bench.traced("short-frame"), 0U);
}

/// A clock whose calls are made only when the host gets round to it.
class BusyScheduler final : public sim::Scheduler {
  public:
    [[nodiscard]] sim::TimePoint now() const override { return now_; }
    sim::Timer at(sim::TimePoint when, std::function<void()> callback) override {
        calls_.emplace(when, std::move(callback));
        return sim::Timer{};
    }
    /// Time passes, then the calls are made that are due, and those that these want at once.
    void pass(sim::Duration duration) {
        now_ += duration;
        while (!calls_.empty() && calls_.begin()->first <= now_) {
            calls_.extract(calls_.begin()).mapped()();
        }
    }
    [[nodiscard]] sim::Duration until_next() const { return calls_.begin()->first - now_; }

  private:
    sim::TimePoint now_{};
    std::multimap<sim::TimePoint, std::function<void()>> calls_;
};

TEST(LateHost, AShortDelayIsMadeUp) {
    BusyScheduler busy;
    const Bench bench{"ov5693", busy, {}, false};
    bench.start("1296x972");
    busy.pass(busy.until_next() + 2ms); // frame 0 begins 2 ms late
    const auto begun = busy.now();
    busy.pass(busy.until_next()); // its end
    EXPECT_EQ(busy.now() + busy.until_next(), begun - 2ms + small_period);
    EXPECT_EQ(bench.traced("late"), 0U);
}

TEST(LateHost, ALongOneIsLostWithoutABurst) {
    BusyScheduler busy;
    Bench bench{"ov5693", busy, {}, false};
    bench.start("1296x972");
    busy.pass(busy.until_next());
    busy.pass(busy.until_next());
    busy.pass(busy.until_next() + 10 * small_period); // frame 1 begins ten frames late
    const auto begun = busy.now();
    EXPECT_EQ(bench.traced("late"), 1U);
    EXPECT_EQ(bench.receiver.starts.back().index, 1U) << "numbers stay consecutive";
    busy.pass(busy.until_next());
    EXPECT_EQ(busy.now() + busy.until_next(), begun + small_period);
}

TEST(LateHost, AFrameEndsWhenItIsRendered) {
    sim::LazyWorker lazy;
    Bench bench{"ov5693", lazy};
    bench.start("1296x972");
    bench.into_next_frame();
    bench.clock.advance(10 * small_period);
    EXPECT_EQ(bench.receiver.starts.size(), 1U) << "no other begins before";
    EXPECT_TRUE(bench.receiver.end_times.empty());
    lazy.work();
    EXPECT_EQ(bench.receiver.end_times.size(), 1U);
    bench.clock.advance(1ms);
    EXPECT_EQ(bench.receiver.starts.size(), 2U);
    EXPECT_EQ(bench.traced("late"), 1U);
}

TEST(LateHost, AFrameThatWasGivenUpIsNotSent) {
    sim::LazyWorker lazy;
    Bench bench{"ov5693", lazy};
    bench.start("1296x972");
    bench.into_next_frame();
    bench.stream(false);
    lazy.work(); // it had begun
    EXPECT_TRUE(bench.receiver.end_times.empty());
    bench.stream(true);
    bench.into_next_frame();
    lazy.work();
    bench.clock.advance(small_period);
    EXPECT_EQ(bench.receiver.end_times.size(), 1U);
    EXPECT_EQ(bench.receiver.last.image.size.width, 1296U);
}

TEST(Pace, AFrameWaitsForRoomAndNoneIsSkipped) {
    Bench bench{"ov5693", Bench::Paced{}};
    bench.start("1296x972");
    bench.into_next_frame();
    bench.receiver.room = false;
    const auto before = bench.receiver.starts.size();
    bench.clock.advance(1s);
    EXPECT_EQ(bench.receiver.starts.size(), before);
    bench.receiver.room = true;
    bench.clock.advance(2ms);
    ASSERT_EQ(bench.receiver.starts.size(), before + 1);
    EXPECT_EQ(bench.receiver.starts.back().index, before);
    bench.clock.advance(small_period + 1ms);
    EXPECT_EQ(bench.receiver.starts.size(), before + 2) << "and goes on at its rate";
}

TEST(Pace, PatienceEnds) {
    Bench bench{"ov5693", Bench::Paced{}};
    bench.receiver.room = false;
    bench.start("1296x972");
    bench.clock.advance(20s + small_period + 2ms);
    EXPECT_EQ(bench.receiver.starts.size(), 1U);
    EXPECT_EQ(bench.traced("no-room"), 1U);
}

TEST(Pace, StandbyEndsTheWait) {
    Bench bench{"ov5693", Bench::Paced{}};
    bench.receiver.room = false;
    bench.start("1296x972");
    bench.clock.advance(1s);
    bench.stream(false);
    bench.receiver.room = true;
    bench.clock.advance(1s);
    EXPECT_TRUE(bench.receiver.starts.empty());
}

TEST(Pace, IsOffUnlessAskedFor) {
    Bench bench{"ov5693"};
    bench.receiver.room = false;
    bench.start("1296x972");
    bench.clock.advance(1s);
    EXPECT_GT(bench.receiver.starts.size(), 20U);
}

} // namespace
} // namespace ipu3::sensors
