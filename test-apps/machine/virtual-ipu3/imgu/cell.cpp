// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/cell.hpp"

namespace ipu3::imgu {

using namespace reg::cell;

namespace {

constexpr std::uint32_t kept =
    Ctrl::IrqReady::mask | Ctrl::IrqSleeping::mask | Ctrl::PrefetchEnable::mask;

} // namespace

std::optional<std::uint32_t> Cell::read(std::uint64_t offset) const {
    if (offset == icache_at_) {
        return icache_;
    }
    switch (offset) {
    case Ctrl::offset:
        return Ctrl::from(settings_).with<Ctrl::Idle>(running_ ? 0 : 1).raw;
    case StartAddress::offset:
        return start_;
    case SpCtrlSink::offset:
        return sink_;
    case SpPc::offset:
        return running_ ? start_ : 0;
    default:
        return std::nullopt;
    }
}

std::optional<Cell::Effect> Cell::write(std::uint64_t offset, std::uint32_t value) {
    if (offset == icache_at_) {
        icache_ = value;
        return Effect::none;
    }
    const auto ctrl = Ctrl::from(value);
    switch (offset) {
    case Ctrl::offset:
        settings_ = value & kept;
        if (ctrl.get<Ctrl::Reset>() != 0) {
            running_ = false;
        }
        return ctrl.get<Ctrl::Start>() != 0 && ctrl.get<Ctrl::Run>() != 0 ? Effect::start
                                                                          : Effect::none;
    case StartAddress::offset:
        start_ = value;
        return Effect::none;
    case SpCtrlSink::offset:
        sink_ = value;
        return Effect::none;
    case SpPc::offset:
        return Effect::none; // read-only
    default:
        return std::nullopt;
    }
}

} // namespace ipu3::imgu
