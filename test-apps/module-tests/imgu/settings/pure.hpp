// SPDX-License-Identifier: GPL-2.0-or-later
// The module's own headers, which are C.
#pragma once

#include "module-tests/imgu/geometry/pure.hpp"

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpedantic"
#pragma clang diagnostic ignored "-Wold-style-cast"
#elif defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#endif
extern "C" {
#include "ipu3-imgu/acc.h"
#include "ipu3-imgu/defaults.h"
#include "ipu3-imgu/grid.h"
#include "ipu3-imgu/late.h"
#include "ipu3-imgu/lines.h"
#include "ipu3-imgu/noise.h"
#include "ipu3-imgu/reserved.h"
#include "ipu3-imgu/settings.h"
#include "ipu3-imgu/shading.h"
}
#if defined(__clang__)
#pragma clang diagnostic pop
#elif defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
