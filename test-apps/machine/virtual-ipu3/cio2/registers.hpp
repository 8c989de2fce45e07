// SPDX-License-Identifier: GPL-2.0-or-later
// The CIO2's registers in BAR0, in the order of their offsets, as types with named fields.
//
// Sources: offsets, names and field positions from Linux drivers/media/pci/intel/ipu3/ipu3-cio2.h;
// what the interrupt bits mean from the order in which ipu3-cio2.c decodes them; D0I3C from the
// register of that name in Intel's PCH datasheets. Field widths that no source gives are named in
// README.md.
#pragma once

#include "lib/base/registers.hpp"

#include <cstdint>

namespace ipu3::cio2::reg {

using base::Register;

inline constexpr unsigned ports = 4;         ///< CSI-2 receivers
inline constexpr unsigned dma_channels = 20; ///< each with its own frame buffer pointer table

/// One CSI-2 port: receiver (0x000), MIPI back end (0x100), interrupt controller (0x300).
namespace port {

inline constexpr std::uint64_t base = 0x0000;
inline constexpr std::uint64_t stride = 0x0400;

struct CsirxEnable : Register<CsirxEnable, 0x000> {
    using Enable = Bits<0>;
};
struct CsirxNofEnabledLanes : Register<CsirxNofEnabledLanes, 0x004> {
    using Lanes = Bits<2, 0>;
};
struct CsirxSpIfConfig : Register<CsirxSpIfConfig, 0x010> {
    using Filter = Bits<1, 0>;
    using FlagError = Bits<2>;
};
struct CsirxLpIfConfig : Register<CsirxLpIfConfig, 0x014> {
    using Filter = Bits<1, 0>;
    using FlagError = Bits<2>;
};
struct CsirxStatus : Register<CsirxStatus, 0x018> {};
/// Lanes that were seen in high-speed mode; written ones clear.
struct CsirxStatusDlaneHs : Register<CsirxStatusDlaneHs, 0x01c> {
    using Lanes = Bits<7, 0>;
};
/// Low-power events by lane; written ones clear.
struct CsirxStatusDlaneLp : Register<CsirxStatusDlaneLp, 0x020> {
    using Events = Bits<23, 0>;
};
/// Delay registers come in pairs, 8 bytes a lane; the clock lane's (-1) lie before those of data
/// lane 0.
[[nodiscard]] constexpr std::uint64_t lane_offset(std::uint64_t lane0, int lane) {
    return lane0 + (std::uint64_t{8} * static_cast<unsigned>(lane + 1)) - 8;
}
/// D-PHY termination-enable delay of a lane (-1: the clock lane), in 1/16 ns.
template <int Lane>
struct CsirxDlyCntTermen : Register<CsirxDlyCntTermen<Lane>, lane_offset(0x02c, Lane)> {
    static_assert(-1 <= Lane && Lane < 4);
    static constexpr std::uint32_t default_delay = 0x4;
};
/// D-PHY settle delay of a lane (-1: the clock lane), in 1/16 ns.
template <int Lane>
struct CsirxDlyCntSettle : Register<CsirxDlyCntSettle<Lane>, lane_offset(0x030, Lane)> {
    static_assert(-1 <= Lane && Lane < 4);
    static constexpr std::uint32_t default_delay = 0x570;
};

struct MipibeEnable : Register<MipibeEnable, 0x100> {
    using Enable = Bits<0>;
};
struct MipibeStatus : Register<MipibeStatus, 0x104> {};
template <unsigned Vc>
struct MipibeCompFormat : Register<MipibeCompFormat<Vc>, 0x108 + (4 * Vc)> {
    static_assert(Vc < 4);
};
struct MipibeForceRaw8 : Register<MipibeForceRaw8, 0x120> {
    using Enable = Bits<0>;
    using UseTypeId = Bits<1>;
    using TypeId = Bits<7, 2>;
};
struct MipibeIrqStatus : Register<MipibeIrqStatus, 0x124> {};
struct MipibeIrqClear : Register<MipibeIrqClear, 0x128> {};
/// 1: a packet that no table entry matches is thrown away; 0: it stalls the port.
struct MipibeGlobalLutDisregard : Register<MipibeGlobalLutDisregard, 0x168> {
    using Disregard = Bits<0>;
};
struct MipibePktStallStatus : Register<MipibePktStallStatus, 0x16c> {
    using Stalled = Bits<0>;
};
struct MipibeParseGspThroughLpLut : Register<MipibeParseGspThroughLpLut, 0x170> {};
template <unsigned Vc>
struct MipibeSpLutEntry : Register<MipibeSpLutEntry<Vc>, 0x174 + (4 * Vc)> {
    static_assert(Vc < 4);
    using Disregard = base::Bits<0>;
};
/// Sixteen entries that turn a long packet's (virtual channel, data type) into a stream ID.
struct MipibeLpLutEntry : Register<MipibeLpLutEntry, 0x184> {
    static constexpr unsigned entries = 16;
    [[nodiscard]] static constexpr std::uint64_t at(unsigned entry) {
        return offset + (std::uint64_t{4} * entry);
    }
    using Disregard = Bits<0>;
    using StreamId = Bits<4, 1>;
    using VirtualChannel = Bits<6, 5>;
    using FormatType = Bits<12, 7>;
};

/// What the receiver complains about: bits of the interrupt controller below, from bit 0.
enum class ReceiverError : std::uint8_t {
    header_corrected,
    header_multiple,
    payload_crc,
    fifo_overflow,
    reserved_short_packet,
    reserved_long_packet,
    incomplete_long_packet,
    frame_sync,
    line_sync,
    dphy_start_of_transmission,
    dphy_synchronization,
    escape_mode,
    escape_trigger,
    ulps_data_lanes,
    ulps_exit_clock_lane,
    interframe_short_packet,
    interframe_long_packet,
    long_packet_stalled,
};
inline constexpr std::uint32_t receiver_errors = 0x3ffff;

struct IrqctrlEdge : Register<IrqctrlEdge, 0x300> {};
/// Which status bits reach the CIO2's own interrupt registers.
struct IrqctrlMask : Register<IrqctrlMask, 0x304> {};
struct IrqctrlStatus : Register<IrqctrlStatus, 0x308> {};
struct IrqctrlClear : Register<IrqctrlClear, 0x30c> {};
/// Which events set their status bit.
struct IrqctrlEnable : Register<IrqctrlEnable, 0x310> {};
struct IrqctrlLevelNotPulse : Register<IrqctrlLevelNotPulse, 0x314> {};

} // namespace port

struct GpregSrst : Register<GpregSrst, 0x1000> {
    using Blocks = Bits<15, 0>;
};
struct FbHpllFreq : Register<FbHpllFreq, 0x1008> {};
struct IsclkRatio : Register<IsclkRatio, 0x100c> {};

/// Clock gating: nothing here has clocks, so the value is kept only.
struct Cgc : Register<Cgc, 0x1400> {
    using Csi2Tge = Bits<0>;
    using PrimTge = Bits<1>;
    using SideTge = Bits<2>;
    using XoscTge = Bits<3>;
    using MpllShutdownEn = Bits<4>;
    using D3I3Tge = Bits<5>;
    using Csi2InterframeTge = Bits<6>;
    using Csi2PortDcge = Bits<8>;
    using Csi2Dcge = Bits<9>;
    using SideDcge = Bits<10>;
    using PrimDcge = Bits<11>;
    using RoscDcge = Bits<12>;
    using XoscDcge = Bits<13>;
    using FlisDcge = Bits<14>;
    using ClkgateHoldoff = Bits<23, 20>;
    using CsiClkgateHoldoff = Bits<27, 24>;
};
struct D0i3c : Register<D0i3c, 0x1408> {
    using CommandInProgress = Bits<0>;
    using InterruptRequest = Bits<1>;
    using I3 = Bits<2>;              ///< 1: the device sleeps
    using RestoreRequired = Bits<3>; ///< set by power-on; a written one clears it
};
struct Swreset : Register<Swreset, 0x140c> {
    using Reset = Bits<0>;
};
struct SensorActive : Register<SensorActive, 0x1410> {};

/// Interrupt status; written ones clear.
struct IntSts : Register<IntSts, 0x1414> {
    using Ioc = Bits<11, 0>;      ///< frame complete, see completion()
    using IosIoln = Bits<21, 12>; ///< frame started or line reached, see start()
    using Ioie = Bits<22>;        ///< input error: look at IntStsExtIe
    using Iooe = Bits<23>;        ///< output error: look at IntStsExtOe
    using Ioirq = Bits<24>;       ///< a receiver's interrupt controller: look at IntStsExtIe

    /// DMA channels 0..3 have a bit each; from 4 on two channels share one.
    [[nodiscard]] static constexpr std::uint32_t completion(unsigned channel) {
        return 1U << (channel < 4 ? channel : (channel >> 1U) + 2U);
    }
    [[nodiscard]] static constexpr std::uint32_t start(unsigned channel) {
        return 1U << ((channel >> 1U) + 12U);
    }
};
/// Output errors; written ones clear.
struct IntStsExtOe : Register<IntStsExtOe, 0x1418> {
    using DmaOe = Bits<19, 0>; ///< by DMA channel: invalid table entry
    using Oes = Bits<27, 24>;  ///< by port: frame buffer SRAM full
};
struct IntEn : Register<IntEn, 0x1420> {};
struct IntEnExtOe : Register<IntEnExtOe, 0x1424> {};
struct DmaDbg : Register<DmaDbg, 0x1448> {};

struct PbmArbCtrl : Register<PbmArbCtrl, 0x1460> {
    using LanesDiv = Bits<1, 0>;
    using LeEn = Bits<7>;
    using PllPostShtdn = Bits<15, 8>;
    using PllAhdWkUp = Bits<31, 16>;
};
struct PbmWmctrl1 : Register<PbmWmctrl1, 0x1464> {
    using Min2Ck = Bits<7, 0>;
    using Mid1_2Ck = Bits<15, 8>;
    using Mid2_2Ck = Bits<23, 16>;
    using TsCountDisable = Bits<31>;
};
struct PbmWmctrl2 : Register<PbmWmctrl2, 0x1468> {
    using Hwm2Ck = Bits<7, 0>;
    using Lwm2Ck = Bits<15, 8>;
    using Obffwm2Ck = Bits<23, 16>;
    using TransDyn = Bits<27, 24>;
    using DynWmEn = Bits<28>;
    using ObffMemEn = Bits<29>;
    using ObffCpuEn = Bits<30>;
    using DrainNow = Bits<31>;
};
/// Free-running counter behind the timestamps of completed frames.
struct PbmTsCount : Register<PbmTsCount, 0x146c> {};
/// A byte for each port.
struct PbmFopnAbort : Register<PbmFopnAbort, 0x1474> {
    [[nodiscard]] static constexpr std::uint32_t abort(unsigned port) {
        return 0x1U << (8U * port);
    }
    [[nodiscard]] static constexpr std::uint32_t force_abort(unsigned port) {
        return 0x2U << (8U * port);
    }
    /// Read-only: a frame is open on the port.
    [[nodiscard]] static constexpr std::uint32_t frame_open(unsigned port) {
        return 0x8U << (8U * port);
    }
    static constexpr std::uint32_t writable = 0x03030303;
};
struct LtrCtrl : Register<LtrCtrl, 0x1480> {
    using Sel2 = Bits<3, 0>;
    using Sel1 = Bits<7, 4>;
    using StableTime = Bits<15, 8>;
    using DynEn = Bits<16>;
};
struct LtrVal23 : Register<LtrVal23, 0x1484> {
    using Value2 = Bits<9, 0>;
    using Scale2 = Bits<12, 10>;
    using Value3 = Bits<25, 16>;
    using Scale3 = Bits<28, 26>;
};
struct LtrVal01 : Register<LtrVal01, 0x1488> {
    using Value0 = Bits<9, 0>;
    using Scale0 = Bits<12, 10>;
    using Value1 = Bits<25, 16>;
    using Scale1 = Bits<28, 26>;
};

/// One DMA channel.
namespace dma {

inline constexpr std::uint64_t base = 0x1500;
inline constexpr std::uint64_t stride = 0x10;

/// Page frame number of the frame buffer pointer table (FBPT).
struct CdmaBa : Register<CdmaBa, 0x0> {};
/// Read pointer: index of the table entry that the DMA works on, or will work on next.
struct CdmaRi : Register<CdmaRi, 0x4> {
    using FbptRp = Bits<7, 0>;
};
struct CdmaC0 : Register<CdmaC0, 0x8> {
    using FbptLen = Bits<7, 0>;    ///< entries minus one
    using FbptWidth = Bits<15, 8>; ///< size of an entry in units of four sub-entries
    using FbptNs = Bits<25>;
    using IntrOnFs = Bits<26>;
    using IntrOnFe = Bits<27>;
    using FbptUpdateFifoFull = Bits<28>;
    using FbptFifoFullFixDis = Bits<29>;
    using En = Bits<30>;
    using Halted = Bits<31>; ///< read: the channel stands; a written one acknowledges an error
};
struct CdmaC1 : Register<CdmaC1, 0xc> {
    using LineNumInt = Bits<15, 0>;     ///< interrupt after this many lines, 0: never
    using LineNumUpdate = Bits<31, 16>; ///< lines between updates of the entry's line number
};

} // namespace dma

/// The pixel mapper of one port: formats, stream-to-channel routing, frame control.
namespace pxm {

inline constexpr std::uint64_t base = 0x1700;
inline constexpr std::uint64_t stride = 0x30;

/// Format of two streams, 16 bits each; eight registers from 0x00 on cover stream IDs 0..15.
struct PxfFmtCfg : Register<PxfFmtCfg, 0x00> {
    static constexpr unsigned registers = 8;
    [[nodiscard]] static constexpr std::uint64_t at(unsigned stream_id) {
        return offset + (std::uint64_t{4} * (stream_id / 2U));
    }
    /// The stream's 16 bits, in the place of stream 0.
    [[nodiscard]] static constexpr PxfFmtCfg of(std::uint32_t word, unsigned stream_id) {
        return from(stream_id % 2 == 0 ? word & 0xffffU : word >> 16U);
    }
    using Pck32B = Bits<0>; ///< lines end on 32 (1) or 64 (0) bytes
    using Bpp = Bits<3, 2>; ///< 8, 10, 12, 14 bits a pixel
    using Spec = Bits<6, 4>;
    using Swap = Bits<10, 7>;
    static constexpr std::uint32_t bpp_10 = 1;
};
struct FrfCfg : Register<FrfCfg, 0x20> {
    using FnSel = Bits<0>;
    using FnRst = Bits<1>;
    using Abort = Bits<2>;
    using CrcTh = Bits<7, 3>;
    using MskEccDphyNr = Bits<8>;
    using MskEccRe = Bits<9>;
    using MskEccDphyNe = Bits<10>;
    using EvenOddMode = Bits<12, 11>;
    using MaskCrcThres = Bits<13>;
    using MaskCsiAccept = Bits<14>;
    using CiohcFsMode = Bits<15>;
    using CiohcFrstFrm = Bits<31, 16>;
};
/// DMA channel of each stream ID, 5 bits a stream, six streams a register, from 0x24 on.
struct Sid2Bid : Register<Sid2Bid, 0x24> {
    static constexpr unsigned registers = 3;
    [[nodiscard]] static constexpr std::uint64_t at(unsigned stream_id) {
        return offset + (std::uint64_t{4} * (stream_id / 6U));
    }
    [[nodiscard]] static constexpr unsigned channel(std::uint32_t word, unsigned stream_id) {
        return (word >> (5U * (stream_id % 6U))) & 0x1fU;
    }
};

} // namespace pxm

/// Input errors, a byte for each port; written ones clear.
struct IntStsExtIe : Register<IntStsExtIe, 0x17e4> {
    enum class Error : std::uint8_t {
        ecc_recoverable,
        dphy_not_recoverable,
        ecc_not_recoverable,
        crc,
        interframe_data,
        packet_too_short,
        packet_too_long,
    };
    [[nodiscard]] static constexpr std::uint32_t error(unsigned port, Error error) {
        return 1U << ((8U * port) + static_cast<unsigned>(error));
    }
    /// The port's interrupt controller has something to say.
    [[nodiscard]] static constexpr std::uint32_t irq(unsigned port) { return 0x80U << (8U * port); }
    static constexpr std::uint32_t irqs = 0x80808080;
};
struct IntEnExtIe : Register<IntEnExtIe, 0x17e8> {};

} // namespace ipu3::cio2::reg
