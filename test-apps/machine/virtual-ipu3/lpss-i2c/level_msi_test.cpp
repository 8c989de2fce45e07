// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/lpss-i2c/level_msi.hpp"

#include <gtest/gtest.h>

namespace ipu3::i2c {
namespace {

struct LevelMsiTest : ::testing::Test {
    sim::ManualScheduler clock;
    unsigned sent{0};
    LevelMsi msi{clock, [this] { ++sent; }};
};

TEST_F(LevelMsiTest, OneMessageForAllThatComesBeforeTheHandlerLooks) {
    msi.level(1);
    msi.level(3);
    msi.level(7);
    EXPECT_EQ(sent, 1U);
}

TEST_F(LevelMsiTest, ACauseThatComesAfterTheHandlerLookedNeedsAMessage) {
    msi.level(1);
    msi.status_read();
    msi.level(1);
    EXPECT_EQ(sent, 1U);
    msi.level(3);
    EXPECT_EQ(sent, 2U);
}

TEST_F(LevelMsiTest, ACauseThatWentAndCameBackIsNew) {
    msi.level(3);
    msi.status_read();
    msi.level(2);
    msi.level(3);
    EXPECT_EQ(sent, 2U);
}

TEST_F(LevelMsiTest, WritingTheMaskAnnouncesWhatIsStillPending) {
    msi.level(1);
    msi.status_read();
    msi.mask_written();
    msi.level(1);
    EXPECT_EQ(sent, 2U);
    // The second one is still on its way: no third.
    msi.mask_written();
    msi.level(1);
    EXPECT_EQ(sent, 2U);
}

TEST_F(LevelMsiTest, MaskingAllForgetsAMessageThatNobodyAnswered) {
    msi.level(1);
    msi.level(0);
    msi.level(1);
    EXPECT_EQ(sent, 2U);
}

TEST_F(LevelMsiTest, PatienceEndsOnlyWhileSomethingIsPending) {
    msi.level(1);
    msi.status_read();
    clock.advance(LevelMsi::patience - sim::Duration{1});
    EXPECT_EQ(sent, 1U);
    msi.level(0);
    clock.advance(LevelMsi::patience);
    EXPECT_EQ(sent, 1U);
    EXPECT_EQ(clock.pending(), 0U);

    msi.level(1);
    msi.status_read();
    clock.advance(LevelMsi::patience);
    EXPECT_EQ(sent, 3U);
    // Unanswered, it is not repeated: the message cannot be lost, the handler only has not run yet.
    clock.advance(100 * LevelMsi::patience);
    EXPECT_EQ(sent, 3U);
    // Answered and again left alone, it is.
    msi.status_read();
    clock.advance(LevelMsi::patience);
    EXPECT_EQ(sent, 4U);
}

} // namespace
} // namespace ipu3::i2c
