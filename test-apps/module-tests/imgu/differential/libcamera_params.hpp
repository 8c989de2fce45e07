// SPDX-License-Identifier: GPL-2.0-or-later
// The parameters that libcamera's image processing module gives.
#pragma once

#include "pipes.hpp"
#include "uapi.hpp"

namespace differential {

/// What the module sets in a frame: white balance's grid, focus's in the middle, gains, gamma,
/// black level. Source: src/ipa/ipu3/algorithms/{af,awb,blc,tone_mapping}.cpp.
void fill_as_libcamera(ipu3_uapi_params& params, Size bds);

} // namespace differential
