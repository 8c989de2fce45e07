// SPDX-License-Identifier: GPL-2.0-or-later
// Lines that leave the cache by themselves.
#include "machine/cache-model/test_machine.hpp"

namespace ipu3::cache {
namespace {

/// What a device reads of sixteen dirty lines, one character a line: '+' where the line had been
/// written back by itself.
std::string late_write_backs(std::uint64_t seed) {
    TestMachine machine{{.evict = seed}};
    machine.model().flush_all(Flush::invalidate);
    constexpr std::uint64_t lines = 16;
    for (std::uint64_t line = 0; line < lines; ++line) {
        machine.flush(line * line_size);
        machine.store(line * line_size, "x");
    }
    std::string found;
    for (std::uint64_t line = 0; line < lines; ++line) {
        found += machine.device_read(line * line_size, 1) == "x" ? '+' : '-';
    }
    return found;
}

TEST(Evictions, RepeatWithTheSeedAndDifferWithoutIt) {
    EXPECT_EQ(late_write_backs(1), late_write_backs(1));
    EXPECT_NE(late_write_backs(1), late_write_backs(2));
    EXPECT_NE(late_write_backs(0), late_write_backs(2)); // 0 is a seed, too
    EXPECT_NE(late_write_backs(1).find('+'), std::string::npos);
}

TEST(Evictions, LoseADevicesWriteWithoutAnyFlush) {
    TestMachine machine{{.evict = 7}};
    machine.flush(0);
    machine.store(0, "cpu");
    for (int i = 0; i < 100; ++i) {
        machine.device_write(0, "dev"); // it is the driver that should have cleaned the line
        machine.store(0, "cpu");
    }
    EXPECT_GT(machine.camera().lost_writes, 10U);
    EXPECT_LT(machine.camera().lost_writes, 90U);
    EXPECT_GT(machine.model().header().evictions.write_backs, 0U);
}

TEST(Evictions, WithoutThemNothingIsLostBeforeTheFlush) {
    TestMachine machine;
    machine.flush(0);
    machine.store(0, "cpu");
    for (int i = 0; i < 100; ++i) {
        machine.device_write(0, "dev");
    }
    EXPECT_EQ(machine.camera().lost_writes, 0U);
    EXPECT_EQ(machine.device_read(0, 3), "dev");
}

TEST(Evictions, FetchSomeOfWhatTheDeviceWrote) {
    TestMachine machine{{.evict = 3}};
    for (std::uint64_t line = 0; line < lines_per_page; ++line) {
        machine.flush(line * line_size);
    }
    machine.device_write(0, std::string(page_size, 'd'));
    const auto seen = machine.load(0, page_size);
    const auto fresh = std::ranges::count(seen, 'd') / static_cast<std::ptrdiff_t>(line_size);
    EXPECT_GT(fresh, 0);
    EXPECT_LT(fresh, static_cast<std::ptrdiff_t>(lines_per_page));
    EXPECT_EQ(machine.model().header().evictions.refreshed, static_cast<std::uint64_t>(fresh));
    EXPECT_EQ(machine.camera().lost_writes, 0U); // clean lines lose nothing
}

TEST(Evictions, DoNotHurtADriverThatFlushesAtTheRightTimes) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        TestMachine machine{{.evict = seed}};
        for (int round = 0; round < 20; ++round) {
            const auto letter = static_cast<char>('a' + round);
            machine.store(0, std::string(page_size, letter));
            for (std::uint64_t line = 0; line < lines_per_page; ++line) {
                machine.flush(line * line_size);
            }
            ASSERT_EQ(machine.device_read(0, page_size), std::string(page_size, letter));
            machine.device_write(0, std::string(page_size, 'D'));
            for (std::uint64_t line = 0; line < lines_per_page; ++line) {
                machine.flush(line * line_size);
            }
            ASSERT_EQ(machine.load(0, page_size), std::string(page_size, 'D'));
        }
        EXPECT_EQ(machine.camera().lost_writes, 0U);
        EXPECT_EQ(machine.camera().stale_reads, 0U);
        EXPECT_EQ(machine.camera().poison_reads, 0U);
    }
}

} // namespace
} // namespace ipu3::cache
