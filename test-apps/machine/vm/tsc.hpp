// SPDX-License-Identifier: GPL-2.0-or-later
// The host's time stamp counter, which QEMU's emulated x86 processor shows its guest unscaled.
#pragma once

namespace ipu3::vm {

/// Its frequency in kHz, measured against the monotonic clock for about 10 ms; 0 where there is
/// none.
[[nodiscard]] unsigned measure_tsc_khz();

} // namespace ipu3::vm
