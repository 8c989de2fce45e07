// SPDX-License-Identifier: GPL-2.0-or-later
// What follows from sizes that were accepted, over many of them: everything lies in its buffer,
// stripes add up to the frame without a gap, and nothing has wrapped.
#include "module-tests/imgu/geometry/random_geometry.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace geometry {
namespace {

constexpr unsigned cases = 10'000;
constexpr std::uint32_t raw_word_pixels = 50, raw_word_bytes = 64;

/// All that is computed of one value.
struct Told {
    imgu_geometry geometry;
    imgu_acc_stripe stripe;
    imgu_acc_osys osys;
    imgu_acc_bds bds;
    imgu_acc_feeder feeder;
    imgu_scaler scaler;
};

class Sizes : public testing::TestWithParam<int> {
  protected:
    /// Calls @p check for each of the accepted ones of many; at least every second one is.
    template <class Check>
    void each(Check check) {
        const auto chosen = program(static_cast<std::uint8_t>(GetParam()));
        Random random{2026, static_cast<std::uint64_t>(GetParam())};
        unsigned accepted = 0;
        std::map<imgu_reason, unsigned> refused;
        for (unsigned i = 0; i < cases && !HasFailure(); ++i) {
            Told told{};
            told.geometry = random_geometry(random);
            const auto reason = imgu_stripes(&told.geometry, &chosen, &told.stripe);
            if (reason != IMGU_OK) {
                ++refused[reason];
                continue;
            }
            ++accepted;
            imgu_osys(&told.geometry, &chosen, &told.osys, &told.stripe);
            imgu_bds(&told.geometry, &told.stripe, &told.bds);
            std::memset(&told.feeder, 0xa5, sizeof(told.feeder)); // whatever the memory held
            imgu_feeder(&told.geometry, &told.stripe, &told.feeder);
            imgu_scaler_set(told.geometry.gdc, told.geometry.vf, &told.scaler);
            SCOPED_TRACE(text(told.geometry));
            check(told);
        }
        std::cout << accepted << " of " << cases << " accepted";
        for (const auto& [reason, count] : refused) {
            std::cout << "; " << count << " not: " << imgu_reason_text(reason);
        }
        std::cout << '\n';
        EXPECT_GT(accepted, cases / 2);
    }
};

std::uint32_t end(const imgu_acc_slice& slice) {
    return std::uint32_t{slice.offset} + slice.width;
}

TEST_P(Sizes, StripesAddUpToTheFrame) {
    each([](const Told& told) {
        const auto& [geometry, stripe] = std::pair{told.geometry, told.stripe};
        const unsigned last = stripe.count - 1U;
        EXPECT_EQ(end(stripe.scaled[last]), geometry.bds.width);
        EXPECT_GE(end(stripe.bds_apart[last]), geometry.bds.width);
        EXPECT_LT(end(stripe.bds_apart[last]), geometry.bds.width + IMGU_STRIPE_UNIT);
        EXPECT_EQ(end(stripe.bds[last]), stripe.bds_aligned_width);
        EXPECT_LE(end(stripe.effective[last]), geometry.crop.width);
        EXPECT_GE(end(stripe.block[last]), geometry.gdc.width);
        if (stripe.count == 1) {
            EXPECT_EQ(stripe.out[0].width, geometry.out.width);
            return;
        }
        EXPECT_EQ(end(stripe.out[1]), geometry.bds.width);
        EXPECT_EQ(end(stripe.out[0]), stripe.out[1].offset);
        EXPECT_EQ(end(stripe.bds_apart[0]), stripe.bds_apart[1].offset);
        EXPECT_EQ(end(stripe.bds[0]) - stripe.bds[1].offset, 2U * IMGU_STRIPE_UNIT)
            << "both go one beyond the seam";
        EXPECT_GE(end(stripe.effective[0]), stripe.effective[1].offset);
        EXPECT_GE(end(stripe.block[0]), stripe.block[1].offset);
        for (const auto* slices : {&stripe.effective[0], &stripe.scaled[0], &stripe.bds[0],
                                   &stripe.bds_apart[0], &stripe.out[0], &stripe.block[0]}) {
            for (unsigned i = 0; i < 2; ++i) {
                EXPECT_GT(slices[i].width, 0);
                EXPECT_LT(end(slices[i]), 8192U) << "has wrapped";
            }
        }
        // Only where a frame is hardly wider than one stripe is that one wider than the frame.
        EXPECT_TRUE(end(stripe.scaled[0]) <= geometry.bds.width ||
                    geometry.bds.width < 3U * IMGU_STRIPE_UNIT);
    });
}

TEST_P(Sizes, TheFirstPixelIsGreenBesideRed) {
    each([](const Told& told) {
        const auto& geometry = told.geometry;
        for (const auto& place : {told.feeder.frame, told.feeder.stripe[0].place,
                                  told.stripe.count == 2 && told.stripe.effective[1].offset % 2 != 0
                                      ? told.feeder.frame
                                      : told.feeder.stripe[1].place}) {
            const auto line = place.start / place.stride;
            const auto column =
                place.start % place.stride / raw_word_bytes * raw_word_pixels + place.pixel;
            const bool red_line =
                geometry.bayer == IMGU_BAYER_GRBG || geometry.bayer == IMGU_BAYER_RGGB;
            const bool green_first =
                geometry.bayer == IMGU_BAYER_GRBG || geometry.bayer == IMGU_BAYER_GBRG;
            EXPECT_EQ(line % 2 == 0, red_line);
            // In a line of red ones, green ones are the even ones if the frame begins with green or
            // blue.
            EXPECT_EQ(column % 2 == 0, red_line ? green_first : !green_first);
            EXPECT_LT(place.pixel, raw_word_pixels);
        }
    });
}

TEST_P(Sizes, TheFeederStaysInTheFrameButForItsTail) {
    unsigned tails = 0;
    each([&tails](const Told& told) {
        const auto& [geometry, stripe, feeder] =
            std::tuple{told.geometry, told.stripe, told.feeder};
        const auto size = geometry.in_stride * geometry.in.height;
        const auto tail = imgu_feeder_tail(&geometry, &stripe);
        for (unsigned i = 0; i < stripe.count; ++i) {
            const auto& place = feeder.stripe[i].place;
            const auto words =
                (place.pixel + stripe.effective[i].width + raw_word_pixels - 1) / raw_word_pixels;
            EXPECT_LE(place.start + (geometry.crop.height - 1) * place.stride +
                          words * raw_word_bytes,
                      size + tail);
        }
        const bool below = geometry.bayer == IMGU_BAYER_BGGR || geometry.bayer == IMGU_BAYER_GBRG;
        const bool right = geometry.bayer == IMGU_BAYER_RGGB || geometry.bayer == IMGU_BAYER_GBRG;
        const bool full = geometry.crop.height >= geometry.in.height;
        const auto lines = full ? geometry.crop.height - geometry.in.height + (below ? 1U : 0U) : 0;
        const bool narrow = stripe.count == 2 && geometry.bds.width < 3U * IMGU_STRIPE_UNIT;
        if (tail != 0) {
            ++tails;
            EXPECT_TRUE(lines > 0 || (right && geometry.crop.width == geometry.in.width) || narrow);
        }
        if (lines != 0) {
            EXPECT_GT(tail, (lines - 1) * geometry.in_stride) << "a line is read that is not there";
        }
        imgu_acc_feeder again{};
        std::memset(&again, 0x3c, sizeof(again));
        imgu_feeder(&geometry, &stripe, &again);
        EXPECT_TRUE(std::ranges::equal(std::as_bytes(std::span{&again, 1}),
                                       std::as_bytes(std::span{&feeder, 1})))
            << "it keeps what memory held";
        if (!narrow) {
            EXPECT_LE(tail, lines * geometry.in_stride + raw_word_bytes);
        }
    });
    EXPECT_GT(tails, cases / 50);
}

/// Where each pixel of a line's last word is, one by one, by nothing but the layout of a RAW frame.
TEST_P(Sizes, TheLastByteReadIsTheBuffersInEachBayerOrder) {
    std::array<unsigned, 4> longer{};
    std::array<unsigned, 4> judged{};
    const auto chosen = program(static_cast<std::uint8_t>(GetParam()));
    each([&](const Told& told) {
        for (u32 order = 0; order < 4; ++order) {
            for (const u32 stride : {told.geometry.in_stride, u32{IMGU_MAX_IN_STRIDE}}) {
                auto geometry = told.geometry;
                geometry.bayer = static_cast<imgu_bayer>(order);
                geometry.in_stride = stride;
                imgu_acc_stripe stripe{};
                imgu_acc_feeder feeder{};
                ASSERT_EQ(imgu_stripes(&geometry, &chosen, &stripe), IMGU_OK);
                imgu_feeder(&geometry, &stripe, &feeder);
                const auto tail = imgu_feeder_tail(&geometry, &stripe);
                ASSERT_LE(tail, u32{IMGU_FEEDER_TAIL_MAX});
                const auto frame = std::uint64_t{stride} * geometry.in.height;
                std::uint64_t behind_last = 0;
                for (unsigned i = 0; i < stripe.count; ++i) {
                    const auto& place = feeder.stripe[i].place;
                    ASSERT_LT(place.start, frame);
                    const auto last_pixel =
                        std::uint64_t{place.pixel} + stripe.effective[i].width - 1;
                    behind_last =
                        std::max(behind_last,
                                 place.start + (geometry.crop.height - 1) * std::uint64_t{stride} +
                                     (last_pixel / raw_word_pixels + 1) * raw_word_bytes);
                }
                // The crop as a whole may reach a pixel further than its stripes, which round down.
                const auto column = feeder.frame.start % stride / raw_word_bytes * raw_word_pixels +
                                    feeder.frame.pixel + geometry.crop.width - 1;
                behind_last =
                    std::max(behind_last,
                             (feeder.frame.start / stride + geometry.crop.height - 1) *
                                     std::uint64_t{stride} +
                                 (column / raw_word_pixels + std::uint64_t{1}) * raw_word_bytes);
                ASSERT_EQ(tail, behind_last > frame ? behind_last - frame : 0);
                ++judged.at(order);
                longer.at(order) += tail != 0 ? 1U : 0U;
            }
        }
    });
    for (const auto count : judged) {
        EXPECT_GT(count, cases / 2);
    }
    EXPECT_GT(longer[IMGU_BAYER_BGGR], cases / 20) << "crops of the full height are among them";
    EXPECT_GT(longer[IMGU_BAYER_GBRG], longer[IMGU_BAYER_GRBG]);
}

// A crop of the full size in each order: which begins late, and by how much its buffer is longer.
TEST(FullFrame, HasATailWhereItBeginsLate) {
    const auto with = program(2);
    auto geometry = usual();
    geometry.in = geometry.crop = {2400, 1800}; // whole words of 50 pixels
    geometry.bds = {1200, 900};
    geometry.gdc = geometry.out = geometry.vf = {1152, 864};
    imgu_geometry_complete(&geometry);
    const auto line = geometry.in_stride;
    for (const auto& [order, tail] : {std::pair{IMGU_BAYER_GRBG, 0U},
                                      {IMGU_BAYER_RGGB, raw_word_bytes},
                                      {IMGU_BAYER_BGGR, line},
                                      {IMGU_BAYER_GBRG, line + raw_word_bytes}}) {
        geometry.bayer = order;
        imgu_acc_stripe stripe{};
        ASSERT_EQ(imgu_stripes(&geometry, &with, &stripe), IMGU_OK);
        EXPECT_EQ(imgu_feeder_tail(&geometry, &stripe), tail) << order;
    }
}

TEST_P(Sizes, PicturesAreCutOutOfWhatIsMadeAndHaveNoGap) {
    each([](const Told& told) {
        const auto& osys = told.osys;
        const unsigned last = told.stripe.count - 1U;
        for (unsigned pin = 0; pin < IMGU_OSYS_PINS; ++pin) {
            const auto& frame = osys.frame[pin];
            const auto& first = osys.stripe[0];
            EXPECT_EQ(frame.enable, 1U);
            EXPECT_LE(first.crop_top[pin] + frame.height, first.out_height[pin]);
            // The picture's end, counted from the frame's, is not behind the last stripe's. Where
            // the scaler passes pixels on and only lines are cut, the stripe's width is less by a
            // run-in that there is not: as the kernel's driver has it.
            const auto left = osys.stripe[last].crop_left[pin];
            const bool no_run_in =
                last == 1 && frame.scaled != 0 && osys.scaler[last].mode == IMGU_OSYS_MODE_BYPASS;
            const u32 missing = no_run_in ? IMGU_SCALER_LUMA_TAPS : 0;
            EXPECT_GE(osys.stripe[last].out_offset[pin] + osys.stripe[last].out_width[pin] +
                          missing,
                      left + frame.width);
            if (last == 1) {
                EXPECT_LE(osys.stripe[1].out_offset[pin] + first.crop_left[pin],
                          first.out_width[pin])
                    << "a gap";
                EXPECT_GE(first.out_width[pin], first.crop_left[pin]);
                EXPECT_GT(osys.stripe[1].out_width[pin], left) << "it adds nothing";
                // What the second one cuts off is left of the picture, and nothing else.
                EXPECT_TRUE(left == 0 || osys.stripe[1].out_offset[pin] == 0);
            }
        }
    });
}

TEST_P(Sizes, OutputSystemHasRoomForAllNumbers) {
    each([](const Told& told) {
        for (unsigned s = 0; s < told.stripe.count; ++s) {
            const auto& scaler = told.osys.scaler[s];
            const auto& stripe = told.osys.stripe[s];
            EXPECT_LE(scaler.ratio, 2048U);
            EXPECT_GE(scaler.ratio, 128U);
            EXPECT_LE(scaler.exponent, 3U);
            for (const auto phase : {scaler.y_left_phase, scaler.uv_left_phase, scaler.y_top_phase,
                                     scaler.uv_top_phase}) {
                EXPECT_LT(phase, 2048U);
            }
            EXPECT_LT(scaler.y_start, 128U);
            EXPECT_LT(scaler.uv_start, 64U);
            for (const auto pad :
                 {scaler.y_left_pad, scaler.uv_left_pad, scaler.y_right_pad, scaler.uv_right_pad,
                  scaler.y_top_pad, scaler.uv_top_pad, scaler.y_bottom_pad, scaler.uv_bottom_pad}) {
                EXPECT_LE(pad, 32U);
            }
            EXPECT_EQ(scaler.width % 8, 0U);
            EXPECT_LE(scaler.width, 4224U + 8);
            for (unsigned pin = 0; pin < IMGU_OSYS_PINS; ++pin) {
                EXPECT_LE(stripe.out_width[pin], 4224U + 128);
                EXPECT_GT(stripe.out_width[pin], 0U);
                EXPECT_LE(stripe.out_offset[pin], 4224U) << "has wrapped";
                EXPECT_EQ(told.osys.formatter[s][pin].width_vectors,
                          (stripe.out_width[pin] + 127) / 128 * 4);
            }
            if (scaler.mode == IMGU_OSYS_MODE_DOWNSCALE) {
                EXPECT_LE(stripe.out_width[IMGU_OSYS_PIN_VF], 3840U)
                    << "wider than the memory of the lines before";
            }
        }
    });
}

TEST_P(Sizes, TheScalerMakesNoLessThanIsWanted) {
    each([](const Told& told) {
        const auto& scaler = told.scaler;
        EXPECT_GE(scaler.scaled.width, told.geometry.vf.width);
        EXPECT_GE(scaler.scaled.height, told.geometry.vf.height);
        EXPECT_LE(scaler.scaled.width, told.geometry.gdc.width);
        EXPECT_EQ(scaler.downscales, scaler.target_width < told.geometry.gdc.width);
        if (!scaler.downscales) {
            return;
        }
        // A filter of all phases adds up to the ratio, but for rounding: 127 is all that a
        // coefficient can be.
        for (unsigned phase = 0; phase < IMGU_SCALER_PHASES; ++phase) {
            int luma = 0;
            for (unsigned tap = 0; tap < IMGU_SCALER_LUMA_TAPS; ++tap) {
                luma += told.osys.luma_taps[phase * IMGU_SCALER_LUMA_TAPS + tap];
            }
            const auto ratio =
                128.0 * scaler.target_width * (8 >> scaler.exp_shift) / told.geometry.gdc.width;
            EXPECT_NEAR(luma, ratio, 4) << "phase " << phase;
            EXPECT_EQ(told.osys.chroma_taps[phase * IMGU_SCALER_LUMA_TAPS + 2], 0);
        }
    });
}

TEST_P(Sizes, TheBayerScalerIsNotWaitedForInVain) {
    each([](const Told& told) {
        const auto factor = told.bds.hor.control0.pattern_length;
        unsigned pixels = 0;
        for (const auto word : told.bds.hor.filter.pattern) {
            pixels += static_cast<unsigned>(std::popcount(word));
        }
        // What comes out of the lines that go in is not less than the firmware waits for.
        EXPECT_GE(std::uint64_t{told.geometry.crop.height} * pixels,
                  std::uint64_t{told.bds.ver.control1.out_height} * factor);
        EXPECT_GE((std::uint64_t{told.geometry.crop.width} + 1) * pixels +
                      2 * std::uint64_t{factor},
                  std::uint64_t{told.bds.hor.control0.out_width} * factor);
        EXPECT_EQ(told.bds.hor.control0.out_width, told.geometry.bds.width) << "13 bits";
        EXPECT_EQ(told.bds.ver.control1.out_height, told.geometry.bds.height) << "13 bits";
        EXPECT_EQ(told.bds.hor.control2.in_height, told.geometry.crop.height) << "13 bits";
        for (unsigned i = 0; i < told.stripe.count; ++i) {
            EXPECT_EQ(told.bds.stripe[i].control0.out_width, told.stripe.scaled[i].width);
            EXPECT_EQ(told.bds.stripe[i].control1.out_width, told.stripe.scaled[i].width);
        }
        EXPECT_EQ(told.bds.enabled != 0, pixels != factor);
    });
}

TEST_P(Sizes, GeometricCorrectionReadsTheReferenceFrame) {
    each([](const Told& told) {
        const std::uint64_t stride = told.geometry.ref.width;
        const std::uint64_t lines = told.geometry.ref.height;
        constexpr std::uint64_t pixel_bytes = 2;
        std::vector<imgu_warp_block> warp(imgu_warp_blocks(&told.geometry));
        imgu_warp_unity(&told.geometry, warp.data());
        ASSERT_EQ(warp.size() % 3, 0U);
        for (std::size_t i = 0; i < warp.size(); ++i) {
            const auto& block = warp.at(i);
            const bool chroma = i % 3 == 2;
            const auto first = block.in_offset / pixel_bytes;
            const auto last = first + (block.in_height - 1) * stride + block.in_width;
            // Chroma's plane has half the lines, each of both colours.
            ASSERT_LE(last, chroma ? stride * lines / 2 : stride * lines) << "block " << i;
            ASSERT_EQ(first % 16, 0U);
            ASSERT_LE(first % stride + block.in_width, stride)
                << "block " << i << " goes around the line's end";
            ASSERT_LT(block.corner[0].x >> IMGU_WARP_FRACTION, 16U);
        }
        const auto& block = warp.front();
        const auto x =
            block.in_offset / pixel_bytes % stride + (block.corner[0].x >> IMGU_WARP_FRACTION);
        const auto y = block.in_offset / pixel_bytes / stride;
        EXPECT_EQ(x, 128 + told.geometry.envelope.width + 1) << "the first pixel is the envelope's";
        EXPECT_EQ(y, 32 + told.geometry.envelope.height + 1);
    });
}

INSTANTIATE_TEST_SUITE_P(Stripes, Sizes, testing::Values(1, 2));

TEST(Stripes, ShareTheFrameEvenly) {
    const auto two = program(2);
    imgu_acc_stripe stripe{};
    auto made = usual(); // 1296: ten units and a part of the eleventh
    ASSERT_EQ(imgu_stripes(&made, &two, &stripe), IMGU_OK);
    EXPECT_EQ(stripe.bds_apart[0].width, 6 * 128);
    EXPECT_EQ(stripe.bds_apart[1].width, 5 * 128);
    EXPECT_EQ(stripe.bds[0].width, 7 * 128);
    EXPECT_EQ(stripe.bds[1].offset, 5 * 128);
    EXPECT_EQ(stripe.bds[1].width, 6 * 128);
    EXPECT_EQ(stripe.scaled[1].width, 1296 - 5 * 128);
    EXPECT_EQ(stripe.effective[1].offset, 10 * 128);
    EXPECT_EQ(stripe.out[1].width, 1296 - 6 * 128);
}

auto members(const imgu_scaler_plane& plane) {
    return std::tuple{plane.phase_init, plane.pad_left, plane.pad_right, plane.crop};
}

auto members(const imgu_scaler& scaler) {
    return std::tuple{scaler.downscales,    scaler.phase_step,     scaler.exp_shift,
                      scaler.target_width,  scaler.scaled.width,   scaler.scaled.height,
                      members(scaler.luma), members(scaler.chroma)};
}

TEST(Scaler, ReplacesWhatWasThere) {
    for (const u32 wanted : {1280U, 640U}) {
        const imgu_size in{.width = 1280, .height = 720};
        const imgu_size picture{.width = wanted, .height = wanted * 9 / 16};
        imgu_scaler fresh{};
        imgu_scaler dirty{};
        std::memset(&dirty, 0xa5, sizeof(dirty));
        imgu_scaler_set(in, picture, &fresh);
        imgu_scaler_set(in, picture, &dirty);
        EXPECT_EQ(members(fresh), members(dirty)) << wanted;
        constexpr auto coefficients = static_cast<std::size_t>(IMGU_SCALER_COEFFICIENTS);
        std::array<std::array<s8, coefficients>, 2> luma{};
        std::array<std::array<s8, coefficients>, 2> chroma{};
        luma[1].fill(0x5a);
        chroma[1].fill(0x5a);
        for (std::size_t i = 0; i < luma.size(); ++i) {
            imgu_scaler_coefficients(in.width, wanted, luma[i].data(), chroma[i].data());
        }
        EXPECT_EQ(luma[0], luma[1]) << wanted;
        EXPECT_EQ(chroma[0], chroma[1]) << wanted;
    }
}

} // namespace
} // namespace geometry
