// SPDX-License-Identifier: GPL-2.0-or-later
// Faults of the kernel's own driver, shown in its code as it is packaged, and what ours does
// instead.
#include "module-tests/imgu/settings/world.hpp"

#include <algorithm>
#include <cstddef>
#include <gtest/gtest.h>
#include <memory>

namespace settings {
namespace {

class Fault : public testing::Test {
  protected:
    Fault() {
        const auto& values = pipe.settings().values;
        user->acc_param.awb.config = values.awb;
        user->acc_param.af.grid_cfg = values.af.grid_cfg;
        user->acc_param.af.filter_config = values.af.filter_config;
        user->acc_param.awb_fr = values.awb_fr;
        user->acc_param.ae = values.ae;
        user->acc_param.shd.shd = values.shd.shd;
    }

    [[nodiscard]] std::unique_ptr<imgu_acc_param> theirs() const {
        return packaged(pipe.geometry, pipe.program, user);
    }

    Pipe pipe{sizes(1296, 732), program()};
    Params user;
};

// Statistics are written to a table of 60 x 180 cells of 8 bytes.
TEST_F(Fault, WhiteBalanceBehindItsTable) {
    user->use.acc_awb = 1;
    user->acc_param.awb.config.grid.width = 255;
    user->acc_param.awb.config.grid.height = 66;
    ASSERT_TRUE(theirs());
    EXPECT_EQ(theirs()->awb.config.grid.width, 255);
    EXPECT_GT(std::size_t{255} * 66 * sizeof(ipu3_uapi_awb_set_item),
              sizeof(ipu3_uapi_awb_raw_buffer));
    EXPECT_EQ(pipe.merge(user), IMGU_REASON_AWB_CELLS);
}

TEST_F(Fault, OtherStatisticsBehindTheirTables) {
    user->use.acc_ae = 1;
    user->acc_param.ae.grid_cfg.width = 255;
    user->acc_param.ae.grid_cfg.block_width_log2 = 15;
    ASSERT_TRUE(theirs());
    EXPECT_EQ(theirs()->ae.stripe[0].grid.width, 0);
    EXPECT_EQ(theirs()->ae.stripe[1].grid.width, 255);
    EXPECT_EQ(pipe.merge(user), IMGU_REASON_AE_CELLS);
    user->use.acc_ae = 0;
    user->use.acc_af = 1;
    user->acc_param.af.grid_cfg.width = 100;
    ASSERT_TRUE(theirs());
    EXPECT_EQ(theirs()->af.config.grid.height_per_slice, 0);
    EXPECT_EQ(pipe.merge(user), IMGU_REASON_AF_CELLS);
    user->use.acc_af = 0;
    user->use.acc_awb_fr = 1;
    user->acc_param.awb_fr.grid_cfg.width = 100;
    ASSERT_TRUE(theirs());
    EXPECT_EQ(pipe.merge(user), IMGU_REASON_AWB_FR_CELLS);
}

TEST_F(Fault, WhiteBalanceInMoreCellsThanItHas) {
    user->use.acc_awb = 1;
    user->acc_param.awb.config.grid.x_start = 248;
    user->acc_param.awb.config.grid.width = 80;
    const auto their = theirs();
    ASSERT_TRUE(their);
    EXPECT_EQ(their->awb.stripe[0].grid.width, 81);
    EXPECT_EQ(their->awb.stripe[1].grid.width, 255);
    ASSERT_EQ(pipe.merge(user), IMGU_OK) << "the grid is a legal one";
    const auto& ours = pipe.acc();
    EXPECT_EQ(ours.awb.stripe[0].grid.width, 80);
    EXPECT_TRUE(ours.awb.stripe[0].rgbs_thr_b & IPU3_UAPI_AWB_RGBS_THR_B_EN);
    EXPECT_FALSE(ours.awb.stripe[1].rgbs_thr_b & IPU3_UAPI_AWB_RGBS_THR_B_EN);
}

TEST_F(Fault, FocusAtTheFramesLastLines) {
    user->use.acc_af = 1;
    user->acc_param.af.grid_cfg.y_start = (732 - 128 - 2) | IPU3_UAPI_GRID_Y_START_EN;
    const auto their = theirs();
    ASSERT_TRUE(their);
    EXPECT_EQ(their->af.lines[16].lines, 65534);
    EXPECT_EQ(pipe.merge(user), IMGU_REASON_AF_PLACE);
}

TEST_F(Fault, AListWithoutAnEnd) {
    user->use.acc_af = 1;
    user->acc_param.af.grid_cfg.height = 0;
    const auto their = theirs();
    ASSERT_TRUE(their);
    EXPECT_FALSE(lines_of(their->af.operations, their->af.lines));
    EXPECT_EQ(pipe.merge(user), IMGU_REASON_AF_CELLS);
}

TEST_F(Fault, AListThatGoesOnBehindItsEnd) {
    user->use.acc_af = user->use.acc_awb_fr = user->use.acc_awb = 1;
    user->acc_param.af.grid_cfg.height = 1;
    user->acc_param.awb_fr.grid_cfg.height = 1;
    user->acc_param.awb.config.grid.height = 1;
    const auto their = theirs();
    ASSERT_TRUE(their);
    EXPECT_FALSE(lines_of(their->af.operations, their->af.lines));
    EXPECT_FALSE(lines_of(their->awb_fr.operations, their->awb_fr.lines));
    EXPECT_FALSE(lines_of(their->awb.operations, their->awb.lines));
    EXPECT_EQ(their->af.lines[0].lines + their->af.lines[1].lines, 732 - 2)
        << "and two lines are missing";
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    const auto& ours = pipe.acc();
    EXPECT_EQ(lines_of(ours.af.operations, ours.af.lines), 732U);
    EXPECT_EQ(lines_of(ours.awb_fr.operations, ours.awb_fr.lines), 732U);
    EXPECT_EQ(lines_of(ours.awb.operations, ours.awb.lines), 732U);
}

TEST_F(Fault, AStartThatWraps) {
    user->use.acc_awb = 1;
    user->acc_param.awb.config.grid.y_start = 65530;
    const auto their = theirs();
    ASSERT_TRUE(their);
    EXPECT_EQ(their->awb.lines[0].lines, 2) << "65530 + 8";
    EXPECT_EQ(pipe.merge(user), IMGU_REASON_AWB_PLACE);
}

TEST_F(Fault, GridsInTheRightStripeAreTakenForTheFrames) {
    user->use.acc_ae = user->use.acc_awb_fr = user->use.acc_af = 1;
    user->acc_param.awb_fr.grid_cfg.x_start = 1000;
    user->acc_param.af.grid_cfg.x_start = 1000;
    user->acc_param.ae.grid_cfg.x_start = 1000;
    const auto their = theirs();
    ASSERT_TRUE(their);
    ASSERT_EQ(their->stripe.scaled[1].offset, 640);
    ASSERT_EQ(their->stripe.bds[1].width, 768) << "so column 1000 is not in it";
    EXPECT_EQ(their->af.stripe[1].grid.x_start, 360) << "as it should be";
    EXPECT_EQ(their->awb_fr.stripe[1].grid_cfg.x_start, 1000);
    EXPECT_EQ(their->ae.stripe[1].grid.x_start, 1000);
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    const auto& ours = pipe.acc();
    EXPECT_EQ(ours.af.stripe[1].grid.x_start, 360);
    EXPECT_EQ(ours.awb_fr.stripe[1].grid_cfg.x_start, 360);
    EXPECT_EQ(ours.ae.stripe[1].grid.x_start, 360);
    EXPECT_EQ(ours.ae.stripe[1].grid.x_end, 360 + 127);
}

TEST_F(Fault, OneStripeLosesItsStatistics) {
    Pipe one{sizes(1296, 732), program(1)};
    const auto their = packaged(one.geometry, one.program);
    ASSERT_TRUE(their);
    EXPECT_FALSE(their->ae.stripe[0].grid.ae_en);
    EXPECT_FALSE(their->af.stripe[0].grid.y_start & IPU3_UAPI_GRID_Y_START_EN);
    EXPECT_FALSE(their->awb_fr.stripe[0].grid_cfg.y_start & IPU3_UAPI_GRID_Y_START_EN);
    const auto& ours = one.acc();
    EXPECT_TRUE(ours.ae.stripe[0].grid.ae_en);
    EXPECT_TRUE(ours.af.stripe[0].grid.y_start & IPU3_UAPI_GRID_Y_START_EN);
    EXPECT_TRUE(ours.awb_fr.stripe[0].grid_cfg.y_start & IPU3_UAPI_GRID_Y_START_EN);
    EXPECT_EQ(ours.ae.stripe[1].grid.width, 0);
}

TEST_F(Fault, ShadingBehindTheFramesCorner) {
    user->use.acc_shd = 1;
    user->acc_param.shd.shd.grid.y_start = 1;
    const auto their = theirs();
    ASSERT_TRUE(their);
    EXPECT_EQ(their->shd.config.general.init_set_vrt_offst_ul, 255U) << "of two rows";
    EXPECT_EQ(pipe.merge(user), IMGU_REASON_SHD_START);
}

// The block's memory of gains has 28 sets.
TEST_F(Fault, ShadingBehindItsGains) {
    user->use.acc_shd = 1;
    user->acc_param.shd.shd.grid.block_height_log2 = 4;
    user->acc_param.shd.shd.grid.width = 100;
    Pipe low{sizes(1296, 28 * 16 + 8), program()};
    const auto their = packaged(low.geometry, low.program, user);
    ASSERT_TRUE(their);
    const auto loads = std::ranges::count(their->shd.operations, IMGU_ACC_WHAT_TRANSFER,
                                          &imgu_acc_operation::what);
    EXPECT_GT(loads, IPU3_UAPI_SHD_MAX_CFG_SETS);
    EXPECT_EQ(low.merge(user), IMGU_REASON_SHD_SLICES);
}

TEST_F(Fault, WidthsOfTheFirstSetsAreMissing) {
    const auto their = packaged(pipe.geometry, pipe.program);
    ASSERT_TRUE(their);
    EXPECT_EQ(their->bnr.column_size, 0U);
    EXPECT_EQ(their->dm.frame_width, 0U);
    EXPECT_EQ(pipe.acc().bnr.column_size, 1408U);
    EXPECT_EQ(pipe.acc().dm.frame_width, 1408U);
}

// What user space writes to a block that it still maps, or the device to a block, would be the next
// set's old value.
TEST_F(Fault, OldValuesAreReadFromMemoryThatTheDeviceWrites) {
    auto old = packaged(pipe.geometry, pipe.program);
    ASSERT_TRUE(old);
    old->ccm.coeff_m11 = 1;
    const auto their = packaged_after(pipe.geometry, pipe.program, user, *old);
    ASSERT_TRUE(their);
    EXPECT_EQ(their->ccm.coeff_m11, 1);
    pipe.acc();
    pipe.block().ccm.coeff_m11 = 1;
    const imgu_settings& settings = pipe.settings();
    EXPECT_EQ(settings.values.ccm.coeff_m11, 9775);
    EXPECT_EQ(pipe.fresh()->ccm.coeff_m11, 9775);
}

TEST_F(Fault, FramesOfFewLinesHaveNoStreamAtAll) {
    const auto low = sizes(1296, 128);
    EXPECT_FALSE(packaged(low, pipe.program)) << "the default grids do not fit";
    Pipe ours{low, pipe.program};
    EXPECT_EQ(lines_of(ours.acc().af.operations, ours.acc().af.lines), 128U);
    EXPECT_EQ(lines_of(ours.acc().awb_fr.operations, ours.acc().awb_fr.lines), 128U);
    EXPECT_EQ(ours.acc().af.config.grid.height, 15);
}

} // namespace
} // namespace settings
