// SPDX-License-Identifier: GPL-2.0-or-later
#include "libcamera_params.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace differential {

namespace {

/// Cells of a power of two that cover @p length with the least left over or missing; of equals the
/// smallest. Source: libcamera src/ipa/ipu3/ipu3.cpp, calculateBdsGrid().
struct Cells {
    std::uint32_t count, log2;
};
Cells awb_cells(std::uint32_t length, std::uint32_t most) {
    constexpr std::uint32_t least = 16;
    Cells best{};
    auto least_error = ~0U;
    for (std::uint32_t log2 = 3; log2 <= 6; ++log2) {
        const auto count = std::clamp(length >> log2, least, most);
        const auto covered = count << log2;
        const auto error = covered > length ? covered - length : length - covered;
        if (error < least_error) {
            least_error = error;
            best = {count, log2};
        }
    }
    return best;
}

} // namespace

void fill_as_libcamera(ipu3_uapi_params& params, Size bds) {
    std::memset(&params, 0, sizeof(params));
    const auto across = awb_cells(bds.width, 80);
    const auto down = awb_cells(bds.height, 60);
    auto& awb = params.acc_param.awb.config;
    awb.rgbs_thr_gr = awb.rgbs_thr_r = awb.rgbs_thr_gb = 8191;
    awb.rgbs_thr_b = 8191 | IPU3_UAPI_AWB_RGBS_THR_B_INCL_SAT | IPU3_UAPI_AWB_RGBS_THR_B_EN;
    awb.grid.width = static_cast<std::uint8_t>(across.count);
    awb.grid.height = static_cast<std::uint8_t>(down.count);
    awb.grid.block_width_log2 = across.log2 & 7U;
    awb.grid.block_height_log2 = down.log2 & 7U;
    auto& af = params.acc_param.af;
    // 16 x 16 cells of 16 x 8, around the middle, from an even place; of two rows a slice.
    af.grid_cfg.width = 16;
    af.grid_cfg.height = 16;
    af.grid_cfg.block_width_log2 = 4;
    af.grid_cfg.block_height_log2 = 3;
    af.grid_cfg.height_per_slice = 2;
    const auto start = [](std::uint32_t length, std::uint32_t covered) {
        const auto from = (static_cast<int>(length / 2) - static_cast<int>(covered / 2));
        return static_cast<std::uint16_t>(from & ~1);
    };
    af.grid_cfg.x_start = start(bds.width, 16 << 4);
    af.grid_cfg.y_start =
        static_cast<std::uint16_t>(start(bds.height, 16 << 3) | IPU3_UAPI_GRID_Y_START_EN);
    params.acc_param.bnr.wb_gains = {8192, 8192, 8192, 8192};
    params.acc_param.bnr.opt_center_sqr = {419904, 133956};
    params.acc_param.gamma.gc_ctrl.enable = 1;
    params.obgrid_param = {64, 64, 64, 64};
    params.use.acc_awb = params.use.acc_af = params.use.acc_bnr = params.use.acc_ccm = 1;
    params.use.acc_gamma = params.use.obgrid_param = 1;
}

} // namespace differential
