// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/register_file.hpp"

#include <algorithm>

namespace ipu3::sensors {

namespace {
constexpr std::size_t register_count = 0x10000;
}

RegisterFile::RegisterFile() : bytes_(register_count) {}

void RegisterFile::reset(std::span<const RegisterValue> values) {
    std::ranges::fill(bytes_, std::uint8_t{0});
    for (const auto& entry : values) {
        bytes_[entry.address] = entry.value;
    }
}

std::uint16_t RegisterFile::get16(std::uint16_t address) const {
    const auto next = static_cast<std::uint16_t>(address + 1U);
    return static_cast<std::uint16_t>((unsigned{bytes_[address]} << 8U) | bytes_[next]);
}

std::uint32_t RegisterFile::get24(std::uint16_t address) const {
    const auto last = static_cast<std::uint16_t>(address + 2U);
    return (std::uint32_t{get16(address)} << 8U) | bytes_[last];
}

void RegisterFile::start(i2c::Direction direction) {
    address_high_.reset();
    addressed_ = direction == i2c::Direction::read;
}

void RegisterFile::write(std::uint8_t byte) {
    if (addressed_) {
        const auto address = address_++;
        if (!filter_ || filter_(address, byte)) {
            bytes_[address] = byte;
        }
    } else if (address_high_) {
        address_ = static_cast<std::uint16_t>((unsigned{*address_high_} << 8U) | byte);
        addressed_ = true;
    } else {
        address_high_ = byte;
    }
}

std::uint8_t RegisterFile::read() {
    return bytes_[address_++];
}

void RegisterFile::stop() {
    address_high_.reset();
    addressed_ = false;
}

} // namespace ipu3::sensors
