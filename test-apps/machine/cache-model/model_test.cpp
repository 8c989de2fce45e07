// SPDX-License-Identifier: GPL-2.0-or-later
// The rules of a line, one by one.
#include "machine/cache-model/test_machine.hpp"

#include <gmock/gmock.h>

namespace ipu3::cache {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t at = page_size + 3 * line_size;

TEST(CacheModel, WhatWasNeverFlushedIsPoisonToTheDevice) {
    TestMachine machine;
    machine.store(at, "new");
    EXPECT_EQ(machine.device_read(at, 3), poisoned(3));
    EXPECT_EQ(machine.camera().poison_reads, 1U);
    EXPECT_EQ(machine.camera().stale_reads, 0U);
    EXPECT_EQ(machine.load(at, 3), "new"); // the processor's view is its own
}

TEST(CacheModel, TheFirstFlushOfALineIsAWriteBack) {
    TestMachine machine;
    machine.poke(at, "old"); // before anybody looked
    EXPECT_TRUE(machine.flush(at));
    EXPECT_FALSE(machine.flush(at + line_size)); // the same page: known already
    EXPECT_EQ(machine.device_read(at, 3), "old");
    EXPECT_EQ(machine.cpu().first_flushes, 2U);
    EXPECT_EQ(machine.camera().poison_reads, 0U);
    // Its neighbours in the page were not flushed.
    EXPECT_EQ(machine.device_read(at + 2 * line_size, 1), poisoned(1));
}

TEST(CacheModel, AStoreIsNotSeenByTheDeviceBeforeItsFlush) {
    TestMachine machine;
    machine.store(at, "one");
    machine.flush(at);
    machine.store(at, "two");
    EXPECT_EQ(machine.device_read(at, 3), "one");
    EXPECT_EQ(machine.camera().stale_reads, 1U);
    EXPECT_EQ(machine.camera().stale_reads_differ, 1U);
    machine.flush(at);
    EXPECT_EQ(machine.device_read(at, 3), "two");
    EXPECT_EQ(machine.camera().stale_reads, 1U); // that one was right
}

TEST(CacheModel, AStaleReadOfEqualBytesIsCountedApart) {
    TestMachine machine;
    machine.store(at, "one");
    machine.flush(at);
    machine.store(at, "one");
    EXPECT_EQ(machine.device_read(at, 3), "one");
    EXPECT_EQ(machine.camera().stale_reads, 1U);
    EXPECT_EQ(machine.camera().stale_reads_differ, 0U);
}

TEST(CacheModel, WhatTheDeviceWritesIsSeenAfterAFlushOnly) {
    TestMachine machine;
    machine.store(at, "old");
    machine.flush(at);
    machine.device_write(at, "new");
    EXPECT_EQ(machine.load(at, 3), "old");
    EXPECT_EQ(machine.camera().writes_over_dirty, 0U);
    machine.flush(at);
    EXPECT_EQ(machine.load(at, 3), "new");
    EXPECT_EQ(machine.cpu().refreshed, 1U);
    EXPECT_EQ(machine.camera().lost_writes, 0U);
}

TEST(CacheModel, AFlushBeforeTheDevicesWriteDoesNotHelp) {
    TestMachine machine;
    machine.flush(at);
    machine.flush(at); // the line was fetched again at once, as a prefetch may
    machine.device_write(at, "new");
    EXPECT_NE(machine.load(at, 3), "new");
}

TEST(CacheModel, AWriteBackOverADirtyLineLosesWhatTheDeviceWrote) {
    TestMachine machine;
    machine.flush(at);
    machine.store(at, "cpu");
    machine.device_write(at, "dev");
    EXPECT_EQ(machine.camera().writes_over_dirty, 1U);
    EXPECT_EQ(machine.camera().lost_writes, 0U); // not yet
    machine.flush(at);
    EXPECT_EQ(machine.camera().lost_writes, 1U);
    EXPECT_EQ(machine.camera().lost_writes_differ, 1U);
    EXPECT_EQ(machine.device_read(at, 3), "cpu");
    EXPECT_EQ(machine.load(at, 3), "cpu");
}

TEST(CacheModel, AStoreBesideTheDevicesBytesLosesThemToo) {
    TestMachine machine;
    machine.flush(at);
    machine.device_write(at, "dev");
    machine.store(at + 32, "x"); // to the stale copy of the line
    machine.flush(at);
    EXPECT_EQ(machine.camera().writes_over_dirty, 0U);
    EXPECT_EQ(machine.camera().lost_writes, 1U);
    EXPECT_NE(machine.device_read(at, 3), "dev");
}

TEST(CacheModel, ALostWriteOfEqualBytesIsCountedApart) {
    TestMachine machine;
    machine.flush(at);
    machine.store(at, "same");
    machine.device_write(at, "same");
    machine.flush(at);
    EXPECT_EQ(machine.camera().lost_writes, 1U);
    EXPECT_EQ(machine.camera().lost_writes_differ, 0U);
}

// The case for which dirtiness has to be exact: a recycled page, cleared once more.
TEST(CacheModel, AStoreThatChangesNothingMakesALineDirty) {
    TestMachine machine;
    machine.store(at, std::string(line_size, '\0'));
    machine.flush(at);
    machine.device_write(at, "frame");
    machine.store(at, std::string(line_size, '\0'));
    machine.flush(at);
    EXPECT_EQ(machine.load(at, 5), std::string(5, '\0'));
    EXPECT_EQ(machine.device_read(at, 5), std::string(5, '\0'));
}

TEST(CacheModel, ComparingInsteadMissesSuchAStore) {
    TestMachine machine{{.dirtiness = Dirtiness::compared}};
    machine.poke(at, std::string(line_size, '\0'));
    machine.flush(at);
    machine.device_write(at, "frame");
    machine.poke(at, std::string(line_size, '\0'));
    machine.flush(at);
    EXPECT_EQ(machine.load(at, 5), "frame"); // the documented weakness: a dead frame comes back
}

TEST(CacheModel, AChangeThatNobodyReportedCountsAsDirty) {
    TestMachine machine;
    machine.flush(at);
    machine.poke(at, "disk"); // a device of QEMU's
    EXPECT_NE(machine.device_read(at, 4), "disk");
    EXPECT_EQ(machine.camera().stale_reads, 1U);
    machine.flush(at);
    EXPECT_EQ(machine.device_read(at, 4), "disk");
    EXPECT_EQ(machine.cpu().unseen_changes, 1U);
}

TEST(CacheModel, CleaningWritesBackAndKeepsTheLine) {
    TestMachine machine;
    machine.store(at, "one");
    machine.flush(at, Flush::keep);
    EXPECT_EQ(machine.device_read(at, 3), "one");
    machine.device_write(at, "two");
    machine.flush(at, Flush::keep); // clean: nothing happens
    EXPECT_EQ(machine.load(at, 3), "one");
    EXPECT_EQ(machine.device_read(at, 3), "two");
    machine.flush(at);
    EXPECT_EQ(machine.load(at, 3), "two");
    EXPECT_EQ(machine.cpu().cleans, 2U);
}

TEST(CacheModel, AFullFlushIsOneOfEveryTrackedLine) {
    TestMachine machine;
    machine.flush(0);
    machine.store(10, "dirty");
    machine.flush(at);
    machine.device_write(at, "frame");
    machine.store(5 * page_size, "elsewhere"); // not tracked
    machine.model().flush_all(Flush::invalidate);
    EXPECT_EQ(machine.device_read(10, 5), "dirty");
    EXPECT_EQ(machine.load(at, 5), "frame");
    EXPECT_EQ(machine.device_read(at + line_size, 1), std::string(1, '\0')); // never flushed so far
    EXPECT_EQ(machine.device_read(5 * page_size, 9), poisoned(9));
    EXPECT_EQ(machine.cpu().full_flushes, 1U);
}

TEST(CacheModel, AFullCleanRefreshesNothing) {
    TestMachine machine;
    machine.flush(at);
    machine.device_write(at, "frame");
    machine.store(at + line_size, "dirty");
    machine.model().flush_all(Flush::keep);
    EXPECT_NE(machine.load(at, 5), "frame");
    EXPECT_EQ(machine.device_read(at + line_size, 5), "dirty");
}

TEST(CacheModel, AccessesMayCrossLinesAndPages) {
    TestMachine machine;
    const auto start = 2 * page_size - 70;
    const std::string text(140, 'z');
    machine.device_write(start, text);
    EXPECT_EQ(machine.device_read(start, text.size()), text);
    EXPECT_EQ(machine.camera().lines_written, 4U);
    EXPECT_EQ(machine.model().header().tracked_pages, 2U);
    machine.store(2 * page_size - 2, "cd"); // ends with the page
    machine.flush(2 * page_size - 1);
    EXPECT_EQ(machine.device_read(2 * page_size - 3, 4), machine.load(2 * page_size - 3, 3) + "z");
}

TEST(CacheModel, ReadingBackItsOwnBytesIsNoPoison) {
    TestMachine machine;
    machine.device_write(at + 8, "mine");
    EXPECT_EQ(machine.device_read(at + 8, 4), "mine");
    EXPECT_EQ(machine.camera().poison_reads, 0U);
    EXPECT_EQ(machine.device_read(at + 7, 5), poisoned(1) + "mine");
    EXPECT_EQ(machine.camera().poison_reads, 1U);
    EXPECT_EQ(machine.camera().writes_over_dirty, 1U); // for all the device knows
}

TEST(CacheModel, LoadsOfStaleBytesAreCounted) {
    TestMachine machine{{.loads = true}};
    machine.flush(at);
    EXPECT_EQ(machine.load(at, 8), std::string(8, '\0'));
    EXPECT_EQ(machine.cpu().stale_loads, 0U);
    machine.device_write(at + 4, "abc");
    (void)machine.load(at, 4); // other bytes of the line
    EXPECT_EQ(machine.cpu().stale_loads, 0U);
    (void)machine.load(at, 8);
    EXPECT_EQ(machine.cpu().stale_loads, 1U);
    machine.flush(at);
    (void)machine.load(at, 8);
    EXPECT_EQ(machine.cpu().stale_loads, 1U);
}

TEST(CacheModel, TwoFunctionsShareMemoryWithoutAProcessor) {
    TestMachine machine;
    const auto other = machine.model().function("other").value();
    machine.flush(at);
    machine.device_write(at, "raw");
    std::string bytes(3, '\0');
    machine.model().device_read(other, RamOffset{at}, std::as_writable_bytes(std::span{bytes}));
    EXPECT_EQ(bytes, "raw");
    EXPECT_EQ(machine.model().header().functions.at(1).stale_reads, 0U);
}

TEST(CacheModel, AnotherAttachmentSeesTheSame) {
    TestMachine machine;
    auto second = machine.attach();
    machine.store(at, "one");
    (void)second.flush(RamOffset{at}, Flush::invalidate);
    EXPECT_EQ(machine.device_read(at, 3), "one");
    EXPECT_EQ(second.functions(), machine.model().functions());
}

TEST(CacheModel, KnowsWhichAccessesOfAFunctionLookPastTheCaches) {
    const std::vector<FunctionSpec> functions{{.name = "both"},
                                              {.name = "walker", .tables = true, .buffers = false},
                                              {.name = "engine", .tables = false, .buffers = true}};
    const TestMachine machine{{.functions = functions}, "engine"};
    EXPECT_EQ(machine.attach().functions(), functions);
}

TEST(CacheModel, StateThatIsNoneIsRefused) {
    const auto ram = make_test_ram(page_size);
    const auto zeros = make_test_ram(1U << 20U);
    EXPECT_THAT(CacheModel::attach(zeros.get(), ram.get()).error().message,
                HasSubstr("not one of this version"));
    EXPECT_THAT(CacheModel::attach(ram.get(), ram.get()).error().message, HasSubstr("too short"));
    EXPECT_FALSE(CacheModel::attach(-1, ram.get()));
    const auto state = must(CacheModel::make_state({.ram_size = 2 * page_size, .functions = {}}));
    EXPECT_THAT(CacheModel::attach(state.get(), ram.get()).error().message,
                HasSubstr("the guest's RAM"));
}

TEST(CacheModel, SpecificationsThatDoNotFitAreRefused) {
    EXPECT_FALSE(CacheModel::make_state({.ram_size = 0, .functions = {}}));
    EXPECT_FALSE(CacheModel::make_state({.ram_size = page_size + 1, .functions = {}}));
    EXPECT_FALSE(CacheModel::make_state({.ram_size = page_size, .functions = {{.name = ""}}}));
    EXPECT_FALSE(CacheModel::make_state(
        {.ram_size = page_size, .functions = {{.name = "a-name-that-is-too-long"}}}));
    EXPECT_FALSE(CacheModel::make_state(
        {.ram_size = page_size, .functions = std::vector<FunctionSpec>(16, {.name = "x"})}));
    EXPECT_FALSE(CacheModel::make_state(
        {.ram_size = page_size, .functions = {{.name = "x", .tables = false, .buffers = false}}}));
}

TEST(RamLayout, SmallMachinesHaveOnePart) {
    constexpr std::uint64_t gib = std::uint64_t{1} << 30U;
    constexpr RamLayout layout{gib};
    EXPECT_EQ(layout.offset(GuestPhysical{0x1000}), RamOffset{0x1000});
    EXPECT_EQ(layout.offset(GuestPhysical{gib - 1}), RamOffset{gib - 1});
    EXPECT_FALSE(layout.offset(GuestPhysical{gib}));
    EXPECT_FALSE(layout.offset(GuestPhysical{4 * gib}));
    EXPECT_FALSE(layout.offset(GuestPhysical{0xa0000}));
    EXPECT_FALSE(layout.offset(GuestPhysical{0xfffff}));
    EXPECT_EQ(layout.offset(GuestPhysical{0x100000}), RamOffset{0x100000});
}

TEST(RamLayout, LargeMachinesHaveAHole) {
    constexpr std::uint64_t gib = std::uint64_t{1} << 30U;
    constexpr RamLayout layout{4 * gib};
    EXPECT_EQ(layout.offset(GuestPhysical{2 * gib - 1}), RamOffset{2 * gib - 1});
    EXPECT_FALSE(layout.offset(GuestPhysical{2 * gib}));
    EXPECT_EQ(layout.offset(GuestPhysical{4 * gib}), RamOffset{2 * gib});
    EXPECT_EQ(layout.offset(GuestPhysical{6 * gib - 1}), RamOffset{4 * gib - 1});
    EXPECT_FALSE(layout.offset(GuestPhysical{6 * gib}));
    EXPECT_EQ(layout.address(RamOffset{2 * gib + 5}), GuestPhysical{4 * gib + 5});
    EXPECT_EQ(layout.address(RamOffset{5}), GuestPhysical{5});
}

} // namespace
} // namespace ipu3::cache
