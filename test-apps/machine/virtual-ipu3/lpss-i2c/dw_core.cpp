// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/lpss-i2c/dw_core.hpp"

#include <algorithm>

namespace ipu3::i2c {

namespace {

// The counters cannot run shorter than this; the hardware puts the smallest possible value instead.
constexpr std::uint32_t shortest_high = 6;
constexpr std::uint32_t shortest_low = 8;
constexpr std::uint32_t count_mask = 0xffff;
// First byte of a 10-bit address on the wire: 11110, two address bits (UM10204 §3.1.11).
constexpr std::uint32_t ten_bit_prefix = 0x78;

constexpr std::uint32_t component_parameters() {
    return dw::CompParam1{}
        .with<dw::CompParam1::DataWidth>(2)
        .with<dw::CompParam1::MaxSpeed>(3)
        .with<dw::CompParam1::OneInterrupt>(1)
        .with<dw::CompParam1::Encoded>(1)
        .with<dw::CompParam1::RxDepth>(dw::fifo_depth - 1)
        .with<dw::CompParam1::TxDepth>(dw::fifo_depth - 1)
        .raw;
}

std::uint32_t threshold(std::uint32_t value) {
    return std::min<std::uint32_t>(value & 0xff, dw::fifo_depth - 1);
}

} // namespace

DwCore::DwCore(Bus& bus) : bus_{bus} {}

void DwCore::reset() {
    bus_.abandon();
    commands_.clear();
    received_.clear();
    registers_ = Registers{};
}

bool DwCore::stalled() const {
    return !commands_.empty() && commands_.front().get<dw::DataCmd::Read>() != 0 &&
           received_.size() >= dw::fifo_depth && registers_.con.get<dw::Con::RxFullHold>() != 0;
}

dw::Interrupts DwCore::raw_interrupts() const {
    auto raw = registers_.latched;
    if (received_.size() > registers_.rx_threshold) {
        raw = raw.with<dw::Interrupts::RxFull>(1);
    }
    if (registers_.enabled && commands_.size() <= registers_.tx_threshold) {
        raw = raw.with<dw::Interrupts::TxEmpty>(1);
    }
    if (bus_.busy() && commands_.empty()) {
        raw = raw.with<dw::Interrupts::MasterOnHold>(1);
    }
    return raw;
}

dw::Status DwCore::status() const {
    const std::uint32_t active = bus_.busy() || !commands_.empty() ? 1 : 0;
    const bool full = received_.size() >= dw::fifo_depth;
    return dw::Status{}
        .with<dw::Status::Activity>(active)
        .with<dw::Status::TxNotFull>(commands_.size() < dw::fifo_depth ? 1 : 0)
        .with<dw::Status::TxEmpty>(commands_.empty() ? 1 : 0)
        .with<dw::Status::RxNotEmpty>(received_.empty() ? 0 : 1)
        .with<dw::Status::RxFull>(full ? 1 : 0)
        .with<dw::Status::MasterActivity>(active)
        .with<dw::Status::HoldTxEmpty>(bus_.busy() && commands_.empty() ? 1 : 0)
        .with<dw::Status::HoldRxFull>(stalled() ? 1 : 0);
}

template <typename Field>
std::uint32_t DwCore::clear() {
    const auto was = registers_.latched.get<Field>();
    registers_.latched = registers_.latched.with<Field>(0);
    return was;
}

std::uint32_t DwCore::clear_all() {
    const std::uint32_t was = raw_interrupts().raw != 0 ? 1 : 0;
    registers_.latched = {};
    registers_.abort_source = {};
    return was;
}

template <typename Field>
void DwCore::abort() {
    registers_.abort_source =
        registers_.abort_source.with<Field>(1).template with<dw::AbortSource::Flushed>(
            static_cast<std::uint32_t>(commands_.size()));
    // An abort empties both FIFOs (the driver relies on it and skips what it had not yet read).
    commands_.clear();
    received_.clear();
    latch<dw::Interrupts::TxAbort>();
    stop();
}

void DwCore::stop() {
    if (bus_.busy()) {
        bus_.stop();
        latch<dw::Interrupts::StopDet>();
    }
}

std::uint32_t DwCore::pop_received() {
    if (received_.empty()) {
        if (registers_.enabled) {
            latch<dw::Interrupts::RxUnder>();
        }
        return 0;
    }
    const auto byte = received_.front();
    received_.pop_front();
    run();
    return byte;
}

void DwCore::push_command(dw::DataCmd command) {
    // After an abort the FIFO is held empty until software has read CLR_TX_ABRT, so that the rest
    // of a message that failed is not taken for a new one.
    if (!registers_.enabled || registers_.latched.get<dw::Interrupts::TxAbort>() != 0) {
        return;
    }
    if (commands_.size() >= dw::fifo_depth) {
        latch<dw::Interrupts::TxOver>();
        return;
    }
    commands_.push_back(command);
    latch<dw::Interrupts::Activity>();
    run();
}

void DwCore::run() {
    while (!commands_.empty() && !stalled()) {
        const auto command = commands_.front();
        commands_.pop_front();
        execute(command);
    }
}

void DwCore::execute(dw::DataCmd command) {
    if (registers_.con.get<dw::Con::Master>() == 0) {
        abort<dw::AbortSource::MasterDisabled>();
        return;
    }
    const auto direction =
        command.get<dw::DataCmd::Read>() != 0 ? Direction::read : Direction::write;
    const bool restart =
        command.get<dw::DataCmd::Restart>() != 0 || (bus_.busy() && direction != direction_);
    if (bus_.busy() && restart) {
        if (registers_.con.get<dw::Con::RestartEnable>() != 0) {
            latch<dw::Interrupts::RestartDet>();
        } else {
            stop();
        }
    }
    if ((!bus_.busy() || restart) && !begin(direction)) {
        return;
    }
    if (direction == Direction::read) {
        const auto byte = bus_.read();
        if (received_.size() < dw::fifo_depth) {
            received_.push_back(byte);
        } else {
            latch<dw::Interrupts::RxOver>();
        }
    } else if (!bus_.write(static_cast<std::uint8_t>(command.get<dw::DataCmd::Data>()))) {
        abort<dw::AbortSource::DataNack>();
        return;
    }
    if (command.get<dw::DataCmd::Stop>() != 0) {
        stop();
    }
}

bool DwCore::begin(Direction direction) {
    direction_ = direction;
    const bool can_restart = registers_.con.get<dw::Con::RestartEnable>() != 0;
    const auto target = registers_.target;
    if (target.get<dw::Target::Special>() != 0) {
        if (target.get<dw::Target::StartByte>() == 0) {
            if (direction == Direction::read) {
                abort<dw::AbortSource::GeneralCallRead>();
                return false;
            }
            latch<dw::Interrupts::StartDet>();
            if (!bus_.start(0, direction)) {
                abort<dw::AbortSource::GeneralCallNack>();
                return false;
            }
            return true;
        }
        if (!can_restart) {
            abort<dw::AbortSource::StartByteNoRestart>();
            return false;
        }
    }
    if (target.get<dw::Target::TenBit>() != 0 || registers_.con.get<dw::Con::TenBitMaster>() != 0) {
        if (direction == Direction::read && !can_restart) {
            abort<dw::AbortSource::Read10NoRestart>();
            return false;
        }
        latch<dw::Interrupts::StartDet>();
        const auto first = ten_bit_prefix | (target.get<dw::Target::Address>() >> 8);
        if (!bus_.start(static_cast<std::uint8_t>(first), Direction::write)) {
            abort<dw::AbortSource::Address10FirstNack>();
            return false;
        }
        return true;
    }
    latch<dw::Interrupts::StartDet>();
    const auto address = static_cast<std::uint8_t>(target.get<dw::Target::Address>() & 0x7f);
    if (!bus_.start(address, direction)) {
        abort<dw::AbortSource::Address7Nack>();
        return false;
    }
    return true;
}

void DwCore::write_enable(dw::Enable value) {
    const bool on = value.get<dw::Enable::On>() != 0;
    if (registers_.enabled && !on) {
        // The byte on the wire is finished, a STOP follows, and both FIFOs are held in reset.
        commands_.clear();
        received_.clear();
        stop();
    }
    registers_.enabled = on;
    if (on && value.get<dw::Enable::Abort>() != 0 && bus_.busy()) {
        abort<dw::AbortSource::User>();
    }
}

std::optional<std::uint32_t> DwCore::read(std::uint64_t offset) {
    switch (offset) {
    case dw::Con::offset:
        return registers_.con.raw;
    case dw::Target::offset:
        return registers_.target.raw;
    case dw::SlaveAddress::offset:
        return registers_.slave_address;
    case dw::HighSpeedCode::offset:
        return registers_.high_speed_code;
    case dw::DataCmd::offset:
        return pop_received();
    case dw::SsHigh::offset:
    case dw::SsLow::offset:
    case dw::FsHigh::offset:
    case dw::FsLow::offset:
    case dw::HsHigh::offset:
    case dw::HsLow::offset:
        return registers_.counts.at((offset - dw::SsHigh::offset) / 4);
    case dw::IntrStat::offset:
        return pending();
    case dw::IntrMask::offset:
        return registers_.mask;
    case dw::RawIntrStat::offset:
        return raw_interrupts().raw;
    case dw::RxThreshold::offset:
        return registers_.rx_threshold;
    case dw::TxThreshold::offset:
        return registers_.tx_threshold;
    case dw::ClrIntr::offset:
        return clear_all();
    case dw::ClrRxUnder::offset:
        return clear<dw::Interrupts::RxUnder>();
    case dw::ClrRxOver::offset:
        return clear<dw::Interrupts::RxOver>();
    case dw::ClrTxOver::offset:
        return clear<dw::Interrupts::TxOver>();
    case dw::ClrReadRequest::offset:
        return clear<dw::Interrupts::ReadRequest>();
    case dw::ClrTxAbort::offset:
        registers_.abort_source = {};
        return clear<dw::Interrupts::TxAbort>();
    case dw::ClrRxDone::offset:
        return clear<dw::Interrupts::RxDone>();
    case dw::ClrActivity::offset:
        return bus_.busy() ? 1 : clear<dw::Interrupts::Activity>();
    case dw::ClrStopDet::offset:
        return clear<dw::Interrupts::StopDet>();
    case dw::ClrStartDet::offset:
        return clear<dw::Interrupts::StartDet>();
    case dw::ClrGeneralCall::offset:
        return clear<dw::Interrupts::GeneralCall>();
    case dw::Enable::offset:
    case dw::EnableStatus::offset:
        return registers_.enabled ? 1 : 0;
    case dw::Status::offset:
        return status().raw;
    case dw::TxLevel::offset:
        return static_cast<std::uint32_t>(commands_.size());
    case dw::RxLevel::offset:
        return static_cast<std::uint32_t>(received_.size());
    case dw::SdaHold::offset:
        return registers_.sda_hold;
    case dw::AbortSource::offset:
        return registers_.abort_source.raw;
    case dw::SdaSetup::offset:
        return registers_.sda_setup;
    case dw::AckGeneralCall::offset:
        return registers_.ack_general_call;
    case dw::FsSpikeLength::offset:
        return registers_.fs_spike;
    case dw::HsSpikeLength::offset:
        return registers_.hs_spike;
    case dw::ClrRestartDet::offset:
        return clear<dw::Interrupts::RestartDet>();
    case dw::SmbusIntrMask::offset:
        return 0;
    case dw::CompParam1::offset:
        return component_parameters();
    case dw::CompVersion::offset:
        return dw::CompVersion::value;
    case dw::CompType::offset:
        return dw::CompType::value;
    default:
        return std::nullopt;
    }
}

bool DwCore::write(std::uint64_t offset, std::uint32_t value) {
    switch (offset) {
    case dw::DataCmd::offset:
        push_command(dw::DataCmd::from(value));
        return true;
    case dw::IntrMask::offset:
        registers_.mask = value & dw::Interrupts::implemented;
        return true;
    case dw::RxThreshold::offset:
        registers_.rx_threshold = threshold(value);
        return true;
    case dw::TxThreshold::offset:
        registers_.tx_threshold = threshold(value);
        return true;
    case dw::Enable::offset:
        write_enable(dw::Enable::from(value));
        return true;
    case dw::IntrStat::offset:
    case dw::RawIntrStat::offset:
    case dw::ClrIntr::offset:
    case dw::ClrRxUnder::offset:
    case dw::ClrRxOver::offset:
    case dw::ClrTxOver::offset:
    case dw::ClrReadRequest::offset:
    case dw::ClrTxAbort::offset:
    case dw::ClrRxDone::offset:
    case dw::ClrActivity::offset:
    case dw::ClrStopDet::offset:
    case dw::ClrStartDet::offset:
    case dw::ClrGeneralCall::offset:
    case dw::Status::offset:
    case dw::TxLevel::offset:
    case dw::RxLevel::offset:
    case dw::AbortSource::offset:
    case dw::EnableStatus::offset:
    case dw::ClrRestartDet::offset:
    case dw::SmbusIntrMask::offset:
    case dw::CompParam1::offset:
    case dw::CompVersion::offset:
    case dw::CompType::offset:
        return true;
    default:
        return write_while_disabled(offset, value);
    }
}

bool DwCore::write_while_disabled(std::uint64_t offset, std::uint32_t value) {
    Registers ignored;
    auto& registers = registers_.enabled ? ignored : registers_;
    switch (offset) {
    case dw::Con::offset:
        registers.con = dw::Con::from(value & dw::Con::implemented);
        return true;
    case dw::Target::offset:
        registers.target = dw::Target::from(value & dw::Target::implemented);
        return true;
    case dw::SlaveAddress::offset:
        registers.slave_address = value & dw::SlaveAddress::implemented;
        return true;
    case dw::HighSpeedCode::offset:
        registers.high_speed_code = value & dw::HighSpeedCode::implemented;
        return true;
    case dw::SsHigh::offset:
    case dw::FsHigh::offset:
    case dw::HsHigh::offset:
        registers.counts.at((offset - dw::SsHigh::offset) / 4) =
            std::max(value & count_mask, shortest_high);
        return true;
    case dw::SsLow::offset:
    case dw::FsLow::offset:
    case dw::HsLow::offset:
        registers.counts.at((offset - dw::SsHigh::offset) / 4) =
            std::max(value & count_mask, shortest_low);
        return true;
    case dw::SdaHold::offset:
        registers.sda_hold = value & dw::SdaHold::implemented;
        return true;
    case dw::SdaSetup::offset:
        registers.sda_setup = value & dw::SdaSetup::implemented;
        return true;
    case dw::AckGeneralCall::offset:
        registers.ack_general_call = value & dw::AckGeneralCall::implemented;
        return true;
    case dw::FsSpikeLength::offset:
        registers.fs_spike = value & dw::FsSpikeLength::implemented;
        return true;
    case dw::HsSpikeLength::offset:
        registers.hs_spike = value & dw::HsSpikeLength::implemented;
        return true;
    default:
        return false;
    }
}

} // namespace ipu3::i2c
