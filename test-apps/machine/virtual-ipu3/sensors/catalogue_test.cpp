// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <utility>

namespace ipu3::sensors {
namespace {

using testing::HasSubstr;

TEST(Catalogue, EverySensorHasItsOwnPlace) {
    std::set<unsigned> ports;
    std::set<std::pair<unsigned, unsigned>> addresses;
    for (const auto& entry : catalogue()) {
        EXPECT_LT(entry.csi_port, 4U) << entry.model;
        // A variant takes the place of the sensor itself.
        if (entry.variant.empty()) {
            EXPECT_TRUE(ports.insert(entry.csi_port).second) << entry.model;
            EXPECT_TRUE(addresses.insert({entry.i2c_bus, entry.i2c_address}).second) << entry.model;
        }
        EXPECT_LT(entry.i2c_address, 0x78U) << entry.model;
        EXPECT_TRUE(entry.where == "front" || entry.where == "back") << entry.model;
        EXPECT_GE(entry.lanes, 1U);
        EXPECT_LE(entry.lanes, 4U);
    }
}

TEST(ParseSensors, TakesThemInTheOrderGiven) {
    const auto chosen = parse_sensors("ov8865,ov5693");
    ASSERT_TRUE(chosen) << chosen.error().message;
    ASSERT_EQ(chosen->size(), 2U);
    EXPECT_EQ(chosen->at(0)->hid, "INT347A");
    EXPECT_EQ(chosen->at(1)->hid, "INT33BE");
}

TEST(ParseSensors, NoneIsAnEmptyMachine) {
    const auto chosen = parse_sensors("none");
    ASSERT_TRUE(chosen);
    EXPECT_TRUE(chosen->empty());
}

TEST(ParseSensors, NamesWhatItDoesNotKnowAndWhatItDoes) {
    for (const auto* list : {"imx219", "", "ov5693,", ",ov5693", "ov5693,none", "OV5693", "ov5693 ",
                             "ov8865+", "+dw9719", "ov5693+dw9719"}) {
        const auto chosen = parse_sensors(list);
        ASSERT_FALSE(chosen) << list;
        EXPECT_THAT(chosen.error().message, HasSubstr("unknown sensor"));
        EXPECT_THAT(chosen.error().message, HasSubstr("ov5693, ov8865, ov8865+dw9719, ov5670, "
                                                      "ov5670+no-lanes, none"));
    }
}

TEST(ParseSensors, TakesAVariant) {
    const auto chosen = parse_sensors("ov8865+dw9719,ov5670+no-lanes");
    ASSERT_TRUE(chosen) << chosen.error().message;
    ASSERT_EQ(chosen->size(), 2U);
    EXPECT_EQ(chosen->at(0)->vcm_type, 4U);
    EXPECT_TRUE(chosen->at(1)->lanes_untold);
    const auto both = parse_sensors("ov8865,ov8865+dw9719");
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().message, "sensors ov8865 and ov8865+dw9719 are both on CSI-2 port 0");
}

TEST(ParseSensors, RefusesTheSameTwice) {
    const auto chosen = parse_sensors("ov5693,ov8865,ov5693");
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().message, "sensor ov5693 is named twice");
}

} // namespace
} // namespace ipu3::sensors
