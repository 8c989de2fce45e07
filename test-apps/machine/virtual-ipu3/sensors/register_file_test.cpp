// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/register_file.hpp"

#include <array>
#include <gtest/gtest.h>
#include <initializer_list>
#include <utility>
#include <vector>

namespace ipu3::sensors {
namespace {

using i2c::Direction;

void send(RegisterFile& registers, std::initializer_list<std::uint8_t> bytes) {
    registers.start(Direction::write);
    for (const auto byte : bytes) {
        registers.write(byte);
    }
    registers.stop();
}

TEST(RegisterFile, AWriteMovesOnByOne) {
    RegisterFile registers;
    send(registers, {0x35, 0x00, 0x12, 0x34, 0x56});
    EXPECT_EQ(registers.get16(0x3500), 0x1234);
    EXPECT_EQ(registers.get24(0x3500), 0x123456U);
    EXPECT_EQ(registers.get(0x3503), 0);
}

TEST(RegisterFile, AReadContinuesWhereTheAddressStands) {
    RegisterFile registers;
    send(registers, {0x35, 0x00, 0x12, 0x34});
    send(registers, {0x35, 0x00});
    registers.start(Direction::read);
    EXPECT_EQ(registers.read(), 0x12);
    registers.stop();
    registers.start(Direction::read);
    EXPECT_EQ(registers.read(), 0x34);
}

TEST(RegisterFile, ARepeatedStartReadsToo) {
    RegisterFile registers;
    send(registers, {0x35, 0x00, 0x12});
    registers.start(Direction::write);
    registers.write(0x35);
    registers.write(0x00);
    registers.start(Direction::read);
    EXPECT_EQ(registers.read(), 0x12);
}

TEST(RegisterFile, ReadWithoutAnAddressStartsAtZero) {
    RegisterFile registers;
    registers.set(0, 0x5a);
    registers.start(Direction::read);
    EXPECT_EQ(registers.read(), 0x5a);
    EXPECT_EQ(registers.read(), 0);
}

TEST(RegisterFile, TheAddressWrapsPastItsEnd) {
    RegisterFile registers;
    send(registers, {0xff, 0xff, 1, 2});
    EXPECT_EQ(registers.get(0xffff), 1);
    EXPECT_EQ(registers.get(0x0000), 2);
    EXPECT_EQ(registers.get16(0xffff), 0x0102);
    send(registers, {0xff, 0xff});
    registers.start(Direction::read);
    EXPECT_EQ(registers.read(), 1);
    EXPECT_EQ(registers.read(), 2);
}

TEST(RegisterFile, HalfAnAddressIsForgotten) {
    RegisterFile registers;
    send(registers, {0x35, 0x00, 0x77});
    send(registers, {0x35, 0x00});
    send(registers, {0x12});
    registers.start(Direction::read);
    EXPECT_EQ(registers.read(), 0x77);
    registers.stop();
    // The next write starts with an address again.
    send(registers, {0x35, 0x01, 0x78});
    EXPECT_EQ(registers.get(0x3501), 0x78);
}

TEST(RegisterFile, AWriteOutsideOfAnyTransferIsOnlyAnAddress) {
    RegisterFile registers;
    registers.write(0x12);
    registers.write(0x34);
    registers.stop();
    EXPECT_EQ(registers.get(0x1234), 0);
}

TEST(RegisterFile, TheFilterSeesAllAndMayKeepTheOldValue) {
    RegisterFile registers;
    std::vector<std::pair<std::uint16_t, std::uint8_t>> seen;
    registers.set_filter([&](std::uint16_t address, std::uint8_t value) {
        seen.emplace_back(address, value);
        return address != 0x0011;
    });
    send(registers, {0x00, 0x10, 1, 2, 3});
    const std::vector<std::pair<std::uint16_t, std::uint8_t>> all{{0x10, 1}, {0x11, 2}, {0x12, 3}};
    EXPECT_EQ(seen, all);
    EXPECT_EQ(registers.get(0x10), 1);
    EXPECT_EQ(registers.get(0x11), 0);
    EXPECT_EQ(registers.get(0x12), 3);
}

TEST(RegisterFile, ResetKeepsOnlyTheResetValues) {
    RegisterFile registers;
    send(registers, {0x12, 0x34, 9});
    constexpr std::array<RegisterValue, 1> values{{{0x4000, 7}}};
    registers.reset(values);
    EXPECT_EQ(registers.get(0x1234), 0);
    EXPECT_EQ(registers.get(0x4000), 7);
}

} // namespace
} // namespace ipu3::sensors
