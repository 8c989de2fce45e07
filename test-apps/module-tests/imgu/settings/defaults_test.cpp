// SPDX-License-Identifier: GPL-2.0-or-later
// What a stream begins with, beside the kernel's own tables and code.
#include "module-tests/imgu/settings/packaged_defaults.h"
#include "module-tests/imgu/settings/world.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <memory>

namespace settings {
namespace {

class Defaults : public testing::Test {
  protected:
    Defaults() { imgu_defaults_fill(values.get()); }

    /// Whether @p ours are the packaged bytes.
    template <class T>
    static bool same(const T& ours, packaged_default theirs) {
        const auto bytes = packaged_bytes_of(theirs);
        return bytes.size == sizeof(T) && std::memcmp(&ours, bytes.data, bytes.size) == 0;
    }

    std::unique_ptr<imgu_values> values{std::make_unique<imgu_values>()};
};

TEST_F(Defaults, ArePackagedTables) {
    EXPECT_TRUE(same(values->bnr, PACKAGED_BNR));
    EXPECT_TRUE(same(values->dm, PACKAGED_DM));
    EXPECT_TRUE(same(values->ccm, PACKAGED_CCM));
    EXPECT_TRUE(same(values->gamma.gc_lut, PACKAGED_GAMMA_LUT));
    EXPECT_TRUE(same(values->csc, PACKAGED_CSC));
    EXPECT_TRUE(same(values->cds, PACKAGED_CDS));
    EXPECT_TRUE(same(values->shd.shd, PACKAGED_SHD));
    EXPECT_TRUE(same(values->iefd, PACKAGED_IEFD));
    EXPECT_TRUE(same(values->yds, PACKAGED_YDS));
    EXPECT_TRUE(same(values->yds_c0, PACKAGED_YDS));
    EXPECT_TRUE(same(values->yds2, PACKAGED_YDS));
    EXPECT_TRUE(same(values->chnr, PACKAGED_CHNR));
    EXPECT_TRUE(same(values->chnr_c0, PACKAGED_CHNR));
    EXPECT_TRUE(same(values->y_ee_nr, PACKAGED_Y_EE_NR));
    EXPECT_TRUE(same(values->tcc.gain_pcwl, PACKAGED_TCC_GAIN));
    EXPECT_TRUE(same(values->tcc.r_sqr_lut, PACKAGED_TCC_R_SQR));
    EXPECT_TRUE(same(values->anr.transform, PACKAGED_ANR_TRANSFORM));
    EXPECT_TRUE(same(values->anr.stitch.pyramid, PACKAGED_ANR_PYRAMID));
    EXPECT_TRUE(same(values->awb_fr, PACKAGED_AWB_FR));
    EXPECT_TRUE(same(values->ae.grid_cfg, PACKAGED_AE_GRID));
    EXPECT_TRUE(same(values->ae.ae_ccm, PACKAGED_AE_CCM));
    EXPECT_TRUE(same(values->af.filter_config, PACKAGED_AF_FILTER));
    EXPECT_TRUE(same(values->af.grid_cfg, PACKAGED_AF_GRID));
    EXPECT_TRUE(same(values->awb, PACKAGED_AWB));
}

TEST_F(Defaults, OneWrongByteIsSeen) {
    values->iefd.vsslnm.vss_lut_y.vs_y3 = 7;
    EXPECT_FALSE(same(values->iefd, PACKAGED_IEFD));
}

/// The sections that the kernel's driver computes have no table: here they are compared where it
/// puts them.
TEST_F(Defaults, AreWhatThePackagedDriverBeginsWith) {
    Pipe pipe{sizes(1296, 732), program()};
    const auto theirs = packaged(pipe.geometry, pipe.program);
    ASSERT_TRUE(theirs);
    EXPECT_EQ(theirs->bnr.column_size, 0U) << "not known yet in the first sets of a stream";
    EXPECT_EQ(theirs->dm.frame_width, 0U);
    theirs->bnr.column_size = 1408;
    theirs->dm.frame_width = 1408;
    const auto& ours = pipe.acc();
    EXPECT_TRUE(same_bytes(ours.tcc, theirs->tcc));
    EXPECT_TRUE(same_bytes(ours.gamma, theirs->gamma));
    EXPECT_TRUE(same_bytes(ours.ytm, theirs->ytm));
    EXPECT_TRUE(same_bytes(ours.dvs, theirs->dvs));
    EXPECT_TRUE(same_bytes(ours.ae, theirs->ae));
    EXPECT_TRUE(same_bytes(ours, *theirs)) << "and so is all the rest";
}

TEST_F(Defaults, OfThePrograms) {
    EXPECT_EQ(values->lin_vmem.lin_lutlow_b[63], 63 * 32);
    EXPECT_EQ(values->lin_vmem.lin_lutdif_gr[0], 32);
    EXPECT_EQ(values->tnr3_vmem.sigma[8], 256);
    EXPECT_EQ(values->tnr3_vmem.slope[8], 0);
    EXPECT_EQ(values->tnr3_dmem.knee_y2, 1280U);
    EXPECT_EQ(values->xnr3_dmem.alpha.v0, 2047U);
    EXPECT_EQ(values->xnr3_dmem.blending.strength, 0U);
    for (unsigned i = 0; i < IPU3_UAPI_ISP_VEC_ELEMS; ++i) {
        EXPECT_EQ(values->xnr3_vmem.x[i], i == 9 ? 2900 : 0) << "kept as it has always been";
    }
}

} // namespace
} // namespace settings
