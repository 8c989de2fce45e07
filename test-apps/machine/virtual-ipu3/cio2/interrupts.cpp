// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/interrupts.hpp"

#include <utility>

namespace ipu3::cio2 {

using reg::IntEn;
using reg::IntEnExtIe;
using reg::IntEnExtOe;
using reg::IntSts;
using reg::IntStsExtIe;
using reg::IntStsExtOe;

Interrupts::Interrupts(std::function<void()> send_msi, Sabotage sabotage)
    : send_msi_{std::move(send_msi)}, sabotage_{sabotage} {
    constexpr RegisterBehaviour status{.writable = 0, .clear_on_one = 0xffffffff};
    bank_.declare<IntSts>(status);
    bank_.declare<IntStsExtOe>(status);
    bank_.declare<IntStsExtIe>(status);
    bank_.declare<IntEn>();
    bank_.declare<IntEnExtOe>();
    bank_.declare<IntEnExtIe>();
}

std::optional<std::uint32_t> Interrupts::read(std::uint64_t offset) const {
    return bank_.read(offset);
}

bool Interrupts::write(std::uint64_t offset, std::uint32_t value) {
    const auto before = pending();
    if (!bank_.write(offset, value)) {
        return false;
    }
    const auto after = pending();
    owed_ &= bank_.get<IntSts>().raw;
    const bool acknowledged_some = offset == IntSts::offset && after != 0;
    const bool enabled_more = (after & ~before) != 0;
    if (acknowledged_some || enabled_more) {
        send_msi_();
    }
    return true;
}

void Interrupts::reset() {
    bank_.reset();
    owed_ = 0;
}

std::uint32_t Interrupts::pending() const {
    // The extensions gate the error summaries before they are latched.
    constexpr std::uint32_t gated_elsewhere = IntSts::Ioie::mask | IntSts::Iooe::mask;
    return bank_.get<IntSts>().raw & (bank_.get<IntEn>().raw | gated_elsewhere);
}

void Interrupts::latch(std::uint32_t causes, Delivery delivery) {
    const auto before = pending();
    bank_.set(IntSts::from(bank_.get<IntSts>().raw | causes));
    const auto fresh = pending() & ~before;
    if (delivery == Delivery::lost) {
        owed_ |= fresh;
        return;
    }
    if ((fresh | (owed_ & pending())) != 0) {
        owed_ = 0;
        send_msi_();
    }
}

void Interrupts::frame_started(unsigned channel) {
    latch(IntSts::start(channel), Delivery::sent);
}

void Interrupts::frame_completed(unsigned channel, Delivery delivery) {
    auto cause = IntSts::completion(channel);
    if (sabotage_ == Sabotage::int_status_bit) {
        cause = (cause << 4U) & IntSts::Ioc::mask;
    }
    latch(cause, delivery);
}

void Interrupts::dma_error(unsigned channel) {
    const auto bit = 1U << channel;
    bank_.set(IntStsExtOe::from(bank_.get<IntStsExtOe>().raw | bit));
    if ((bank_.get<IntEnExtOe>().raw & bit) != 0) {
        latch(IntSts::Iooe::mask, Delivery::sent);
    }
}

void Interrupts::sram_full(unsigned port) {
    const auto bit = 1U << (IntStsExtOe::Oes::low + port);
    bank_.set(IntStsExtOe::from(bank_.get<IntStsExtOe>().raw | bit));
    if ((bank_.get<IntEnExtOe>().raw & bit) != 0) {
        latch(IntSts::Iooe::mask, Delivery::sent);
    }
}

void Interrupts::input_error(unsigned port, IntStsExtIe::Error error) {
    const auto bit = IntStsExtIe::error(port, error);
    bank_.set(IntStsExtIe::from(bank_.get<IntStsExtIe>().raw | bit));
    if ((bank_.get<IntEnExtIe>().raw & bit) != 0) {
        latch(IntSts::Ioie::mask, Delivery::sent);
    }
}

void Interrupts::receiver(unsigned port) {
    const auto bit = IntStsExtIe::irq(port);
    bank_.set(IntStsExtIe::from(bank_.get<IntStsExtIe>().raw | bit));
    if ((bank_.get<IntEnExtIe>().raw & bit) != 0) {
        latch(IntSts::Ioirq::mask, Delivery::sent);
    }
}

} // namespace ipu3::cio2
