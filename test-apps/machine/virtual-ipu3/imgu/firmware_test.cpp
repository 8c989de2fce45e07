// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/firmware.hpp"

#include "machine/virtual-ipu3/imgu/firmware_layout.hpp"
#include "machine/virtual-ipu3/imgu/stand_in.hpp"
#include "machine/virtual-ipu3/imgu/test_machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::imgu::test {
namespace {

using namespace firmware_layout;
using testing::HasSubstr;

std::string refusal(std::vector<std::byte> file) {
    const auto parsed = Firmware::parse(std::move(file));
    return parsed ? "" : parsed.error().message;
}

TEST(Firmware, TellsWhereThingsAre) {
    const auto parsed = firmware();
    EXPECT_EQ(parsed.version(), stand_in_version);
    EXPECT_EQ(parsed.sp(0).per_frame_data, 0x23c8U);
    EXPECT_EQ(parsed.sp(0).entry, 0xb9dU);
    EXPECT_EQ(parsed.sp(1).sw_state, 0x1ef8U);
    EXPECT_EQ(parsed.bootloader().entry, 0x800U);
    EXPECT_EQ(parsed.text(parsed.sp(1).blob).size(), 0x640U);
    EXPECT_EQ(parsed.body(parsed.sp(0).blob).data() + 0x1540,
              parsed.data(parsed.sp(0).blob).data());
}

TEST(Firmware, RefusesWhatIsNone) {
    EXPECT_THAT(refusal({}), HasSubstr("not a firmware file"));
    auto file = stand_in_firmware();
    poke(file, header_size_at, 80);
    EXPECT_THAT(refusal(file), HasSubstr("header has 80 bytes"));
    file = stand_in_firmware();
    file.resize(info_at(2));
    EXPECT_THAT(refusal(file), HasSubstr("too short for the 5 programs"));
    file = stand_in_firmware();
    poke(file, number_at, 0xffffffff);
    EXPECT_THAT(refusal(file), HasSubstr("too short"));
    file = stand_in_firmware();
    poke(file, number_at, 2);
    EXPECT_THAT(refusal(file), HasSubstr("lacks"));
}

TEST(Firmware, RefusesPartsThatLieElsewhere) {
    auto file = stand_in_firmware();
    poke(file, info_at(1) + blob::offset, 0xfffffff0);
    EXPECT_THAT(refusal(file), HasSubstr("program 1 does not lie within the file"));
    file = stand_in_firmware();
    poke(file, info_at(0) + blob::text_size, 0x3000);
    EXPECT_THAT(refusal(file), HasSubstr("program 0 has parts"));
    file = stand_in_firmware();
    poke(file, info_at(0) + blob::bss_size, 0x3d00);
    EXPECT_THAT(refusal(file), HasSubstr("does not fit into its memory"));
    file = stand_in_firmware();
    poke(file, info_at(0) + variables_at + 16, 0x3fff - 1200);
    EXPECT_THAT(refusal(file), HasSubstr("queues"));
    file = stand_in_firmware();
    poke(file, info_at(2) + variables_at + 8, 0x3ffd);
    EXPECT_THAT(refusal(file), HasSubstr("program 2 has a variable"));
}

TEST(Firmware, SaysWhyAFileCannotBeRead) {
    const auto none = Firmware::load("/nowhere/firmware.bin");
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, HasSubstr("/nowhere/firmware.bin: No such file"));
}

} // namespace
} // namespace ipu3::imgu::test
