// SPDX-License-Identifier: GPL-2.0-or-later
// The registers of the DMA test function, apart from its MMU's. The map is in README.md; the
// driver's copy is driver/ipu-dmatest-regs.h.
#pragma once

#include "lib/base/registers.hpp"

#include <cstdint>

namespace ipu3::dmatest::reg {

using base::Register;

inline constexpr std::uint64_t bar_size = 0x8000;
inline constexpr unsigned channels = 3;
inline constexpr unsigned slots = 4; ///< commands that a channel takes

/// Device ID in the upper half, version of this map in the lower.
struct Id : Register<Id, 0x0000> {
    static constexpr std::uint32_t value = 0x1d0a0001;
};
struct Control : Register<Control, 0x0004> {
    using Bypass = Bits<0>; ///< addresses go to the bus as they are, not through the MMU
    using Deaf = Bits<1>;   ///< the MMU ignores invalidates: the negative control of software's
};
/// Completed commands, bit 4 * channel + slot; written ones clear.
struct IntStatus : Register<IntStatus, 0x0010> {
    static constexpr std::uint32_t mask = (1U << (channels * slots)) - 1;
    [[nodiscard]] static constexpr std::uint32_t bit(unsigned channel, unsigned slot) {
        return 1U << (channel * slots + slot);
    }
};
/// Which of them raise the MSI.
struct IntEnable : Register<IntEnable, 0x0014> {};

struct TlbHits : Register<TlbHits, 0x0200> {};
struct TlbMisses : Register<TlbMisses, 0x0204> {};
struct TableReads : Register<TableReads, 0x0208> {};
struct Invalidates : Register<Invalidates, 0x020c> {};
struct MmuFaults : Register<MmuFaults, 0x0210> {};

/// A channel's own registers.
namespace channel {
inline constexpr std::uint64_t base = 0x0100;
inline constexpr std::uint64_t stride = 0x10;

/// Written ones do something; reads 0.
struct Do : Register<Do, 0x0> {
    using Abort = Bits<0>;    ///< drop all commands, without completions
    using StopKeep = Bits<1>; ///< end the repetition
};
struct Status : Register<Status, 0x4> {
    using Commands = Bits<2, 0>; ///< queued and running
    using Keeping = Bits<8>;     ///< a command is being repeated
};
/// Repetitions since the reset.
struct KeepPasses : Register<KeepPasses, 0x8> {};
} // namespace channel

/// One command and its result.
namespace slot {
inline constexpr std::uint64_t base = 0x1000;
inline constexpr std::uint64_t channel_stride = 0x200;
inline constexpr std::uint64_t stride = 0x80;

struct Command : Register<Command, 0x00> {
    using Operation = Bits<3, 0>;
    using Keep = Bits<8>;          ///< repeat it in the background after its completion
    using FrameFromData = Bits<9>; ///< VERIFY: the frame number is in the data, if they agree
    using FlipBit = Bits<12>;      ///< one bit of the middle byte comes over wrong
    using LoseIrq = Bits<16>;      ///< its completion raises no interrupt
    using SpuriousIrq = Bits<17>;  ///< a second interrupt follows when nothing is pending
    using Stuck = Bits<18>;        ///< it never completes
    using Fail = Bits<19>;         ///< it ends with Code::injected and moves nothing
};
enum class Operation : std::uint8_t { nop = 0, fill = 1, verify = 2, copy = 3 };

struct AddressLow : Register<AddressLow, 0x04> {};
struct AddressHigh : Register<AddressHigh, 0x08> {};
struct SourceLow : Register<SourceLow, 0x0c> {}; ///< of COPY
struct SourceHigh : Register<SourceHigh, 0x10> {};
struct LineBytes : Register<LineBytes, 0x14> {};
struct Lines : Register<Lines, 0x18> {};
struct Stride : Register<Stride, 0x1c> {}; ///< bytes from line to line
struct Frame : Register<Frame, 0x20> {};
struct Delay : Register<Delay, 0x24> {};   ///< microseconds from start to completion
struct Beyond : Register<Beyond, 0x28> {}; ///< bytes to go on behind the end
/// A write of any value starts the command; it is lost while the slot's state is not idle or done.
struct Doorbell : Register<Doorbell, 0x2c> {};

struct Result : Register<Result, 0x30> {
    using State = Bits<3, 0>;
    using Code = Bits<11, 4>;
};
enum class State : std::uint8_t { idle = 0, queued = 1, running = 2, done = 3 };
enum class Code : std::uint8_t {
    ok = 0,
    invalid = 1,     ///< the parameters make no sense; nothing was moved
    translation = 2, ///< the MMU has no table, or cannot read one
    bus = 3,         ///< a read or write that the bus refused
    injected = 4,    ///< Command::Fail
};
struct Bytes : Register<Bytes, 0x34> {};           ///< moved, what is beyond the end included
struct BadBytes : Register<BadBytes, 0x38> {};     ///< VERIFY: not as in the pattern
struct FirstBad : Register<FirstBad, 0x3c> {};     ///< offset of the first one, or all ones
struct FrameFound : Register<FrameFound, 0x40> {}; ///< the pattern that was written or compared to
struct Sequence : Register<Sequence, 0x44> {};     ///< completions of the function before this one
struct BeyondUsed : Register<BeyondUsed, 0x48> {}; ///< VERIFY: bytes beyond the end that are not 0
} // namespace slot

} // namespace ipu3::dmatest::reg
