// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/lpss-i2c/lpss_i2c.hpp"

#include "machine/vfio-user/word_access.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <stdexcept>

namespace ipu3::i2c {

namespace {

constexpr std::array<vfio_user::BarSpec, 1> bars{
    {{.index = 0, .size = LpssI2c::bar_size, .wide = true, .prefetchable = false}}};

// PCI IDs of Sunrise Point-LP "Serial IO I2C Controller #0" and on (pci.ids; Linux
// intel-lpss-pci.c).
constexpr std::uint16_t first_device_id = 0x9d60;

vfio_user::PciConfigSpec pci_config(unsigned index) {
    if (index >= LpssI2c::controllers) {
        throw std::invalid_argument{fmt::format("there is no LPSS I2C controller {}, only 0 to {}",
                                                index, LpssI2c::controllers - 1)};
    }
    return {
        .identity = {.vendor = 0x8086,
                     .device = static_cast<std::uint16_t>(first_device_id + index),
                     .subsystem_vendor = 0x8086,
                     .subsystem = 0x7270,
                     .class_code = 0x118000,
                     .revision = 0x21},
        .bars = bars,
        .msi = vfio_user::MsiSpec{.vectors = 1, .wide = true},
        .power_management = true,
        .no_soft_reset = true,
        .pm_offset = 0x80,
        .msi_offset = 0x90,
        .multifunction = index == 0,
    };
}

} // namespace

LpssI2c::LpssI2c(unsigned index, sim::Scheduler& clock, sim::Trace& trace, sim::FaultPlan& faults)
    : name_{fmt::format("i2c{}", index)}, trace_{trace}, config_{pci_config(index)},
      private_{index}, bus_{name_, trace, faults}, core_{bus_}, msi_{clock, [this] { raise(); }} {}

void LpssI2c::connect(std::uint8_t address, Target& target, unsigned csi_port) {
    bus_.connect(address, target, csi_port);
}

void LpssI2c::raise() {
    trace_.count(name_, "msi");
    if (upstream_ != nullptr) {
        upstream_->raise_msi(0);
    }
}

void LpssI2c::bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) {
    trace_.count(name_, "mmio-read");
    std::ranges::fill(data, std::byte{0xff});
    if (bar != 0 || offset >= bar_size || data.size() > bar_size - offset) {
        trace_.count(name_, "odd-access");
        return;
    }
    if (offset % vfio_user::word_bytes != 0 || data.size() % vfio_user::word_bytes != 0) {
        trace_.count(name_, "odd-access");
    }
    vfio_user::read_words(offset, data, [this](std::uint64_t word) { return read_word(word); });
}

void LpssI2c::bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) {
    trace_.count(name_, "mmio-write");
    // A write that is not whole words is lost.
    if (bar != 0 || offset >= bar_size || data.size() > bar_size - offset ||
        !vfio_user::write_words(offset, data, [this](std::uint64_t word, std::uint32_t value) {
            write_word(word, value);
        })) {
        trace_.count(name_, "odd-access");
    }
}

std::uint32_t LpssI2c::read_word(std::uint64_t offset) {
    if (offset >= lpss::private_offset && offset < lpss::private_offset + lpss::private_size) {
        return private_.read(offset);
    }
    if (offset < lpss::private_offset && !private_.function_runs()) {
        trace_.count(name_, "in-reset");
        return 0;
    }
    const auto value = core_.read(offset);
    if (!value) {
        trace_.count(name_, "unknown-read");
        return 0;
    }
    if (offset == dw::IntrStat::offset) {
        msi_.status_read();
    }
    msi_.level(core_.pending());
    return *value;
}

void LpssI2c::write_word(std::uint64_t offset, std::uint32_t value) {
    if (offset >= lpss::private_offset && offset < lpss::private_offset + lpss::private_size) {
        private_.write(offset, value);
        if (!private_.function_runs()) {
            core_.reset();
            msi_.reset();
        }
        return;
    }
    if (offset < lpss::private_offset && !private_.function_runs()) {
        trace_.count(name_, "in-reset");
        return;
    }
    if (!core_.write(offset, value)) {
        trace_.count(name_, "unknown-write");
        return;
    }
    if (offset == dw::IntrMask::offset) {
        msi_.mask_written();
    }
    msi_.level(core_.pending());
}

void LpssI2c::reset_registers() {
    private_.reset();
    core_.reset();
    msi_.reset();
}

void LpssI2c::reset() {
    config_.reset();
    reset_registers();
}

void LpssI2c::power_state(vfio_user::PowerState state) {
    // No_Soft_Reset keeps the configuration space only: the registers behind BAR 0 lose their
    // power, which is why the driver saves and restores them around D3.
    if (state == vfio_user::PowerState::d3hot) {
        reset_registers();
    }
}

} // namespace ipu3::i2c
