// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/pci_config.hpp"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <stdexcept>

namespace vfio_user {
namespace {

// Type 0 header, PCI Local Bus 3.0 §6.1.
constexpr std::size_t reg_vendor = 0x00;
constexpr std::size_t reg_device = 0x02;
constexpr std::size_t reg_command = 0x04;
constexpr std::size_t reg_status = 0x06;
constexpr std::size_t reg_revision = 0x08;
constexpr std::size_t reg_class = 0x09;
constexpr std::size_t reg_cache_line = 0x0c;
constexpr std::size_t reg_header_type = 0x0e;
constexpr std::size_t reg_bar0 = 0x10;
constexpr std::size_t reg_subsystem_vendor = 0x2c;
constexpr std::size_t reg_subsystem = 0x2e;
constexpr std::size_t reg_capabilities = 0x34;
constexpr std::size_t reg_interrupt_line = 0x3c;
constexpr std::size_t header_end = 0x40;

constexpr std::uint32_t command_memory = 1U << 1;
constexpr std::uint32_t command_bus_master = 1U << 2;
constexpr std::uint32_t command_parity = 1U << 6;
constexpr std::uint32_t command_serr = 1U << 8;
constexpr std::uint32_t command_intx_disable = 1U << 10;
// No I/O BAR, so I/O Space is hardwired to 0, and so are special cycles, MWI, VGA snooping and
// stepping.
constexpr std::uint32_t command_writable =
    command_memory | command_bus_master | command_parity | command_serr | command_intx_disable;
constexpr std::uint32_t status_capabilities = 1U << 4;
constexpr std::uint32_t header_multifunction = 0x80;
constexpr std::uint32_t bar_wide = 0x4;
constexpr std::uint32_t bar_prefetchable = 0x8;

// Power management capability, PCI PM 1.2 §3.2.
constexpr std::uint32_t pm_id = 0x01;
constexpr std::uint32_t pm_version = 3; // PM 1.2; no D1, no D2, no PME#
constexpr std::size_t pm_capabilities = 2;
constexpr std::size_t pm_control = 4;
constexpr std::size_t pm_length = 8;
constexpr std::uint32_t pm_state_mask = 0x3;
constexpr std::uint32_t pm_no_soft_reset = 1U << 3;

// MSI capability, PCI Local Bus 3.0 §6.8.1, without per-vector masking.
constexpr std::uint32_t msi_id = 0x05;
constexpr std::size_t msi_control = 2;
constexpr std::size_t msi_address = 4;
constexpr std::uint32_t msi_enable = 1U << 0;
constexpr std::uint32_t msi_multiple_enable = 0x7U << 4;
constexpr std::uint32_t msi_wide = 1U << 7;
constexpr unsigned msi_max_vectors = 32;

[[noreturn]] void invalid(const std::string& what) {
    throw std::invalid_argument{"PCI configuration: " + what};
}

void check_bar(const BarSpec& bar) {
    if (bar.index >= 6 || (bar.wide && bar.index >= 5)) {
        invalid(fmt::format("there is no {} BAR {}", bar.wide ? "64-bit" : "32-bit", bar.index));
    }
    if (!std::has_single_bit(bar.size) || bar.size < 4096 ||
        (!bar.wide && bar.size > (std::uint64_t{1} << 31))) {
        invalid(fmt::format("BAR {} cannot have {:#x} bytes", bar.index, bar.size));
    }
}

void check_capability(const char* name, std::size_t offset, std::size_t length) {
    if (offset < header_end || offset % 4 != 0 || offset + length > PciConfig::size) {
        invalid(fmt::format("the {} capability cannot lie at {:#x}", name, offset));
    }
}

} // namespace

PciConfig::PciConfig(const PciConfigSpec& spec) {
    place(reg_vendor, spec.identity.vendor, 0, 2);
    place(reg_device, spec.identity.device, 0, 2);
    place(reg_command, 0, command_writable, 2);
    place(reg_revision, spec.identity.revision, 0, 1);
    place(reg_class, spec.identity.class_code, 0, 3);
    place(reg_cache_line, 0, 0xff, 1);
    place(reg_header_type, spec.multifunction ? header_multifunction : 0, 0, 1);
    place(reg_subsystem_vendor, spec.identity.subsystem_vendor, 0, 2);
    place(reg_subsystem, spec.identity.subsystem, 0, 2);
    place(reg_interrupt_line, 0, 0xff, 1);

    std::array<bool, 6> taken{};
    for (const auto& bar : spec.bars) {
        check_bar(bar);
        if (taken.at(bar.index) || (bar.wide && taken.at(bar.index + 1))) {
            invalid(fmt::format("BAR {} is there twice", bar.index));
        }
        taken.at(bar.index) = true;
        bar_sizes_.at(bar.index) = bar.size;
        const auto writable = ~(bar.size - 1);
        const auto offset = reg_bar0 + std::size_t{4} * bar.index;
        place(offset, (bar.wide ? bar_wide : 0) | (bar.prefetchable ? bar_prefetchable : 0),
              static_cast<std::uint32_t>(writable), 4);
        if (bar.wide) {
            taken.at(bar.index + 1) = true;
            place(offset + 4, 0, static_cast<std::uint32_t>(writable >> 32), 4);
        }
    }

    // Each capability links to the next; the first one's offset goes into the header.
    std::size_t link = reg_capabilities;
    const auto link_capability = [&](std::size_t offset, std::uint32_t id) {
        place(reg_status, status_capabilities, 0, 2);
        place(link, static_cast<std::uint32_t>(offset), 0, 1);
        place(offset, id, 0, 1);
        link = offset + 1;
    };
    if (spec.power_management) {
        check_capability("power management", spec.pm_offset, pm_length);
        link_capability(spec.pm_offset, pm_id);
        pm_offset_ = spec.pm_offset;
        place(spec.pm_offset + pm_capabilities, pm_version, 0, 2);
        place(spec.pm_offset + pm_control, spec.no_soft_reset ? pm_no_soft_reset : 0, pm_state_mask,
              2);
    }
    if (spec.msi) {
        const auto vectors = spec.msi->vectors;
        if (!std::has_single_bit(vectors) || vectors > msi_max_vectors) {
            invalid(fmt::format("{} MSI vectors", vectors));
        }
        const std::size_t length = spec.msi->wide ? 14 : 10;
        check_capability("MSI", spec.msi_offset, length);
        const std::size_t msi = spec.msi_offset;
        if (pm_offset_ && msi < *pm_offset_ + pm_length && *pm_offset_ < msi + length) {
            invalid("the capabilities overlap");
        }
        link_capability(msi, msi_id);
        msi_vectors_ = vectors;
        const auto log2 = static_cast<std::uint32_t>(std::countr_zero(vectors));
        place(msi + msi_control, (log2 << 1) | (spec.msi->wide ? msi_wide : 0),
              msi_enable | msi_multiple_enable, 2);
        place(msi + msi_address, 0, ~std::uint32_t{3}, 4);
        if (spec.msi->wide) {
            place(msi + msi_address + 4, 0, ~std::uint32_t{0}, 4);
        }
        place(msi + length - 2, 0, 0xffff, 2); // message data
    }
    initial_ = bytes_;
}

void PciConfig::read(std::uint64_t offset, std::span<std::byte> data) const {
    for (auto& byte : data) {
        byte = offset < size ? std::byte{bytes_.at(offset)} : std::byte{0xff};
        // At the very end of the 64-bit range an offset stays outside instead of coming round to 0.
        offset += offset < size ? 1 : 0;
    }
}

void PciConfig::write(std::uint64_t offset, std::span<const std::byte> data) {
    const auto before = power_state();
    for (const auto byte : data) {
        if (offset >= size) {
            break;
        }
        const auto mask = writable_.at(offset);
        auto changed = static_cast<std::uint8_t>((bytes_.at(offset) & ~mask) |
                                                 (std::to_integer<unsigned>(byte) & mask));
        if (pm_offset_ && offset == *pm_offset_ + pm_control) {
            // PCI PM 1.2 §3.2.4: a state that the function does not support is discarded.
            const auto state = static_cast<PowerState>(changed & pm_state_mask);
            if (state == PowerState::d1 || state == PowerState::d2) {
                changed = bytes_.at(offset);
            }
        }
        bytes_.at(offset) = changed;
        ++offset;
    }
    const auto after = power_state();
    if (after == before) {
        return;
    }
    // PCI PM 1.2 §5.4.1: leaving D3hot is a soft reset unless No_Soft_Reset says otherwise.
    if (before == PowerState::d3hot &&
        (word(*pm_offset_ + pm_control, 2) & pm_no_soft_reset) == 0) {
        reset();
    }
    if (observer_) {
        observer_(after);
    }
}

void PciConfig::reset() {
    bytes_ = initial_;
}

PowerState PciConfig::power_state() const {
    if (!pm_offset_) {
        return PowerState::d0;
    }
    return static_cast<PowerState>(word(*pm_offset_ + pm_control, 2) & pm_state_mask);
}

bool PciConfig::bus_master() const {
    return (word(reg_command, 2) & command_bus_master) != 0;
}

bool PciConfig::memory_enabled() const {
    return (word(reg_command, 2) & command_memory) != 0;
}

std::uint64_t PciConfig::bar_size(unsigned index) const {
    return index < bar_sizes_.size() ? bar_sizes_.at(index) : 0;
}

unsigned PciConfig::msi_vectors() const {
    return msi_vectors_;
}

std::uint32_t PciConfig::word(std::size_t offset, std::size_t bytes) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        value |= std::uint32_t{bytes_.at(offset + i)} << (8 * i);
    }
    return value;
}

void PciConfig::place(std::size_t offset, std::uint32_t value, std::uint32_t writable,
                      std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        bytes_.at(offset + i) = static_cast<std::uint8_t>(value >> (8 * i));
        writable_.at(offset + i) = static_cast<std::uint8_t>(writable >> (8 * i));
    }
}

} // namespace vfio_user
