// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/asio_scheduler.hpp"

#include <asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace {

using ipu3::sim::AsioScheduler;
using ipu3::sim::TimePoint;
using ipu3::sim::Timer;
using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(AsioScheduler, CallsInOrderAndNeverEarly) {
    asio::io_context loop;
    AsioScheduler clock{loop};
    std::vector<int> calls;
    const TimePoint due = clock.now() + 4ms;
    TimePoint called_at{};
    const auto late = clock.at(due, [&] {
        called_at = clock.now();
        calls.push_back(2);
    });
    const auto early = clock.after(1ms, [&] { calls.push_back(1); });
    EXPECT_TRUE(calls.empty());
    loop.run();
    EXPECT_THAT(calls, ElementsAre(1, 2));
    EXPECT_GE(called_at, due);
}

TEST(AsioScheduler, ThePastIsDueAtOnceButNotInsideOfAt) {
    asio::io_context loop;
    AsioScheduler clock{loop};
    bool called = false;
    const auto timer = clock.at(TimePoint{} - 1000ms, [&] { called = true; });
    EXPECT_FALSE(called);
    loop.run();
    EXPECT_TRUE(called);
}

TEST(AsioScheduler, CancellingEndsTheLoopAndReleasesTheCall) {
    asio::io_context loop;
    AsioScheduler clock{loop};
    auto held = std::make_shared<int>(0);
    auto timer = clock.after(std::chrono::hours{1}, [held] { FAIL(); });
    EXPECT_EQ(held.use_count(), 2);
    timer.cancel();
    EXPECT_EQ(held.use_count(), 1);
    loop.run(); // would hang on a timer that still waits
}

TEST(AsioScheduler, CancellingAnExpiredTimerInTimeStopsItsCall) {
    asio::io_context loop;
    AsioScheduler clock{loop};
    bool called = false;
    // Both are due when the loop first looks, so both handlers are queued before the first runs.
    Timer victim;
    const auto killer = clock.at(TimePoint{}, [&] { victim.cancel(); });
    victim = clock.at(TimePoint{} + std::chrono::nanoseconds{1}, [&] { called = true; });
    loop.run();
    EXPECT_FALSE(called);
}

TEST(AsioScheduler, ACallMayReplaceItsOwnTimer) {
    asio::io_context loop;
    AsioScheduler clock{loop};
    int ticks = 0;
    Timer timer;
    std::function<void()> tick = [&] {
        if (++ticks < 3) {
            timer = clock.after(1ms, tick);
        }
    };
    timer = clock.after(1ms, tick);
    loop.run();
    EXPECT_EQ(ticks, 3);
}

TEST(AsioScheduler, ATimerMayOutliveTheLoop) {
    auto loop = std::make_optional<asio::io_context>();
    auto clock = std::make_optional<AsioScheduler>(*loop);
    auto held = std::make_shared<int>(0);
    auto timer = clock->after(1ms, [held] { FAIL(); });
    clock.reset();
    loop.reset();
    EXPECT_EQ(held.use_count(), 1);
    timer.cancel();
}

} // namespace
