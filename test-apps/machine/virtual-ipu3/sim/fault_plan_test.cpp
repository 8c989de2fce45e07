// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/fault_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace {

using ipu3::sim::all_fault_kinds;
using ipu3::sim::describe;
using ipu3::sim::FaultKind;
using ipu3::sim::FaultPlan;
using ipu3::sim::FaultSpec;
using ipu3::sim::name;
using ipu3::sim::parse_fault;
using testing::HasSubstr;

TEST(FaultSpec, EveryKindHasAnOwnNameThatParsesBackAndADescription) {
    std::set<std::string_view> names;
    for (const auto kind : all_fault_kinds()) {
        names.insert(name(kind));
        EXPECT_FALSE(describe(kind).empty());
        const auto spec = parse_fault(name(kind));
        ASSERT_TRUE(spec) << spec.error().message;
        EXPECT_EQ(spec->kind, kind);
        EXPECT_FALSE(spec->frame || spec->probability || spec->port);
    }
    EXPECT_EQ(names.size(), 21U);
}

TEST(FaultSpec, ParametersInAnyOrder) {
    const auto spec = parse_fault("i2c-nak:port=3:p=0.25:frame=18446744073709551615");
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->kind, FaultKind::i2c_nak);
    EXPECT_EQ(spec->frame, 18446744073709551615U);
    EXPECT_EQ(spec->probability, 0.25);
    EXPECT_EQ(spec->port, 3U);
}

struct BadSpec {
    std::string_view text;
    std::string_view says;
};

class BadFaultSpec : public testing::TestWithParam<BadSpec> {};

TEST_P(BadFaultSpec, IsRefusedWithASentence) {
    const auto spec = parse_fault(GetParam().text);
    ASSERT_FALSE(spec);
    EXPECT_THAT(spec.error().message, HasSubstr(GetParam().says));
    EXPECT_EQ(spec.error().message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadFaultSpec,
    testing::Values(BadSpec{"", "possible are crc, fifo-overflow"}, BadSpec{"CRC", "'CRC'"},
                    BadSpec{"crc ", "no kind of fault"}, BadSpec{"crc:", "'' is unknown"},
                    BadSpec{"crc:frame", "frame=N"}, BadSpec{"crc:frame=", "frame=N"},
                    BadSpec{"crc:frame=-1", "frame=N"}, BadSpec{"crc:frame=1x", "'frame=1x'"},
                    BadSpec{"crc:frame=99999999999999999999", "frame=N"},
                    BadSpec{"crc:frame=1:frame=2", "twice"}, BadSpec{"crc:p=1.5", "from 0 to 1"},
                    BadSpec{"crc:p=-0.1", "from 0 to 1"}, BadSpec{"crc:p=nan", "from 0 to 1"},
                    BadSpec{"crc:p=inf", "from 0 to 1"}, BadSpec{"crc:p=0.1:p=0.1", "twice"},
                    BadSpec{"crc:p", "p=P"}, BadSpec{"crc:port=4", "from 0 to 3"},
                    BadSpec{"crc:port=1:port=1", "twice"}, BadSpec{"crc:port=one", "port=P"},
                    BadSpec{"imgu-no-boot:port=0", "no port"},
                    BadSpec{"crc:when=5", "'when=5' is unknown"}));

FaultSpec fault(std::string_view text) {
    return parse_fault(text).value();
}

TEST(FaultPlan, AnEmptyPlanNeverStrikes) {
    FaultPlan plan;
    for (const auto kind : all_fault_kinds()) {
        EXPECT_FALSE(plan.strikes(kind, 0, 0));
    }
}

TEST(FaultPlan, StrikesItsKindOnly) {
    FaultPlan plan{{fault("lost-irq")}, 1};
    for (const auto kind : all_fault_kinds()) {
        EXPECT_EQ(plan.strikes(kind, 7, 2), kind == FaultKind::lost_irq) << name(kind);
    }
}

TEST(FaultPlan, StrikesItsFrameAndPortOnly) {
    FaultPlan plan{{fault("crc:frame=5:port=1")}, 1};
    for (std::uint64_t frame = 0; frame < 10; ++frame) {
        for (unsigned port = 0; port < 4; ++port) {
            EXPECT_EQ(plan.strikes(FaultKind::csi_crc, frame, port), frame == 5 && port == 1);
        }
    }
}

TEST(FaultPlan, AStuckQueueStaysStuck) {
    FaultPlan plan{{fault("stuck-dma:frame=5")}, 1};
    EXPECT_FALSE(plan.strikes(FaultKind::stuck_dma, 4, 0));
    EXPECT_TRUE(plan.strikes(FaultKind::stuck_dma, 5, 0));
    EXPECT_TRUE(plan.strikes(FaultKind::stuck_dma, 6, 0));
}

TEST(FaultPlan, ProbabilitiesAtTheEndsAreCertain) {
    FaultPlan plan{{fault("crc:p=0"), fault("i2c-nak:p=1")}, 1};
    for (std::uint64_t n = 0; n < 1000; ++n) {
        EXPECT_FALSE(plan.strikes(FaultKind::csi_crc, n, 0));
        EXPECT_TRUE(plan.strikes(FaultKind::i2c_nak, n, 0));
    }
}

std::vector<bool> history(std::uint64_t seed, std::size_t length) {
    FaultPlan plan{{fault("i2c-nak:p=0.25")}, seed};
    std::vector<bool> struck(length);
    for (std::size_t n = 0; n < length; ++n) {
        struck[n] = plan.strikes(FaultKind::i2c_nak, n, 0);
    }
    return struck;
}

TEST(FaultPlan, ASeedRepeatsItselfAndAnotherDiffers) {
    EXPECT_EQ(history(42, 1000), history(42, 1000));
    EXPECT_NE(history(42, 1000), history(43, 1000));
}

TEST(FaultPlan, ASeedMeansTheSameWithEveryStandardLibrary) {
    // The C++ standard gives the 10000th output of a default-seeded mt19937_64 ([rand.predef]);
    // its top 53 bits over 2^53 are the last of these draws.
    constexpr std::uint64_t ten_thousandth = 9981545732273789042U;
    const double expected = static_cast<double>(ten_thousandth >> 11U) / 9007199254740992.0;
    const auto at = [](double p) {
        FaultSpec spec;
        spec.kind = FaultKind::i2c_nak;
        spec.probability = p;
        FaultPlan plan{{spec}, std::mt19937_64::default_seed};
        bool struck = false;
        for (int n = 0; n < 10000; ++n) {
            struck = plan.strikes(FaultKind::i2c_nak, 0, 0);
        }
        return struck;
    };
    EXPECT_FALSE(at(expected));
    EXPECT_TRUE(at(expected + 1e-15));
}

TEST(FaultPlan, AProbabilityIsMetOnTheLongRun) {
    const auto struck = history(7, 40000);
    const auto hits = std::ranges::count(struck, true);
    // 10000 expected, standard deviation 87: five of them is a chance of one in a million.
    EXPECT_NEAR(static_cast<double>(hits), 10000.0, 435.0);
}

} // namespace
