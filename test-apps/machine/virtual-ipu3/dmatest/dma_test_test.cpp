// SPDX-License-Identifier: GPL-2.0-or-later
// The device as a driver sees it.
#include "machine/virtual-ipu3/dmatest/dma_test.hpp"

#include "machine/virtual-ipu3/dmatest/pattern.hpp"
#include "machine/virtual-ipu3/dmatest/test_bench.hpp"

#include <array>
#include <gtest/gtest.h>
#include <random>
#include <stdexcept>

namespace ipu3::dmatest::test {
namespace {

using namespace std::chrono_literals;
using reg::slot::Code;
using reg::slot::Operation;
using reg::slot::State;
using Flags = reg::slot::Command;

constexpr std::uint32_t iova = 0x00400000; // with a second-level table of its own

/// A device behind its MMU, and a buffer in scattered pages at `iova`.
struct Translated : Bench {
    static constexpr std::uint32_t buffer_pages = 300;

    Translated() {
        for (std::uint32_t i = 0; i < buffer_pages; ++i) {
            pages.push_back(guest.allocate());
            tables.map(iova / page_size + i, pages.back());
        }
        write(mmu::reg::L1Base::offset, tables.l1());
        write(mmu::reg::TlbInvalidate::offset, 1);
        write(reg::IntEnable::offset, reg::IntStatus::mask);
    }
    [[nodiscard]] std::vector<std::byte> content(std::size_t size, std::size_t offset = 0) const {
        std::vector<std::byte> all;
        for (const auto pfn : pages) {
            const auto page = guest.read(Guest::address(pfn), page_size);
            all.insert(all.end(), page.begin(), page.end());
        }
        return {all.begin() + static_cast<std::ptrdiff_t>(offset),
                all.begin() + static_cast<std::ptrdiff_t>(offset + size)};
    }
    void put(std::span<const std::byte> bytes, std::size_t offset) {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto at = offset + i;
            guest.write(Guest::address(pages.at(at / page_size)) + at % page_size,
                        bytes.subspan(i, 1));
        }
    }
    std::vector<std::uint32_t> pages;
};

std::vector<std::byte> expected(std::uint32_t frame, std::size_t size, std::uint64_t offset = 0) {
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = pattern::byte_at(frame, offset + i);
    }
    return bytes;
}

Address at(std::uint64_t address) {
    return Address{address};
}

TEST(DmaTestPci, HasTheIdentityOfTheReadme) {
    Bench bench;
    std::array<std::uint32_t, 12> words{};
    bench.device.config().read(0, std::as_writable_bytes(std::span{words}));
    EXPECT_EQ(words[0], 0x1d0a1234U);
    EXPECT_EQ(words[11], 0x00001234U);
    EXPECT_EQ(bench.device.config().bar_size(0), 0x8000U);
    EXPECT_EQ(bench.device.config().msi_vectors(), 1U);
    EXPECT_EQ(bench.read(reg::Id::offset), reg::Id::value);
    EXPECT_THROW((DmaTest{2, bench.clock, bench.trace}), std::invalid_argument);
}

class AnySize : public testing::TestWithParam<std::uint32_t> {};

TEST_P(AnySize, FillsAndVerifiesAtAnyAlignment) {
    Translated bench;
    const auto size = GetParam();
    for (const std::uint32_t offset : {0U, 1U, 63U, 4095U}) {
        bench.ring(0, 0, command(Operation::fill, at(iova + offset), size, 7 + offset));
        bench.settle();
        ASSERT_EQ(bench.state(0, 0), State::done);
        EXPECT_EQ(bench.code(0, 0), Code::ok);
        EXPECT_EQ(bench.slot<reg::slot::Bytes>(0, 0), size);
        EXPECT_EQ(bench.content(size, offset), expected(7 + offset, size));

        auto verify = command(Operation::verify, at(iova + offset), size, 7 + offset);
        bench.ring(1, 0, verify);
        bench.settle();
        EXPECT_EQ(bench.code(1, 0), Code::ok);
        EXPECT_EQ(bench.slot<reg::slot::BadBytes>(1, 0), 0U);
        EXPECT_EQ(bench.slot<reg::slot::FirstBad>(1, 0), 0xffffffffU);
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, AnySize,
                         testing::Values(1U, 2U, 7U, 8U, 9U, 4095U, 4096U, 4097U, 65537U,
                                         1200000U));

TEST(Engine, LeavesWhatIsBesideTheBufferAlone) {
    Translated bench;
    bench.ring(0, 0, command(Operation::fill, at(iova + 100), 5000));
    bench.settle();
    const auto all = bench.content(8192);
    EXPECT_EQ(all[99], std::byte{0});
    EXPECT_EQ(all[5100], std::byte{0});
}

TEST(Engine, WritesLinesAndNotWhatIsBetween) {
    Translated bench;
    auto lines = command(Operation::fill, at(iova), 10, 3);
    lines.lines = 4;
    lines.stride = 16;
    bench.ring(0, 0, lines);
    bench.settle();
    EXPECT_EQ(bench.slot<reg::slot::Bytes>(0, 0), 40U);
    const auto all = bench.content(64);
    for (std::size_t offset = 0; offset < all.size(); ++offset) {
        const auto wanted = offset % 16 < 10 ? pattern::byte_at(3, offset) : std::byte{0};
        EXPECT_EQ(all[offset], wanted) << offset;
    }
}

TEST(Engine, FindsEachWrongByte) {
    Translated bench;
    std::mt19937 random{1}; // NOLINT(cert-msc*): the same bytes in every run
    for (unsigned i = 0; i < 20; ++i) {
        bench.ring(0, 0, command(Operation::fill, at(iova), 20000, i));
        bench.settle();
        const std::size_t offset = random() % 20000;
        const std::array wrong{pattern::byte_at(i, offset) ^
                               static_cast<std::byte>(1U << (random() % 8))};
        bench.put(wrong, offset);
        bench.ring(0, 0, command(Operation::verify, at(iova), 20000, i));
        bench.settle();
        EXPECT_EQ(bench.slot<reg::slot::BadBytes>(0, 0), 1U);
        EXPECT_EQ(bench.slot<reg::slot::FirstBad>(0, 0), offset);
    }
}

TEST(Engine, VerifyTakesTheNumberFromTheDataIfItAgrees) {
    Translated bench;
    auto verify = command(Operation::verify, at(iova), 4096, 5);
    verify.command = verify.command.with<Flags::FrameFromData>(1);
    bench.ring(0, 0, command(Operation::fill, at(iova), 4096, 1234));
    bench.settle();
    bench.ring(0, 0, verify);
    bench.settle();
    EXPECT_EQ(bench.slot<reg::slot::FrameFound>(0, 0), 1234U);
    EXPECT_EQ(bench.slot<reg::slot::BadBytes>(0, 0), 0U);

    const std::array broken{std::byte{0}};
    bench.put(broken, 1); // the number no longer agrees with its complement
    bench.ring(0, 0, verify);
    bench.settle();
    EXPECT_EQ(bench.slot<reg::slot::FrameFound>(0, 0), 5U);
    EXPECT_GT(bench.slot<reg::slot::BadBytes>(0, 0), 4000U);
}

TEST(Engine, CopiesBetweenAddresses) {
    Translated bench;
    bench.ring(0, 0, command(Operation::fill, at(iova), 10000, 9));
    auto copy = command(Operation::copy, at(iova + 20001), 10000);
    copy.source = at(iova);
    bench.ring(0, 1, copy);
    bench.settle();
    EXPECT_EQ(bench.content(10000, 20001), expected(9, 10000));
}

TEST(Engine, GoesBeyondTheEndOnRequest) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 100);
    fill.beyond = 50;
    bench.ring(0, 0, fill);
    bench.settle();
    EXPECT_EQ(bench.slot<reg::slot::Bytes>(0, 0), 150U);
    EXPECT_EQ(bench.content(100), expected(0, 100));
    EXPECT_EQ(bench.content(51, 100).at(49), std::byte{0xbd});
    EXPECT_EQ(bench.content(51, 100).at(50), std::byte{0});

    auto verify = command(Operation::verify, at(iova), 100);
    verify.beyond = 70;
    bench.ring(0, 0, verify);
    bench.settle();
    EXPECT_EQ(bench.slot<reg::slot::BadBytes>(0, 0), 0U);
    EXPECT_EQ(bench.slot<reg::slot::BeyondUsed>(0, 0), 50U);
}

TEST(Engine, FlipsOneBitInEachDirection) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 1001, 4);
    fill.command = fill.command.with<Flags::FlipBit>(1);
    bench.ring(0, 0, fill);
    bench.settle();
    auto wanted = expected(4, 1001);
    wanted[500] ^= std::byte{8};
    EXPECT_EQ(bench.content(1001), wanted);
    auto verify = command(Operation::verify, at(iova), 1001, 4);
    bench.ring(0, 0, verify);
    bench.settle();
    EXPECT_EQ(bench.slot<reg::slot::FirstBad>(0, 0), 500U);
    verify.command = verify.command.with<Flags::FlipBit>(1);
    bench.ring(0, 0, verify);
    bench.settle();
    EXPECT_EQ(bench.slot<reg::slot::BadBytes>(0, 0), 0U) << "flipped back";
}

TEST(Engine, HasTheBufferInUseForAllOfItsDelay) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 8192, 1);
    fill.delay_us = 1000;
    bench.ring(0, 0, fill);
    EXPECT_EQ(bench.content(1), std::vector{std::byte{0}}) << "not from inside of the doorbell";
    bench.clock.advance(1us);
    EXPECT_EQ(bench.state(0, 0), State::running);
    EXPECT_EQ(bench.content(4096), expected(1, 4096));
    EXPECT_EQ(bench.content(4096, 4096), std::vector<std::byte>(4096));
    bench.clock.advance(998us);
    EXPECT_EQ(bench.state(0, 0), State::running);
    bench.clock.advance(1us);
    EXPECT_EQ(bench.state(0, 0), State::done);
    EXPECT_EQ(bench.content(8192), expected(1, 8192));
}

TEST(Engine, CarriesOutAChannelsCommandsInTheirOrder) {
    Translated bench;
    for (unsigned slot = 0; slot < reg::slots; ++slot) {
        auto fill = command(Operation::fill, at(iova + slot * 4096U), 100, slot);
        fill.delay_us = 10;
        bench.ring(0, slot, fill);
    }
    EXPECT_EQ(bench.read(Bench::channel_at(0) + reg::channel::Status::offset), reg::slots);
    bench.clock.advance(10us);
    EXPECT_EQ(bench.state(0, 0), State::done);
    EXPECT_EQ(bench.state(0, 1), State::running);
    EXPECT_EQ(bench.state(0, 3), State::queued);
    bench.clock.advance(30us);
    for (unsigned slot = 0; slot < reg::slots; ++slot) {
        EXPECT_EQ(bench.slot<reg::slot::Sequence>(0, slot), slot);
    }
    EXPECT_EQ(bench.guest.messages, reg::slots);
    EXPECT_EQ(bench.read(reg::IntStatus::offset), 0xfU);
}

TEST(Engine, ABusySlotTakesNoCommand) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 100, 1);
    fill.delay_us = 1000;
    bench.ring(0, 0, fill);
    bench.ring(0, 0, command(Operation::fill, at(iova), 100, 2));
    bench.settle();
    EXPECT_EQ(bench.content(100), expected(1, 100));
    EXPECT_EQ(bench.counted("doorbell-while-busy"), 1U);
    EXPECT_EQ(bench.guest.messages, 1U);
}

TEST(Engine, LargestTransferComesInPortions) {
    Translated bench;
    // All of 64 MiB goes to the same page, through a table that says so.
    for (std::uint32_t i = 0; i < largest_extent / page_size; ++i) {
        bench.tables.map(0x80000 + i, bench.pages[0]);
    }
    auto fill = command(Operation::fill, at(0x80000000), largest_extent);
    bench.ring(0, 0, fill);
    bench.ring(1, 0, command(Operation::fill, at(iova + 4096), 100));
    bench.settle();
    EXPECT_EQ(bench.code(0, 0), Code::ok);
    EXPECT_EQ(bench.slot<reg::slot::Bytes>(0, 0), largest_extent);
    EXPECT_EQ(bench.slot<reg::slot::Sequence>(1, 0), 0U) << "the small one did not wait";
    EXPECT_EQ(bench.content(4096), expected(0, 4096, largest_extent - 4096));
}

TEST(Engine, AbortTakesAllCommandsAway) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 8192, 1);
    fill.delay_us = 1000;
    bench.ring(0, 0, fill);
    bench.ring(0, 1, fill);
    bench.ring(1, 0, fill);
    bench.clock.advance(1us);
    bench.write(Bench::channel_at(0) + reg::channel::Do::offset, reg::channel::Do::Abort::mask);
    EXPECT_EQ(bench.state(0, 0), State::idle);
    EXPECT_EQ(bench.state(0, 1), State::idle);
    bench.put(std::vector<std::byte>(8192), 0);
    bench.write(Bench::channel_at(1) + reg::channel::Do::offset, reg::channel::Do::Abort::mask);
    bench.settle();
    EXPECT_EQ(bench.content(8192), std::vector<std::byte>(8192)) << "no byte after the abort";
    EXPECT_EQ(bench.guest.messages, 0U);
    bench.ring(0, 0, command(Operation::fill, at(iova), 10, 2));
    bench.settle();
    EXPECT_EQ(bench.content(10), expected(2, 10));
}

TEST(Engine, TheClosedGateHoldsAccessesBack) {
    Translated bench;
    bench.write(mmu::reg::GateHalt::offset, 1);
    bench.ring(0, 0, command(Operation::fill, at(iova), 10, 2));
    bench.settle();
    EXPECT_EQ(bench.state(0, 0), State::running);
    EXPECT_EQ(bench.content(10), std::vector<std::byte>(10));
    bench.write(mmu::reg::GateHalt::offset, 0);
    bench.settle();
    EXPECT_EQ(bench.state(0, 0), State::done);
    EXPECT_EQ(bench.content(10), expected(2, 10));
}

TEST(Engine, AMissingInvalidateShows) {
    Translated bench;
    bench.ring(0, 0, command(Operation::fill, at(iova), 10, 1));
    bench.settle();
    const auto other = bench.guest.allocate();
    bench.tables.map(iova / page_size, other);
    bench.ring(0, 0, command(Operation::fill, at(iova), 10, 2));
    bench.settle();
    EXPECT_EQ(bench.content(10), expected(2, 10)) << "still the old page";
    bench.write(mmu::reg::TlbInvalidate::offset, 1);
    bench.ring(0, 0, command(Operation::fill, at(iova), 10, 3));
    bench.settle();
    EXPECT_EQ(bench.guest.read(Guest::address(other), 10), expected(3, 10));
    EXPECT_EQ(bench.read(reg::Invalidates::offset), 2U);
    EXPECT_EQ(bench.read(reg::TlbMisses::offset), 2U);
}

TEST(Engine, ADeafMmuForgetsNothing) {
    Translated bench;
    bench.write(reg::Control::offset, reg::Control::Deaf::mask);
    bench.ring(0, 0, command(Operation::fill, at(iova), 10, 1));
    bench.settle();
    bench.tables.map(iova / page_size, bench.guest.allocate());
    bench.write(mmu::reg::TlbInvalidate::offset, 1);
    bench.ring(0, 0, command(Operation::fill, at(iova), 10, 2));
    bench.settle();
    EXPECT_EQ(bench.content(10), expected(2, 10)) << "the old page";
}

TEST(Engine, BypassUsesTheBussOwnAddresses) {
    Bench bench;
    const auto pfn = bench.guest.allocate();
    bench.write(reg::Control::offset, reg::Control::Bypass::mask);
    bench.ring(0, 0, command(Operation::fill, at(vfio_user::value(Guest::address(pfn))), 4096, 6));
    bench.settle();
    EXPECT_EQ(bench.code(0, 0), Code::ok);
    EXPECT_EQ(bench.guest.read(Guest::address(pfn), 4096), expected(6, 4096));
}

TEST(Engine, KeepGoesOnUntilItIsTold) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 100, 1);
    fill.command = fill.command.with<Flags::Keep>(1);
    fill.delay_us = 1000;
    bench.ring(0, 0, fill);
    bench.clock.advance(1ms);
    EXPECT_EQ(bench.state(0, 0), State::done);
    EXPECT_EQ(bench.guest.messages, 1U);
    bench.put(std::vector<std::byte>(100), 0);
    bench.clock.advance(1ms);
    EXPECT_EQ(bench.content(100), expected(1, 100)) << "written again";
    EXPECT_EQ(bench.read(Bench::channel_at(0) + reg::channel::KeepPasses::offset), 1U);
    bench.write(Bench::channel_at(0) + reg::channel::Do::offset, reg::channel::Do::StopKeep::mask);
    bench.put(std::vector<std::byte>(100), 0);
    bench.settle();
    EXPECT_EQ(bench.content(100), std::vector<std::byte>(100));
    EXPECT_EQ(bench.guest.messages, 1U);
}

// What a keeper writes after its buffer was freed: the dummy page, if software did its part.
TEST(Engine, KeepFollowsTheTablesAfterAnInvalidate) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 100, 1);
    fill.command = fill.command.with<Flags::Keep>(1);
    bench.ring(0, 0, fill);
    bench.clock.advance(1ms);
    bench.tables.unmap(iova / page_size);
    bench.write(mmu::reg::TlbInvalidate::offset, 1);
    bench.put(std::vector<std::byte>(100), 0);
    bench.clock.advance(10ms);
    EXPECT_EQ(bench.content(100), std::vector<std::byte>(100));
    EXPECT_EQ(bench.guest.read(Guest::address(bench.tables.dummy()), 100), expected(1, 100));
}

TEST(EngineFaults, LostInterrupt) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 100);
    fill.command = fill.command.with<Flags::LoseIrq>(1);
    bench.ring(0, 0, fill);
    bench.settle();
    EXPECT_EQ(bench.state(0, 0), State::done);
    EXPECT_EQ(bench.guest.messages, 0U);
    EXPECT_EQ(bench.read(reg::IntStatus::offset), 0U);
}

TEST(EngineFaults, SpuriousInterruptHasNothingPending) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 100);
    fill.command = fill.command.with<Flags::SpuriousIrq>(1);
    bench.ring(0, 0, fill);
    bench.clock.advance(1us);
    EXPECT_EQ(bench.guest.messages, 1U);
    bench.write(reg::IntStatus::offset, 1);
    bench.settle();
    EXPECT_EQ(bench.guest.messages, 2U);
    EXPECT_EQ(bench.read(reg::IntStatus::offset), 0U);
}

TEST(EngineFaults, StuckUntilAborted) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 100);
    fill.command = fill.command.with<Flags::Stuck>(1);
    bench.ring(0, 0, fill);
    bench.ring(0, 1, command(Operation::fill, at(iova), 100));
    bench.settle();
    EXPECT_EQ(bench.state(0, 0), State::running);
    EXPECT_EQ(bench.state(0, 1), State::queued);
    bench.write(Bench::channel_at(0) + reg::channel::Do::offset, reg::channel::Do::Abort::mask);
    bench.ring(0, 0, command(Operation::fill, at(iova), 100));
    bench.settle();
    EXPECT_EQ(bench.state(0, 0), State::done);
}

TEST(EngineFaults, FailMovesNothing) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 100);
    fill.command = fill.command.with<Flags::Fail>(1);
    bench.ring(0, 0, fill);
    bench.settle();
    EXPECT_EQ(bench.code(0, 0), Code::injected);
    EXPECT_EQ(bench.content(100), std::vector<std::byte>(100));
}

TEST(EngineErrors, WithoutATableNothingMoves) {
    Bench bench;
    bench.ring(0, 0, command(Operation::fill, at(iova), 100));
    bench.settle();
    EXPECT_EQ(bench.code(0, 0), Code::translation);
    EXPECT_EQ(bench.slot<reg::slot::Bytes>(0, 0), 0U);
    EXPECT_EQ(bench.read(reg::MmuFaults::offset), 1U);
}

TEST(EngineErrors, AFaultEndsTheCommandWhereItIs) {
    Translated bench;
    bench.tables.map(iova / page_size + 1, 0x42); // no memory there
    bench.write(mmu::reg::TlbInvalidate::offset, 1);
    for (const auto operation : {Operation::fill, Operation::verify}) {
        bench.ring(0, 0, command(operation, at(iova), 3 * 4096, 1));
        bench.settle();
        EXPECT_EQ(bench.code(0, 0), Code::bus);
        EXPECT_EQ(bench.slot<reg::slot::Bytes>(0, 0), 4096U);
        EXPECT_EQ(bench.content(4096), expected(1, 4096));
    }
    auto copy = command(Operation::copy, at(iova), 3 * 4096);
    copy.source = at(iova + 0x10000);
    bench.ring(0, 0, copy);
    bench.settle();
    EXPECT_EQ(bench.code(0, 0), Code::bus);
}

TEST(EngineErrors, AddressesBeyondFourGigabytesAreRefused) {
    Translated bench;
    for (const auto address : {0x1'0000'0000ULL, 0xffff'ffff'ffff'ffffULL}) {
        bench.ring(0, 0, command(Operation::fill, at(address), 100));
        bench.settle();
        EXPECT_EQ(bench.code(0, 0), Code::translation);
    }
    bench.ring(0, 0, command(Operation::fill, at(0xfffffff0), 100));
    bench.settle();
    EXPECT_EQ(bench.code(0, 0), Code::translation);
    EXPECT_EQ(bench.slot<reg::slot::Bytes>(0, 0), 16U);
}

TEST(EngineErrors, NonsenseIsInvalid) {
    Translated bench;
    const auto refused = [&](const Command& wrong) {
        bench.ring(2, 3, wrong);
        bench.settle();
        EXPECT_EQ(bench.state(2, 3), State::done);
        EXPECT_EQ(bench.code(2, 3), Code::invalid);
        EXPECT_EQ(bench.slot<reg::slot::Bytes>(2, 3), 0U);
    };
    refused(command(static_cast<Operation>(4), at(iova), 1));
    refused(command(static_cast<Operation>(15), at(iova), 1));
    refused(command(Operation::fill, at(iova), 0));
    refused(command(Operation::fill, at(iova), largest_extent + 1));
    refused(command(Operation::fill, at(iova), 0xffffffff));
    auto lines = command(Operation::fill, at(iova), 100);
    lines.lines = 0;
    refused(lines);
    lines.lines = 2;
    lines.stride = 99;
    refused(lines);
    lines.lines = 0xffffffff;
    lines.stride = 0xffffffff;
    refused(lines);
    auto beyond = command(Operation::fill, at(iova), 100);
    beyond.beyond = 0xffffffff;
    refused(beyond);
    bench.ring(2, 3, command(Operation::nop, at(iova), 0));
    bench.settle();
    EXPECT_EQ(bench.code(2, 3), Code::ok);
}

TEST(Interrupt, LeavesForEnabledBitsOnlyAndAgainWhileOneIsSet) {
    Translated bench;
    bench.write(reg::IntEnable::offset, 0);
    bench.ring(0, 0, command(Operation::nop, at(0), 0));
    bench.ring(0, 1, command(Operation::nop, at(0), 0));
    bench.settle();
    EXPECT_EQ(bench.guest.messages, 0U);
    bench.write(reg::IntEnable::offset, 0xffffffff);
    EXPECT_EQ(bench.read(reg::IntEnable::offset), reg::IntStatus::mask);
    EXPECT_EQ(bench.guest.messages, 1U);
    bench.write(reg::IntStatus::offset, 1);
    EXPECT_EQ(bench.guest.messages, 2U) << "the second one is still pending";
    bench.write(reg::IntStatus::offset, 2);
    EXPECT_EQ(bench.guest.messages, 2U);
}

TEST(Power, D3hotLosesTheRegistersAndEndsAllDma) {
    Translated bench;
    auto fill = command(Operation::fill, at(iova), 8192, 1);
    fill.delay_us = 1000;
    bench.ring(0, 0, fill);
    fill.command = fill.command.with<Flags::Keep>(1);
    fill.delay_us = 0;
    bench.ring(1, 0, fill);
    bench.clock.advance(10us);
    bench.device.power_state(vfio_user::PowerState::d3hot);
    bench.put(std::vector<std::byte>(8192), 0);
    bench.settle();
    EXPECT_EQ(bench.content(8192), std::vector<std::byte>(8192));
    bench.device.power_state(vfio_user::PowerState::d0);
    EXPECT_EQ(bench.read(mmu::reg::L1Base::offset), 0U);
    EXPECT_EQ(bench.read(reg::IntEnable::offset), 0U);
    EXPECT_EQ(bench.slot<reg::slot::LineBytes>(0, 0), 0U);
    EXPECT_EQ(bench.state(0, 0), State::idle);
}

TEST(Registers, ReadOnlyOnesStayAndUnknownOnesAreCounted) {
    Bench bench;
    bench.write(reg::Id::offset, 0);
    EXPECT_EQ(bench.read(reg::Id::offset), reg::Id::value);
    bench.write(Bench::slot_at(0, 0) + reg::slot::Result::offset, 0xffffffff);
    EXPECT_EQ(bench.slot<reg::slot::Result>(0, 0), 0U);
    EXPECT_EQ(bench.counted("unknown-write"), 0U);
    bench.write(0x7ffc, 1);
    EXPECT_EQ(bench.read(0x7ffc), 0U);
    EXPECT_EQ(bench.counted("unknown-write"), 1U);
    EXPECT_EQ(bench.counted("unknown-read"), 1U);
}

TEST(Registers, PartialAccesses) {
    Bench bench;
    std::byte byte{0};
    bench.device.bar_read(0, reg::Id::offset + 3, std::span{&byte, 1});
    EXPECT_EQ(byte, std::byte{0x1d});
    bench.device.bar_write(0, Bench::slot_at(0, 0) + 4, std::span{&byte, 1});
    EXPECT_EQ(bench.counted("partial-write"), 1U);
    EXPECT_EQ(bench.slot<reg::slot::AddressLow>(0, 0), 0U);
    const std::uint64_t both = 0x1111111122222222;
    bench.device.bar_write(0, Bench::slot_at(0, 0) + 4, std::as_bytes(std::span{&both, 1}));
    EXPECT_EQ(bench.slot<reg::slot::AddressLow>(0, 0), 0x22222222U);
    EXPECT_EQ(bench.slot<reg::slot::AddressHigh>(0, 0), 0x11111111U);
}

// A guest that writes anything anywhere: nothing to expect but that the device lives and obeys
// afterwards.
TEST(HostileGuest, RandomWritesDoNoHarm) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        Translated bench;
        std::mt19937 random{seed};
        for (unsigned i = 0; i < 2000; ++i) {
            const std::uint64_t offset = random() % 4 == 0
                                             ? random() % reg::bar_size & ~3ULL
                                             : Bench::slot_at(static_cast<unsigned>(random() % 3),
                                                              static_cast<unsigned>(random() % 4)) +
                                                   random() % 20 * 4;
            const auto value =
                static_cast<std::uint32_t>(random() % 2 == 0 ? random() % 5000 : random());
            bench.write(offset, value);
            (void)bench.read(random() % reg::bar_size);
            if (i % 100 == 0) {
                bench.clock.advance(std::chrono::microseconds{random() % 100});
            }
        }
        bench.device.reset();
        bench.settle();
        EXPECT_EQ(bench.clock.pending(), 0U);
        bench.write(reg::Control::offset, reg::Control::Bypass::mask);
        const auto pfn = bench.guest.allocate();
        bench.ring(0, 0,
                   command(Operation::fill, at(vfio_user::value(Guest::address(pfn))), 64, 1));
        bench.settle();
        EXPECT_EQ(bench.guest.read(Guest::address(pfn), 64), expected(1, 64));
    }
}

TEST(HostileGuest, WithoutAnUpstreamThereIsNoAccess) {
    sim::ManualScheduler clock;
    sim::Trace trace{clock};
    DmaTest device{1, clock, trace};
    const std::uint32_t one = 1;
    const auto put = [&](std::uint64_t offset, std::uint32_t value) {
        device.bar_write(0, offset, std::as_bytes(std::span{&value, 1}));
    };
    put(reg::slot::base + reg::slot::Command::offset, 1);
    put(reg::slot::base + reg::slot::LineBytes::offset, 10);
    put(reg::slot::base + reg::slot::Lines::offset, one);
    put(reg::slot::base + reg::slot::Doorbell::offset, one);
    clock.advance(1ms);
    std::uint32_t result = 0;
    device.bar_read(0, reg::slot::base + reg::slot::Result::offset,
                    std::as_writable_bytes(std::span{&result, 1}));
    EXPECT_EQ(reg::slot::Result::Code::get(result), static_cast<std::uint32_t>(Code::bus));
}

} // namespace
} // namespace ipu3::dmatest::test
