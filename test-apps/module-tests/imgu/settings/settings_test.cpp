// SPDX-License-Identifier: GPL-2.0-or-later
// Merging what user space sets: which sections, all of them or none, generations.
#include "module-tests/imgu/settings/world.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace settings {
namespace {

struct Section {
    imgu_section number;
    const char* name;
    void (*use)(ipu3_uapi_flags&);
    std::size_t from, to, size;
};

#define SECTION(number, flag, theirs, ours)                                                        \
    Section {                                                                                      \
        IMGU_SECTION_##number, #number, [](ipu3_uapi_flags& use) { use.flag = 1; },                \
            offsetof(ipu3_uapi_params, theirs), offsetof(imgu_values, ours),                       \
            sizeof(imgu_values::ours)                                                              \
    }

const std::array all{
    SECTION(BNR, acc_bnr, acc_param.bnr, bnr),
    SECTION(GREEN_DISPARITY, acc_green_disparity, acc_param.green_disparity, green_disparity),
    SECTION(DM, acc_dm, acc_param.dm, dm),
    SECTION(CCM, acc_ccm, acc_param.ccm, ccm),
    SECTION(GAMMA, acc_gamma, acc_param.gamma, gamma),
    SECTION(CSC, acc_csc, acc_param.csc, csc),
    SECTION(CDS, acc_cds, acc_param.cds, cds),
    SECTION(SHD, acc_shd, acc_param.shd, shd),
    SECTION(IEFD, acc_iefd, acc_param.iefd, iefd),
    SECTION(YDS_C0, acc_yds_c0, acc_param.yds_c0, yds_c0),
    SECTION(CHNR_C0, acc_chnr_c0, acc_param.chnr_c0, chnr_c0),
    SECTION(Y_EE_NR, acc_y_ee_nr, acc_param.y_ee_nr, y_ee_nr),
    SECTION(YDS, acc_yds, acc_param.yds, yds),
    SECTION(CHNR, acc_chnr, acc_param.chnr, chnr),
    SECTION(YDS2, acc_yds2, acc_param.yds2, yds2),
    SECTION(TCC, acc_tcc, acc_param.tcc, tcc),
    SECTION(ANR, acc_anr, acc_param.anr, anr),
    SECTION(AWB_FR, acc_awb_fr, acc_param.awb_fr, awb_fr),
    SECTION(AE, acc_ae, acc_param.ae, ae),
    SECTION(AF, acc_af, acc_param.af, af),
    SECTION(AWB, acc_awb, acc_param.awb, awb),
    SECTION(LIN_VMEM, lin_vmem_params, lin_vmem_params, lin_vmem),
    SECTION(TNR3_VMEM, tnr3_vmem_params, tnr3_vmem_params, tnr3_vmem),
    SECTION(XNR3_VMEM, xnr3_vmem_params, xnr3_vmem_params, xnr3_vmem),
    SECTION(TNR3_DMEM, tnr3_dmem_params, tnr3_dmem_params, tnr3_dmem),
    SECTION(XNR3_DMEM, xnr3_dmem_params, xnr3_dmem_params, xnr3_dmem),
    SECTION(OBGRID, obgrid_param, obgrid_param, obgrid),
};

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const imgu_values& values) {
    const auto* const at = reinterpret_cast<const std::uint8_t*>(&values);
    return {at, at + sizeof(values)};
}

/// Bytes of @p a and @p b that differ outside of a section.
bool differs_outside(const Bytes& a, const Bytes& b, const Section& section) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if ((i < section.to || i >= section.to + section.size) && a[i] != b[i]) {
            return true;
        }
    }
    return false;
}

Bytes part(const Bytes& of, const Section& section) {
    const auto from = of.begin() + static_cast<std::ptrdiff_t>(section.to);
    return {from, from + static_cast<std::ptrdiff_t>(section.size)};
}

class Merge : public testing::Test {
  protected:
    std::mt19937 random{20161208};
    Pipe pipe{sizes(1296, 732), program()};
};

TEST_F(Merge, KnowsAllSections) {
    ASSERT_EQ(all.size(), IMGU_SECTIONS);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].number, i);
    }
}

TEST_F(Merge, TakesTheSectionWhoseFlagIsSetAndNoOther) {
    for (const auto& section : all) {
        SCOPED_TRACE(section.name);
        auto user = Params::legal(random, pipe.geometry);
        section.use(user->use);
        const auto before = bytes_of(pipe.settings().values);
        const auto generations = std::to_array(pipe.settings().generation);
        ASSERT_EQ(pipe.merge(user), IMGU_OK);
        const auto after = bytes_of(pipe.settings().values);
        EXPECT_FALSE(differs_outside(before, after, section));
        EXPECT_NE(part(before, section), part(after, section));
        for (std::size_t i = 0; i < generations.size(); ++i) {
            EXPECT_EQ(pipe.settings().generation[i], generations[i] + (i == section.number)) << i;
        }
        // What has been taken is the user's, but for reserved bits, of which it may be the user's
        // cleared ones only.
        Bytes given(section.size);
        std::memcpy(given.data(), reinterpret_cast<const std::uint8_t*>(user.get()) + section.from,
                    section.size);
        const auto taken = part(after, section);
        for (std::size_t i = 0; i < given.size(); ++i) {
            ASSERT_EQ(taken[i] & ~given[i], 0) << "a bit that nobody set, byte " << i;
        }
    }
}

TEST_F(Merge, LeavesReservedBitsOut) {
    std::size_t taken = 0;
    for (const auto& section : all) {
        SCOPED_TRACE(section.name);
        auto user = Params::legal(random, pipe.geometry);
        section.use(user->use);
        std::memset(reinterpret_cast<std::uint8_t*>(user.operator->()) + section.from, 0xff,
                    section.size);
        if (pipe.merge(user) != IMGU_OK) {
            continue; // a grid, whose cells have to be some
        }
        ++taken;
        const auto cleared = std::make_unique<imgu_values>(pipe.settings().values);
        imgu_reserved_clear(cleared.get(), section.number);
        EXPECT_EQ(part(bytes_of(pipe.settings().values), section),
                  part(bytes_of(*cleared), section));
    }
    EXPECT_GE(taken, all.size() - 5);
}

TEST_F(Merge, NothingUsedIsNothingChanged) {
    const auto user = Params::random(random);
    const auto before = bytes_of(pipe.settings().values);
    ASSERT_EQ(pipe.merge(user), IMGU_OK) << "grids without a flag are not looked at";
    EXPECT_EQ(bytes_of(pipe.settings().values), before);
    for (const auto generation : pipe.settings().generation) {
        EXPECT_EQ(generation, 1U);
    }
}

/// What libcamera sets in each frame hardly ever changes, and must not be written each time.
TEST_F(Merge, TheSameOnceMoreIsNoNewGeneration) {
    auto user = Params::legal(random, pipe.geometry);
    const auto merge = [&] {
        EXPECT_EQ(pipe.merge(user), IMGU_OK);
        return std::to_array(pipe.settings().generation);
    };
    user.use_all();
    std::memset(&user->obgrid_param, 0x40, sizeof(user->obgrid_param));
    const auto first = merge();
    const auto second = merge();
    EXPECT_EQ(second[IMGU_SECTION_OBGRID], first[IMGU_SECTION_OBGRID]);
    EXPECT_EQ(second[IMGU_SECTION_CCM], first[IMGU_SECTION_CCM]);
    EXPECT_EQ(second[IMGU_SECTION_LIN_VMEM], first[IMGU_SECTION_LIN_VMEM]);
    user->acc_param.ccm.coeff_o_b = static_cast<__s16>(user->acc_param.ccm.coeff_o_b ^ 1);
    const auto third = merge();
    EXPECT_EQ(third[IMGU_SECTION_CCM], second[IMGU_SECTION_CCM] + 1);
    EXPECT_EQ(third[IMGU_SECTION_CSC], second[IMGU_SECTION_CSC]);
}

TEST_F(Merge, FlagsWithoutASectionAreTakenAndDoNothing) {
    auto user = Params::random(random);
    user->use.gdc = user->use.obgrid = user->use.acc_ytm = user->use.acc_bds = 1;
    user->use.reserved1 = 0x3fff'ffff;
    user->use.reserved2 = 3;
    user->use.reserved3 = 15;
    user->use.reserved4 = 1;
    user->use.reserved5 = 0x1ff'ffff;
    const auto before = bytes_of(pipe.settings().values);
    EXPECT_EQ(pipe.merge(user), IMGU_OK);
    EXPECT_EQ(bytes_of(pipe.settings().values), before);
}

/// What is wrong with one section, which stands last of a set that is right otherwise.
struct Fault {
    const char* name;
    imgu_reason reason;
    void (*make)(ipu3_uapi_params&);
};

const std::array faults{
    Fault{"AF without cells", IMGU_REASON_AF_CELLS,
          [](auto& p) { p.acc_param.af.grid_cfg.width = 0; }},
    Fault{"AF wider than its table", IMGU_REASON_AF_CELLS,
          [](auto& p) { p.acc_param.af.grid_cfg.width = 33; }},
    Fault{"AF without an end", IMGU_REASON_AF_CELLS,
          [](auto& p) { p.acc_param.af.grid_cfg.height = 0; }},
    Fault{"AF of pixels", IMGU_REASON_AF_CELL_SIZE,
          [](auto& p) { p.acc_param.af.grid_cfg.block_width_log2 = 0; }},
    Fault{"AF at the last line", IMGU_REASON_AF_PLACE,
          [](auto& p) {
              p.acc_param.af.grid_cfg.height = 1;
              p.acc_param.af.grid_cfg.block_height_log2 = 3;
              p.acc_param.af.grid_cfg.y_start = 732 - 8 - 3;
          }},
    Fault{"AWB_FR higher than its table", IMGU_REASON_AWB_FR_CELLS,
          [](auto& p) { p.acc_param.awb_fr.grid_cfg.height = 25; }},
    Fault{"AWB_FR of four lines", IMGU_REASON_AWB_FR_CELL_SIZE,
          [](auto& p) { p.acc_param.awb_fr.grid_cfg.block_height_log2 = 2; }},
    Fault{"AWB_FR at the last line", IMGU_REASON_AWB_FR_PLACE,
          [](auto& p) {
              p.acc_param.awb_fr.grid_cfg.height = 1;
              p.acc_param.awb_fr.grid_cfg.block_height_log2 = 3;
              p.acc_param.awb_fr.grid_cfg.y_start = 732 - 8 - 3;
          }},
    Fault{"AWB_FR beside the frame", IMGU_REASON_AWB_FR_PLACE,
          [](auto& p) { p.acc_param.awb_fr.grid_cfg.x_start = 4000; }},
    Fault{"AE wider than its weights", IMGU_REASON_AE_CELLS,
          [](auto& p) { p.acc_param.ae.grid_cfg.width = 255; }},
    Fault{"AE of 2^15 pixels", IMGU_REASON_AE_CELL_SIZE,
          [](auto& p) { p.acc_param.ae.grid_cfg.block_width_log2 = 15; }},
    Fault{"AE below the frame", IMGU_REASON_AE_PLACE,
          [](auto& p) { p.acc_param.ae.grid_cfg.y_start = 732; }},
    Fault{"AWB of 255 x 66", IMGU_REASON_AWB_CELLS,
          [](auto& p) {
              p.acc_param.awb.config.grid.width = 255;
              p.acc_param.awb.config.grid.height = 66;
          }},
    Fault{"AWB of 128 lines a cell", IMGU_REASON_AWB_CELL_SIZE,
          [](auto& p) { p.acc_param.awb.config.grid.block_height_log2 = 7; }},
    Fault{"AWB that wraps", IMGU_REASON_AWB_PLACE,
          [](auto& p) { p.acc_param.awb.config.grid.y_start = 65530; }},
    Fault{"AWB with another block's bit", IMGU_REASON_AWB_PLACE,
          [](auto& p) { p.acc_param.awb.config.grid.y_start = IPU3_UAPI_GRID_Y_START_EN; }},
    Fault{"shading without cells", IMGU_REASON_SHD_WIDTH,
          [](auto& p) { p.acc_param.shd.shd.grid.width = 0; }},
    Fault{"shading behind the corner", IMGU_REASON_SHD_START,
          [](auto& p) { p.acc_param.shd.shd.grid.y_start = 1; }},
    Fault{"shading in slices of a line", IMGU_REASON_SHD_SLICES,
          [](auto& p) {
              p.acc_param.shd.shd.grid.width = 146;
              p.acc_param.shd.shd.grid.block_height_log2 = 0;
          }},
    Fault{"defect pixels", IMGU_REASON_DPC, [](auto& p) { p.use.acc_dpc = 1; }},
};

/// A set that is refused leaves every byte as it was, though all of its other sections are right.
TEST_F(Merge, IsAllOrNothing) {
    auto first = Params::legal(random, pipe.geometry);
    first.use_all();
    ASSERT_EQ(pipe.merge(first), IMGU_OK);
    for (const auto& fault : faults) {
        SCOPED_TRACE(fault.name);
        auto user = Params::legal(random, pipe.geometry);
        user.use_all();
        fault.make(*user);
        const auto before = std::make_unique<imgu_settings>(pipe.settings());
        EXPECT_STREQ(imgu_reason_text(pipe.merge(user)), imgu_reason_text(fault.reason));
        EXPECT_TRUE(same_bytes(*before, pipe.settings()));
    }
}

/// What a program does not make can neither hang nor write behind anything.
TEST_F(Merge, OfAStillProgramTakesGridsThatLieAnywhere) {
    Pipe still{sizes(1296, 732), still_program()};
    auto user = Params::legal(random, still.geometry);
    user.use_all();
    user->acc_param.af.grid_cfg.y_start = 4000;
    user->acc_param.awb_fr.grid_cfg.x_start = 65535;
    user->acc_param.ae.grid_cfg.y_start = 65535;
    user->acc_param.awb.config.grid.y_start = 65530;
    ASSERT_EQ(still.merge(user), IMGU_OK);
    const auto& acc = still.acc();
    EXPECT_TRUE(lines_of(acc.af.operations, acc.af.lines));
    EXPECT_TRUE(lines_of(acc.awb_fr.operations, acc.awb_fr.lines));
    EXPECT_TRUE(lines_of(acc.awb.operations, acc.awb.lines));
}

/// Every reason of settings has a test above, but the one for layouts, which late_test.cpp has.
TEST_F(Merge, EveryReasonIsTested) {
    for (int reason = IMGU_REASON_AF_CELLS; reason <= IMGU_REASON_DPC; ++reason) {
        const auto tested =
            std::ranges::count(faults, static_cast<imgu_reason>(reason), &Fault::reason);
        EXPECT_GT(tested, 0) << imgu_reason_text(static_cast<imgu_reason>(reason));
    }
}

/// Any bytes: the settings stay such that a block can be made of them.
TEST_F(Merge, OfAnythingLeavesSettingsThatWork) {
    unsigned taken = 0;
    unsigned refused = 0;
    for (int i = 0; i < 600; ++i) {
        auto user = i % 3 == 0 ? Params::random(random) : Params::legal(random, pipe.geometry);
        const std::array<std::uint32_t, 3> flags{static_cast<std::uint32_t>(random()),
                                                 static_cast<std::uint32_t>(random() & random()),
                                                 static_cast<std::uint32_t>(random())};
        std::memcpy(&user->use, flags.data(), sizeof(flags));
        user->use.acc_dpc = i % 100 == 0;
        ++(pipe.merge(user) == IMGU_OK ? taken : refused);
        const auto& acc = pipe.acc();
        ASSERT_EQ(lines_of(acc.af.operations, acc.af.lines), 732U);
        ASSERT_EQ(lines_of(acc.awb_fr.operations, acc.awb_fr.lines), 732U);
        ASSERT_EQ(lines_of(acc.awb.operations, acc.awb.lines), 732U);
        ASSERT_EQ(lines_of(acc.shd.operations, acc.shd.lines), 732U);
    }
    EXPECT_GT(taken, 200U);
    EXPECT_GT(refused, 100U);
}

TEST_F(Merge, GenerationsAreNeverZero) {
    auto settings = std::make_unique<imgu_settings>(pipe.settings());
    settings->generation[IMGU_SECTION_CCM] = ~0U;
    Params user;
    user->use.acc_ccm = 1;
    ASSERT_EQ(imgu_settings_merge(settings.get(), user.get(), &pipe.geometry, &pipe.program),
              IMGU_OK);
    EXPECT_EQ(settings->generation[IMGU_SECTION_CCM], 1U);
}

TEST(Ranges, CloseOnesBecomeOne) {
    imgu_ranges ranges{};
    imgu_ranges_add(&ranges, 0, 10);
    imgu_ranges_add(&ranges, 64, 10);
    imgu_ranges_add(&ranges, 74 + 64, 1);
    ASSERT_EQ(ranges.count, 2U);
    EXPECT_EQ(ranges.range[0].offset, 0U);
    EXPECT_EQ(ranges.range[0].size, 74U);
    EXPECT_EQ(ranges.range[1].offset, 138U);
    EXPECT_EQ(ranges.range[1].size, 1U);
    imgu_ranges_add(&ranges, 300, 100);
    imgu_ranges_add(&ranges, 410, 1);
    ASSERT_EQ(ranges.count, 3U);
    EXPECT_EQ(ranges.range[2].size, 111U);
}

/// Nobody asked for the grids that a stream begins with: they keep none from beginning.
TEST(Settings, BeginWithGridsThatFit) {
    const auto settings = std::make_unique<imgu_settings>();
    for (std::uint32_t width = 32; width <= 256; width += 8) {
        for (std::uint32_t height = 32; height <= 160; ++height) {
            imgu_geometry frame{};
            frame.bds = {.width = width, .height = height};
            imgu_settings_init(settings.get(), &frame);
            const auto& values = settings->values;
            const auto fits = [&](imgu_grid_block block, const imgu_grid& grid) {
                return imgu_reason_text(imgu_grid_judge(block, &grid, &frame.bds, true));
            };
            const auto of = [&](imgu_grid_block block, ipu3_uapi_grid_config config) {
                return imgu_grid_from(block, &config);
            };
            const auto ae = values.ae.grid_cfg;
            SCOPED_TRACE(fmt::format("{}x{}", width, height));
            ASSERT_STREQ(fits(IMGU_GRID_AF, of(IMGU_GRID_AF, values.af.grid_cfg)),
                         imgu_reason_text(IMGU_OK));
            ASSERT_STREQ(fits(IMGU_GRID_AWB_FR, of(IMGU_GRID_AWB_FR, values.awb_fr.grid_cfg)),
                         imgu_reason_text(IMGU_OK));
            ASSERT_STREQ(fits(IMGU_GRID_AWB, of(IMGU_GRID_AWB, values.awb.grid)),
                         imgu_reason_text(IMGU_OK));
            ASSERT_STREQ(fits(IMGU_GRID_AE, imgu_grid_from_ae(&ae)), imgu_reason_text(IMGU_OK));
        }
    }
}

} // namespace
} // namespace settings
