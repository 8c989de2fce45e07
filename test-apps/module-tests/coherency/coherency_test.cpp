// SPDX-License-Identifier: GPL-2.0-or-later
// The coherency state machine of the backend, in the world of world.hpp and by itself.
#include "module-tests/coherency/world.hpp"

#include <cstdint>
#include <deque>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace coherency {
namespace {

constexpr ipu_device_access capture{
    .reads = false, .writes = true, .snoops = false, .allocates = false};
constexpr ipu_device_access output{
    .reads = true, .writes = false, .snoops = false, .allocates = false};
constexpr ipu_device_access snooping_output{
    .reads = true, .writes = false, .snoops = true, .allocates = false};
constexpr ipu_device_access snooping_capture{
    .reads = false, .writes = true, .snoops = true, .allocates = false};
constexpr ipu_device_access allocating_capture{
    .reads = false, .writes = true, .snoops = true, .allocates = true};
constexpr std::size_t size = 4096;

class Machine : public testing::Test {
  protected:
    Machine() { ipu_coherency_init(&state, size); }
    ipu_coherency state{};
};

struct Exploration {
    std::size_t states{0};
    std::set<ipu_sync_reason> reasons;
    std::optional<std::string> wrong; ///< the first thing that went wrong, and the steps to it
};

/// Every state that can be reached, breadth first, so that what goes wrong is shown by a shortest
/// way. Random steps are no substitute: they have missed what takes seven steps.
Exploration explore(const World& start) {
    struct Visit {
        World world;
        std::string path;
    };
    std::vector<std::pair<std::uint8_t, std::uint8_t>> choices;
    for (std::uint8_t action = 0; action < World::actions; ++action) {
        for (std::uint8_t detail = 0; detail < World::details_of(action); ++detail) {
            choices.emplace_back(action, detail);
        }
    }
    Exploration found;
    std::unordered_set<std::string> seen{start.abstract()};
    std::deque<Visit> queue{{.world = start, .path = {}}};
    while (!queue.empty()) {
        const auto visit = std::move(queue.front());
        queue.pop_front();
        ++found.states;
        for (const auto& [action, detail] : choices) {
            auto next = visit.world;
            const auto wrong = next.step(action, detail);
            found.reasons.insert(next.reasons().begin(), next.reasons().end());
            if (wrong) {
                found.wrong =
                    fmt::format("{}, after{} ({},{})", *wrong, visit.path, action, detail);
                return found;
            }
            if (seen.insert(next.abstract()).second) {
                queue.push_back({.world = std::move(next),
                                 .path = fmt::format("{} ({},{})", visit.path, action, detail)});
            }
        }
    }
    return found;
}

TEST(World, NothingStaleIsReadAndNothingIsLostInAnyReachableState) {
    const auto found = explore(World{});
    EXPECT_FALSE(found.wrong) << found.wrong.value_or("");
    EXPECT_GT(found.states, 500U);
    EXPECT_EQ(found.reasons.size(), std::size_t{IPU_ELIDE_HINT} + 1) << "every reason was given";
    RecordProperty("states", static_cast<int>(found.states));
    std::cout << found.states << " states\n";
}

class LeftOut : public testing::TestWithParam<ipu_sync_reason> {};

TEST_P(LeftOut, AFlushIsMissed) {
    const auto found = explore(World{{.flush = GetParam(), .allocates = false}});
    EXPECT_TRUE(found.wrong);
    std::cout << found.wrong.value_or("") << '\n';
}

INSTANTIATE_TEST_SUITE_P(EachKind, LeftOut,
                         testing::Values(IPU_SYNC_CPU_WROTE, IPU_SYNC_DEVICE_WROTE,
                                         IPU_SYNC_FIRST_VIEW, IPU_SYNC_STALE_SNOOP));

TEST(World, WritesThatStayInTheCachesAreMissedIfNobodyTellsOfThem) {
    const auto found = explore(World{{.flush = std::nullopt, .allocates = true}});
    EXPECT_TRUE(found.wrong);
    std::cout << found.wrong.value_or("") << '\n';
}

TEST_F(Machine, WhatASnoopingDeviceWroteIsWrittenBackOnceIfItStayedInTheCaches) {
    static_cast<void>(ipu_coherency_begin(&state, allocating_capture, false));
    ipu_coherency_end(&state, allocating_capture);
    EXPECT_EQ(ipu_coherency_settle(&state, size, false).reason, IPU_ELIDE_NOT_WRITTEN)
        << "whoever looks through the caches sees it";
    EXPECT_EQ(ipu_coherency_begin(&state, snooping_output, false).flush, 0U) << "who snoops, too";
    EXPECT_EQ(ipu_coherency_begin(&state, output, true).flush, size)
        << "no hint of user space's speaks for a device";
    EXPECT_EQ(ipu_coherency_begin(&state, output, false).flush, 0U);
}

TEST_F(Machine, WhatASnoopingDeviceReadsLeavesNothingBehind) {
    auto reads = allocating_capture;
    reads.writes = false;
    reads.reads = true;
    ipu_coherency_end(&state, reads);
    EXPECT_EQ(ipu_coherency_begin(&state, output, false).flush, 0U);
    ipu_coherency_end(&state, snooping_capture);
    EXPECT_EQ(ipu_coherency_begin(&state, output, false).flush, 0U) << "it reached memory";
}

TEST_F(Machine, AFrameFromDeviceToDeviceCostsNothing) {
    for (int frame = 0; frame < 3; ++frame) {
        EXPECT_EQ(ipu_coherency_begin(&state, capture, false).flush, 0U);
        ipu_coherency_end(&state, capture);
        EXPECT_EQ(ipu_coherency_settle(&state, size, false).reason, IPU_ELIDE_NO_VIEW);
        EXPECT_EQ(ipu_coherency_begin(&state, output, false).flush, 0U);
        ipu_coherency_end(&state, output);
    }
}

TEST_F(Machine, WhatWasPutOffIsDoneForTheFirstView) {
    static_cast<void>(ipu_coherency_begin(&state, capture, false));
    ipu_coherency_end(&state, capture);
    EXPECT_EQ(ipu_coherency_settle(&state, 1000, false).elided, 1000U);
    const auto step = ipu_coherency_open_view(&state, IPU_VIEWER_USER, false);
    EXPECT_EQ(step.reason, IPU_SYNC_FIRST_VIEW);
    EXPECT_EQ(step.flush, 1000U) << "only what the device wrote";
    EXPECT_EQ(ipu_coherency_open_view(&state, IPU_VIEWER_USER, true).flush, 0U) << "once";
}

TEST_F(Machine, AReadOnlyMappingNeedsNoWriteBack) {
    static_cast<void>(ipu_coherency_open_view(&state, IPU_VIEWER_USER, false));
    EXPECT_EQ(ipu_coherency_begin(&state, capture, false).reason, IPU_ELIDE_CPU_CLEAN);
    ipu_coherency_make_writable(&state, IPU_VIEWER_USER);
    EXPECT_EQ(ipu_coherency_begin(&state, capture, false).flush, size);
    ipu_coherency_close_view(&state, IPU_VIEWER_USER, true);
    EXPECT_EQ(ipu_coherency_begin(&state, capture, false).flush, size) << "what it left dirty";
    EXPECT_EQ(ipu_coherency_begin(&state, capture, false).flush, 0U);
}

TEST_F(Machine, OnlyThePayloadIsForgotten) {
    static_cast<void>(ipu_coherency_open_view(&state, IPU_VIEWER_USER, false));
    static_cast<void>(ipu_coherency_begin(&state, capture, false));
    ipu_coherency_end(&state, capture);
    const auto step = ipu_coherency_settle(&state, 100, false);
    EXPECT_EQ(step.flush, 100U);
    EXPECT_EQ(step.reason, IPU_SYNC_DEVICE_WROTE);
    EXPECT_EQ(ipu_coherency_settle(&state, size, false).reason, IPU_ELIDE_NOT_WRITTEN);
}

TEST_F(Machine, AShortFrameDoesNotHideWhatALongOneLeft) {
    static_cast<void>(ipu_coherency_begin(&state, capture, false));
    ipu_coherency_end(&state, capture);
    static_cast<void>(ipu_coherency_settle(&state, size, false));
    static_cast<void>(ipu_coherency_begin(&state, capture, false));
    ipu_coherency_end(&state, capture);
    static_cast<void>(ipu_coherency_settle(&state, 100, false));
    EXPECT_EQ(ipu_coherency_open_view(&state, IPU_VIEWER_USER, false).flush, size);
}

TEST_F(Machine, HintsAreTakenAndWhatTheyLeftIsRemembered) {
    static_cast<void>(ipu_coherency_open_view(&state, IPU_VIEWER_USER, true));
    EXPECT_EQ(ipu_coherency_begin(&state, capture, true).reason, IPU_ELIDE_HINT);
    ipu_coherency_end(&state, capture);
    EXPECT_EQ(ipu_coherency_settle(&state, size, true).reason, IPU_ELIDE_HINT);
    EXPECT_EQ(ipu_coherency_settle(&state, size, false).flush, size);
}

TEST_F(Machine, AHintSpeaksForUserSpaceOnly) {
    static_cast<void>(ipu_coherency_open_view(&state, IPU_VIEWER_USER, true));
    static_cast<void>(ipu_coherency_open_view(&state, IPU_VIEWER_OTHER, true));
    EXPECT_EQ(ipu_coherency_begin(&state, capture, true).flush, size);
    ipu_coherency_end(&state, capture);
    EXPECT_EQ(ipu_coherency_settle(&state, size, true).flush, size);
    ipu_coherency_close_view(&state, IPU_VIEWER_OTHER, true);
    EXPECT_EQ(ipu_coherency_begin(&state, capture, true).flush, size) << "what it left dirty";
    EXPECT_EQ(ipu_coherency_begin(&state, capture, true).reason, IPU_ELIDE_HINT);
}

TEST_F(Machine, ASnoopingDeviceCostsNothingUnlessLinesAreStale) {
    static_cast<void>(ipu_coherency_open_view(&state, IPU_VIEWER_USER, true));
    EXPECT_EQ(ipu_coherency_begin(&state, snooping_output, false).reason, IPU_ELIDE_SNOOPS);
    static_cast<void>(ipu_coherency_begin(&state, capture, false));
    ipu_coherency_end(&state, capture);
    EXPECT_EQ(ipu_coherency_begin(&state, snooping_output, false).reason, IPU_SYNC_STALE_SNOOP);
}

TEST_F(Machine, AHintDoesNotMakeLinesClean) {
    static_cast<void>(ipu_coherency_open_view(&state, IPU_VIEWER_USER, true));
    ipu_coherency_close_view(&state, IPU_VIEWER_USER, true);
    EXPECT_EQ(ipu_coherency_begin(&state, output, true).reason, IPU_ELIDE_HINT);
    EXPECT_EQ(ipu_coherency_begin(&state, output, false).flush, size);
}

TEST_F(Machine, AFlushOfSomeLinesLeavesTheOthersDirty) {
    static_cast<void>(ipu_coherency_begin(&state, capture, false));
    ipu_coherency_end(&state, capture);
    static_cast<void>(ipu_coherency_settle(&state, 100, false));
    ipu_coherency_cpu_wrote(&state);
    EXPECT_EQ(ipu_coherency_open_view(&state, IPU_VIEWER_USER, false).flush, 100U);
    EXPECT_EQ(ipu_coherency_begin(&state, output, false).flush, size);
}

TEST_F(Machine, WhoReadsOrSnoopsLeavesNothingStale) {
    static_cast<void>(ipu_coherency_open_view(&state, IPU_VIEWER_USER, false));
    for (const auto& access : {output, snooping_output, snooping_capture}) {
        ipu_coherency_end(&state, access);
        EXPECT_EQ(ipu_coherency_settle(&state, size, false).reason, IPU_ELIDE_NOT_WRITTEN);
    }
}

TEST_F(Machine, CpuWritesWithoutAViewCount) {
    ipu_coherency_cpu_wrote(&state);
    EXPECT_EQ(ipu_coherency_begin(&state, output, false).reason, IPU_SYNC_CPU_WROTE);
}

} // namespace
} // namespace coherency
