// SPDX-License-Identifier: GPL-2.0-or-later
// Private registers of an Intel Low Power Subsystem (LPSS) controller, offsets from BAR 0.
//
// Facts: Linux drivers/mfd/intel-lpss.c; Intel 100 Series PCH datasheet volume 2, "Serial IO I2C".
#pragma once

#include "lib/base/registers.hpp"

#include <cstdint>

namespace ipu3::i2c::lpss {

/// First byte and size of the block in BAR 0. The driver saves and restores all of its 64 words.
inline constexpr std::uint64_t private_offset = 0x200;
inline constexpr std::uint64_t private_size = 0x100;

struct Resets : base::Register<Resets, 0x204> {
    using Function = Bits<1, 0>; // 3: out of reset; anything else holds the I2C core in reset
    using Dma = Bits<2>;
    static constexpr std::uint32_t implemented = 0x7;
};

/// Latency tolerance while active and while idle.
struct ActiveLtr : base::Register<ActiveLtr, 0x210> {
    using Value = Bits<9, 0>;
    using Scale = Bits<12, 10>;
    using Required = Bits<15>;
    static constexpr std::uint32_t implemented = 0xffff;
    static constexpr std::uint32_t power_on = 0x800;
};
struct IdleLtr : base::Register<IdleLtr, 0x214> {
    static constexpr std::uint32_t implemented = 0xffff;
    static constexpr std::uint32_t power_on = 0x800;
};

/// Four words that software may use as it likes.
struct Scratch : base::Register<Scratch, 0x228> {
    static constexpr std::uint64_t words = 4;
};

struct ClockGate : base::Register<ClockGate, 0x238> {
    static constexpr std::uint32_t implemented = 0xf;
};

struct RemapLow : base::Register<RemapLow, 0x240> {};
struct RemapHigh : base::Register<RemapHigh, 0x244> {};

struct DevIdle : base::Register<DevIdle, 0x24c> {
    using InProgress = Bits<0>;
    using Idle = Bits<2>;            // D0i3
    using RestoreRequired = Bits<3>; // write one to clear
    using InterruptCapable = Bits<4>;
};

struct Capabilities : base::Register<Capabilities, 0x2fc> {
    using Instance = Bits<3, 0>;
    using Type = Bits<7, 4>; // 0: I2C
    using NoDma = Bits<8>;   // there is no iDMA engine behind this function
};

} // namespace ipu3::i2c::lpss
