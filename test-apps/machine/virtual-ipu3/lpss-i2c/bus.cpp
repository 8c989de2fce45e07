// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/lpss-i2c/bus.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace ipu3::i2c {

namespace {

// The I2C specification (NXP UM10204 §3.1.12) keeps the ends of the address range for other
// purposes.
constexpr std::uint8_t first_address = 0x08;
constexpr std::uint8_t last_address = 0x77;

} // namespace

Bus::Bus(std::string name, sim::Trace& trace, sim::FaultPlan& faults)
    : name_{std::move(name)}, trace_{trace}, faults_{faults} {}

void Bus::connect(std::uint8_t address, Target& target, unsigned csi_port) {
    if (address < first_address || address > last_address) {
        throw std::invalid_argument{
            fmt::format("{}: 0x{:02x} is not an address for an I2C target", name_, address)};
    }
    auto& seat = seats_.at(address);
    if (seat.target != nullptr) {
        throw std::invalid_argument{
            fmt::format("{}: two targets at address 0x{:02x}", name_, address)};
    }
    seat = {.target = &target, .csi_port = csi_port};
}

bool Bus::start(std::uint8_t address, Direction direction) {
    const auto seat = address < seats_.size() ? seats_[address] : Seat{};
    if (!busy_) {
        busy_ = true;
        address_ = address;
        written_ = 0;
        read_ = 0;
        acknowledged_ = true;
        const auto number = transfers_++;
        struck_ = seat.target != nullptr &&
                  faults_.strikes(sim::FaultKind::i2c_nak, number, seat.csi_port);
        if (struck_) {
            trace_.emit(name_, "fault-i2c-nak",
                        {{"transfer", number}, {"port", std::uint64_t{seat.csi_port}}});
        }
    }
    selected_ = nullptr;
    if (seat.target != nullptr && !struck_ && seat.target->start(direction)) {
        selected_ = seat.target;
    }
    acknowledged_ = acknowledged_ && selected_ != nullptr;
    return selected_ != nullptr;
}

bool Bus::write(std::uint8_t byte) {
    if (selected_ == nullptr) {
        return false;
    }
    ++written_;
    const bool acknowledged = selected_->write(byte);
    acknowledged_ = acknowledged_ && acknowledged;
    return acknowledged;
}

std::uint8_t Bus::read() {
    if (selected_ == nullptr) {
        return 0xff;
    }
    ++read_;
    return selected_->read();
}

void Bus::stop() {
    finish("transfer");
}

void Bus::abandon() {
    finish("transfer-abandoned");
}

void Bus::finish(const char* event) {
    if (!busy_) {
        return;
    }
    busy_ = false;
    if (auto* target = std::exchange(selected_, nullptr)) {
        target->stop();
    }
    trace_.emit(name_, event,
                {{"address", std::uint64_t{address_}},
                 {"written", written_},
                 {"read", read_},
                 {"ack", acknowledged_}});
}

} // namespace ipu3::i2c
