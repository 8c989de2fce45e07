// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/dmatest/ipu_mmu.hpp"

#include "machine/virtual-ipu3/dmatest/test_bench.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace ipu3::mmu {
namespace {

using dmatest::test::Guest;
using dmatest::test::Tables;

struct Walk {
    Guest guest;
    Tables tables{guest};
    IpuMmu mmu;

    Walk() { mmu.write(reg::L1Base::offset, tables.l1()); }
    [[nodiscard]] std::uint64_t translate(std::uint32_t address) {
        return value(mmu.translate(Virtual{address}, guest.memory()).value());
    }
    void invalidate() { mmu.write(reg::TlbInvalidate::offset, 1); }
};

TEST(IpuMmu, RegistersAreWhereTheImgUHasThem) {
    IpuMmu mmu;
    for (const std::uint64_t offset : {0x4300U, 0x4304U, 0x45dcU, 0x45e0U}) {
        EXPECT_TRUE(mmu.read(offset).has_value()) << offset;
        EXPECT_TRUE(mmu.write(offset, 0)) << offset;
    }
    EXPECT_FALSE(mmu.read(0x4308).has_value());
    EXPECT_FALSE(mmu.write(0x4308, 0));
}

TEST(IpuMmu, BaseHas27Bits) {
    IpuMmu mmu;
    mmu.write(reg::L1Base::offset, 0xffffffff);
    EXPECT_EQ(mmu.read(reg::L1Base::offset), 0x07ffffffU);
}

TEST(IpuMmu, WalksTwoLevels) {
    Walk walk;
    const auto first = walk.guest.allocate();
    const auto last = walk.guest.allocate();
    walk.tables.map(0, first);
    walk.tables.map(0xfffff, last);
    EXPECT_EQ(walk.translate(0x123), value(Guest::address(first)) + 0x123);
    EXPECT_EQ(walk.translate(0xffffffff), value(Guest::address(last)) + 0xfff);
    EXPECT_EQ(walk.translate(0x80000000), value(Guest::address(walk.tables.dummy())));
}

TEST(IpuMmu, KeepsATranslationUntilItIsInvalidated) {
    Walk walk;
    const auto before = walk.guest.allocate();
    const auto after = walk.guest.allocate();
    walk.tables.map(5, before);
    EXPECT_EQ(walk.translate(0x5000), value(Guest::address(before)));
    walk.tables.map(5, after);
    EXPECT_EQ(walk.translate(0x5000), value(Guest::address(before))) << "a stale one";
    walk.invalidate();
    EXPECT_EQ(walk.translate(0x5000), value(Guest::address(after)));
    EXPECT_EQ(walk.mmu.counters().invalidates, 1U);
}

TEST(IpuMmu, KeepsWhatStandsBesideATranslationToo) {
    Walk walk;
    walk.tables.map(16, walk.guest.allocate());
    (void)walk.translate(0x10000);
    const auto mapped_later = walk.guest.allocate();
    walk.tables.map(31, mapped_later); // the same 64 bytes of the table
    walk.tables.map(32, mapped_later); // the next ones
    EXPECT_EQ(walk.translate(0x1f000), value(Guest::address(walk.tables.dummy())));
    EXPECT_EQ(walk.translate(0x20000), value(Guest::address(mapped_later)));
}

TEST(IpuMmu, ANewBaseAloneDoesNotForget) {
    Walk walk;
    const auto page = walk.guest.allocate();
    walk.tables.map(0, page);
    (void)walk.translate(0);
    const Tables other{walk.guest};
    walk.mmu.write(reg::L1Base::offset, other.l1());
    EXPECT_EQ(walk.translate(0), value(Guest::address(page)));
    walk.invalidate();
    EXPECT_EQ(walk.translate(0), value(Guest::address(other.dummy())));
}

TEST(IpuMmu, OnlyBitZeroInvalidates) {
    Walk walk;
    (void)walk.translate(0);
    walk.mmu.write(reg::TlbInvalidate::offset, 0xfffffffe);
    EXPECT_EQ(walk.mmu.counters().invalidates, 0U);
    (void)walk.translate(0);
    EXPECT_EQ(walk.mmu.counters().hits, 1U);
}

TEST(IpuMmu, CountsWhatItDoes) {
    Walk walk;
    (void)walk.translate(0x0);
    (void)walk.translate(0x4);
    (void)walk.translate(0xf000);
    (void)walk.translate(0x10000);
    EXPECT_EQ(walk.mmu.counters().hits, 2U);
    EXPECT_EQ(walk.mmu.counters().misses, 2U);
    EXPECT_EQ(walk.mmu.counters().table_reads, 4U);
}

/// Zeroes for ever; counts the reads of its purpose.
class CountingView final : public vfio_user::MemoryView {
  public:
    [[nodiscard]] bool covers(vfio_user::FileIdentity /*file*/) const override { return true; }
    std::size_t read(std::uint64_t /*offset*/, std::span<std::byte> to) override {
        ++reads;
        std::ranges::fill(to, std::byte{0});
        return to.size();
    }
    std::size_t write(std::uint64_t /*offset*/, std::span<const std::byte> from) override {
        return from.size();
    }
    unsigned reads{0};
};

TEST(IpuMmu, ReadsTablesAsTables) {
    CountingView data;
    CountingView tables;
    vfio_user::GuestMemory memory;
    memory.set_views({.data = &data, .tables = &tables});
    base::UniqueFd file{::memfd_create("tables", MFD_CLOEXEC)};
    ASSERT_EQ(::ftruncate(file.get(), page_size), 0);
    ASSERT_TRUE(memory.map(vfio_user::Iova{0}, page_size, {.readable = true, .writable = true},
                           std::move(file), 0));
    IpuMmu mmu;
    mmu.write(reg::L1Base::offset, 0);
    EXPECT_EQ(mmu.translate(Virtual{0x123}, memory).value(), vfio_user::Iova{0x123});
    EXPECT_EQ(tables.reads, 2U); // one a level
    EXPECT_EQ(data.reads, 0U);
}

TEST(IpuMmu, WithoutATableThereIsNoTranslation) {
    Guest guest;
    IpuMmu mmu;
    const auto translated = mmu.translate(Virtual{0}, guest.memory());
    ASSERT_FALSE(translated);
    EXPECT_EQ(translated.error().reason, Fault::Reason::no_table);
}

TEST(IpuMmu, TablesOutsideOfMemoryAreFaults) {
    Walk walk;
    walk.mmu.write(reg::L1Base::offset, 0x7ffffff);
    auto translated = walk.mmu.translate(Virtual{0}, walk.guest.memory());
    ASSERT_FALSE(translated);
    EXPECT_EQ(translated.error().reason, Fault::Reason::table_read);

    walk.mmu.write(reg::L1Base::offset, walk.tables.l1());
    walk.guest.poke(Guest::address(walk.tables.l1()), 0xffffffff);
    translated = walk.mmu.translate(Virtual{0}, walk.guest.memory());
    ASSERT_FALSE(translated);
    EXPECT_EQ(translated.error().reason, Fault::Reason::table_read);
    EXPECT_EQ(walk.mmu.counters().faults, 2U);
}

TEST(IpuMmu, ResetForgetsAll) {
    Walk walk;
    (void)walk.translate(0);
    walk.mmu.write(reg::GateHalt::offset, 1);
    walk.mmu.reset();
    EXPECT_FALSE(walk.mmu.halted());
    EXPECT_EQ(walk.mmu.read(reg::L1Base::offset), 0U);
    EXPECT_FALSE(walk.mmu.translate(Virtual{0}, walk.guest.memory()));
}

TEST(IpuMmu, TheGateSaysWhatItIs) {
    IpuMmu mmu;
    mmu.write(reg::GateHalt::offset, 1);
    EXPECT_TRUE(mmu.halted());
    EXPECT_EQ(mmu.read(reg::GateHalted::offset), 1U);
    mmu.write(reg::GateHalted::offset, 0); // read-only
    EXPECT_TRUE(mmu.halted());
    mmu.write(reg::GateHalt::offset, 0);
    EXPECT_EQ(mmu.read(reg::GateHalted::offset), 0U);
}

} // namespace
} // namespace ipu3::mmu
