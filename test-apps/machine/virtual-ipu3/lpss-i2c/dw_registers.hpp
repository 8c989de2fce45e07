// SPDX-License-Identifier: GPL-2.0-or-later
// Registers of the Synopsys DesignWare APB I2C core, master side, in order of their offset from BAR
// 0.
//
// Facts: Linux include/linux/designware_i2c.h (7.3) and drivers/i2c/busses/i2c-designware-core.h
// (6.12) for what the driver touches; the public register descriptions of the same core in SoC
// manuals (Intel 100 Series PCH datasheet volume 2, "Serial IO I2C"; Altera Cyclone V HPS manual,
// "I2C Controller") for the rest.
#pragma once

#include "lib/base/registers.hpp"

#include <cstdint>

namespace ipu3::i2c::dw {

/// Entries of each FIFO, as COMP_PARAM_1 reports them; 64 is what the silicon has.
inline constexpr unsigned fifo_depth = 64;

struct Con : base::Register<Con, 0x00> {
    using Master = Bits<0>;
    using Speed = Bits<2, 1>; // 1 standard, 2 fast or fast plus, 3 high
    using TenBitSlave = Bits<3>;
    using TenBitMaster = Bits<4>;
    using RestartEnable = Bits<5>;
    using SlaveDisable = Bits<6>;
    using StopDetIfAddressed = Bits<7>;
    using TxEmptyControl = Bits<8>;
    using RxFullHold = Bits<9>; // stall instead of losing a byte when the receive FIFO is full
    static constexpr std::uint32_t implemented = 0x3ff;
    static constexpr std::uint32_t power_on = 0x7f;
};

struct Target : base::Register<Target, 0x04> {
    using Address = Bits<9, 0>;
    using StartByte = Bits<10>; // with Special: a START byte instead of a general call
    using Special = Bits<11>;
    using TenBit = Bits<12>;
    static constexpr std::uint32_t implemented = 0x1fff;
    static constexpr std::uint32_t power_on = 0x1055;
};

struct SlaveAddress : base::Register<SlaveAddress, 0x08> {
    static constexpr std::uint32_t implemented = 0x3ff;
    static constexpr std::uint32_t power_on = 0x55;
};

struct HighSpeedCode : base::Register<HighSpeedCode, 0x0c> {
    static constexpr std::uint32_t implemented = 0x7;
    static constexpr std::uint32_t power_on = 0x1;
};

struct DataCmd : base::Register<DataCmd, 0x10> {
    using Data = Bits<7, 0>;
    using Read = Bits<8>;
    using Stop = Bits<9>;
    using Restart = Bits<10>;
};

struct SsHigh : base::Register<SsHigh, 0x14> {
    static constexpr std::uint32_t power_on = 0x1e8;
};
struct SsLow : base::Register<SsLow, 0x18> {
    static constexpr std::uint32_t power_on = 0x1f3;
};
struct FsHigh : base::Register<FsHigh, 0x1c> {
    static constexpr std::uint32_t power_on = 0x71;
};
struct FsLow : base::Register<FsLow, 0x20> {
    static constexpr std::uint32_t power_on = 0x7c;
};
struct HsHigh : base::Register<HsHigh, 0x24> {
    static constexpr std::uint32_t power_on = 0x6;
};
struct HsLow : base::Register<HsLow, 0x28> {
    static constexpr std::uint32_t power_on = 0x10;
};

/// The bits that INTR_STAT, INTR_MASK and RAW_INTR_STAT share.
struct Interrupts : base::Register<Interrupts, 0x34> {
    using RxUnder = Bits<0>;
    using RxOver = Bits<1>;
    using RxFull = Bits<2>; // level: more than RX_TL bytes are waiting
    using TxOver = Bits<3>;
    using TxEmpty = Bits<4>; // level: TX_TL commands or fewer are waiting
    using ReadRequest = Bits<5>;
    using TxAbort = Bits<6>;
    using RxDone = Bits<7>;
    using Activity = Bits<8>;
    using StopDet = Bits<9>;
    using StartDet = Bits<10>;
    using GeneralCall = Bits<11>;
    using RestartDet = Bits<12>;
    using MasterOnHold = Bits<13>; // level: SCL is held low for want of a command
    static constexpr std::uint32_t implemented = 0x3fff;
};

struct IntrStat : base::Register<IntrStat, 0x2c> {};
struct IntrMask : base::Register<IntrMask, 0x30> {
    static constexpr std::uint32_t power_on = 0x8ff;
};
using RawIntrStat = Interrupts;

struct RxThreshold : base::Register<RxThreshold, 0x38> {};
struct TxThreshold : base::Register<TxThreshold, 0x3c> {};

// Read-to-clear registers.
struct ClrIntr : base::Register<ClrIntr, 0x40> {};
struct ClrRxUnder : base::Register<ClrRxUnder, 0x44> {};
struct ClrRxOver : base::Register<ClrRxOver, 0x48> {};
struct ClrTxOver : base::Register<ClrTxOver, 0x4c> {};
struct ClrReadRequest : base::Register<ClrReadRequest, 0x50> {};
struct ClrTxAbort : base::Register<ClrTxAbort, 0x54> {};
struct ClrRxDone : base::Register<ClrRxDone, 0x58> {};
struct ClrActivity : base::Register<ClrActivity, 0x5c> {};
struct ClrStopDet : base::Register<ClrStopDet, 0x60> {};
struct ClrStartDet : base::Register<ClrStartDet, 0x64> {};
struct ClrGeneralCall : base::Register<ClrGeneralCall, 0x68> {};

struct Enable : base::Register<Enable, 0x6c> {
    using On = Bits<0>;
    using Abort = Bits<1>; // software sets it, hardware clears it once the bus is free
};

struct Status : base::Register<Status, 0x70> {
    using Activity = Bits<0>;
    using TxNotFull = Bits<1>;
    using TxEmpty = Bits<2>;
    using RxNotEmpty = Bits<3>;
    using RxFull = Bits<4>;
    using MasterActivity = Bits<5>;
    using SlaveActivity = Bits<6>;
    using HoldTxEmpty = Bits<7>;
    using HoldRxFull = Bits<8>;
};

struct TxLevel : base::Register<TxLevel, 0x74> {};
struct RxLevel : base::Register<RxLevel, 0x78> {};

struct SdaHold : base::Register<SdaHold, 0x7c> {
    using Tx = Bits<15, 0>;
    using Rx = Bits<23, 16>;
    static constexpr std::uint32_t implemented = 0xffffff;
    static constexpr std::uint32_t power_on = 0x1;
};

/// Why the last transfer was aborted.
struct AbortSource : base::Register<AbortSource, 0x80> {
    using Address7Nack = Bits<0>;
    using Address10FirstNack = Bits<1>;
    using Address10SecondNack = Bits<2>;
    using DataNack = Bits<3>;
    using GeneralCallNack = Bits<4>;
    using GeneralCallRead = Bits<5>;
    using StartByteNoRestart = Bits<9>;
    using Read10NoRestart = Bits<10>;
    using MasterDisabled = Bits<11>;
    using User = Bits<16>;
    using Flushed = Bits<31, 23>; // commands that were thrown away
};

struct SdaSetup : base::Register<SdaSetup, 0x94> {
    static constexpr std::uint32_t implemented = 0xff;
    static constexpr std::uint32_t power_on = 0x64;
};

struct AckGeneralCall : base::Register<AckGeneralCall, 0x98> {
    static constexpr std::uint32_t implemented = 0x1;
    static constexpr std::uint32_t power_on = 0x1;
};

struct EnableStatus : base::Register<EnableStatus, 0x9c> {
    using On = Bits<0>;
};

struct FsSpikeLength : base::Register<FsSpikeLength, 0xa0> {
    static constexpr std::uint32_t implemented = 0xff;
    static constexpr std::uint32_t power_on = 0x7;
};
struct HsSpikeLength : base::Register<HsSpikeLength, 0xa4> {
    static constexpr std::uint32_t implemented = 0xff;
    static constexpr std::uint32_t power_on = 0x2;
};

struct ClrRestartDet : base::Register<ClrRestartDet, 0xa8> {};

/// Belongs to cores with SMBus support, which this one is not; the driver writes it on every one.
struct SmbusIntrMask : base::Register<SmbusIntrMask, 0xcc> {};

struct CompParam1 : base::Register<CompParam1, 0xf4> {
    using DataWidth = Bits<1, 0>; // 2: 32 bits
    using MaxSpeed = Bits<3, 2>;  // 3: high speed
    using CountsFixed = Bits<4>;
    using OneInterrupt = Bits<5>;
    using HasDma = Bits<6>;
    using Encoded = Bits<7>;      // the fields of this register are meaningful
    using RxDepth = Bits<15, 8>;  // minus one
    using TxDepth = Bits<23, 16>; // minus one
};

/// "1.15*" in ASCII. Which release the silicon has is not public; from 1.11 on the driver sets
/// SDA_HOLD.
struct CompVersion : base::Register<CompVersion, 0xf8> {
    static constexpr std::uint32_t value = 0x3131352a;
};

struct CompType : base::Register<CompType, 0xfc> {
    static constexpr std::uint32_t value = 0x44570140;
};

} // namespace ipu3::i2c::dw
