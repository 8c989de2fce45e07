// SPDX-License-Identifier: GPL-2.0-or-later
// The same sizes given to the kernel's own driver: what both tell the firmware; and what it makes
// of sizes that ours refuses.
#include "module-tests/imgu/differential/reference.h"
#include "module-tests/imgu/geometry/random_geometry.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <iostream>
#include <memory>
#include <vector>

namespace geometry {
namespace {

reference_size plain(imgu_size size) {
    return {size.width, size.height};
}

reference_pipe pipe_of(const imgu_geometry& from, const imgu_program& with) {
    reference_pipe pipe{};
    pipe.in = plain(from.in);
    pipe.crop = plain(from.crop);
    pipe.bds = plain(from.bds);
    pipe.envelope = plain(from.envelope);
    pipe.gdc = plain(from.gdc);
    pipe.out = plain(from.out);
    pipe.vf = plain(from.vf);
    pipe.ref = plain(from.ref);
    pipe.in_stride = from.in_stride;
    pipe.out_stride = from.out_stride;
    pipe.vf_stride = from.vf_stride;
    pipe.bayer = from.bayer;
    pipe.stripes = with.stripes;
    pipe.block_width = with.block_width;
    pipe.video = 1;
    // No statistics: their default grids have rules of their own.
    return pipe;
}

/// What the packaged driver tells the firmware.
class Packaged {
  public:
    /// Returns its verdict: 0 or an error.
    int run(const imgu_geometry& from, const imgu_program& with, bool warp = true) {
        exchange_->pipe = pipe_of(from, with);
        exchange_->sets = 1;
        exchange_->want_warp = warp ? 1 : 0;
        exchange_->set[0].given = 0;
        reference_run(exchange_.get());
        return exchange_->verdicts[0].error;
    }
    [[nodiscard]] const imgu_acc_param& acc() const {
        // The same memory with our names: sizes and places are tested in layouts/.
        return *reinterpret_cast<const imgu_acc_param*>(
            &exchange_->acc[exchange_->verdicts[0].acc][0]);
    }
    [[nodiscard]] std::uint32_t warp_blocks() const { return exchange_->warp_blocks; }
    [[nodiscard]] const void* warp() const { return exchange_->warp; }

  private:
    std::unique_ptr<reference_exchange> exchange_{std::make_unique<reference_exchange>()};
};

/// First byte that differs, or -1.
template <class Part>
std::ptrdiff_t difference(const Part& a, const Part& b) {
    const auto* left = reinterpret_cast<const unsigned char*>(&a);
    const auto* right = reinterpret_cast<const unsigned char*>(&b);
    for (std::size_t i = 0; i < sizeof(Part); ++i) {
        if (left[i] != right[i]) {
            return static_cast<std::ptrdiff_t>(i);
        }
    }
    return -1;
}

struct Counts {
    unsigned accepted{0}, bypass{0}, cut{0}, scaled{0}, unscaled_bayer{0}, refused_by_theirs{0},
        begin_left{0};
    std::array<unsigned, 4> orders{};
};

class Same : public testing::TestWithParam<int> {};

TEST_P(Same, AreToldToTheFirmware) {
    constexpr unsigned cases = 10'000;
    auto with = program(static_cast<std::uint8_t>(GetParam()));
    Random random{6202, static_cast<std::uint64_t>(GetParam())};
    Packaged packaged;
    Counts counts;
    for (unsigned i = 0; i < cases && !HasFailure(); ++i) {
        const auto geometry = random_geometry(random);
        with.block_width = 1 + i % 3; // the programs that are known have 2
        SCOPED_TRACE(text(geometry));
        imgu_acc_stripe stripe{};
        if (imgu_stripes(&geometry, &with, &stripe) != IMGU_OK) {
            continue;
        }
        if (packaged.run(geometry, with) != 0) {
            ++counts.refused_by_theirs;
            continue;
        }
        imgu_acc_osys osys{};
        imgu_acc_bds bds{};
        imgu_acc_feeder feeder{};
        // What was there before must not matter.
        std::memset(&osys, 0xa5, sizeof(osys));
        std::memset(&bds, 0xa5, sizeof(bds));
        std::memset(&feeder, 0xa5, sizeof(feeder));
        imgu_osys(&geometry, &with, &osys, &stripe);
        imgu_bds(&geometry, &stripe, &bds);
        imgu_feeder(&geometry, &stripe, &feeder);
        EXPECT_EQ(difference(stripe, packaged.acc().stripe), -1);
        if (osys.stripe[1].crop_left[IMGU_OSYS_PIN_OUT] !=
            0) { // begins left of the picture, see Fault
            ++counts.begin_left;
            EXPECT_NE(difference(osys, packaged.acc().osys), -1);
            osys.stripe[1].crop_left[IMGU_OSYS_PIN_OUT] = 0;
            osys.stripe[1].out_offset[IMGU_OSYS_PIN_OUT] =
                packaged.acc().osys.stripe[1].out_offset[IMGU_OSYS_PIN_OUT];
        }
        EXPECT_EQ(difference(osys, packaged.acc().osys), -1);
        EXPECT_EQ(difference(bds, packaged.acc().bds), -1);
        if (geometry.crop.height > geometry.in.height) { // the one difference, see Fault
            EXPECT_NE(difference(feeder, packaged.acc().feeder), -1);
        } else {
            EXPECT_EQ(difference(feeder, packaged.acc().feeder), -1);
        }

        std::vector<imgu_warp_block> warp(imgu_warp_blocks(&geometry));
        imgu_warp_unity(&geometry, warp.data());
        ASSERT_EQ(warp.size(), packaged.warp_blocks());
        EXPECT_EQ(std::memcmp(warp.data(), packaged.warp(), warp.size() * sizeof(warp[0])), 0);

        ++counts.accepted;
        ++counts.orders[geometry.bayer];
        const auto& vf = osys.frame[IMGU_OSYS_PIN_VF];
        if (osys.scaler[0].mode == IMGU_OSYS_MODE_DOWNSCALE) {
            ++counts.scaled;
        } else {
            ++(vf.scaled != 0 ? counts.cut : counts.bypass);
        }
        counts.unscaled_bayer += bds.enabled != 0 ? 0 : 1;
    }
    std::cout << counts.accepted << " of " << cases << " accepted by both, viewfinder scaled "
              << counts.scaled << ", only cut " << counts.cut << ", passed on " << counts.bypass
              << "; Bayer scaler off " << counts.unscaled_bayer
              << "; second stripe begins left of the picture " << counts.begin_left
              << "; refused by the packaged driver alone " << counts.refused_by_theirs << '\n';
    EXPECT_EQ(counts.begin_left != 0, with.stripes == 2);
    EXPECT_GT(counts.accepted, cases / 2);
    for (const auto part :
         {counts.scaled, counts.cut, counts.bypass, counts.unscaled_bayer, counts.orders[0],
          counts.orders[1], counts.orders[2], counts.orders[3]}) {
        EXPECT_GT(part, counts.accepted / 20) << "hardly ever";
    }
}
INSTANTIATE_TEST_SUITE_P(Stripes, Same, testing::Values(1, 2));

class EveryViewfinder : public testing::TestWithParam<imgu_size> {};

// Where chroma begins depends on where in a chunk it would: chance hardly meets all of it.
TEST_P(EveryViewfinder, IsScaledAlike) {
    const auto with = program(2);
    const auto gdc = GetParam();
    Packaged packaged;
    unsigned accepted = 0;
    unsigned shifted = 0;
    for (u32 width = gdc.width / 32 * 2; width <= gdc.width && !HasFailure(); width += 2) {
        auto geometry = usual();
        geometry.in = geometry.crop = {2592, 1944};
        geometry.bds = {2592, 1944};
        geometry.gdc = geometry.out = gdc;
        geometry.vf = {width, gdc.height * width / gdc.width};
        imgu_geometry_complete(&geometry);
        SCOPED_TRACE(text(geometry));
        imgu_acc_stripe stripe{};
        imgu_acc_osys osys{};
        if (imgu_stripes(&geometry, &with, &stripe) != IMGU_OK) {
            continue;
        }
        imgu_osys(&geometry, &with, &osys, &stripe);
        ASSERT_EQ(packaged.run(geometry, with, false), 0);
        EXPECT_EQ(difference(stripe, packaged.acc().stripe), -1);
        EXPECT_EQ(difference(osys, packaged.acc().osys), -1);
        ++accepted;
        shifted += osys.scaler[1].uv_left_crop > osys.scaler[0].uv_left_crop ? 1U : 0U;
    }
    std::cout << accepted << " widths, chroma shifted in " << shifted << '\n';
    EXPECT_GT(accepted, gdc.width * 7 / 16);
    EXPECT_GT(shifted, 0U);
}
INSTANTIATE_TEST_SUITE_P(Of, EveryViewfinder,
                         testing::Values(imgu_size{1280, 720}, imgu_size{1920, 1080},
                                         imgu_size{2560, 1920}));

/// Sizes that the kernel's own driver takes, and what comes of it.
class Fault : public testing::Test {
  protected:
    void wrong(imgu_reason reason) {
        const auto with = program(2);
        EXPECT_STREQ(imgu_reason_text(imgu_geometry_judge(&geometry, &with)),
                     imgu_reason_text(reason));
        EXPECT_EQ(packaged.run(geometry, with), 0) << "the packaged driver refuses it, too";
    }
    [[nodiscard]] const imgu_acc_param& acc() const { return packaged.acc(); }
    imgu_geometry geometry{usual()};
    Packaged packaged;
};

TEST_F(Fault, ACropLargerThanTheInputStartsBeforeTheBuffer) {
    geometry.crop = {3000, 2250};
    geometry.bds = {1500, 1125};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_CROP_LARGE);
    EXPECT_GT(acc().feeder.frame.start, geometry.in_stride * geometry.in.height);
}

TEST_F(Fault, ACropTwoLinesHigherThanTheInputStartsBeforeTheBuffer) {
    // libcamera chooses it. Ours reads these lines behind the frame instead, and says so.
    geometry.in = {1296, 734};
    geometry.crop = {1296, 736};
    geometry.bds = {648, 368};
    geometry.gdc = geometry.out = geometry.vf = {640, 360};
    geometry.bayer = IMGU_BAYER_BGGR;
    imgu_geometry_complete(&geometry);
    wrong(IMGU_OK);
    EXPECT_EQ(acc().feeder.frame.start, 0U - geometry.in_stride);
    imgu_acc_stripe stripe{};
    imgu_acc_feeder feeder{};
    const auto with = program(2);
    ASSERT_EQ(imgu_stripes(&geometry, &with, &stripe), IMGU_OK);
    imgu_feeder(&geometry, &stripe, &feeder);
    EXPECT_EQ(feeder.frame.start, geometry.in_stride);
    EXPECT_EQ(imgu_feeder_tail(&geometry, &stripe), 3 * geometry.in_stride);
}

/// 11. All of a frame in the orders that have to begin late: what is read ends behind the frame, of
/// which the packaged driver's buffers have not a byte more. Ours says how many more a buffer has.
TEST_F(Fault, AFullFrameThatBeginsLateIsReadBehindItsEnd) {
    const auto with = program(2);
    geometry.in = geometry.crop = {2400, 1800}; // whole words of 50 pixels
    geometry.bds = {1200, 900};
    geometry.gdc = geometry.out = geometry.vf = {1152, 864};
    for (const u32 order : {IMGU_BAYER_RGGB, IMGU_BAYER_BGGR, IMGU_BAYER_GBRG}) {
        geometry.bayer = static_cast<imgu_bayer>(order);
        imgu_geometry_complete(&geometry);
        wrong(IMGU_OK);
        const auto& place = acc().feeder.frame;
        const auto frame = geometry.in_stride * geometry.in.height;
        constexpr u32 word_pixels = 50;
        constexpr u32 word_bytes = 64;
        const auto words = (place.pixel + geometry.crop.width + word_pixels - 1) / word_pixels;
        const auto end =
            place.start + (geometry.crop.height - 1) * place.stride + words * word_bytes;
        EXPECT_GT(end, frame) << "order " << order;
        imgu_acc_stripe stripe{};
        ASSERT_EQ(imgu_stripes(&geometry, &with, &stripe), IMGU_OK);
        EXPECT_EQ(frame + imgu_feeder_tail(&geometry, &stripe), end) << "order " << order;
    }
}

TEST_F(Fault, ASizeOfMoreThan13BitsIsCutOff) {
    geometry.crop = {9000, 1944};
    geometry.bds = {9000, 1944};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_CROP_LARGE);
    EXPECT_EQ(acc().bds.hor.control0.out_width, 9000U - 8192);
}

TEST_F(Fault, TwoFactorsShareOneFilter) {
    geometry.crop = {2592, 972}; // half the width, the whole height
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_BDS_ASPECT);
    EXPECT_EQ(acc().bds.hor.control0.enable, 0U) << "the width is to be halved";
}

TEST_F(Fault, GeometricCorrectionReadsBehindTheReferenceFrame) {
    geometry.gdc = geometry.out = {2560, 1920};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_GDC_LARGE);
    const auto& last =
        static_cast<const imgu_warp_block*>(packaged.warp())[packaged.warp_blocks() - 2];
    EXPECT_GT(last.in_offset, 2 * geometry.ref.width * geometry.ref.height);
}

TEST_F(Fault, AViewfinderThatIsEnlargedHasCoefficientsThatWrap) {
    geometry.vf = {1920, 1080};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_VF_LARGE);
    EXPECT_GT(acc().osys.scaler[0].ratio, 2048U);
    // The first phase's middle tap is 1.5 of 1.
    EXPECT_LT(acc().osys.luma_taps[1] + acc().osys.luma_taps[2], 0);
}

TEST_F(Fault, AViewfinderOfASixteenthHasAShiftThatWraps) {
    geometry.vf = {64, 36};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_VF_FACTOR);
    EXPECT_GT(acc().osys.scaler[0].exponent, 31U);
}

TEST_F(Fault, ANarrowViewfinderStartsBeforeItsStripe) {
    geometry.vf = {124, 68};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_VF_NARROW);
    EXPECT_GT(acc().osys.scaler[1].y_start, 0x80000000U);
}

TEST_F(Fault, APictureBehindTheSeamIsWrittenBeforeItsBuffer) {
    geometry.out.width = 32;
    geometry.vf = {192, 108};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_OUT_NARROW);
    EXPECT_GT(acc().osys.stripe[1].out_offset[IMGU_OSYS_PIN_OUT], 0x80000000U);
}

TEST_F(Fault, AStripeThatBeginsLeftOfThePictureIsWrittenBeforeItsBuffer) {
    // Ours cuts off what it has left of the picture.
    geometry.out.width = 32;
    imgu_geometry_complete(&geometry);
    wrong(IMGU_OK);
    const auto& theirs = acc().osys.stripe[1];
    EXPECT_GT(theirs.out_offset[IMGU_OSYS_PIN_OUT], 0x80000000U);
    EXPECT_EQ(theirs.crop_left[IMGU_OSYS_PIN_OUT], 0U);
    imgu_acc_stripe stripe{};
    imgu_acc_osys osys{};
    const auto with = program(2);
    ASSERT_EQ(imgu_stripes(&geometry, &with, &stripe), IMGU_OK);
    imgu_osys(&geometry, &with, &osys, &stripe);
    EXPECT_EQ(osys.stripe[1].out_offset[IMGU_OSYS_PIN_OUT], 0U);
    EXPECT_EQ(osys.stripe[1].crop_left[IMGU_OSYS_PIN_OUT],
              0U - theirs.out_offset[IMGU_OSYS_PIN_OUT]);
}

TEST_F(Fault, AnUprightViewfinderIsWrittenBeforeItsBuffer) {
    geometry.vf = {32, 214};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_VF_NARROW);
    EXPECT_GT(acc().osys.stripe[1].out_offset[IMGU_OSYS_PIN_VF], 0x80000000U);
}

TEST_F(Fault, ANarrowFramesSecondStripeIsAlmost65536Wide) {
    geometry.in = geometry.crop = {192, 240};
    geometry.bds = {96, 120};
    geometry.gdc = geometry.out = geometry.vf = {88, 112};
    imgu_geometry_complete(&geometry);
    wrong(IMGU_REASON_BDS_NARROW);
    EXPECT_GT(acc().stripe.out[1].width, 32768);
}

TEST_F(Fault, AWideViewfinderInOneStripeOverrunsTheScalersMemory) {
    geometry.in = geometry.crop = geometry.bds = geometry.gdc = geometry.out = {4224, 3136};
    geometry.vf = {3842, 2000};
    imgu_geometry_complete(&geometry);
    const auto one = program(1);
    EXPECT_EQ(imgu_geometry_judge(&geometry, &one), IMGU_REASON_VF_WIDE);
    EXPECT_EQ(packaged.run(geometry, one), 0);
    EXPECT_GT(acc().osys.stripe[0].out_width[IMGU_OSYS_PIN_VF], 3840U);
}

} // namespace
} // namespace geometry
