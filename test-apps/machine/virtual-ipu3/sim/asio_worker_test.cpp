// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/asio_worker.hpp"

#include <asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using ipu3::sim::AsioWorker;
using ipu3::sim::InlineWorker;
using ipu3::sim::ManualScheduler;
using ipu3::sim::Timer;
using testing::ElementsAre;

TEST(AsioWorker, WorksElsewhereAndEndsOnTheLoopsThread) {
    asio::io_context loop{1};
    AsioWorker worker{loop};
    std::thread::id worked;
    std::thread::id ended;
    const auto job = worker.run([&] { worked = std::this_thread::get_id(); },
                                [&] { ended = std::this_thread::get_id(); });
    loop.run(); // would end at once if the job did not keep it
    EXPECT_NE(worked, std::thread::id{});
    EXPECT_NE(worked, std::this_thread::get_id());
    EXPECT_EQ(ended, std::this_thread::get_id());
}

TEST(AsioWorker, DoesOneJobAfterTheOther) {
    asio::io_context loop{1};
    AsioWorker worker{loop};
    std::vector<int> steps; // unguarded: that no two work at once is what keeps it whole
    std::vector<int> ends;
    std::vector<Timer> jobs;
    for (const int number : {1, 2, 3}) {
        jobs.push_back(worker.run([&steps, number] { steps.push_back(number); },
                                  [&ends, number] { ends.push_back(number); }));
    }
    loop.run();
    EXPECT_THAT(steps, ElementsAre(1, 2, 3));
    EXPECT_THAT(ends, ElementsAre(1, 2, 3));
}

TEST(AsioWorker, TheLoopRunsOnWhileItWorks) {
    asio::io_context loop{1};
    AsioWorker worker{loop};
    std::promise<void> told;
    auto heard = told.get_future();
    bool ended = false;
    // Work that waits for the loop: it would never end if the loop waited for it.
    const auto job = worker.run([&] { heard.wait(); }, [&] { ended = true; });
    const auto other = worker.run([] {}, [] {});
    loop.poll();
    told.set_value();
    loop.run();
    EXPECT_TRUE(ended);
}

TEST(AsioWorker, AForgottenJobDoesNotEnd) {
    asio::io_context loop{1};
    AsioWorker worker{loop};
    auto held = std::make_shared<int>(0);
    auto job = worker.run([] {}, [held] { FAIL(); });
    job.cancel();
    EXPECT_EQ(held.use_count(), 1);
    loop.run();
}

TEST(AsioWorker, AForgottenJobDoesNotBegin) {
    asio::io_context loop{1};
    AsioWorker worker{loop};
    std::promise<void> told;
    auto heard = told.get_future();
    const auto running = worker.run([&] { heard.wait(); }, [] {});
    auto held = std::make_shared<int>(0);
    auto waiting = worker.run([held] { ADD_FAILURE() << "nobody wants it"; }, [] { FAIL(); });
    waiting.cancel();
    EXPECT_EQ(held.use_count(), 1) << "what it holds is let go at once";
    told.set_value();
    loop.run();
}

TEST(AsioWorker, WhatTheWorkThrowsIsThrownOnTheLoop) {
    asio::io_context loop{1};
    AsioWorker worker{loop};
    const auto job = worker.run([] { throw std::runtime_error{"out of paper"}; }, [] { FAIL(); });
    EXPECT_THROW(loop.run(), std::runtime_error);
}

TEST(AsioWorker, ItsEndWaitsForTheJobThatHasBegun) {
    asio::io_context loop{1};
    std::promise<void> began;
    std::atomic<bool> done{false};
    Timer running;
    Timer waiting;
    {
        AsioWorker worker{loop};
        running = worker.run(
            [&] {
                began.set_value();
                std::this_thread::sleep_for(std::chrono::milliseconds{20}); // the other one's turn
                done = true;
            },
            [] {});
        waiting = worker.run([] {}, [] {});
        began.get_future().wait();
    }
    EXPECT_TRUE(done);
}

TEST(InlineWorker, EndsWhenTimeGoesOn) {
    ManualScheduler clock;
    InlineWorker worker{clock};
    std::vector<int> steps;
    const auto job = worker.run([&] { steps.push_back(1); }, [&] { steps.push_back(2); });
    EXPECT_THAT(steps, ElementsAre(1));
    clock.advance(ipu3::sim::Duration{0});
    EXPECT_THAT(steps, ElementsAre(1, 2));
}

} // namespace
