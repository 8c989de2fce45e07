// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/csi_port.hpp"

namespace ipu3::cio2 {

using namespace reg::port;
// registers

namespace {

constexpr unsigned max_lanes = 4;

template <int Lane>
void declare_lane(RegisterBank& bank) {
    bank.declare<CsirxDlyCntTermen<Lane>>({.reset = CsirxDlyCntTermen<Lane>::default_delay});
    bank.declare<CsirxDlyCntSettle<Lane>>({.reset = CsirxDlyCntSettle<Lane>::default_delay});
}

template <unsigned Vc>
void declare_virtual_channel(RegisterBank& bank) {
    bank.declare<MipibeCompFormat<Vc>>();
    bank.declare<MipibeSpLutEntry<Vc>>();
}

} // namespace

CsiPort::CsiPort(unsigned number, Interrupts& interrupts)
    : number_{number}, interrupts_{interrupts} {
    constexpr RegisterBehaviour read_only{.writable = 0};
    bank_.declare<CsirxEnable>();
    bank_.declare<CsirxNofEnabledLanes>();
    bank_.declare<CsirxSpIfConfig>();
    bank_.declare<CsirxLpIfConfig>();
    bank_.declare<CsirxStatus>(read_only);
    bank_.declare<CsirxStatusDlaneHs>(
        {.writable = 0, .clear_on_one = CsirxStatusDlaneHs::Lanes::mask});
    bank_.declare<CsirxStatusDlaneLp>(
        {.writable = 0, .clear_on_one = CsirxStatusDlaneLp::Events::mask});
    declare_lane<-1>(bank_);
    declare_lane<0>(bank_);
    declare_lane<1>(bank_);
    declare_lane<2>(bank_);
    declare_lane<3>(bank_);
    bank_.declare<MipibeEnable>();
    bank_.declare<MipibeStatus>(read_only);
    bank_.declare<MipibeForceRaw8>();
    bank_.declare<MipibeIrqStatus>(read_only);
    bank_.declare<MipibeIrqClear>(read_only);
    bank_.declare<MipibeGlobalLutDisregard>();
    bank_.declare<MipibePktStallStatus>(read_only);
    bank_.declare<MipibeParseGspThroughLpLut>();
    declare_virtual_channel<0>(bank_);
    declare_virtual_channel<1>(bank_);
    declare_virtual_channel<2>(bank_);
    declare_virtual_channel<3>(bank_);
    for (unsigned entry = 0; entry < MipibeLpLutEntry::entries; ++entry) {
        bank_.declare(MipibeLpLutEntry::at(entry), {.reset = MipibeLpLutEntry::Disregard::mask});
    }
    bank_.declare<IrqctrlEdge>({.writable = reg::port::receiver_errors});
    bank_.declare<IrqctrlMask>({.writable = reg::port::receiver_errors});
    bank_.declare<IrqctrlStatus>(read_only);
    bank_.declare<IrqctrlClear>(read_only);
    bank_.declare<IrqctrlEnable>({.writable = reg::port::receiver_errors});
    bank_.declare<IrqctrlLevelNotPulse>({.writable = reg::port::receiver_errors});
}

std::optional<std::uint32_t> CsiPort::read(std::uint64_t offset) const {
    return bank_.read(offset);
}

bool CsiPort::write(std::uint64_t offset, std::uint32_t value) {
    if (!bank_.write(offset, value)) {
        return false;
    }
    if (offset == IrqctrlClear::offset) {
        bank_.set(IrqctrlStatus::from(bank_.get<IrqctrlStatus>().raw & ~value));
        signal();
    } else if (offset == IrqctrlMask::offset) {
        signal();
    } else if (offset == MipibeEnable::offset &&
               MipibeEnable::from(value).get<MipibeEnable::Enable>() == 0) {
        bank_.set(MipibePktStallStatus{});
    }
    return true;
}

void CsiPort::reset() {
    bank_.reset();
}

bool CsiPort::enabled() const {
    return bank_.get<CsirxEnable>().get<CsirxEnable::Enable>() != 0;
}

unsigned CsiPort::lanes() const {
    return bank_.get<CsirxNofEnabledLanes>().get<CsirxNofEnabledLanes::Lanes>();
}

bool CsiPort::settled() const {
    for (unsigned lane = 0; lane < lanes(); ++lane) {
        if (bank_.value(lane_offset(CsirxDlyCntSettle<0>::offset, static_cast<int>(lane))) == 0) {
            return false;
        }
    }
    return bank_.get<CsirxDlyCntSettle<-1>>().raw != 0;
}

tl::expected<void, std::string_view> CsiPort::receiving() const {
    if (!enabled()) {
        return tl::unexpected<std::string_view>{"receiver disabled"};
    }
    if (lanes() == 0 || lanes() > max_lanes) {
        return tl::unexpected<std::string_view>{"no lanes enabled"};
    }
    if (bank_.get<MipibeEnable>().get<MipibeEnable::Enable>() == 0) {
        return tl::unexpected<std::string_view>{"back end disabled"};
    }
    if (bank_.get<MipibePktStallStatus>().get<MipibePktStallStatus::Stalled>() != 0) {
        return tl::unexpected<std::string_view>{"back end stalled"};
    }
    return {};
}

std::optional<unsigned> CsiPort::lookup(std::optional<DataType> type) const {
    for (unsigned index = 0; index < MipibeLpLutEntry::entries; ++index) {
        const auto entry = MipibeLpLutEntry::from(bank_.value(MipibeLpLutEntry::at(index)));
        if (entry.get<MipibeLpLutEntry::Disregard>() != 0 ||
            entry.get<MipibeLpLutEntry::VirtualChannel>() != 0) {
            continue;
        }
        if (!type ||
            entry.get<MipibeLpLutEntry::FormatType>() == static_cast<std::uint32_t>(*type)) {
            return entry.get<MipibeLpLutEntry::StreamId>();
        }
    }
    return std::nullopt;
}

tl::expected<unsigned, std::string_view> CsiPort::frame_start() {
    if (const auto on = receiving(); !on) {
        return tl::unexpected{on.error()};
    }
    if (!settled()) {
        error(ReceiverError::dphy_start_of_transmission);
        interrupts_.input_error(number_, reg::IntStsExtIe::Error::dphy_not_recoverable);
        return tl::unexpected<std::string_view>{"D-PHY settle time is zero"};
    }
    bank_.set(bank_.get<CsirxStatusDlaneHs>().with<CsirxStatusDlaneHs::Lanes>(
        bank_.get<CsirxStatusDlaneHs>().raw | ((1U << lanes()) - 1U)));
    // A short packet carries no pixel format: the stream is the one that the virtual channel feeds.
    if (const auto stream = lookup(std::nullopt)) {
        return *stream;
    }
    return tl::unexpected<std::string_view>{"no lookup entry"};
}

tl::expected<unsigned, std::string_view> CsiPort::payload(DataType type) {
    if (const auto on = receiving(); !on) {
        return tl::unexpected{on.error()};
    }
    if (const auto stream = lookup(type)) {
        return *stream;
    }
    if (bank_.get<MipibeGlobalLutDisregard>().get<MipibeGlobalLutDisregard::Disregard>() == 0) {
        bank_.set(MipibePktStallStatus{}.with<MipibePktStallStatus::Stalled>(1));
        error(ReceiverError::long_packet_stalled);
    }
    return tl::unexpected<std::string_view>{"no lookup entry for the data type"};
}

void CsiPort::error(ReceiverError error) {
    const auto bit = 1U << static_cast<unsigned>(error);
    if ((bank_.get<IrqctrlEnable>().raw & bit) != 0) {
        bank_.set(IrqctrlStatus::from(bank_.get<IrqctrlStatus>().raw | bit));
        signal();
    }
}

void CsiPort::signal() {
    if ((bank_.get<IrqctrlStatus>().raw & bank_.get<IrqctrlMask>().raw) != 0) {
        interrupts_.receiver(number_);
    }
}

} // namespace ipu3::cio2
