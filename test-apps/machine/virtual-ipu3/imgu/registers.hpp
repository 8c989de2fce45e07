// SPDX-License-Identifier: GPL-2.0-or-later
// The ImgU's registers and memories in BAR0, in the order of their offsets.
//
// Source: Linux drivers/staging/media/ipu3/ipu3-abi.h for names, offsets and fields; ipu3-css.c for
// what is expected of them. The MMU's are in mmu_registers.hpp.
#pragma once

#include "lib/base/registers.hpp"

#include <cstdint>

namespace ipu3::imgu::reg {

using base::Register;

/// The driver needs 0x1c940 bytes; that the BAR is so large is assumed.
inline constexpr std::uint64_t bar_size = 0x400000;

// ---- the wrapper: power, and the interrupt that leaves ----

struct PmCtrl : Register<PmCtrl, 0x0> {
    using Start = Bits<0>;
    using ConfigDone = Bits<1>;
    using RaceToHalt = Bits<2>;
    using NackAll = Bits<3>;
    using PowerDown = Bits<4>;
    using ResetAtEndOfFrame = Bits<5>;
    using ForceHalt = Bits<6>;
    using ForceUnhalt = Bits<7>;
    using ForcePowerDown = Bits<8>;
    using ForceReset = Bits<9>;
};
struct SystemReq : Register<SystemReq, 0x18> {
    using Frequency = Bits<5, 0>; ///< in 25 MHz
};
struct IntStatus : Register<IntStatus, 0x30> {
    using Css = Bits<31>;
};
struct IntEnable : Register<IntEnable, 0x34> {
    using Css = Bits<31>;
};
struct State : Register<State, 0x130> {
    using Halted = Bits<0>;
    using Idle = Bits<1>;
    using PowerUp = Bits<2>;
    using PowerDown = Bits<3>;
    using PowerDownMachine = Bits<24, 21>;
};
struct PmSts : Register<PmSts, 0x140> {};

// ---- the processors: ISP, SP0 and SP1 have the same block, except two offsets ----

namespace cell {

inline constexpr std::uint64_t isp_base = 0x4000;
inline constexpr std::uint64_t sp_base = 0x4100;
inline constexpr std::uint64_t stride = 0x100;
inline constexpr unsigned sps = 2;

struct Ctrl : Register<Ctrl, 0x0> {
    using Reset = Bits<0>;
    using Start = Bits<1>;
    using Break = Bits<2>;
    using Run = Bits<3>;
    using Broken = Bits<4>;
    using Idle = Bits<5>;
    using Sleeping = Bits<6>;
    using Stalling = Bits<7>;
    using IrqClear = Bits<8>;
    using IrqReady = Bits<10>;
    using IrqSleeping = Bits<11>;
    using IcacheInvalidate = Bits<12>;
    using PrefetchEnable = Bits<13>;
};
struct StartAddress : Register<StartAddress, 0x4> {};
struct IspIcacheAddress : Register<IspIcacheAddress, 0x10> {};
struct IspPc : Register<IspPc, 0x1c> {};
struct SpIcacheAddress : Register<SpIcacheAddress, 0x1c> {};
struct SpCtrlSink : Register<SpCtrlSink, 0x30> {};
struct SpPc : Register<SpPc, 0x34> {};

} // namespace cell

// ---- general purpose ----

struct CioGateBurstState : Register<CioGateBurstState, 0x4404> {
    using Busy = Bits<7>;
};
struct GpBusy : Register<GpBusy, 0x4500> {};
struct GpStarving : Register<GpStarving, 0x4504> {};
struct GpWorkload : Register<GpWorkload, 0x4508> {};
/// Of the streams between processors, DMA and accelerators: pairs of "valid" and "accept".
struct Sp1StreamMonitor : Register<Sp1StreamMonitor, 0x4520> {};
struct Sp2StreamMonitor : Register<Sp2StreamMonitor, 0x4524> {};
struct IspStreamMonitor : Register<IspStreamMonitor, 0x4528> {};
struct ModStreamMonitor : Register<ModStreamMonitor, 0x452c> {};

// ---- interrupt controllers: main, SP0, SP1 ----

namespace irq {

inline constexpr std::uint64_t base = 0x4700;
inline constexpr std::uint64_t stride = 0x100;
inline constexpr unsigned controllers = 3;
inline constexpr unsigned main = 0;
inline constexpr unsigned sp0 = 1;

struct Edge : Register<Edge, 0x0> {};
struct Mask : Register<Mask, 0x4> {};
struct Status : Register<Status, 0x8> {};
struct Clear : Register<Clear, 0xc> {};
struct Enable : Register<Enable, 0x10> {};
struct EdgeNotPulse : Register<EdgeNotPulse, 0x14> {};
struct StrOutEnable : Register<StrOutEnable, 0x18> {};

/// Bits of each controller.
inline constexpr std::uint32_t sp1 = 1U << 0U; ///< of the first SP, which is SP0 elsewhere
inline constexpr std::uint32_t sp2 = 1U << 1U;
[[nodiscard]] constexpr std::uint32_t software_pin(unsigned number) {
    return 1U << (23U + number);
}

} // namespace irq

// ---- memories ----

namespace memory {

inline constexpr std::uint64_t bytes = 0x4000; ///< of each
inline constexpr std::uint64_t sp_dmem = 0x8000;
inline constexpr std::uint64_t isp_dmem = 0x10000;
/// Behind the general registers; only the coefficients' table is known.
inline constexpr std::uint64_t gdc_lut = 0x1c140;
inline constexpr std::uint64_t gdc_lut_bytes = 0x800;

} // namespace memory

/// Where the bootloader is told to put a program, in the ImgU's own address space.
[[nodiscard]] constexpr std::uint32_t sp_pmem(unsigned sp) {
    return 0x20000 + sp * 0x4000;
}

} // namespace ipu3::imgu::reg
