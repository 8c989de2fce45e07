// SPDX-License-Identifier: GPL-2.0-or-later
// What a driver gets that does not do as it should.
#include "machine/virtual-ipu3/lpss-i2c/test_bench.hpp"

#include <gtest/gtest.h>
#include <random>

namespace ipu3::i2c {
namespace {

using testing::Bench;

struct OpenBench : Bench {
    explicit OpenBench(std::uint32_t con = 0x65) {
        deassert_reset();
        write(dw::Con::offset, con);
        write(dw::Target::offset, 0x36);
        write(dw::Enable::offset, 1);
    }
};

TEST(BadGuest, ReadingAnEmptyFifoIsAnUnderflow) {
    OpenBench bench;
    EXPECT_EQ(bench.read(dw::DataCmd::offset), 0U);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::RxUnder>(), 1U);
    EXPECT_EQ(bench.read(dw::ClrRxUnder::offset), 1U);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::RxUnder>(), 0U);
}

TEST(BadGuest, ReadingMoreThanTheFifoHoldsLosesBytes) {
    OpenBench bench;
    for (unsigned i = 0; i < dw::fifo_depth; ++i) {
        bench.write(dw::DataCmd::offset, 0x100);
    }
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::RxOver>(), 0U);
    bench.write(dw::DataCmd::offset, 0x100);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::RxOver>(), 1U);
    EXPECT_EQ(bench.read(dw::RxLevel::offset), dw::fifo_depth);
    EXPECT_EQ(bench.get<dw::Status>().get<dw::Status::RxFull>(), 1U);
}

TEST(BadGuest, WithHoldTheCommandsWaitAndTheirFifoOverflows) {
    OpenBench bench{0x265};
    for (std::size_t i = 0; i < bench.target.memory.size(); ++i) {
        bench.target.memory.at(i) = static_cast<std::uint8_t>(i);
    }
    for (unsigned i = 0; i < 2 * dw::fifo_depth; ++i) {
        bench.write(dw::DataCmd::offset, 0x100);
    }
    EXPECT_EQ(bench.read(dw::TxLevel::offset), dw::fifo_depth);
    EXPECT_EQ(bench.get<dw::Status>().get<dw::Status::HoldRxFull>(), 1U);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::TxOver>(), 0U);
    bench.write(dw::DataCmd::offset, 0x100);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::TxOver>(), 1U);
    // Room in the receive FIFO lets the waiting commands go on, and no byte is lost or doubled.
    for (unsigned i = 0; i < 2 * dw::fifo_depth; ++i) {
        EXPECT_EQ(bench.read(dw::DataCmd::offset), i);
    }
    EXPECT_EQ(bench.read(dw::TxLevel::offset), 0U);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::RxOver>(), 0U);
}

TEST(BadGuest, CommandsWhileDisabledAreLost) {
    OpenBench bench;
    bench.write(dw::Enable::offset, 0);
    bench.write(dw::DataCmd::offset, 0x210);
    bench.write(dw::Enable::offset, 1);
    EXPECT_EQ(bench.target.log(), "");
    EXPECT_EQ(bench.read(dw::TxLevel::offset), 0U);
}

TEST(BadGuest, AfterAnAbortNothingMovesUntilItIsCleared) {
    OpenBench bench;
    bench.write(dw::Enable::offset, 0);
    bench.write(dw::Target::offset, 0x37);
    bench.write(dw::Enable::offset, 1);
    bench.write(dw::DataCmd::offset, 0x10);
    bench.write(dw::DataCmd::offset, 0x10);
    EXPECT_EQ(bench.counted("transfer"), 1U);
    (void)bench.read(dw::ClrTxAbort::offset);
    bench.write(dw::DataCmd::offset, 0x10);
    EXPECT_EQ(bench.counted("transfer"), 2U);
}

TEST(BadGuest, UnknownRegistersReadZeroAndAreCounted) {
    OpenBench bench;
    for (const std::uint64_t offset : {0x2c4ULL, 0x84ULL, 0x100ULL, 0x300ULL, 0x800ULL, 0xffcULL}) {
        bench.write(offset, 0xffffffff);
        EXPECT_EQ(bench.read(offset), 0U) << offset;
    }
    // 0x2c4 is a reserved word of the private block, which the stock driver sweeps: not counted.
    EXPECT_EQ(bench.counted("unknown-read"), 5U);
    EXPECT_EQ(bench.counted("unknown-write"), 5U);
}

TEST(BadGuest, WritesThatAreNotWholeWordsAreLost) {
    OpenBench bench;
    const std::array<std::byte, 8> bytes{};
    bench.device.bar_write(0, dw::Enable::offset, std::span{bytes}.first(1));
    bench.device.bar_write(0, dw::Enable::offset, std::span{bytes}.first(2));
    bench.device.bar_write(0, dw::Enable::offset - 2, std::span{bytes}.first(4));
    EXPECT_EQ(bench.read(dw::Enable::offset), 1U);
    EXPECT_EQ(bench.counted("odd-access"), 3U);
    bench.device.bar_write(0, dw::Enable::offset, bytes); // two words
    EXPECT_EQ(bench.read(dw::Enable::offset), 0U);
}

TEST(BadGuest, NarrowReadsReturnThePartTheyAskFor) {
    OpenBench bench;
    std::array<std::byte, 2> half{};
    bench.device.bar_read(0, dw::CompType::offset + 2, half);
    EXPECT_EQ(half[0], std::byte{0x57});
    EXPECT_EQ(half[1], std::byte{0x44});
    std::array<std::byte, 8> wide{};
    bench.device.bar_read(0, dw::CompVersion::offset, wide);
    EXPECT_EQ(wide[3], std::byte{0x31});
    EXPECT_EQ(wide[4], std::byte{0x40});
}

TEST(BadGuest, AccessesOutsideOfTheBarReadAllOnes) {
    OpenBench bench;
    std::array<std::byte, 4> word{};
    bench.device.bar_read(0, LpssI2c::bar_size, word);
    EXPECT_EQ(word[0], std::byte{0xff});
    bench.device.bar_read(0, LpssI2c::bar_size - 2, word);
    EXPECT_EQ(word[3], std::byte{0xff});
    bench.device.bar_read(2, 0, word);
    EXPECT_EQ(word[0], std::byte{0xff});
    bench.device.bar_write(0, ~0ULL, word);
    bench.device.bar_write(2, 0, word);
    EXPECT_EQ(bench.counted("odd-access"), 5U);
}

class Hostile : public ::testing::TestWithParam<unsigned> {};

TEST_P(Hostile, NoAccessPatternBreaksTheDevicesRules) {
    Bench bench{{{.kind = sim::FaultKind::i2c_nak, .frame = {}, .probability = 0.1, .port = {}}}};
    bench.deassert_reset();
    std::mt19937 random{GetParam()};
    const auto below = [&](unsigned limit) {
        return std::uniform_int_distribution<unsigned>{0, limit - 1}(random);
    };
    for (unsigned step = 0; step < 20000; ++step) {
        // Mostly the core's own registers, with the reset and the rest of the BAR now and then.
        const std::uint64_t offset = below(20) == 0 ? below(LpssI2c::bar_size) : 4ULL * below(64);
        std::array<std::byte, 8> data{};
        for (auto& byte : data) {
            byte = static_cast<std::byte>(below(256));
        }
        const auto size = below(8) == 0 ? 1U + below(8) : 4U;
        switch (below(12)) {
        case 0:
            bench.write(dw::Target::offset, 0x36);
            break;
        case 1:
            bench.write(dw::Enable::offset, below(4));
            break;
        case 2:
        case 3:
        case 4:
            bench.write(dw::DataCmd::offset, below(0x800));
            break;
        case 5:
            bench.clock.advance(std::chrono::milliseconds{below(7)});
            break;
        case 6:
            if (below(200) == 0) {
                bench.deassert_reset();
            }
            break;
        case 7:
        case 8:
            bench.device.bar_read(0, offset, std::span{data}.first(size));
            break;
        default:
            bench.device.bar_write(0, offset, std::span{data}.first(size));
            break;
        }
        ASSERT_LE(bench.read(dw::RxLevel::offset), dw::fifo_depth);
        ASSERT_LE(bench.read(dw::TxLevel::offset), dw::fifo_depth);
        ASSERT_EQ(bench.read(dw::IntrStat::offset),
                  bench.read(dw::RawIntrStat::offset) & bench.read(dw::IntrMask::offset));
        ASSERT_LE(bench.clock.pending(), 1U);
    }
    // Whatever happened, a reset makes it a working controller again.
    bench.device.reset();
    bench.deassert_reset();
    testing::MiniDriver driver{bench};
    ASSERT_TRUE(driver.probe());
    (void)bench.upstream.take();
    std::vector<testing::Message> messages{{.read = false, .bytes = {0x10}}};
    const auto outcome = driver.transfer(0x36, messages);
    EXPECT_TRUE(outcome == testing::MiniDriver::Outcome::done ||
                outcome == testing::MiniDriver::Outcome::nack);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Hostile, ::testing::Range(0U, 8U));

} // namespace
} // namespace ipu3::i2c
