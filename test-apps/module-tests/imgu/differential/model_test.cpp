// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual image processor takes what the module makes, and both draw the same line where the
// interface does.
#include "cases.hpp"
#include "ours.h"
#include "pipes.hpp"
#include "uapi.hpp"

#include "machine/virtual-ipu3/imgu/acc_param.hpp"

#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <span>
#include <string>
#include <tuple>

namespace differential {
namespace {

struct Free {
    void operator()(ours* object) const { ours_free(object); }
};

/// What the virtual image processor has against a block, or "".
std::string refusal(const std::uint8_t* acc) {
    const std::array<std::byte, ipu3::imgu::obgrid_bytes> obgrid{};
    const auto read = ipu3::imgu::decode_parameters(
        std::as_bytes(std::span{acc, ipu3::imgu::acc_param_bytes}), obgrid);
    return read ? std::string{} : read.error().message;
}

ipu3_uapi_params& params_of(reference_set& set) {
    return *reinterpret_cast<ipu3_uapi_params*>(set.params);
}

TEST(Model, TakesWhatTheModuleMakes) {
    constexpr std::uint64_t seed = 21;
    constexpr unsigned wanted = 2000;
    const auto exchange = std::make_unique<reference_exchange>();
    const std::unique_ptr<ours, Free> pipe{ours_new()};
    unsigned taken = 0;
    for (std::uint64_t number = 0; taken < wanted; ++number) {
        make_case(seed, number, *exchange);
        // The model makes whole cells of four colours, and only makes frames smaller. The driver
        // takes odd heights as the kernel's own does, and a width that was rounded up.
        const auto& [crop, bds] = std::tie(exchange->pipe.crop, exchange->pipe.bds);
        if (crop.height % 2 != 0 || bds.height % 2 != 0 || bds.width > crop.width ||
            ours_begin(pipe.get(), &exchange->pipe) != 0) {
            continue;
        }
        for (std::uint32_t i = 0; i < exchange->sets; ++i) {
            // Shares of colours in a brightness are user space's; too many only make it too bright.
            params_of(exchange->set[i]).acc_param.af.filter_config.y_calc = {};
            ours_result result{};
            ours_set(pipe.get(), &exchange->set[i], &result);
            if (result.reason == 0) {
                ASSERT_EQ(refusal(result.acc), "") << "case " << number << " set " << i;
                ++taken;
            }
        }
    }
}

/// A white balance grid of as many columns as the interface names, and of one more. The kernel's
/// own driver takes both.
TEST(Model, RefusesTheColumnsThatTheModuleRefuses) {
    auto pipe = shaped(libcamera_choice(libcamera_choices({2592, 1944}, {1280, 720}, {})), {});
    const auto set = std::make_unique<reference_set>();
    const std::unique_ptr<ours, Free> mine{ours_new()};
    struct Acc {
        alignas(64) std::array<std::uint8_t, REFERENCE_ACC_BYTES> bytes;
    };
    const auto theirs = std::make_unique<Acc>();
    ASSERT_EQ(ours_begin(mine.get(), &pipe), 0);
    set->given = 1;
    auto& params = params_of(*set);
    params.use.acc_awb = 1;
    auto& grid = params.acc_param.awb.config.grid;
    grid.height = 16;
    grid.block_width_log2 = grid.block_height_log2 = 3;
    for (const unsigned columns : {80U, 81U, 160U}) {
        const bool few = columns <= 80;
        grid.width = static_cast<std::uint8_t>(columns);
        ASSERT_EQ(reference_acc(&pipe, set.get(), theirs->bytes.data(), nullptr), 0);
        EXPECT_EQ(refusal(theirs->bytes.data()).empty(), few) << columns;
        ours_result result{};
        ours_set(mine.get(), set.get(), &result);
        EXPECT_EQ(std::string{result.reason == 0 ? "" : ours_reason_name(result.reason)},
                  few ? "" : "AWB_CELLS")
            << columns;
        if (few) {
            EXPECT_EQ(refusal(result.acc), "");
        }
    }
}

} // namespace
} // namespace differential
