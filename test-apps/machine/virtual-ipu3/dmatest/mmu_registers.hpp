// SPDX-License-Identifier: GPL-2.0-or-later
// The registers of an IPU3 MMU, at the offsets that the ImgU has them.
//
// Source: Linux drivers/staging/media/ipu3/ipu3-mmu.c (REG_TLB_INVALIDATE, REG_L1_PHYS,
// REG_GP_HALT, REG_GP_HALTED).
#pragma once

#include "lib/base/registers.hpp"

namespace ipu3::mmu::reg {

using base::Register;

/// A write with bit 0 set makes the MMU forget every translation.
struct TlbInvalidate : Register<TlbInvalidate, 0x4300> {
    using Invalidate = Bits<0>;
};
/// Page frame number of the first-level table.
struct L1Base : Register<L1Base, 0x4304> {
    using Pfn = Bits<26, 0>;
};
/// 1: no memory access may leave.
struct GateHalt : Register<GateHalt, 0x45dc> {
    using Halt = Bits<0>;
};
/// 1: the gate is closed and no access is under way.
struct GateHalted : Register<GateHalted, 0x45e0> {
    using Halted = Bits<0>;
};

} // namespace ipu3::mmu::reg
