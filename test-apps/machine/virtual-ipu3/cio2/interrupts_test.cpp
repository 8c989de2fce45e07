// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/interrupts.hpp"

#include <gtest/gtest.h>

namespace ipu3::cio2 {
namespace {

using reg::IntEn;
using reg::IntEnExtIe;
using reg::IntEnExtOe;
using reg::IntSts;
using reg::IntStsExtIe;
using reg::IntStsExtOe;

class InterruptsTest : public testing::Test {
  protected:
    unsigned messages{0};
    Interrupts interrupts{[this] { ++messages; }, Sabotage::none};

    std::uint32_t status() { return interrupts.read(IntSts::offset).value_or(0xdeadbeef); }
};

TEST(IntStsLayout, BitsOfTheChannelsAreTheKernels) {
    EXPECT_EQ(IntSts::completion(0), 1U << 0U);
    EXPECT_EQ(IntSts::completion(3), 1U << 3U);
    EXPECT_EQ(IntSts::completion(4), 1U << 4U);
    EXPECT_EQ(IntSts::completion(5), 1U << 4U);
    EXPECT_EQ(IntSts::completion(19), 1U << 11U);
    EXPECT_EQ(IntSts::start(0), 1U << 12U);
    EXPECT_EQ(IntSts::start(1), 1U << 12U);
    EXPECT_EQ(IntSts::start(19), 1U << 21U);
    EXPECT_EQ(IntStsExtIe::error(2, IntStsExtIe::Error::crc), 0x00080000U);
    EXPECT_EQ(IntStsExtIe::irq(3), 0x80000000U);
}

TEST_F(InterruptsTest, ADisabledCauseShowsInTheStatusAndSendsNothing) {
    interrupts.frame_completed(0, Interrupts::Delivery::sent);
    EXPECT_EQ(status(), 1U);
    EXPECT_EQ(messages, 0U);
}

TEST_F(InterruptsTest, EnablingAPendingCauseSendsItsMessage) {
    interrupts.frame_completed(0, Interrupts::Delivery::sent);
    interrupts.write(IntEn::offset, 1);
    EXPECT_EQ(messages, 1U);
    interrupts.write(IntEn::offset, 1);
    EXPECT_EQ(messages, 1U);
}

TEST_F(InterruptsTest, ABitThatIsSetAlreadySendsNoSecondMessage) {
    interrupts.write(IntEn::offset, 1);
    interrupts.frame_completed(0, Interrupts::Delivery::sent);
    interrupts.frame_completed(0, Interrupts::Delivery::sent);
    EXPECT_EQ(messages, 1U);
    interrupts.write(IntSts::offset, 1);
    EXPECT_EQ(status(), 0U);
    interrupts.frame_completed(0, Interrupts::Delivery::sent);
    EXPECT_EQ(messages, 2U);
}

TEST_F(InterruptsTest, ACauseThatComesBetweenReadAndClearIsNotLost) {
    interrupts.write(IntEn::offset, 0x1001);
    interrupts.frame_completed(0, Interrupts::Delivery::sent);
    const auto seen = status();
    interrupts.frame_started(0);
    messages = 0;
    interrupts.write(IntSts::offset, seen);
    EXPECT_EQ(status(), IntSts::start(0));
    EXPECT_EQ(messages, 1U);
}

TEST_F(InterruptsTest, ZerosWrittenToTheStatusClearNothing) {
    interrupts.frame_completed(0, Interrupts::Delivery::sent);
    interrupts.frame_completed(2, Interrupts::Delivery::sent);
    interrupts.write(IntSts::offset, 0x1);
    EXPECT_EQ(status(), 0x4U);
}

TEST_F(InterruptsTest, ALostMessageIsOwedToTheNextEventEvenOfTheSameBit) {
    interrupts.write(IntEn::offset, 1);
    interrupts.frame_completed(0, Interrupts::Delivery::lost);
    EXPECT_EQ(messages, 0U);
    interrupts.frame_completed(0, Interrupts::Delivery::sent);
    EXPECT_EQ(messages, 1U);
}

TEST_F(InterruptsTest, OutputErrorsNeedTheirOwnEnable) {
    interrupts.dma_error(5);
    EXPECT_EQ(interrupts.read(IntStsExtOe::offset), 1U << 5U);
    EXPECT_EQ(status(), 0U);
    interrupts.write(IntEnExtOe::offset, 0x8f0fffff);
    interrupts.sram_full(2);
    EXPECT_EQ(interrupts.read(IntStsExtOe::offset), (1U << 5U) | (1U << 26U));
    EXPECT_EQ(status(), IntSts::Iooe::mask);
    EXPECT_EQ(messages, 1U);
    interrupts.write(IntStsExtOe::offset, 1U << 5U);
    EXPECT_EQ(interrupts.read(IntStsExtOe::offset), 1U << 26U);
}

TEST_F(InterruptsTest, ReceiverErrorsNeedBothEnables) {
    interrupts.write(IntEnExtIe::offset, 0xffffffff);
    interrupts.receiver(1);
    EXPECT_EQ(status(), IntSts::Ioirq::mask);
    EXPECT_EQ(messages, 0U);
    interrupts.write(IntEn::offset, IntSts::Ioirq::mask);
    EXPECT_EQ(messages, 1U);
}

TEST_F(InterruptsTest, SabotageMovesTheCompletionBit) {
    Interrupts wrong{[] {}, Sabotage::int_status_bit};
    wrong.frame_completed(0, Interrupts::Delivery::sent);
    EXPECT_EQ(wrong.read(IntSts::offset), 1U << 4U);
}

TEST_F(InterruptsTest, OtherOffsetsAreNotItsOwn) {
    EXPECT_FALSE(interrupts.read(0x141c).has_value());
    EXPECT_FALSE(interrupts.write(0x141c, 1));
}

} // namespace
} // namespace ipu3::cio2
