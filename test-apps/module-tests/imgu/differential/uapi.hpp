// SPDX-License-Identifier: GPL-2.0-or-later
// The parameters as user space gives them, in the layout of the packaged kernel's own header: what
// is compared with that kernel's driver is told in its words.
#pragma once

#include <cstdint>
#include <linux/videodev2.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
// The kernel's own name for it, which the header uses.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
#define __packed __attribute__((__packed__))
#include "include/uapi/intel-ipu3.h"
#undef __packed
#pragma GCC diagnostic pop
