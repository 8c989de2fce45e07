// SPDX-License-Identifier: GPL-2.0-or-later
// Tables that are formulas, against both: the formula, and the kernel's own driver's table.
#include "module-tests/imgu/geometry/packaged.h"
#include "module-tests/imgu/geometry/pure.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <numbers>
#include <numeric>

namespace geometry {
namespace {

constexpr double one = 2147483648.0; // of a tap

std::int32_t luma(std::size_t index) {
    constexpr std::size_t middle = IMGU_SCALER_LUMA_SAMPLES / 2;
    return imgu_scaler_luma_half[index <= middle ? index : 2 * middle - index];
}

std::int32_t chroma(std::size_t index) {
    constexpr std::size_t half = IMGU_SCALER_CHROMA_SAMPLES / 2;
    return imgu_scaler_chroma_half[index < half ? index : 2 * half - 1 - index];
}

double sinc(double x) {
    return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

TEST(ScalerTaps, LumaIsLanczos2) {
    constexpr auto samples = static_cast<std::size_t>(IMGU_SCALER_LUMA_SAMPLES);
    std::array<double, samples> lanczos{};
    for (std::size_t i = 0; i < lanczos.size(); ++i) {
        const auto x = (static_cast<double>(i) - 64) / 32;
        lanczos.at(i) = sinc(x) * sinc(x / 2);
    }
    const auto sum = std::accumulate(lanczos.begin(), lanczos.end(), 0.0);
    // The first one is 0 but for the computer's rounding of pi.
    for (std::size_t i = 1; i < lanczos.size(); ++i) {
        EXPECT_EQ(luma(i), static_cast<std::int32_t>(std::trunc(one * 32 * lanczos.at(i) / sum)))
            << i;
    }
    EXPECT_EQ(luma(0), 0);
}

TEST(ScalerTaps, ChromaIsABellOfFourDigits) {
    constexpr std::array bell{885,  1120, 1376, 1653, 1949, 2264, 2595, 2943, 3304, 3677, 4060,
                              4450, 4846, 5245, 5644, 6040, 6432, 6815, 7188, 7547, 7891, 8216,
                              8520, 8801, 9057, 9285, 9484, 9652, 9789, 9892, 9961, 9996};
    static_assert(bell.size() == IMGU_SCALER_CHROMA_SAMPLES / 2);
    const auto sum = 2 * std::accumulate(bell.begin(), bell.end(), 0);
    for (std::size_t i = 0; i < bell.size(); ++i) {
        EXPECT_EQ(chroma(i), static_cast<std::int32_t>(one * 32 * bell.at(i) / sum)) << i;
    }
}

TEST(ScalerTaps, AreThePackagedOnes) {
    for (unsigned i = 0; i < PACKAGED_LUMA; ++i) {
        EXPECT_EQ(luma(i), packaged_luma(i)) << i;
    }
    for (unsigned i = 0; i < PACKAGED_CHROMA; ++i) {
        EXPECT_EQ(chroma(i), packaged_chroma(i)) << i;
    }
}

TEST(Cubic, IsThePackagedTable) {
    for (unsigned place = 0; place < IMGU_WARP_CUBIC_PLACES; ++place) {
        std::array<s16, IMGU_WARP_CUBIC_TAPS> taps{};
        imgu_warp_cubic(place, taps.data());
        for (unsigned tap = 0; tap < taps.size(); ++tap) {
            EXPECT_EQ(taps.at(tap), packaged_cubic(tap, place)) << "tap " << tap << " at " << place;
        }
    }
}

class Factor : public testing::TestWithParam<unsigned> {
  protected:
    // What was there before must not matter.
    static imgu_acc_bds_filter dirty() {
        imgu_acc_bds_filter filter{};
        std::memset(&filter, 0xa5, sizeof(filter));
        return filter;
    }

    imgu_acc_bds_filter filter{dirty()};
    u32 length{imgu_bds_filter(IMGU_BDS_UNIT + GetParam(), &filter)};
};

TEST_P(Factor, IsThePackagedOne) {
    const auto packaged = packaged_bds(GetParam());
    static_assert(sizeof(filter.even) + sizeof(filter.odd) == PACKAGED_PHASE_BYTES);
    EXPECT_EQ(std::memcmp(static_cast<const void*>(&filter.even), packaged.horizontal,
                          PACKAGED_PHASE_BYTES),
              0);
    EXPECT_EQ(std::memcmp(static_cast<const void*>(&filter.even), packaged.vertical,
                          PACKAGED_PHASE_BYTES),
              0);
    EXPECT_EQ(std::memcmp(static_cast<const void*>(filter.pattern), packaged.pattern,
                          sizeof(filter.pattern)),
              0);
    EXPECT_EQ(length, packaged.pattern_length);
    EXPECT_EQ(packaged.horizontal_enable, GetParam() != 0 ? 1U : 0U);
    EXPECT_EQ(packaged.vertical_enable, packaged.horizontal_enable);
}

TEST_P(Factor, KeepsFlatAreas) {
    for (const auto& row : {filter.even, filter.odd}) {
        for (unsigned phase = 0; phase < IMGU_BDS_PHASES && row[phase].nf != 0; ++phase) {
            const auto& taps = row[phase];
            EXPECT_EQ(taps.m2 + taps.m1 + taps.c0 + taps.p1 + taps.p2 + taps.p3, 1 << taps.nf)
                << phase;
        }
    }
}

TEST_P(Factor, MakesAsManyPixelsAPeriodAsTheFactorSays) {
    unsigned bits = 0;
    for (const auto word : filter.pattern) {
        bits += static_cast<unsigned>(std::popcount(word));
    }
    EXPECT_EQ(length * IMGU_BDS_UNIT, bits * (IMGU_BDS_UNIT + GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, Factor, testing::Range(0U, static_cast<unsigned>(IMGU_BDS_FACTORS)));

TEST(Curves, EndWhereTheirIndexSays) {
    // The last factor's last distance: three pixels.
    EXPECT_EQ(imgu_bds_curve_start[IMGU_BDS_FACTORS] - imgu_bds_curve_start[IMGU_BDS_FACTORS - 1],
              4);
    for (unsigned i = 0; i < IMGU_BDS_FACTORS; ++i) {
        EXPECT_LE(imgu_bds_curve_start[i], imgu_bds_curve_start[i + 1]) << i;
    }
}

} // namespace
} // namespace geometry
