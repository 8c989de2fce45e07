// SPDX-License-Identifier: GPL-2.0-or-later
// Whatever libcamera's handler and its image processing module ask for is taken: for each mode of
// each sensor, ten sizes of streams, each configuration that the handler considers, with the grids
// that the module makes of it.
#include "invariants.hpp"
#include "libcamera_params.hpp"
#include "ours.h"
#include "pipes.hpp"
#include "uapi.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace differential {
namespace {

struct Free {
    void operator()(ours* object) const { ours_free(object); }
};

class Libcamera : public testing::Test {
  protected:
    /// The first thing that is refused or wrong, or empty.
    std::string judge(const reference_pipe& pipe, Size bds) {
        if (const auto reason = ours_begin(pipe_.get(), &pipe); reason != 0) {
            return ours_reason_name(reason);
        }
        auto set = std::make_unique<reference_set>();
        for (const bool given : {false, true}) {
            set->given = given ? 1 : 0;
            if (given) {
                fill_as_libcamera(*reinterpret_cast<ipu3_uapi_params*>(set->params), bds);
            }
            ours_set(pipe_.get(), set.get(), &result_);
            if (result_.reason != 0) {
                // Its grid ends below the frame where less is wrong with that than with one row
                // less; it says so in its log, for the kernel's own driver refuses such a set, too.
                const std::string reason = ours_reason_name(result_.reason);
                const bool theirs_refuses =
                    reference_acc(&pipe, set.get(), acc_.get(), nullptr) != 0;
                ++both_refuse_;
                return reason == "AWB_PLACE" && theirs_refuses ? "" : reason;
            }
            if (auto broken = broken_invariant(pipe, {result_.acc, REFERENCE_ACC_BYTES});
                !broken.empty()) {
                return broken;
            }
        }
        return {};
    }

    static std::string words(const SensorMode& mode, const Streams& streams, const Choice& choice) {
        return fmt::format("{} {}x{} to {}x{} and {}x{}: crop {}x{} bds {}x{} gdc {}x{}",
                           mode.model, mode.size.width, mode.size.height, streams.main.width,
                           streams.main.height, streams.viewfinder.width, streams.viewfinder.height,
                           choice.crop.width, choice.crop.height, choice.bds.width,
                           choice.bds.height, choice.gdc.width, choice.gdc.height);
    }

    [[nodiscard]] std::size_t both_refuse() const { return both_refuse_; }

  private:
    std::unique_ptr<ours, Free> pipe_{ours_new()};
    std::unique_ptr<std::uint8_t, decltype(&std::free)> acc_{
        static_cast<std::uint8_t*>(std::aligned_alloc(64, REFERENCE_ACC_BYTES)), &std::free};
    std::size_t both_refuse_{0};
    ours_result result_{};
};

TEST_F(Libcamera, WhatItConsidersIsTaken) {
    std::size_t considered = 0;
    std::size_t distinct = 0;
    std::size_t configured = 0;
    std::map<std::string, std::pair<std::size_t, std::string>> refused;
    for (const auto& mode : sensor_modes()) {
        for (const auto& streams : streams_of(mode.size)) {
            const auto choices = libcamera_choices(mode.size, streams.main, streams.viewfinder);
            considered += choices.size();
            configured += choices.empty() ? 0U : 1U;
            std::set<std::array<std::uint32_t, 6>> seen;
            for (auto choice : choices) {
                if (!seen.insert({choice.crop.width, choice.crop.height, choice.bds.width,
                                  choice.bds.height, choice.gdc.width, choice.gdc.height})
                         .second) {
                    continue;
                }
                ++distinct;
                choice.bayer = mode.bayer;
                if (const auto wrong = judge(shaped(choice, {}), choice.bds); !wrong.empty()) {
                    // One example of each kind, and how many there are.
                    const auto found =
                        refused.try_emplace(wrong, 0U, words(mode, streams, choice)).first;
                    ++found->second.first;
                }
            }
        }
    }
    for (const auto& [why, example] : refused) {
        ADD_FAILURE() << why << ": " << example.first << " of " << distinct << ", such as "
                      << example.second;
    }
    // Thirteen of the fifteen modes are high enough for the handler.
    EXPECT_GT(configured, 80U);
    EXPECT_GT(distinct, 1000U);
    EXPECT_LT(both_refuse(), distinct / 100);
    RecordProperty("considered", std::to_string(considered));
    RecordProperty("distinct", std::to_string(distinct));
    RecordProperty("configured", std::to_string(configured));
}

TEST(LibcameraChoice, IsTheOneThatItsLogShows) {
    // As its log says on a Surface for 2592x1944 to 1280x720.
    const auto choice = libcamera_choice(libcamera_choices({2592, 1944}, {1280, 720}, {}));
    EXPECT_EQ(choice.crop, (Size{2592, 1464}));
    EXPECT_EQ(choice.bds, (Size{1296, 732}));
    EXPECT_EQ(choice.gdc, (Size{1280, 720}));
}

TEST(LibcameraChoice, RefusesWhatIsTooLow) {
    EXPECT_TRUE(libcamera_choices({640, 480}, {576, 432}, {}).empty());
    EXPECT_FALSE(libcamera_choices({1296, 972}, {640, 480}, {}).empty());
}

TEST(LibcameraChoice, ObeysItsOwnLimits) {
    for (const auto& mode : sensor_modes()) {
        for (const auto& streams : streams_of(mode.size)) {
            for (const auto& choice :
                 libcamera_choices(mode.size, streams.main, streams.viewfinder)) {
                ASSERT_EQ(choice.bds.height % 4, 0U);
                ASSERT_EQ(choice.bds.width % 2, 0U);
                ASSERT_GE(choice.bds.width, choice.gdc.width + 8);
                ASSERT_GE(choice.bds.height, choice.gdc.height + 8);
                ASSERT_LE(choice.crop.width, (choice.in.width + 1) / 2 * 2);
                // One factor in both directions.
                ASSERT_EQ(choice.crop.width * choice.bds.height,
                          choice.crop.height * choice.bds.width);
            }
        }
    }
}

} // namespace
} // namespace differential
