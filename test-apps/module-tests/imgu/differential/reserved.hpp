// SPDX-License-Identifier: GPL-2.0-or-later
// The bits of the parameters that the interface calls reserved or padding.
#pragma once

#include "uapi.hpp"

namespace differential {

/// Clears what is reserved in one section. What the driver computes is not, whatever user space
/// puts there.
void clear_reserved(ipu3_uapi_grid_config& section);
void clear_reserved(ipu3_uapi_bnr_static_config& section);
void clear_reserved(ipu3_uapi_bnr_static_config_green_disparity& section);
void clear_reserved(ipu3_uapi_dm_config& section);
void clear_reserved(ipu3_uapi_gamma_config& section);
void clear_reserved(ipu3_uapi_cds_params& section);
void clear_reserved(ipu3_uapi_shd_config& section);
void clear_reserved(ipu3_uapi_yuvp1_iefd_config& section);
void clear_reserved(ipu3_uapi_yuvp1_yds_config& section);
void clear_reserved(ipu3_uapi_yuvp1_chnr_config& section);
void clear_reserved(ipu3_uapi_yuvp1_y_ee_nr_config& section);
void clear_reserved(ipu3_uapi_yuvp2_tcc_static_config& section);
void clear_reserved(ipu3_uapi_anr_config& section);
void clear_reserved(ipu3_uapi_awb_fr_config_s& section);
void clear_reserved(ipu3_uapi_ae_config& section);
void clear_reserved(ipu3_uapi_af_config_s& section);
void clear_reserved(ipu3_uapi_isp_tnr3_vmem_params& section);

/// All of the sections, and the gaps between and within them that no member covers.
void clear_reserved(ipu3_uapi_params& params);

} // namespace differential
