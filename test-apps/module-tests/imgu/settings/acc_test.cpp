// SPDX-License-Identifier: GPL-2.0-or-later
// The accelerators' block: made of settings and sizes, and brought up to date in place.
#include "module-tests/imgu/settings/world.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <utility>

namespace settings {
namespace {

class Acc : public testing::Test {
  protected:
    std::mt19937 random{7};
    Pipe pipe{sizes(1296, 732), program()};
};

TEST_F(Acc, DoesNotDependOnWhatTheMemoryHeld) {
    std::memset(&pipe.block(), 0x3c, sizeof(imgu_acc_param));
    const auto& acc = pipe.acc();
    EXPECT_TRUE(same_bytes(acc, *pipe.fresh()));
    ASSERT_EQ(pipe.changed().size(), 1U);
    EXPECT_EQ(pipe.changed()[0].offset, 0U);
    EXPECT_EQ(pipe.changed()[0].size, sizeof(imgu_acc_param));
}

/// In place or anew, after whatever sets: the same block, and what has not been written has not
/// changed.
TEST_F(Acc, IsBroughtUpToDateInPlace) {
    pipe.acc();
    for (int i = 0; i < 100; ++i) {
        auto user = Params::legal(random, pipe.geometry);
        const std::array<std::uint32_t, 3> flags{
            0, static_cast<std::uint32_t>(random() & random() & random()),
            static_cast<std::uint32_t>(random() & 0x5e)};
        std::memcpy(&user->use, flags.data(), sizeof(flags));
        user->use.acc_dpc = 0;
        ASSERT_EQ(pipe.merge(user), IMGU_OK);
        const auto before = std::make_unique<imgu_acc_param>(pipe.block());
        const auto& acc = pipe.acc();
        ASSERT_TRUE(same_bytes(acc, *pipe.fresh()));
        const auto* const now = reinterpret_cast<const std::uint8_t*>(&acc);
        const auto* const then = reinterpret_cast<const std::uint8_t*>(before.get());
        std::uint32_t end = 0;
        for (const auto& range : pipe.changed()) {
            ASSERT_GE(range.offset, end) << "ranges ascend";
            ASSERT_GT(range.size, 0U);
            ASSERT_EQ(std::memcmp(now + end, then + end, range.offset - end), 0)
                << "before " << range.offset;
            end = range.offset + range.size;
            ASSERT_LE(end, sizeof(acc));
        }
        ASSERT_EQ(std::memcmp(now + end, then + end, sizeof(acc) - end), 0);
    }
}

/// A set goes to a block that missed the ones before it.
TEST_F(Acc, BlocksTakeTurns) {
    std::array<std::unique_ptr<imgu_acc_param>, 3> blocks;
    std::array<imgu_written, 3> written{};
    for (auto& block : blocks) {
        block = std::make_unique<imgu_acc_param>();
    }
    for (std::size_t i = 0; i < 60; ++i) {
        auto user = Params::legal(random, pipe.geometry);
        const auto word = static_cast<std::uint32_t>(random() & random());
        std::memcpy(reinterpret_cast<std::uint8_t*>(&user->use) + 4, &word, sizeof(word));
        user->use.acc_dpc = 0;
        ASSERT_EQ(pipe.merge(user), IMGU_OK);
        imgu_ranges changed{};
        ASSERT_EQ(imgu_acc_build(&pipe.settings(), &pipe.geometry, &pipe.program,
                                 blocks.at(i % 3).get(), &written.at(i % 3), &changed),
                  IMGU_OK);
        ASSERT_TRUE(same_bytes(*blocks.at(i % 3), *pipe.fresh())) << i;
    }
}

/// "Old" values come from the driver's own copy: what the device did to a block is not taken over.
TEST_F(Acc, NothingIsReadBackFromTheBlock) {
    pipe.acc();
    auto& block = pipe.block();
    std::memset(&block.stripe, 0xff, sizeof(block.stripe));
    std::memset(&block.awb, 0xff, sizeof(block.awb));
    std::memset(&block.anr, 0xff, sizeof(block.anr));
    std::memset(&block.shd, 0xff, offsetof(imgu_acc_shd, lut));
    std::memset(&block.ccm, 0xff, sizeof(block.ccm));
    Params user;
    user->use.acc_awb = user->use.acc_anr = user->use.acc_shd = 1;
    const auto& values = pipe.settings().values;
    user->acc_param.awb.config = values.awb;
    user->acc_param.awb.config.rgbs_thr_r = 1000;
    user->acc_param.anr.transform = values.anr.transform;
    user->acc_param.anr.transform.gain_scale = 3;
    user->acc_param.shd.shd = values.shd.shd;
    user->acc_param.shd.shd.general.gain_factor = 1;
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    const auto& acc = pipe.acc();
    const auto fresh = pipe.fresh();
    EXPECT_TRUE(same_bytes(acc.awb, fresh->awb));
    EXPECT_TRUE(same_bytes(acc.anr, fresh->anr));
    EXPECT_TRUE(same_bytes(acc.shd, fresh->shd));
    // What did not change is not repaired, which shows that the block was the one meant.
    EXPECT_EQ(acc.ccm.coeff_m11, -1);
}

TEST_F(Acc, WhiteBalanceAloneIsFewLines) {
    pipe.acc();
    Params user;
    user->use.acc_bnr = user->use.acc_ccm = user->use.acc_awb = user->use.acc_gamma =
        user->use.acc_af = 1;
    const auto& values = pipe.settings().values;
    user->acc_param.bnr = values.bnr;
    user->acc_param.ccm = values.ccm;
    user->acc_param.gamma = values.gamma;
    user->acc_param.awb.config = values.awb;
    user->acc_param.af.grid_cfg = values.af.grid_cfg;
    user->acc_param.af.filter_config = values.af.filter_config;
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    pipe.acc();
    EXPECT_EQ(pipe.changed_lines(), 0U);
    user->acc_param.bnr.wb_gains.r = 4000;
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    EXPECT_EQ(pipe.acc().bnr.wb_gains.r, 4000);
    EXPECT_EQ(pipe.changed_lines(), 2U) << "80 bytes from 0xe0 on";
    user->acc_param.bnr.wb_gains.r = 4001;
    user->acc_param.ccm.coeff_m11 = 8191;
    user->acc_param.gamma.gc_lut.lut[3] = 1;
    user->acc_param.awb.config.rgbs_thr_b = 8191;
    user->acc_param.af.grid_cfg.x_start = 20;
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    pipe.acc();
    EXPECT_EQ(pipe.changed_lines(), 2U + 9 + 12 + 8)
        << "all that libcamera ever sets; its matrix and gamma touch";
}

TEST_F(Acc, RefusedSizesLeaveTheBlockAlone) {
    auto wrong = pipe.geometry;
    wrong.bds.width = 100000;
    imgu_written written{};
    imgu_ranges changed{};
    std::memset(&pipe.block(), 0x3c, sizeof(imgu_acc_param));
    EXPECT_NE(
        imgu_acc_build(&pipe.settings(), &wrong, &pipe.program, &pipe.block(), &written, &changed),
        IMGU_OK);
    EXPECT_EQ(changed.count, 0U);
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&pipe.block());
    EXPECT_EQ(std::count(bytes, bytes + sizeof(imgu_acc_param), 0x3c),
              static_cast<std::ptrdiff_t>(sizeof(imgu_acc_param)));
    EXPECT_EQ(written.generation[0], 0U);
}

/// What faults_test.cpp shows of the packaged driver: a list of one row, a grid that counts from
/// the wrong stripe's start, and a white balance or exposure grid that is shared behind the left
/// stripe's last pixel.
bool has_a_fault(const imgu_acc_param& theirs) {
    const auto& awb = theirs.awb;
    const auto& ae = theirs.ae;
    const auto& awb_fr = theirs.awb_fr;
    const bool one_row = theirs.af.config.grid.height == 1 || awb_fr.config.grid_cfg.height == 1 ||
                         awb.config.grid.height == 1;
    const auto right = theirs.stripe.scaled[1].offset;
    const unsigned left_width = theirs.stripe.bds[0].width;
    const bool not_moved = ae.grid.x_start >= right || awb_fr.config.grid_cfg.x_start >= right + 10;
    const auto shared_wrongly = [&](unsigned whole_end, unsigned left_end, unsigned whole,
                                    unsigned left) {
        return whole_end == left_width || left_end >= left_width || left > whole;
    };
    return one_row || not_moved ||
           shared_wrongly(ae.grid.x_end, ae.stripe[0].grid.x_end, ae.grid.width,
                          ae.stripe[0].grid.width) ||
           shared_wrongly(awb.config.grid.x_end, awb.stripe[0].grid.x_end, awb.config.grid.width,
                          awb.stripe[0].grid.width);
}

/// Legal sets over many sizes, beside the packaged driver, but for reserved bits, which are zeroed
/// for it.
TEST(AccBeside, ThePackagedDriver) {
    std::mt19937 random{99};
    unsigned compared = 0;
    for (const auto& [width, height] :
         {std::pair{1296U, 732U}, {1288U, 736U}, {2560U, 1920U}, {640U, 480U}}) {
        const Pipe pipe{sizes(width, height), program()};
        for (int i = 0; i < 120; ++i) {
            auto user = Params::legal(random, pipe.geometry);
            user.use_all();
            // What the settings keep of it, as user space would have given it.
            Pipe once{pipe.geometry, pipe.program};
            ASSERT_EQ(once.merge(user), IMGU_OK);
            const auto& kept = once.settings().values;
            user->acc_param.bnr = kept.bnr;
            user->acc_param.green_disparity = kept.green_disparity;
            user->acc_param.dm = kept.dm;
            user->acc_param.gamma = kept.gamma;
            user->acc_param.cds = kept.cds;
            user->acc_param.shd = kept.shd;
            user->acc_param.iefd = kept.iefd;
            user->acc_param.yds_c0 = kept.yds_c0;
            user->acc_param.chnr_c0 = kept.chnr_c0;
            user->acc_param.y_ee_nr = kept.y_ee_nr;
            user->acc_param.yds = kept.yds;
            user->acc_param.chnr = kept.chnr;
            user->acc_param.yds2 = kept.yds2;
            user->acc_param.tcc = kept.tcc;
            user->acc_param.anr = kept.anr;
            user->acc_param.awb_fr = kept.awb_fr;
            user->acc_param.ae = kept.ae;
            user->acc_param.af = kept.af;
            user->acc_param.awb.config = kept.awb;
            const auto theirs = packaged(pipe.geometry, pipe.program, user);
            ASSERT_TRUE(theirs) << "refused by it, taken by ours";
            const auto& ours = once.acc();
            theirs->bnr.column_size = ours.bnr.column_size;
            theirs->dm.frame_width = ours.dm.frame_width;
            if (has_a_fault(*theirs)) {
                continue;
            }
            ++compared;
            const auto* const a = reinterpret_cast<const std::uint8_t*>(&ours);
            const auto* const b = reinterpret_cast<const std::uint8_t*>(theirs.get());
            const auto at = std::mismatch(a, a + sizeof(ours), b).first - a;
            ASSERT_EQ(at, static_cast<std::ptrdiff_t>(sizeof(ours))) << std::hex << at;
        }
    }
    EXPECT_GT(compared, 100U);
}

} // namespace
} // namespace settings
