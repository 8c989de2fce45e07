// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/interrupts.hpp"

namespace ipu3::imgu {

using namespace reg::irq;

namespace {

struct Place {
    unsigned controller;
    std::uint64_t offset;
};

std::optional<Place> locate(std::uint64_t offset) {
    if (offset < base || offset >= base + stride * controllers) {
        return std::nullopt;
    }
    return Place{static_cast<unsigned>((offset - base) / stride), (offset - base) % stride};
}

} // namespace

std::optional<std::uint32_t> Interrupts::read(std::uint64_t offset) const {
    if (offset == reg::IntStatus::offset) {
        return reg::IntStatus{}.with<reg::IntStatus::Css>(status_ ? 1 : 0).raw;
    }
    if (offset == reg::IntEnable::offset) {
        return enable_;
    }
    const auto place = locate(offset);
    if (!place) {
        return std::nullopt;
    }
    const auto& controller = controllers_.at(place->controller);
    switch (place->offset) {
    case Edge::offset:
        return controller.edge;
    case Mask::offset:
        return controller.mask;
    case Status::offset:
        return controller.status;
    case Clear::offset:
        return 0;
    case Enable::offset:
        return controller.enable;
    case EdgeNotPulse::offset:
        return controller.edge_not_pulse;
    case StrOutEnable::offset:
        return controller.str_out_enable;
    default:
        return std::nullopt;
    }
}

bool Interrupts::write(std::uint64_t offset, std::uint32_t value) {
    if (offset == reg::IntStatus::offset) {
        status_ = status_ && reg::IntStatus::Css::get(value) == 0;
        return true;
    }
    if (offset == reg::IntEnable::offset) {
        enable_ = value;
        return true;
    }
    const auto place = locate(offset);
    if (!place) {
        return false;
    }
    auto& controller = controllers_.at(place->controller);
    switch (place->offset) {
    case Edge::offset:
        controller.edge = value;
        break;
    case Mask::offset:
        controller.mask = value;
        break;
    case Status::offset:
        break; // read-only
    case Clear::offset:
        controller.status &= ~value;
        break;
    case Enable::offset:
        controller.enable = value;
        break;
    case EdgeNotPulse::offset:
        controller.edge_not_pulse = value;
        break;
    case StrOutEnable::offset:
        controller.str_out_enable = value;
        break;
    default:
        return false;
    }
    return true;
}

void Interrupts::software_pin(unsigned number) {
    const auto cause = reg::irq::software_pin(number);
    for (const auto which : {sp0, main}) {
        auto& controller = controllers_.at(which);
        controller.status |= cause & controller.enable;
    }
    const auto& all = controllers_.at(main);
    if ((cause & all.enable & all.mask) == 0 || status_) {
        return;
    }
    status_ = true;
    if (reg::IntEnable::Css::get(enable_) != 0) {
        send_msi_();
    }
}

void Interrupts::reset() {
    controllers_ = {};
    enable_ = 0;
    status_ = false;
}

} // namespace ipu3::imgu
