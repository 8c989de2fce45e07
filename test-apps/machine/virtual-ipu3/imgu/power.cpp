// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/power.hpp"

namespace ipu3::imgu {

namespace {

constexpr unsigned request_unit = 25; // MHz
// What is a request, not a setting.
constexpr std::uint32_t requests =
    reg::PmCtrl::Start::mask | reg::PmCtrl::ForceHalt::mask | reg::PmCtrl::ForceUnhalt::mask |
    reg::PmCtrl::ForcePowerDown::mask | reg::PmCtrl::ForceReset::mask;

} // namespace

std::optional<std::uint32_t> Power::read(std::uint64_t offset, bool idle, bool halted) const {
    switch (offset) {
    case reg::PmCtrl::offset:
        return control_;
    case reg::SystemReq::offset:
        return request_;
    case reg::State::offset:
        return reg::State{}
            .with<reg::State::Halted>(halted_ || halted ? 1 : 0)
            .with<reg::State::Idle>(idle ? 1 : 0)
            .with<reg::State::PowerUp>(powered_ ? 1 : 0)
            .with<reg::State::PowerDown>(powered_ ? 0 : 1)
            .raw;
    case reg::PmSts::offset:
    case reg::CioGateBurstState::offset:
        return 0;
    case reg::GpBusy::offset:
        return busy_;
    default:
        return std::nullopt;
    }
}

std::optional<Power::Effect> Power::write(std::uint64_t offset, std::uint32_t value) {
    const auto request = reg::PmCtrl::from(value);
    switch (offset) {
    case reg::PmCtrl::offset:
        control_ = value & ~requests;
        if (request.get<reg::PmCtrl::ForceReset>() != 0) {
            halted_ = false;
            return Effect::reset;
        }
        powered_ = (powered_ || request.get<reg::PmCtrl::Start>() != 0) &&
                   request.get<reg::PmCtrl::ForcePowerDown>() == 0;
        halted_ = (halted_ || request.get<reg::PmCtrl::ForceHalt>() != 0) &&
                  request.get<reg::PmCtrl::ForceUnhalt>() == 0;
        return Effect::none;
    case reg::SystemReq::offset:
        request_ = value & reg::SystemReq::Frequency::mask;
        return Effect::none;
    case reg::GpBusy::offset:
        busy_ = value;
        return Effect::none;
    case reg::State::offset:
    case reg::PmSts::offset:
    case reg::CioGateBurstState::offset:
        return Effect::none; // read-only
    default:
        return std::nullopt;
    }
}

unsigned Power::frequency() const {
    return reg::SystemReq::Frequency::get(request_) * request_unit;
}

} // namespace ipu3::imgu
