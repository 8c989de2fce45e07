// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that snoop: what becomes of a line that one of them writes.
#include "machine/cache-model/device_view.hpp"
#include "machine/cache-model/test_machine.hpp"
#include "machine/vfio-user/guest_memory.hpp"

namespace ipu3::cache {
namespace {

constexpr std::uint64_t at = page_size + 3 * line_size;

/// What the report says of the tracked pages at the end.
struct Left {
    unsigned dirty{0};
    unsigned stale{0};
};
Left left(TestMachine& machine) {
    Left all;
    machine.model().for_each_tracked([&](const CacheModel::PageStatus& status) {
        all.dirty += status.dirty_lines;
        all.stale += status.stale_lines;
    });
    return all;
}

TEST(SnoopedWrites, ReachProcessorsAndMemoryAtOnce) {
    TestMachine machine;
    machine.store(at, "old");
    machine.flush(at);
    machine.snooped_write(at, "new");
    EXPECT_EQ(machine.load(at, 3), "new");
    EXPECT_EQ(machine.snooped_read(at, 3), "new");
    EXPECT_EQ(machine.device_read(at, 3), "new");
    EXPECT_EQ(machine.camera().stale_reads, 0U);
    EXPECT_EQ(machine.cpu().unseen_changes, 0U);
    EXPECT_EQ(machine.model().header().written_through, 1U);
    EXPECT_EQ(left(machine).dirty, lines_per_page - 1U); // this one is in memory
    machine.flush(at);                                   // and nothing comes of a flush
    EXPECT_EQ(machine.cpu().write_backs, 1U);
    EXPECT_EQ(machine.cpu().refreshed, 0U);
    EXPECT_EQ(machine.load(at, 3), "new");
}

// The other half of the choice: with DDIO they are made to guest RAM itself.
TEST(SnoopedWrites, ThatStayInTheCachesDoNotReachMemory) {
    TestMachine machine{{.ddio = true}};
    EXPECT_TRUE(machine.model().ddio());
    EXPECT_FALSE(TestMachine{}.model().ddio());
    machine.store(at, "old");
    machine.flush(at);
    machine.poke(at, "new");
    EXPECT_EQ(machine.device_read(at, 3), "old");
    EXPECT_EQ(machine.camera().stale_reads_differ, 1U);
}

TEST(SnoopedWrites, TrackAPageAndPutTheLinesThatTheyTouchInMemory) {
    TestMachine machine;
    machine.poke(at, "before"); // nobody knows of it yet
    machine.snooped_write(at + 2, "xx");
    EXPECT_EQ(machine.model().header().tracked_pages, 1U);
    EXPECT_EQ(machine.device_read(at, 6), "bexxre"); // the line, whole
    EXPECT_EQ(machine.camera().poison_reads, 0U);
    EXPECT_EQ(machine.cpu().first_flushes, 0U);                     // no flush was needed
    EXPECT_EQ(machine.device_read(at + line_size, 1), poisoned(1)); // its neighbour
    EXPECT_EQ(machine.cpu().unseen_changes, 0U);
}

TEST(SnoopedWrites, TakeADirtyLineAlong) {
    TestMachine machine;
    machine.flush(at);
    machine.store(at, "cpu");
    machine.snooped_write(at + 32, "dev");
    EXPECT_EQ(machine.device_read(at, 3), "cpu");
    EXPECT_EQ(machine.device_read(at + 32, 3), "dev");
    EXPECT_EQ(machine.camera().stale_reads, 0U);
    EXPECT_EQ(machine.camera().lost_writes, 0U);
    // It is clean now: what another device writes next is fetched, not written over.
    machine.device_write(at, "dma");
    EXPECT_EQ(machine.camera().writes_over_dirty, 0U);
    machine.flush(at);
    EXPECT_EQ(machine.load(at, 3), "dma");
}

TEST(SnoopedWrites, AStoreAfterwardsMakesTheLineDirtyAgain) {
    TestMachine machine;
    machine.snooped_write(at, "dev");
    machine.store(at, "dev"); // a store that changes nothing, too
    machine.device_write(at, "dma");
    EXPECT_EQ(machine.camera().writes_over_dirty, 1U);
    machine.flush(at);
    EXPECT_EQ(machine.device_read(at, 3), "dev");
}

TEST(SnoopedWrites, IntoAStaleLineMergeWithTheOldCopy) {
    TestMachine machine;
    machine.store(at, "old line");
    machine.flush(at);
    machine.device_write(at, "newest");
    machine.snooped_write(at + 4, "sn"); // within what the device wrote
    EXPECT_EQ(machine.load(at, 8), "old snne");
    EXPECT_EQ(machine.device_read(at, 8), "old snne");
    EXPECT_EQ(machine.camera().lost_writes, 1U);
    EXPECT_EQ(machine.camera().lost_writes_differ, 1U);
    EXPECT_EQ(left(machine).stale, 0U);
    machine.snooped_write(at, "x"); // it is lost once
    EXPECT_EQ(machine.camera().lost_writes, 1U);
}

TEST(SnoopedWrites, BesideWhatADeviceWroteLoseItToo) {
    TestMachine machine;
    machine.flush(at);
    machine.device_write(at, "dma");
    machine.snooped_write(at + 40, "x");
    EXPECT_EQ(machine.device_read(at, 3), std::string(3, '\0'));
    EXPECT_EQ(machine.camera().lost_writes, 1U);
}

TEST(SnoopedWrites, OverAllThatADeviceWroteLoseNothing) {
    for (const std::size_t size : {std::size_t{3}, std::size_t{line_size}}) {
        TestMachine machine;
        machine.flush(at);
        machine.device_write(at, "dma");
        machine.snooped_write(at, std::string(size, 's')); // newer, as another device_write() is
        EXPECT_EQ(machine.load(at, 3), "sss");
        EXPECT_EQ(machine.device_read(at, 3), "sss");
        EXPECT_EQ(machine.camera().lost_writes, 0U);
        EXPECT_EQ(left(machine).stale, 0U);
    }
}

TEST(SnoopedWrites, ThatLoseEqualBytesAreCountedApart) {
    TestMachine machine;
    machine.store(at, "same");
    machine.flush(at);
    machine.device_write(at, "same");
    machine.snooped_write(at + 8, "x");
    EXPECT_EQ(machine.camera().lost_writes, 1U);
    EXPECT_EQ(machine.camera().lost_writes_differ, 0U);
}

TEST(SnoopedWrites, DoNotHideAChangeThatNobodyReported) {
    TestMachine machine;
    machine.flush(at);
    machine.poke(at, "disk"); // QEMU's own device
    machine.snooped_write(at + 8, "dev");
    EXPECT_EQ(machine.cpu().unseen_changes, 1U);
    EXPECT_EQ(machine.device_read(at, 4), "disk");
    TestMachine fast{{.dirtiness = Dirtiness::compared}};
    fast.flush(at);
    fast.poke(at, "disk"); // there any store is one
    fast.snooped_write(at + 8, "dev");
    EXPECT_EQ(fast.cpu().unseen_changes, 0U);
    EXPECT_EQ(fast.device_read(at, 4), "disk");
}

TEST(SnoopedWrites, MayCrossLinesAndPages) {
    TestMachine machine;
    const auto start = 2 * page_size - 70;
    std::string text;
    for (int i = 0; i < 140; ++i) {
        text += static_cast<char>('a' + i % 26);
    }
    machine.snooped_write(start, text);
    EXPECT_EQ(machine.load(start, text.size()), text);
    EXPECT_EQ(machine.snooped_read(start, text.size()), text);
    EXPECT_EQ(machine.device_read(start, text.size()), text);
    EXPECT_EQ(machine.model().header().written_through, 4U);
    EXPECT_EQ(machine.camera().poison_reads, 0U);
}

TEST(SnoopedWrites, EvictNothing) {
    TestMachine machine{{.evict = 3}};
    for (int i = 0; i < 100; ++i) {
        machine.snooped_write(at, "dev");
        EXPECT_EQ(machine.snooped_read(at, 3), "dev");
    }
    EXPECT_EQ(machine.model().header().evictions.write_backs, 0U);
}

TEST(SnoopedReads, SeeWhatTheProcessorsSeeAndTrackNothing) {
    TestMachine machine;
    machine.store(at, "cpu");
    EXPECT_EQ(machine.snooped_read(at, 3), "cpu");
    EXPECT_EQ(machine.model().header().tracked_pages, 0U);
    machine.flush(at);
    machine.device_write(at, "dma");
    EXPECT_EQ(machine.snooped_read(at, 3), "cpu"); // stale for it, too
    EXPECT_EQ(machine.camera().lines_read, 0U);
}

constexpr vfio_user::Protection both{.readable = true, .writable = true};

base::UniqueFd duplicate(int fd) {
    return base::UniqueFd{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
}

TEST(SnoopingView, IsSeenThroughWindows) {
    TestMachine machine;
    auto view = must(SnoopingView::make(machine.model(), machine.ram_fd()));
    vfio_user::GuestMemory memory;
    memory.set_views({.data = &view, .tables = &view});
    ASSERT_TRUE(memory.map(vfio_user::Iova{0xfff00000}, page_size, both,
                           duplicate(machine.ram_fd()), 3 * page_size));
    ASSERT_TRUE(memory.map(vfio_user::Iova{0xfff01000}, page_size,
                           {.readable = true, .writable = false}, duplicate(machine.ram_fd()), 0));
    ASSERT_TRUE(memory.store(vfio_user::Iova{0xfff00ffc}, std::uint32_t{0x64636261}));
    EXPECT_EQ(machine.device_read(4 * page_size - 4, 4), "abcd");
    machine.store(3 * page_size, "e");
    EXPECT_EQ(memory.load<char>(vfio_user::Iova{0xfff00000}).value(), 'e');
    // What has no window, or not this kind of access, does not reach the model.
    EXPECT_EQ(memory.store(vfio_user::Iova{0xfff01000}, 'x').error().reason,
              vfio_user::DmaFault::Reason::forbidden);
    EXPECT_EQ(memory.store(vfio_user::Iova{0xfff00ffe}, std::uint32_t{0}).error().address,
              vfio_user::Iova{0xfff01000});
    EXPECT_EQ(machine.load(0, 1), std::string(1, '\0'));
    EXPECT_EQ(machine.model().header().tracked_pages, 1U);
    memory.set_bus_mastering(false);
    EXPECT_FALSE(memory.load<char>(vfio_user::Iova{0xfff00000}));
}

TEST(SnoopingView, EndsWithTheModelsRam) {
    const auto ram = make_test_ram(2 * page_size); // longer than what the model was made for
    const auto state = must(CacheModel::make_state({.ram_size = page_size}));
    auto model = must(CacheModel::attach(state.get(), ram.get()));
    auto view = must(SnoopingView::make(model, ram.get()));
    vfio_user::GuestMemory memory;
    memory.set_views({.data = &view, .tables = &view});
    ASSERT_TRUE(memory.map(vfio_user::Iova{0}, 2 * page_size, both, duplicate(ram.get()), 0));
    const std::array<std::byte, 8> bytes{};
    EXPECT_EQ(memory.write(vfio_user::Iova{page_size - 4}, bytes).error().address,
              vfio_user::Iova{page_size});
    EXPECT_EQ(memory.load<std::uint64_t>(vfio_user::Iova{page_size - 4}).error().address,
              vfio_user::Iova{page_size});
}

TEST(SnoopingView, FilesThatAreNotTheRamAreAccessedDirectly) {
    TestMachine machine;
    const auto other = make_test_ram(page_size);
    auto view = must(SnoopingView::make(machine.model(), machine.ram_fd()));
    vfio_user::GuestMemory memory;
    memory.set_views({.data = &view, .tables = &view});
    ASSERT_TRUE(memory.map(vfio_user::Iova{0}, page_size, both, duplicate(other.get()), 0));
    ASSERT_TRUE(memory.store(vfio_user::Iova{0}, 'x'));
    EXPECT_EQ(memory.load<char>(vfio_user::Iova{0}).value(), 'x');
    EXPECT_EQ(machine.model().header().tracked_pages, 0U);
    EXPECT_FALSE(SnoopingView::make(machine.model(), -1));
}

} // namespace
} // namespace ipu3::cache
