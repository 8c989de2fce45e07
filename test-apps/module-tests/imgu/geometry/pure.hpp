// SPDX-License-Identifier: GPL-2.0-or-later
// The module's own headers, which are C.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

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
#include "ipu3-imgu/bds.h"
#include "ipu3-imgu/feeder.h"
#include "ipu3-imgu/geometry.h"
#include "ipu3-imgu/osys.h"
#include "ipu3-imgu/reason.h"
#include "ipu3-imgu/scaler.h"
#include "ipu3-imgu/stripes.h"
#include "ipu3-imgu/warp.h"
}
#if defined(__clang__)
#pragma clang diagnostic pop
#elif defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

inline bool operator==(const imgu_size& a, const imgu_size& b) {
    return a.width == b.width && a.height == b.height;
}
