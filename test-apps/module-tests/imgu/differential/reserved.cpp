// SPDX-License-Identifier: GPL-2.0-or-later
// Source: Linux drivers/staging/media/ipu3/include/uapi/intel-ipu3.h, whose names these are.
#include "reserved.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace differential {

namespace {

// References do not bind to members of packed structures, so each is named.
template <class T>
void zero(T& section, std::size_t from, std::size_t to) {
    std::memset(reinterpret_cast<std::byte*>(&section) + from, 0, to - from);
}

void clear(ipu3_uapi_iefd_cux6_ed& unit) {
    unit.reserved0 = 0;
    unit.reserved1 = 0;
    unit.reserved2 = 0;
    unit.reserved3 = 0;
    unit.reserved4 = 0;
    unit.reserved5 = 0;
}
void clear(ipu3_uapi_iefd_cux2_1& unit) {
    unit.reserved1 = 0;
    unit.reserved2 = 0;
}
void clear(ipu3_uapi_iefd_cux4& unit) {
    unit.reserved0 = 0;
    unit.reserved1 = 0;
    unit.reserved2 = 0;
    unit.reserved3 = 0;
}
void clear(ipu3_uapi_iefd_cux6_rad& unit) {
    unit.reserved1 = 0;
    unit.reserved2 = 0;
    unit.reserved4 = 0;
    unit.reserved5 = 0;
}

} // namespace

void clear_reserved([[maybe_unused]] ipu3_uapi_grid_config& section) {
    // The two bits between the logarithms and the height of a slice belong to no member.
    const unsigned width = section.block_width_log2;
    const unsigned height = section.block_height_log2;
    const unsigned slice = section.height_per_slice;
    zero(section, 2, 4);
    section.block_width_log2 = width & 7U;
    section.block_height_log2 = height & 7U;
    section.height_per_slice = slice & 255U;
}

void clear_reserved(ipu3_uapi_bnr_static_config& section) {
    section.thr_coeffs.reserved0 = 0;
    section.thr_coeffs.reserved1 = 0;
    section.opt_center.reserved0 = 0;
    section.opt_center.reserved2 = 0;
    section.bp_ctrl.reserved0 = 0;
    section.bp_ctrl.reserved1 = 0;
    section.bp_ctrl.reserved2 = 0;
    section.bp_ctrl.reserved3 = 0;
    section.dn_detect_ctrl.reserved0 = 0;
    section.dn_detect_ctrl.reserved1 = 0;
    section.dn_detect_ctrl.reserved2 = 0;
}

void clear_reserved(ipu3_uapi_bnr_static_config_green_disparity& section) {
    section.reserved0 = 0;
    section.reserved1 = 0;
    section.reserved2 = 0;
    section.reserved3 = 0;
    section.reserved4 = 0;
    section.reserved5 = 0;
}

void clear_reserved(ipu3_uapi_dm_config& section) {
    section.reserved0 = 0;
    section.reserved1 = 0;
    section.reserved2 = 0;
    section.reserved3 = 0;
    section.reserved4 = 0;
    section.reserved5 = 0;
}

void clear_reserved(ipu3_uapi_gamma_config& section) {
    section.gc_ctrl.reserved = 0;
    zero(section, sizeof(section.gc_ctrl), offsetof(ipu3_uapi_gamma_config, gc_lut));
}

void clear_reserved(ipu3_uapi_cds_params& section) {
    section.reserved0 = 0;
    section.reserved1 = 0;
}

void clear_reserved(ipu3_uapi_shd_config& section) {
    section.shd.grid.reserved0 = 0;
    section.shd.grid.reserved1 = 0;
    section.shd.general.reserved = 0;
    zero(section, sizeof(section.shd), offsetof(ipu3_uapi_shd_config, shd_lut));
    // By number, since the sets are packed and may not be referred to.
    // NOLINTNEXTLINE(modernize-loop-convert)
    for (std::size_t set = 0; set < IPU3_UAPI_SHD_MAX_CFG_SETS; ++set) {
        constexpr auto bytes = sizeof(section.shd_lut.sets[0].reserved1);
        std::memset(section.shd_lut.sets[set].reserved1, 0, bytes);
        std::memset(section.shd_lut.sets[set].reserved2, 0, bytes);
    }
}

void clear_reserved(ipu3_uapi_yuvp1_iefd_config& section) {
    clear(section.units.cu_ed);
    clear(section.units.cu_5);
    clear(section.units.cu_6);
    clear(section.units.cu_unsharp);
    clear(section.units.cu_radial);
    auto& config = section.config;
    config.reserved0 = 0;
    config.reserved1 = 0;
    config.reserved2 = 0;
    config.reserved3 = 0;
    section.control.reserved = 0;
    auto& sharp = section.sharp;
    sharp.cfg.reserved0 = 0;
    sharp.cfg.reserved1 = 0;
    sharp.cfg.reserved2 = 0;
    sharp.cfg.reserved3 = 0;
    sharp.far_w.reserved0 = 0;
    sharp.far_w.reserved1 = 0;
    sharp.far_w.reserved2 = 0;
    sharp.unshrp_cfg.reserved0 = 0;
    sharp.unshrp_cfg.reserved1 = 0;
    section.unsharp.unsharp_coef0.reserved = 0;
    section.unsharp.unsharp_coef1.reserved = 0;
    auto& rad = section.rad;
    rad.reset_xy.reserved0 = 0;
    rad.reset_xy.reserved1 = 0;
    rad.reset_x2.reserved = 0;
    rad.reset_y2.reserved = 0;
    rad.cfg.reserved0 = 0;
    rad.cfg.reserved1 = 0;
    rad.rad_far_w.reserved = 0;
    rad.cu_cfg0.reserved0 = 0;
    rad.cu_cfg0.reserved1 = 0;
    rad.cu_cfg0.reserved2 = 0;
    rad.cu_cfg0.reserved3 = 0;
    rad.cu_cfg1.reserved0 = 0;
    rad.cu_cfg1.reserved1 = 0;
    section.vsslnm.vss_lut_x.reserved2 = 0;
    auto& lut = section.vsslnm.vss_lut_y;
    lut.reserved0 = 0;
    lut.reserved1 = 0;
    lut.reserved2 = 0;
}

void clear_reserved(ipu3_uapi_yuvp1_yds_config& section) {
    section.reserved0 = 0;
    section.reserved1 = 0;
}

void clear_reserved(ipu3_uapi_yuvp1_chnr_config& section) {
    section.enable.reserved0 = 0;
    section.enable.reserved1 = 0;
    section.coring.reserved0 = 0;
    section.coring.reserved1 = 0;
    section.sense_gain.reserved0 = 0;
    section.sense_gain.reserved1 = 0;
    section.iir_fir.reserved0 = 0;
    section.iir_fir.reserved1 = 0;
    section.iir_fir.reserved2 = 0;
}

void clear_reserved(ipu3_uapi_yuvp1_y_ee_nr_config& section) {
    section.lpf.reserved0 = 0;
    section.lpf.reserved1 = 0;
    section.lpf.reserved2 = 0;
    section.sense.reserved0 = 0;
    section.sense.reserved1 = 0;
    section.sense.reserved2 = 0;
    section.sense.reserved3 = 0;
    section.gain.reserved0 = 0;
    section.gain.reserved1 = 0;
    section.gain.reserved2 = 0;
    section.gain.reserved3 = 0;
    section.clip.reserved0 = 0;
    section.clip.reserved1 = 0;
    section.clip.reserved2 = 0;
    section.clip.reserved3 = 0;
    section.frng.reserved0 = 0;
    section.frng.reserved1 = 0;
    section.frng.reserved2 = 0;
    section.frng.reserved3 = 0;
    section.diag.reserved0 = 0;
    section.diag.reserved1 = 0;
    auto& coring = section.fc_coring;
    coring.reserved0 = 0;
    coring.reserved1 = 0;
    coring.reserved2 = 0;
    coring.reserved3 = 0;
}

void clear_reserved(ipu3_uapi_yuvp2_tcc_static_config& section) {
    section.gen_control.reserved0 = 0;
    section.gen_control.reserved1 = 0;
    section.gen_control.reserved2 = 0;
    for (auto& entry : section.macc_table.entries) {
        entry.reserved0 = 0;
        entry.reserved1 = 0;
        entry.reserved2 = 0;
        entry.reserved3 = 0;
    }
}

void clear_reserved(ipu3_uapi_anr_config& section) {
    auto& transform = section.transform;
    transform.reserved1 = 0;
    std::ranges::fill(transform.reserved2, 0);
    transform.reserved3 = 0;
    transform.reserved4 = 0;
    transform.reserved5 = 0;
    zero(section, sizeof(transform), offsetof(ipu3_uapi_anr_config, stitch));
    std::ranges::fill(section.stitch.reserved, 0);
    for (auto& entry : section.stitch.pyramid) {
        entry.reserved = 0;
    }
}

namespace {
/// Three bits between a start and the one that enables the block.
void clear_start(ipu3_uapi_grid_config& grid) {
    grid.y_start = static_cast<std::uint16_t>(
        grid.y_start & (IPU3_UAPI_GRID_START_MASK | IPU3_UAPI_GRID_Y_START_EN));
}
} // namespace

void clear_reserved(ipu3_uapi_awb_fr_config_s& section) {
    clear_reserved(section.grid_cfg);
    clear_start(section.grid_cfg);
    section.reserved1 = 0;
    std::ranges::fill(section.reserved2, 0);
}

void clear_reserved(ipu3_uapi_ae_config& section) {
    section.grid_cfg.reserved0 = 0;
    constexpr auto weights = offsetof(ipu3_uapi_ae_config, weights);
    zero(section, sizeof(section.grid_cfg), weights);
    zero(section, weights + sizeof(section.weights), offsetof(ipu3_uapi_ae_config, ae_ccm));
}

void clear_reserved(ipu3_uapi_af_config_s& section) {
    section.filter_config.nf.reserved0 = 0;
    section.filter_config.nf.reserved1 = 0;
    section.filter_config.nf.reserved2 = 0;
    zero(section, sizeof(section.filter_config), offsetof(ipu3_uapi_af_config_s, grid_cfg));
    clear_reserved(section.grid_cfg);
    clear_start(section.grid_cfg);
}

void clear_reserved(ipu3_uapi_isp_tnr3_vmem_params& section) {
    constexpr auto sigma = offsetof(ipu3_uapi_isp_tnr3_vmem_params, sigma);
    zero(section, sizeof(section.slope), sigma);
    zero(section, sigma + sizeof(section.sigma), sizeof(section));
}

void clear_reserved(ipu3_uapi_params& params) {
    auto& acc = params.acc_param;
    clear_reserved(acc.bnr);
    clear_reserved(acc.green_disparity);
    clear_reserved(acc.dm);
    clear_reserved(acc.gamma);
    clear_reserved(acc.cds);
    clear_reserved(acc.shd);
    clear_reserved(acc.iefd);
    clear_reserved(acc.yds_c0);
    clear_reserved(acc.chnr_c0);
    clear_reserved(acc.y_ee_nr);
    clear_reserved(acc.yds);
    clear_reserved(acc.chnr);
    clear_reserved(acc.yds2);
    clear_reserved(acc.tcc);
    clear_reserved(acc.anr);
    clear_reserved(acc.awb_fr);
    clear_reserved(acc.ae);
    clear_reserved(acc.af);
    clear_reserved(acc.awb.config.grid);
    zero(acc.awb.config, offsetof(ipu3_uapi_awb_config_s, grid) + sizeof(acc.awb.config.grid),
         sizeof(acc.awb.config));
    clear_reserved(params.tnr3_vmem_params);
}

} // namespace differential
