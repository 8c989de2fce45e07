// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/scheduler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace {

using ipu3::sim::Duration;
using ipu3::sim::ManualScheduler;
using ipu3::sim::Timer;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ManualScheduler, StartsAtZeroAndMovesOnlyByAdvance) {
    ManualScheduler clock;
    EXPECT_EQ(clock.now().time_since_epoch(), 0ns);
    clock.advance(5ms);
    EXPECT_EQ(clock.now().time_since_epoch(), 5ms);
    clock.advance(-5ms);
    EXPECT_EQ(clock.now().time_since_epoch(), 5ms) << "time does not run backwards";
}

TEST(ManualScheduler, CallsInOrderOfTimeThenOfAsking) {
    ManualScheduler clock;
    std::vector<std::string> calls;
    const auto late = clock.after(3ms, [&] { calls.emplace_back("late"); });
    const auto first = clock.after(1ms, [&] { calls.emplace_back("first"); });
    const auto second = clock.after(1ms, [&] { calls.emplace_back("second"); });
    EXPECT_THAT(calls, IsEmpty()) << "never from inside of at()";
    EXPECT_EQ(clock.pending(), 3U);
    clock.advance(1ms - 1ns);
    EXPECT_THAT(calls, IsEmpty());
    clock.advance(1ns);
    EXPECT_THAT(calls, ElementsAre("first", "second"));
    clock.advance(10ms);
    EXPECT_THAT(calls, ElementsAre("first", "second", "late"));
    EXPECT_EQ(clock.pending(), 0U);
}

TEST(ManualScheduler, ACallSeesItsOwnTimeAndMayChain) {
    ManualScheduler clock;
    std::vector<Duration> times;
    Timer timer;
    std::function<void()> tick = [&] {
        times.push_back(clock.now().time_since_epoch());
        timer = clock.after(10ms, tick); // replaces the timer that is being called
    };
    timer = clock.after(10ms, tick);
    clock.advance(35ms);
    EXPECT_THAT(times, ElementsAre(10ms, 20ms, 30ms));
    EXPECT_EQ(clock.now().time_since_epoch(), 35ms);
}

TEST(ManualScheduler, ThePastIsDueAtOnceButNotInsideOfAt) {
    ManualScheduler clock;
    clock.advance(10ms);
    std::vector<int> calls;
    const auto waiting = clock.at(clock.now(), [&] { calls.push_back(1); });
    const auto past = clock.at(clock.now() - 5ms, [&] { calls.push_back(2); });
    EXPECT_THAT(calls, IsEmpty());
    clock.advance(0ns);
    EXPECT_THAT(calls, ElementsAre(1, 2));
    EXPECT_EQ(clock.now().time_since_epoch(), 10ms);
}

TEST(ManualScheduler, ADestroyedTimerDoesNotCall) {
    ManualScheduler clock;
    int calls = 0;
    {
        const auto gone = clock.after(1ms, [&] { ++calls; });
    }
    auto cancelled = clock.after(1ms, [&] { ++calls; });
    cancelled.cancel();
    auto moved = clock.after(1ms, [&] { ++calls; });
    const Timer kept = std::move(moved);
    EXPECT_EQ(clock.pending(), 1U);
    clock.advance(1ms);
    EXPECT_EQ(calls, 1) << "only the moved one lives";
}

TEST(ManualScheduler, ACallMayCancelAnotherOfTheSameInstant) {
    ManualScheduler clock;
    bool called = false;
    Timer second;
    const auto first = clock.after(1ms, [&] { second.cancel(); });
    second = clock.after(1ms, [&] { called = true; });
    clock.advance(1ms);
    EXPECT_FALSE(called);
}

TEST(ManualScheduler, CancellingReleasesWhatTheCallHolds) {
    ManualScheduler clock;
    auto held = std::make_shared<Timer>();
    const std::weak_ptr watch = held;
    // The callback owns another pending timer: cancelling the outer one cancels both.
    *held = clock.after(2ms, [] { FAIL() << "owned by a cancelled call"; });
    auto outer = clock.after(1ms, [held] {});
    held.reset();
    outer.cancel();
    EXPECT_TRUE(watch.expired());
    EXPECT_EQ(clock.pending(), 0U);
    clock.advance(5ms);
}

TEST(ManualScheduler, ATimerMayOutliveTheScheduler) {
    auto clock = std::make_optional<ManualScheduler>();
    auto timer = clock->after(1ms, [] { FAIL(); });
    clock.reset();
    timer.cancel();
}

TEST(ManualScheduler, AThrowingCallLeavesTheRestInPlace) {
    ManualScheduler clock;
    bool called = false;
    const auto bad = clock.after(1ms, [] { throw std::runtime_error{"device bug"}; });
    const auto good = clock.after(2ms, [&] { called = true; });
    EXPECT_THROW(clock.advance(5ms), std::runtime_error);
    EXPECT_EQ(clock.now().time_since_epoch(), 1ms);
    clock.advance(1ms);
    EXPECT_TRUE(called);
}

} // namespace
