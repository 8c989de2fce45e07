// SPDX-License-Identifier: GPL-2.0-or-later
// Blocks for the ISP's memories.
#include "module-tests/imgu/settings/world.hpp"

#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <vector>

namespace settings {
namespace {

// Of the program for video in the firmware file of 2016-12-08.
constexpr imgu_late_layout video{.vmem_size = 1792,
                                 .vmem_lin = 0,
                                 .vmem_tnr3 = 1536,
                                 .vmem_xnr3 = 1024,
                                 .dmem_size = 84,
                                 .dmem_tnr3 = 48,
                                 .dmem_xnr3 = 4};

class Late : public testing::Test {
  protected:
    void build(const imgu_late_layout& layout) {
        imgu_late_vmem(&pipe.settings(), &layout, vmem.data(), &vmem_written, &vmem_changed);
        imgu_late_dmem(&pipe.settings(), &layout, dmem.data(), &dmem_written, &dmem_changed);
    }

    template <class T>
    T vmem_at(std::size_t offset) const {
        T value;
        std::memcpy(&value, &vmem.at(offset), sizeof(value));
        return value;
    }

    Pipe pipe{sizes(1296, 732), program()};
    std::array<u8, 1792> vmem{};
    std::array<u8, 84> dmem{};
    imgu_written vmem_written{}, dmem_written{};
    imgu_ranges vmem_changed{}, dmem_changed{};
};

TEST_F(Late, HoldsTheSettingsWhereTheProgramWantsThem) {
    ASSERT_EQ(imgu_late_judge(&video), IMGU_OK);
    vmem.fill(0xa5);
    dmem.fill(0xa5);
    build(video);
    ASSERT_EQ(vmem_changed.count, 1U);
    EXPECT_EQ(vmem_changed.range[0].offset, 0U);
    EXPECT_EQ(vmem_changed.range[0].size, 1792U);
    const auto& values = pipe.settings().values;
    EXPECT_EQ(std::memcmp(vmem.data(), &values.lin_vmem, 1024), 0);
    EXPECT_EQ(std::memcmp(&vmem[1024], &values.xnr3_vmem, 512), 0);
    EXPECT_EQ(std::memcmp(&vmem[1536], &values.tnr3_vmem, 256), 0);
    EXPECT_EQ(std::memcmp(&dmem[4], &values.xnr3_dmem, 44), 0);
    EXPECT_EQ(std::memcmp(&dmem[48], &values.tnr3_dmem, 36), 0);
    EXPECT_EQ(dmem[0] | dmem[1] | dmem[2] | dmem[3], 0) << "what nobody has set is zero";
}

TEST_F(Late, IsWrittenWhenItChanges) {
    build(video);
    build(video);
    EXPECT_EQ(vmem_changed.count, 0U);
    EXPECT_EQ(dmem_changed.count, 0U);
    Params user;
    user->use.tnr3_dmem_params = 1;
    user->tnr3_dmem_params.knee_y1 = 5;
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    build(video);
    EXPECT_EQ(vmem_changed.count, 0U);
    EXPECT_EQ(dmem_changed.count, 1U);
    EXPECT_EQ(dmem[48], 5);
}

TEST_F(Late, OfAStillProgramHasNoTemporalNoiseReduction) {
    auto still = video;
    still.vmem_tnr3 = still.dmem_tnr3 = IMGU_LATE_ABSENT;
    ASSERT_EQ(imgu_late_judge(&still), IMGU_OK);
    vmem.fill(0xa5);
    build(still);
    EXPECT_EQ(vmem[1536 + 128] | vmem[1536 + 128 + 1], 0) << "where sigma would be";
    EXPECT_EQ(dmem[48], 0);
}

TEST_F(Late, RefusesPartsThatLieBehindTheirMemory) {
    const auto judge = [](auto change) {
        auto layout = video;
        change(layout);
        return imgu_late_judge(&layout);
    };
    using L = imgu_late_layout;
    EXPECT_EQ(judge([](L& l) { l.vmem_lin = 768; }), IMGU_OK) << "up to the last byte";
    EXPECT_EQ(judge([](L& l) { l.vmem_lin = 769; }), IMGU_REASON_LATE_LAYOUT);
    EXPECT_EQ(judge([](L& l) { l.vmem_xnr3 = 1281; }), IMGU_REASON_LATE_LAYOUT);
    EXPECT_EQ(judge([](L& l) { l.vmem_tnr3 = 1537; }), IMGU_REASON_LATE_LAYOUT);
    EXPECT_EQ(judge([](L& l) { l.dmem_tnr3 = 49; }), IMGU_REASON_LATE_LAYOUT);
    EXPECT_EQ(judge([](L& l) { l.dmem_xnr3 = 41; }), IMGU_REASON_LATE_LAYOUT);
    EXPECT_EQ(judge([](L& l) { l.vmem_lin = ~0U - 100; }), IMGU_REASON_LATE_LAYOUT)
        << "which would wrap";
    EXPECT_EQ(judge([](L& l) { l.vmem_lin = IMGU_LATE_ABSENT; }), IMGU_REASON_LATE_LAYOUT);
    EXPECT_EQ(judge([](L& l) { l.vmem_size = 100; }), IMGU_REASON_LATE_LAYOUT);
    // A memory of which one part is all.
    EXPECT_EQ(judge([](L& l) {
                  l.vmem_size = 1024;
                  l.vmem_lin = l.vmem_xnr3 = l.vmem_tnr3 = 0;
              }),
              IMGU_OK);
    EXPECT_EQ(judge([](L& l) {
                  l.vmem_size = 1023;
                  l.vmem_lin = l.vmem_xnr3 = l.vmem_tnr3 = 0;
              }),
              IMGU_REASON_LATE_LAYOUT);
}

TEST_F(Late, BlackLevelsAreWrittenWhenTheyChange) {
    std::vector<ipu3_uapi_obgrid_param> grid(100);
    imgu_written written{};
    const auto write = [&] {
        return imgu_late_obgrid(&pipe.settings(), grid.data(), 99, &written);
    };
    std::memset(grid.data(), 0xa5, grid.size() * sizeof(grid[0]));
    EXPECT_TRUE(write());
    EXPECT_EQ(grid[98].gb, 0);
    EXPECT_EQ(grid[99].gr, 0xa5a5) << "not one cell more";
    Params user;
    user->use.obgrid = user->use.obgrid_param = 1;
    user->obgrid_param = {.gr = 64, .r = 64, .b = 64, .gb = 65};
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    EXPECT_TRUE(write());
    EXPECT_EQ(grid[0].gr, 64);
    EXPECT_EQ(grid[98].gb, 65);
    ASSERT_EQ(pipe.merge(user), IMGU_OK);
    EXPECT_FALSE(write()) << "libcamera sets the same in each frame";
}

} // namespace
} // namespace settings
