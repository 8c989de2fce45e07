// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/lpss-i2c/bus.hpp"

#include "machine/virtual-ipu3/lpss-i2c/test_bench.hpp"

#include <gtest/gtest.h>

namespace ipu3::i2c {
namespace {

using testing::RecordingTarget;

struct BusTest : ::testing::Test {
    sim::ManualScheduler clock;
    std::vector<std::string> lines;
    sim::Trace trace{clock, [this](std::string_view line) { lines.emplace_back(line); }};
    sim::FaultPlan faults;
    Bus bus{"i2c0", trace, faults};
    RecordingTarget target;
};

TEST_F(BusTest, RefusesAddressesThatNoTargetCanHave) {
    bus.connect(0x36, target, 0);
    EXPECT_THROW(bus.connect(0x36, target, 0), std::invalid_argument);
    for (const unsigned address : {0x00U, 0x07U, 0x78U, 0x7fU, 0x80U, 0xffU}) {
        EXPECT_THROW(bus.connect(static_cast<std::uint8_t>(address), target, 0),
                     std::invalid_argument);
    }
    EXPECT_NO_THROW(bus.connect(0x08, target, 0));
    EXPECT_NO_THROW(bus.connect(0x77, target, 0));
}

TEST_F(BusTest, ATransferIsOneLineOfTheTrace) {
    bus.connect(0x36, target, 0);
    EXPECT_TRUE(bus.start(0x36, Direction::write));
    EXPECT_TRUE(bus.write(0x10));
    EXPECT_TRUE(bus.start(0x36, Direction::read));
    (void)bus.read();
    (void)bus.read();
    bus.stop();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find(R"("address":54)"), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find(R"("written":1)"), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find(R"("read":2)"), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find(R"("ack":true)"), std::string::npos) << lines[0];
    EXPECT_EQ(bus.transfers(), 1U);
}

TEST_F(BusTest, NobodyHomeReadsAllOnesAndAcknowledgesNothing) {
    EXPECT_FALSE(bus.start(0x36, Direction::read));
    EXPECT_EQ(bus.read(), 0xff);
    EXPECT_FALSE(bus.write(0));
    EXPECT_TRUE(bus.busy());
    bus.stop();
    EXPECT_FALSE(bus.busy());
    bus.stop(); // a second STOP is nothing
    EXPECT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find(R"("ack":false)"), std::string::npos) << lines[0];
}

} // namespace
} // namespace ipu3::i2c
