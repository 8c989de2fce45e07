// SPDX-License-Identifier: GPL-2.0-or-later
// One size adjusted; all sizes judged: each rule has a case that breaks it and nothing else.
#include "module-tests/imgu/geometry/random_geometry.hpp"

#include <cstring>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <ostream>
#include <set>
#include <string>
#include <vector>

// NOLINTNEXTLINE(misc-use-internal-linkage): GoogleTest looks for it beside the type
void PrintTo(const imgu_size& size, std::ostream* out) {
    *out << size.width << 'x' << size.height;
}

namespace geometry {
namespace {

constexpr auto most = std::numeric_limits<std::uint32_t>::max();

struct Adjustment {
    imgu_place place;
    imgu_size wanted, set;
};

class Adjust : public testing::TestWithParam<Adjustment> {};

TEST_P(Adjust, ToWhatIsPossible) {
    const auto& [place, wanted, set] = GetParam();
    EXPECT_EQ(imgu_geometry_adjust(place, wanted), set);
    EXPECT_EQ(imgu_geometry_adjust(place, set), set) << "once is enough";
}

// Frames are clamped and made even first; then each place's multiples, the nearest, the upper one
// of two.
INSTANTIATE_TEST_SUITE_P(
    All, Adjust,
    testing::Values(Adjustment{IMGU_PLACE_IN, {0, 0}, {32, 32}},
                    Adjustment{IMGU_PLACE_IN, {2591, 1943}, {2592, 1944}},
                    Adjustment{IMGU_PLACE_IN, {most, most}, {4224, 3136}},
                    Adjustment{IMGU_PLACE_IN, {4223, 3135}, {4224, 3136}},
                    Adjustment{IMGU_PLACE_CROP, {31, 7}, {32, 32}},
                    Adjustment{IMGU_PLACE_CROP, {1001, 777}, {1002, 777}},
                    Adjustment{IMGU_PLACE_CROP, {9000, 8000}, {9000, 8000}},
                    Adjustment{IMGU_PLACE_CROP, {most, most}, {most - 1, most}},
                    Adjustment{IMGU_PLACE_CROP, {most - 2, 40}, {most - 1, 40}},
                    Adjustment{IMGU_PLACE_BDS, {966, 333}, {968, 333}},
                    Adjustment{IMGU_PLACE_BDS, {965, 31}, {964, 32}},
                    Adjustment{IMGU_PLACE_BDS, {most - 3, 40}, {most - 3, 40}},
                    Adjustment{IMGU_PLACE_GDC, {1284, 722}, {1288, 724}},
                    Adjustment{IMGU_PLACE_GDC, {1283, 721}, {1280, 720}},
                    Adjustment{IMGU_PLACE_OUT, {1922, 1081}, {1920, 1084}},
                    Adjustment{IMGU_PLACE_OUT, {33, 35}, {32, 36}},
                    Adjustment{IMGU_PLACE_OUT, {4222, 3135}, {4224, 3136}},
                    Adjustment{IMGU_PLACE_OUT, {most, 1}, {4224, 32}},
                    Adjustment{IMGU_PLACE_VF, {1, 1}, {32, 32}},
                    Adjustment{IMGU_PLACE_VF, {641, 361}, {642, 362}},
                    Adjustment{IMGU_PLACE_VF, {5000, 5000}, {4224, 3136}}));

TEST(AdjustPad, IsWhatThePadsTook) {
    EXPECT_EQ(imgu_geometry_adjust_pad(false, {0, 0}), (imgu_size{0, 0}));
    EXPECT_EQ(imgu_geometry_adjust_pad(false, {most, most}), (imgu_size{5120, 38404}));
    EXPECT_EQ(imgu_geometry_adjust_pad(true, {0, 0}), (imgu_size{2, 2}));
    EXPECT_EQ(imgu_geometry_adjust_pad(true, {most, most}), (imgu_size{4480, 34004}));
    EXPECT_EQ(imgu_geometry_adjust_pad(true, {641, 3}), (imgu_size{641, 3}));
}

TEST(Complete, ComputesWhatFollows) {
    const auto made = usual();
    EXPECT_EQ(made.in_stride, 52U * 64); // 51.84 words
    EXPECT_EQ(made.out_stride, 1280U);
    EXPECT_EQ(made.vf_stride, 640U);
    EXPECT_EQ(made.envelope, (imgu_size{8, 126}));
    EXPECT_EQ(made.ref, (imgu_size{1408 + 256, 992 + 64}));
}

TEST(Complete, ReplacesEmptyRectangles) {
    imgu_geometry made{};
    made.in = {1920, 1080};
    made.out = {1280, 722};
    made.bds = {1280, 0};
    made.gdc = {0, 724};
    made.vf_enabled = true;
    imgu_geometry_complete(&made);
    EXPECT_EQ(made.crop, (imgu_size{1920, 1080}));
    EXPECT_EQ(made.bds, (imgu_size{1280, 722}))
        << "of the picture before it became a multiple of 4";
    EXPECT_EQ(made.gdc, (imgu_size{1280, 724}));
    EXPECT_EQ(made.out, (imgu_size{1280, 724}));
    EXPECT_EQ(made.vf, (imgu_size{32, 32}));
    EXPECT_EQ(made.envelope, (imgu_size{4, 4})) << "the least, though there is no room for it";
}

TEST(Complete, WithoutAViewfinderNothingIsScaled) {
    auto made = usual();
    made.vf_enabled = false;
    made.vf = {2, 4000};
    imgu_geometry_complete(&made);
    EXPECT_EQ(made.vf, made.gdc);
    const auto two = program(2);
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
}

struct Rule {
    imgu_reason reason;
    std::function<void(imgu_geometry&, imgu_program&)> breaks;
    bool complete{true}; ///< what follows from the sizes follows from the broken ones
};

class Judge : public testing::TestWithParam<Rule> {};

void PrintTo(const Rule& rule, std::ostream* out) {
    *out << imgu_reason_text(rule.reason);
}

const std::vector<Rule>& rules() {
    using G = imgu_geometry;
    using P = imgu_program;
    static const std::vector<Rule> all{
        {IMGU_REASON_PROGRAM_STRIPES, [](G&, P& p) { p.stripes = 0; }},
        {IMGU_REASON_PROGRAM_STRIPES, [](G&, P& p) { p.stripes = 3; }},
        {IMGU_REASON_PROGRAM_BLOCK, [](G&, P& p) { p.block_width = 0; }},
        {IMGU_REASON_PROGRAM_BLOCK, [](G&, P& p) { p.block_width = 513; }},
        {IMGU_REASON_IN_SIZE, [](G& g, P&) { g.in.width = 2593; }, false},
        {IMGU_REASON_IN_SIZE, [](G& g, P&) { g.in.height = 3138; }, false},
        {IMGU_REASON_IN_SIZE, [](G& g, P&) { g.in.width = 9000; }, false},
        {IMGU_REASON_IN_STRIDE, [](G& g, P&) { g.in_stride -= 64; }, false},
        {IMGU_REASON_IN_STRIDE, [](G& g, P&) { g.in_stride += 32; }, false},
        {IMGU_REASON_IN_STRIDE, [](G& g, P&) { g.in_stride = 0xffffffc0U; }, false},
        {IMGU_REASON_IN_BAYER,
         [](G& g, P&) {
             const u32 none = 4; // which the type has no name for
             std::memcpy(&g.bayer, &none, sizeof(none));
         }},
        {IMGU_REASON_CROP_ALIGNMENT, [](G& g, P&) { g.crop.width = 2591; }, false},
        {IMGU_REASON_CROP_SMALL, [](G& g, P&) { g.crop.height = 31; }, false},
        {IMGU_REASON_CROP_SMALL, [](G& g, P&) { g.crop.width = 0; }, false},
        {IMGU_REASON_CROP_LARGE, [](G& g, P&) { g.crop.width += 2; }},
        {IMGU_REASON_CROP_LARGE, [](G& g, P&) { g.crop.height += 3; }},
        {IMGU_REASON_BDS_ALIGNMENT, [](G& g, P&) { g.bds.width -= 2; }, false},
        {IMGU_REASON_BDS_SMALL, [](G& g, P&) { g.bds.height = 31; }, false},
        {IMGU_REASON_BDS_NARROW,
         [](G& g, P&) {
             g.crop.width = 256;
             g.bds.width = g.gdc.width = g.out.width = g.vf.width = 128;
         }},
        {IMGU_REASON_BDS_ENLARGES, [](G& g, P&) { g.crop.width = 1292; }},
        {IMGU_REASON_BDS_ENLARGES, [](G& g, P&) { g.crop.height = 971; }},
        {IMGU_REASON_BDS_FACTOR,
         [](G& g, P&) {
             g.in.height = 3136;
             g.crop = {2592, 2904};
             g.bds = {640, 720}; // 4 + 1/32
             g.gdc = g.out = g.vf = {632, 712};
         }},
        {IMGU_REASON_BDS_ASPECT, [](G& g, P&) { g.bds.width = 1312; }},
        {IMGU_REASON_BDS_ASPECT, // 965 columns, of which no rounding makes 968
         [](G& g, P&) {
             g.crop = {1930, 1088};
             g.bds = {968, 544};
             g.gdc = g.out = {896, 504};
         }},
        {IMGU_REASON_BDS_ASPECT, [](G& g, P&) { g.bds.height = 942; }},
        {IMGU_REASON_BDS_ASPECT, // the least height: a third of the crop's, half of the width
         [](G& g, P&) {
             g.crop = {400, 96};
             g.bds = {200, 32};
             g.gdc = g.out = {192, 32};
             g.vf = {96, 32};
         }},
        {IMGU_REASON_BDS_ASPECT,
         [](G& g, P&) { g.crop.height = 972; }}, // the height stays as it is
        {IMGU_REASON_GDC_ALIGNMENT, [](G& g, P&) { g.gdc.height = 722; }, false},
        {IMGU_REASON_GDC_ALIGNMENT, [](G& g, P&) { g.gdc.width = 1284; }, false},
        {IMGU_REASON_GDC_SMALL, [](G& g, P&) { g.gdc.width = 24; }, false},
        {IMGU_REASON_GDC_LARGE, [](G& g, P&) { g.gdc.width = 1304; }},
        {IMGU_REASON_GDC_LARGE, [](G& g, P&) { g.gdc.height = 976; }},
        {IMGU_REASON_ENVELOPE, [](G& g, P&) { g.envelope.width += 1; }, false},
        {IMGU_REASON_REFERENCE, [](G& g, P&) { g.ref.height += 32; }, false},
        {IMGU_REASON_OUT_SIZE, [](G& g, P&) { g.out.width = 1276; }, false},
        {IMGU_REASON_OUT_SIZE, [](G& g, P&) { g.out.height = 28; }, false},
        {IMGU_REASON_OUT_STRIDE, [](G& g, P&) { g.out_stride = 1216; }, false},
        {IMGU_REASON_OUT_STRIDE, [](G& g, P&) { g.out_stride = 1312; }, false},
        {IMGU_REASON_OUT_STRIDE, [](G& g, P&) { g.out_stride = 0x80000000U; }, false},
        {IMGU_REASON_OUT_STRIDE, [](G& g, P&) { g.out_stride = 8448 + 64; }, false},
        {IMGU_REASON_OUT_LARGE, [](G& g, P&) { g.out.width = 1288; }},
        {IMGU_REASON_OUT_LARGE, [](G& g, P&) { g.out.height = 724; }},
        {IMGU_REASON_OUT_NARROW,
         [](G& g, P&) {
             g.vf = {192, 108};
             g.out.width = 32;
         }},
        {IMGU_REASON_VF_SIZE, [](G& g, P&) { g.vf.height = 361; }, false},
        {IMGU_REASON_VF_SIZE, [](G& g, P&) { g.vf.width = 0; }, false},
        {IMGU_REASON_VF_STRIDE, [](G& g, P&) { g.vf_stride = 64; }, false},
        {IMGU_REASON_VF_LARGE, [](G& g, P&) { g.vf.width = 1282; }},
        {IMGU_REASON_VF_LARGE, [](G& g, P&) { g.vf.height = 722; }},
        {IMGU_REASON_VF_FACTOR, [](G& g, P&) { g.vf = {80, 32}; }},
        {IMGU_REASON_VF_NARROW, [](G& g, P&) { g.vf = {124, 68}; }}, // nothing before the seam
        {IMGU_REASON_VF_NARROW, [](G& g, P&) { g.vf = {32, 214}; }}, // all of it behind the seam
        {IMGU_REASON_VF_WIDE,
         [](G& g, P& p) {
             p.stripes = 1;
             g.in = g.crop = {4224, 3136};
             g.bds = g.gdc = g.out = {4224, 3136};
             g.vf = {3842, 2000};
         }},
    };
    return all;
}

TEST_P(Judge, NamesTheRule) {
    auto made = usual();
    auto two = program(2);
    ASSERT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
    GetParam().breaks(made, two);
    const auto broken = made;
    if (GetParam().complete) {
        imgu_geometry_complete(&made);
        EXPECT_EQ(made.crop, broken.crop) << "no size that user space could ask for";
        EXPECT_EQ(made.bds, broken.bds);
        EXPECT_EQ(made.gdc, broken.gdc);
    }
    EXPECT_STREQ(imgu_reason_text(imgu_geometry_judge(&made, &two)),
                 imgu_reason_text(GetParam().reason));
    imgu_acc_stripe stripe{};
    stripe.count = 7;
    EXPECT_EQ(imgu_stripes(&made, &two, &stripe), GetParam().reason);
    EXPECT_EQ(stripe.count, 7) << "was written to";
}
INSTANTIATE_TEST_SUITE_P(Rules, Judge, testing::ValuesIn(rules()));

TEST(Rules, EachIsTested) {
    std::set<imgu_reason> tested;
    for (const auto& rule : rules()) {
        tested.insert(rule.reason);
    }
#define IN_RULES(name, text) EXPECT_TRUE(tested.contains(IMGU_REASON_##name)) << (text);
    IMGU_REASONS_GEOMETRY(IN_RULES)
#undef IN_RULES
}

TEST(Reasons, HaveAText) {
    EXPECT_STRNE(imgu_reason_text(static_cast<imgu_reason>(IMGU_REASONS - 1)), "an unknown reason");
    EXPECT_STREQ(imgu_reason_text(IMGU_REASONS), "an unknown reason");
}

TEST(Judge, TakesTheEdges) {
    const auto two = program(2);
    auto made = usual();
    made.in_stride = made.out_stride = made.vf_stride =
        8448; // longer lines than needed, whole words
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
    made.in_stride = 2 * imgu_geometry_raw_stride(IMGU_MAX_WIDTH);
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
    made.in_stride += 64;
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_REASON_IN_STRIDE);

    made = usual(); // the least sizes, which one stripe can have
    auto one = program(1);
    one.block_width = 512; // the most
    made.in = made.crop = made.bds = made.gdc = made.out = made.vf = {32, 32};
    imgu_geometry_complete(&made);
    EXPECT_STREQ(imgu_reason_text(imgu_geometry_judge(&made, &one)), imgu_reason_text(IMGU_OK));

    made = usual(); // the widest scaled picture of one stripe, and one that is not scaled
    one = program(1);
    made.in = made.crop = made.bds = made.gdc = made.out = {4224, 3136};
    made.vf = {3840, 2850};
    imgu_geometry_complete(&made);
    EXPECT_STREQ(imgu_reason_text(imgu_geometry_judge(&made, &one)), imgu_reason_text(IMGU_OK));
    made.vf = made.gdc;
    imgu_geometry_complete(&made);
    EXPECT_STREQ(imgu_reason_text(imgu_geometry_judge(&made, &one)), imgu_reason_text(IMGU_OK));

    made = usual(); // four columns for the second stripe
    made.in = made.crop = {264, 240};
    made.bds = {132, 120};
    made.gdc = made.out = made.vf = {128, 112};
    imgu_geometry_complete(&made);
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);

    made = usual(); // a factor of 4, the most
    made.crop = {2560, 1920};
    made.bds = {640, 480};
    made.gdc = made.out = {640, 480};
    made.vf = {128, 96};
    imgu_geometry_complete(&made);
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
}

TEST(Judge, TakesWhatLibcamerasWidthsBecome) {
    // libcamera computes with even widths: 1932/2 = 966. The driver makes 968 of it.
    auto made = usual();
    made.in = made.crop = {1932, 1088};
    made.bds = {966, 544};
    made.gdc = made.out = {896, 504};
    made.vf = {448, 252};
    imgu_geometry_complete(&made);
    EXPECT_EQ(made.bds.width, 968U);
    const auto two = program(2);
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
    // And without scaling it is larger than the crop.
    made.in = made.crop = {1298, 736};
    made.bds = {1298, 736};
    made.gdc = made.out = {1280, 720};
    imgu_geometry_complete(&made);
    EXPECT_EQ(made.bds.width, 1300U);
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
}

TEST(Judge, TakesWhatLibcameraRoundsHeightsUpTo) {
    // 734 lines of an OV9734 for a picture of 640x360: the crop has 736.
    auto made = usual();
    made.in = {1296, 734};
    made.crop = {1296, 736};
    made.bds = {648, 368};
    made.gdc = made.out = made.vf = {640, 360};
    imgu_geometry_complete(&made);
    const auto two = program(2);
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
    // 24 lines, of which the driver makes 32, while the width is divided by 2.5.
    made.in = {800, 600};
    made.crop = {800, 60};
    made.bds = {320, 24};
    made.gdc = made.out = made.vf = {256, 12};
    imgu_geometry_complete(&made);
    EXPECT_EQ(made.bds.height, 32U);
    EXPECT_EQ(imgu_geometry_judge(&made, &two), IMGU_OK);
}

TEST(Judge, TakesWhatTheDriversOwnTestsUse) {
    const auto two = program(2);
    struct Sizes {
        imgu_size in, bds, gdc;
    };
    for (const auto& [in, bds, gdc] :
         {Sizes{{1296, 972}, {1296, 972}, {1280, 720}}, Sizes{{1296, 972}, {768, 576}, {640, 480}},
          Sizes{{2592, 1944}, {2592, 1944}, {2560, 1920}},
          Sizes{{1920, 1080}, {1920, 1080}, {1920, 1080}}}) {
        imgu_geometry made{};
        made.in = made.crop = in;
        made.bds = bds;
        made.gdc = made.out = gdc;
        made.vf = {gdc.width / 2, gdc.height / 2};
        made.vf_enabled = true;
        imgu_geometry_complete(&made);
        EXPECT_STREQ(imgu_reason_text(imgu_geometry_judge(&made, &two)), imgu_reason_text(IMGU_OK))
            << text(made);
    }
}

} // namespace
} // namespace geometry
