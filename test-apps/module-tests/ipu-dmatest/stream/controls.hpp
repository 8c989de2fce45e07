// SPDX-License-Identifier: GPL-2.0-or-later
// The driver's controls by the names that this program's options have for them.
#pragma once

#include "module-tests/ipu-dmatest/driver/ipu-dmatest-controls.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace ipu3::dmatest::stream {

struct ControlName {
    std::string_view name;
    std::uint32_t id;
};

inline constexpr std::array control_names{
    ControlName{"delay", V4L2_CID_IPU_DMATEST_DELAY},
    ControlName{"flip-bit", V4L2_CID_IPU_DMATEST_FLIP_BIT},
    ControlName{"fault", V4L2_CID_IPU_DMATEST_FAULT},
    ControlName{"beyond", V4L2_CID_IPU_DMATEST_BEYOND},
    ControlName{"keep", V4L2_CID_IPU_DMATEST_KEEP},
};

} // namespace ipu3::dmatest::stream
