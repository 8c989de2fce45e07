// SPDX-License-Identifier: GPL-2.0-or-later
// Bits that mean nothing are zero in the settings, and all others are kept.
#include "module-tests/imgu/settings/world.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>
#include <span>

namespace settings {
namespace {

struct Expected {
    imgu_section section;
    std::size_t at, size;
    unsigned zeroes; ///< bits, counted by hand in the interface's header
};

#define EXPECTED(number, member, zeroes)                                                           \
    Expected {                                                                                     \
        IMGU_SECTION_##number, offsetof(imgu_values, member), sizeof(imgu_values::member), zeroes  \
    }

// Of a grid: the slice's height, two bits beside it, and two ends of 16 bits, which the driver
// computes; of y_start three bits between the line and the bit that enables a block.
constexpr unsigned grid = 8 + 2 + 2 * 16;
constexpr unsigned cux4 = 5 + 5 + 7 + 24;

const std::array expectations{
    EXPECTED(BNR, bnr, 3 + 1 + 3 + 3 + 2 + 18 + 4 + 20 + 4 + 7 + 1),
    EXPECTED(GREEN_DISPARITY, green_disparity, 2 + 2 + 10 + 2 + 1 + 1),
    EXPECTED(DM, dm, 13 + 3 + 3 + 3 + 3 + 27),
    EXPECTED(CCM, ccm, 0),
    EXPECTED(GAMMA, gamma, 31 + 28 * 8),
    EXPECTED(CSC, csc, 0),
    EXPECTED(CDS, cds, 3 + 6),
    EXPECTED(SHD, shd, 1 + 1 + 21 + 28 * 2 * 24 * 8),
    EXPECTED(IEFD, iefd,
             (5 + 5 + 5 + 14 + 5 + 14) + (5 + 24) + 2 * cux4 + (16 + 16 + 2 + 12) +
                 (1 + 2 + 3 + 1) + 27 + 4 * 19 + (1 + 1 + 9) + (1 + 15) + 2 * 5 + (3 + 3) + 8 + 8 +
                 (4 + 17) + 8 + (1 + 1 + 1 + 2) + (1 + 13) + 8 + (4 + 4 + 12)),
    EXPECTED(YDS_C0, yds_c0, 4 + 6),
    EXPECTED(CHNR_C0, chnr_c0, 14 + 4 + 6 + 16 + 5),
    EXPECTED(Y_EE_NR, y_ee_nr, (3 + 3 + 9) + 12 + 12 + 12 + (28 + 3 + 4 + 6) + (4 + 8) + 12),
    EXPECTED(YDS, yds, 4 + 6),
    EXPECTED(CHNR, chnr, 14 + 4 + 6 + 16 + 5),
    EXPECTED(YDS2, yds2, 4 + 6),
    EXPECTED(TCC, tcc, 11 + 3 + 3 + 16 * 16),
    EXPECTED(ANR, anr, 30 + 44 * 8 + 3 + 3 + 3 + 44 * 8 + 22 * 14),
    EXPECTED(AWB_FR, awb_fr, grid + 3 + 16 + 56),
    EXPECTED(AE, ae, 5),
    EXPECTED(AF, af, grid + 3 + 8 + 4 + 12),
    EXPECTED(AWB, awb, grid + 12 * 8),
    EXPECTED(LIN_VMEM, lin_vmem, 0),
    EXPECTED(TNR3_VMEM, tnr3_vmem, 2 * 55 * 16),
    EXPECTED(XNR3_VMEM, xnr3_vmem, 0),
    EXPECTED(TNR3_DMEM, tnr3_dmem, 0),
    EXPECTED(XNR3_DMEM, xnr3_dmem, 0),
    EXPECTED(OBGRID, obgrid, 0),
};

TEST(Reserved, AreZeroAndOthersStay) {
    ASSERT_EQ(expectations.size(), IMGU_SECTIONS);
    auto values = std::make_unique<imgu_values>();
    for (const auto& expected : expectations) {
        std::memset(values.get(), 0xff, sizeof(*values));
        imgu_reserved_clear(values.get(), expected.section);
        const std::span bytes{reinterpret_cast<const std::uint8_t*>(values.get()), sizeof(*values)};
        const auto zeroes = [](std::span<const std::uint8_t> of) {
            return std::accumulate(of.begin(), of.end(), 0U, [](unsigned sum, std::uint8_t byte) {
                return sum + 8 - static_cast<unsigned>(std::popcount(byte));
            });
        };
        EXPECT_EQ(zeroes(bytes.subspan(expected.at, expected.size)), expected.zeroes)
            << expected.section;
        EXPECT_EQ(zeroes(bytes), expected.zeroes) << "another section's, " << expected.section;
    }
}

} // namespace
} // namespace settings
