// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/interrupts.hpp"

#include <gtest/gtest.h>

namespace ipu3::imgu {
namespace {

constexpr std::uint64_t at(unsigned controller, std::uint64_t offset) {
    return reg::irq::base + reg::irq::stride * controller + offset;
}

struct Bench {
    unsigned messages{0};
    Interrupts interrupts{[this] { ++messages; }};

    void enable(std::uint32_t causes, std::uint32_t mask) {
        interrupts.write(reg::IntEnable::offset, reg::IntEnable::Css::mask);
        for (unsigned number = 0; number < reg::irq::controllers; ++number) {
            interrupts.write(at(number, reg::irq::Enable::offset), causes);
            interrupts.write(at(number, reg::irq::Mask::offset), mask);
        }
    }
    [[nodiscard]] std::uint32_t status(unsigned controller) const {
        return interrupts.read(at(controller, reg::irq::Status::offset)).value();
    }
};

TEST(Interrupts, LeaveOnceUntilTheWrappersBitIsCleared) {
    Bench bench;
    bench.enable(~0U, ~0U);
    bench.interrupts.software_pin(0);
    bench.interrupts.software_pin(0);
    EXPECT_EQ(bench.messages, 1U);
    EXPECT_EQ(bench.interrupts.read(reg::IntStatus::offset), reg::IntStatus::Css::mask);
    EXPECT_EQ(bench.status(reg::irq::main), reg::irq::software_pin(0));
    EXPECT_EQ(bench.status(reg::irq::sp0), reg::irq::software_pin(0));
    // In the order of Linux's handler.
    bench.interrupts.write(reg::IntStatus::offset, reg::IntStatus::Css::mask);
    bench.interrupts.write(at(reg::irq::sp0, reg::irq::Clear::offset), ~0U);
    bench.interrupts.write(at(reg::irq::main, reg::irq::Clear::offset), ~0U);
    EXPECT_EQ(bench.messages, 1U);
    EXPECT_EQ(bench.interrupts.read(reg::IntStatus::offset), 0U);
    EXPECT_EQ(bench.status(reg::irq::main), 0U);
    bench.interrupts.software_pin(0);
    EXPECT_EQ(bench.messages, 2U);
}

TEST(Interrupts, DoNotLeaveWhereTheyAreNotWanted) {
    Bench bench;
    bench.interrupts.software_pin(0);
    EXPECT_EQ(bench.status(reg::irq::main), 0U);
    bench.enable(~0U, 0);
    bench.interrupts.software_pin(0);
    EXPECT_NE(bench.status(reg::irq::main), 0U);
    EXPECT_EQ(bench.interrupts.read(reg::IntStatus::offset), 0U);
    bench.enable(~0U, ~0U);
    bench.interrupts.write(reg::IntEnable::offset, 0);
    bench.interrupts.software_pin(1);
    EXPECT_NE(bench.interrupts.read(reg::IntStatus::offset), 0U);
    EXPECT_EQ(bench.messages, 0U);
}

TEST(Interrupts, HaveNoOtherRegisters) {
    Bench bench;
    EXPECT_EQ(bench.interrupts.read(at(3, 0)), std::nullopt);
    EXPECT_EQ(bench.interrupts.read(at(0, 0x1c)), std::nullopt);
    EXPECT_FALSE(bench.interrupts.write(at(0, 0x1c), 1));
}

} // namespace
} // namespace ipu3::imgu
