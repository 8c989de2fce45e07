// SPDX-License-Identifier: GPL-2.0-or-later
// What the packaged driver's computations do with input that it does not look at, and what the
// module does instead.
#include "child.hpp"
#include "ours.h"
#include "pipes.hpp"
#include "uapi.hpp"

#include <array>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace differential {
namespace {

using testing::Contains;
using testing::Each;

struct Free {
    void operator()(ours* object) const { ours_free(object); }
};

/// Words of struct imgu_abi_acc_param.
constexpr std::size_t feeder_start = 0x84;
constexpr std::size_t bds_out_width = 0x44360; // the word that has the output's width
constexpr std::size_t af_operations = 0x44f40;
constexpr std::size_t af_lines = 0x44fc0;
constexpr std::size_t awb_grid = 0x450c8;
constexpr std::size_t awb_stripe_grids = 0x45388;
constexpr std::size_t stripe_step = 32;

class Faults : public testing::Test {
  protected:
    void SetUp() override {
        exchange().pipe =
            shaped(libcamera_choice(libcamera_choices({2592, 1944}, {1280, 720}, {})), {});
        exchange().sets = 1;
        exchange().want_warp = 0;
        std::memset(&exchange().set[0], 0, sizeof(exchange().set[0]));
    }
    reference_exchange& exchange() { return child_.exchange(); }
    reference_pipe& pipe() { return exchange().pipe; }
    ipu3_uapi_params& params(std::size_t set = 0) {
        exchange().set[set].given = 1;
        return *reinterpret_cast<ipu3_uapi_params*>(exchange().set[set].params);
    }
    /// Runs the packaged driver's code; whether it takes the last set.
    bool theirs_takes() {
        EXPECT_EQ(child_.run(), Child::End::done);
        return verdict().error == 0;
    }
    const reference_verdict& verdict() { return exchange().verdicts[exchange().sets - 1]; }
    template <class Word>
    Word theirs(std::size_t at) {
        Word word{};
        std::memcpy(&word, &exchange().acc[verdict().acc][at], sizeof(word));
        return word;
    }
    /// Why the module refuses the sizes or one of the sets, or "".
    std::string ours_says() {
        if (const auto reason = ours_begin(ours_.get(), &pipe()); reason != 0) {
            return ours_reason_name(reason);
        }
        for (std::uint32_t i = 0; i < exchange().sets; ++i) {
            ours_set(ours_.get(), &exchange().set[i], &result_);
            if (result_.reason != 0) {
                return ours_reason_name(result_.reason);
            }
        }
        return {};
    }
    template <class Word>
    Word mine(std::size_t at) {
        Word word{};
        std::memcpy(&word, &result_.acc[at], sizeof(word));
        return word;
    }
    [[nodiscard]] std::uint8_t* my_block() const { return result_.acc; }
    ours* pipe_of_ours() { return ours_.get(); }
    void ours_sets(std::uint32_t index) { ours_set(ours_.get(), &exchange().set[index], &result_); }

    static void put(ipu3_uapi_grid_config& grid, std::uint8_t width, std::uint8_t height,
                    unsigned log2, std::uint16_t x_start, std::uint16_t y_start) {
        grid = {};
        grid.width = width;
        grid.height = height;
        grid.block_width_log2 = log2 & 7U;
        grid.block_height_log2 = log2 & 7U;
        grid.x_start = x_start;
        grid.y_start = y_start;
    }

  private:
    Child child_{REFERENCE_PROGRAM};
    std::unique_ptr<ours, Free> ours_{ours_new()};
    ours_result result_{};
};

TEST_F(Faults, TheOrdinaryIsTakenByBoth) {
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(ours_says(), "");
}

// 3. Sizes that are set without a word, and that no stream starts with.
TEST_F(Faults, TheDefaultGridsDoNotFitALowFrame) {
    pipe() = unshaped({{800, 240}, {800, 240}, {400, 120}, {384, 112}, {384, 112}, {384, 112}}, {});
    EXPECT_FALSE(theirs_takes());
    EXPECT_EQ(ours_says(), "");
}
TEST_F(Faults, AnOutputLargerThanItsSource) {
    pipe().out.width = pipe().gdc.width + 64;
    pipe().out_stride = pipe().out.width;
    EXPECT_FALSE(theirs_takes()); // when streaming starts
    EXPECT_EQ(ours_says(), "OUT_LARGE");
}
TEST_F(Faults, AFactorThatNoScalerHas) {
    pipe().crop.height = pipe().bds.height * 4 + 100;
    pipe().in.height = pipe().crop.height;
    EXPECT_FALSE(theirs_takes());
    EXPECT_NE(ours_says(), "");
}

// 7. Cells that no table has room for.
TEST_F(Faults, MoreCellsThanTheTableHas) {
    put(params().acc_param.awb.config.grid, 255, 66, 3, 0, 0);
    params().use.acc_awb = 1;
    pipe() = shaped(
        {{4224, 3136}, {4224, 3136}, {4224, 3136}, {4096, 3072}, {4096, 3072}, {4096, 3072}}, {});
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(theirs<std::uint8_t>(awb_grid), 255);
    EXPECT_EQ(ours_says(), "AWB_CELLS");
}
TEST_F(Faults, AnExposureGridThatNobodyLooksAt) {
    auto& grid = params().acc_param.ae.grid_cfg;
    grid.width = 255;
    grid.height = 16;
    grid.block_width_log2 = 15;
    grid.block_height_log2 = 3;
    params().use.acc_ae = 1;
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(ours_says(), "AE_CELLS");
    grid.width = 16;
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(ours_says(), "AE_CELL_SIZE");
}

// 8. Two stripes whose cells are more than there are.
TEST_F(Faults, AStripeOfMinusOneCell) {
    ASSERT_EQ(pipe().bds.width, 1296U);
    put(params().acc_param.awb.config.grid, 80, 16, 3, 248, 0);
    params().use.acc_awb = 1;
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(theirs<std::uint8_t>(awb_stripe_grids), 81);
    EXPECT_EQ(theirs<std::uint8_t>(awb_stripe_grids + stripe_step), 255);
    EXPECT_EQ(ours_says(), "");
    // The left stripe has room for all of it, and the right one is turned off.
    EXPECT_EQ(mine<std::uint8_t>(awb_stripe_grids), 80);
    constexpr std::size_t threshold_before_grid = 2;
    EXPECT_EQ(mine<std::uint16_t>(awb_stripe_grids + stripe_step - threshold_before_grid) &
                  IPU3_UAPI_AWB_RGBS_THR_B_EN,
              0);
}

// 9. Lists of operations.
TEST_F(Faults, AFocusGridInTheLastLines) {
    put(params().acc_param.af.grid_cfg, 16, 16, 3, 0,
        static_cast<std::uint16_t>((pipe().bds.height - 16 * 8 - 2) | IPU3_UAPI_GRID_Y_START_EN));
    params().use.acc_af = 1;
    EXPECT_TRUE(theirs_takes());
    std::vector<std::uint16_t> lines;
    lines.reserve(30);
    for (std::size_t i = 0; i < 30; ++i) {
        lines.push_back(theirs<std::uint16_t>(af_lines + 4 * i));
    }
    EXPECT_THAT(lines, Contains(65534));
    EXPECT_EQ(ours_says(), "AF_PLACE");
}
TEST_F(Faults, AGridWithoutRows) {
    put(params().acc_param.af.grid_cfg, 16, 0, 3, 0, IPU3_UAPI_GRID_Y_START_EN);
    params().use.acc_af = 1;
    EXPECT_TRUE(theirs_takes());
    std::vector<std::uint8_t> when;
    when.reserve(60);
    for (std::size_t i = 0; i < 60; ++i) {
        when.push_back(theirs<std::uint8_t>(af_operations + 2 * i));
    }
    constexpr std::uint8_t end_of_operations = 2;
    EXPECT_THAT(when, Each(testing::Ne(end_of_operations)));
    EXPECT_EQ(ours_says(), "AF_CELLS");
}
TEST_F(Faults, AGridThatEndsBehindThe16thBit) {
    put(params().acc_param.awb.config.grid, 16, 16, 3, 0, 65530);
    params().use.acc_awb = 1;
    EXPECT_TRUE(theirs_takes());
    constexpr std::size_t end_in_grid = 10;
    EXPECT_GT(theirs<std::uint16_t>(awb_grid + end_in_grid), pipe().bds.height);
    EXPECT_EQ(ours_says(), "AWB_PLACE");
}
TEST_F(Faults, NoCellsOfExposure) {
    params().use.acc_ae = 1;
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(ours_says(), "AE_CELLS");
}

// 10. Rectangles.
TEST_F(Faults, ACropLargerThanTheFrame) {
    pipe().crop.width = 4160;
    pipe().crop.height = 3000;
    pipe().bds.width = 2080;
    pipe().bds.height = 1500;
    EXPECT_TRUE(theirs_takes());
    EXPECT_GT(theirs<std::uint32_t>(feeder_start), pipe().in_stride * pipe().in.height);
    EXPECT_EQ(ours_says(), "CROP_LARGE");
}
TEST_F(Faults, MoreThanIsThereToCorrect) {
    pipe().gdc.width = pipe().bds.width + 64;
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(ours_says(), "GDC_LARGE");
}
TEST_F(Faults, AViewfinderThatIsToBeEnlarged) {
    pipe().vf.width = pipe().vf_stride = pipe().gdc.width * 2;
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(ours_says(), "VF_LARGE");
}
TEST_F(Faults, OtherFactorsAcrossThanDown) {
    // No scaling down, and so none across.
    pipe().crop = {2592, 732};
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ(ours_says(), "BDS_ASPECT");
}
TEST_F(Faults, AWidthThatItsFieldHasNoRoomFor) {
    pipe().in = {9000, 2000};
    pipe().crop = {9000, 2000};
    pipe().bds = {9000, 2000};
    EXPECT_TRUE(theirs_takes());
    EXPECT_EQ((theirs<std::uint32_t>(bds_out_width) >> 16U) & 0x1fffU, 9000U % 8192U);
    EXPECT_NE(ours_says(), "");
}

// What is written before the buffer begins. Libcamera asks for such sizes.
TEST_F(Faults, AMainPictureThatBeginsRightOfTheSecondStripesBeginning) {
    constexpr std::size_t second_stripes_offset = 0x45840 + 4 * 23;
    constexpr std::size_t second_stripes_crop = 0x45840 + 4 * 31;
    pipe() = shaped(libcamera_choice(libcamera_choices({2592, 1944}, {320, 240}, {})), {});
    EXPECT_TRUE(theirs_takes());
    const auto before = -theirs<std::int32_t>(second_stripes_offset);
    EXPECT_GT(before, 0);
    EXPECT_EQ(ours_says(), "");
    EXPECT_EQ(mine<std::int32_t>(second_stripes_offset), 0);
    EXPECT_EQ(mine<std::int32_t>(second_stripes_crop), before);
}

// 15. What a set takes over from the one before it.
TEST_F(Faults, OldValuesComeFromMemoryThatTheDeviceCanWrite) {
    auto& ccm = params().acc_param.ccm;
    ccm.coeff_m11 = 1111;
    params().use.acc_ccm = 1;
    exchange().sets = 2;
    std::memset(&exchange().set[1], 0, sizeof(exchange().set[1]));
    params(1).use.acc_csc = 1;
    // The kernel's own: what the device has written into a block is where the next set begins.
    struct Acc {
        alignas(64) std::array<std::uint8_t, REFERENCE_ACC_BYTES> bytes;
    };
    const auto first = std::make_unique<Acc>();
    const auto second = std::make_unique<Acc>();
    const auto gain = [](const Acc& acc) { return acc.bytes[0x180] + 256 * acc.bytes[0x181]; };
    ASSERT_EQ(reference_acc(&pipe(), &exchange().set[0], first->bytes.data(), nullptr), 0);
    ASSERT_EQ(gain(*first), 1111);
    first->bytes[0x180] = first->bytes[0x181] = 0;
    ASSERT_EQ(reference_acc(&pipe(), &exchange().set[1], second->bytes.data(), first->bytes.data()),
              0);
    EXPECT_EQ(gain(*second), 0);

    EXPECT_EQ(ours_begin(pipe_of_ours(), &pipe()), 0);
    ours_sets(0);
    ASSERT_EQ(mine<std::int16_t>(0x180), 1111);
    my_block()[0x180] = 0;
    ours_sets(1);
    EXPECT_EQ(mine<std::int16_t>(0x180), 1111);
}

} // namespace
} // namespace differential
