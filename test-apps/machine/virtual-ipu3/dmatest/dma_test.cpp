// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/dmatest/dma_test.hpp"

#include "machine/vfio-user/word_access.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <string_view>

namespace ipu3::dmatest {

namespace {

constexpr std::array bars{vfio_user::BarSpec{.index = 0, .size = reg::bar_size}};
constexpr std::array<std::string_view, DmaTest::functions> names{"dmatest0", "dmatest1"};

vfio_user::PciConfigSpec pci_spec(unsigned index) {
    if (index >= DmaTest::functions) {
        throw std::invalid_argument{
            fmt::format("there is no dmatest{}, only 0 to {}", index, DmaTest::functions - 1)};
    }
    return {
        // Vendor 1234 is nobody's, but QEMU's standard display uses it, too; device 1d0a is ours.
        .identity = {.vendor = 0x1234,
                     .device = 0x1d0a,
                     .subsystem_vendor = 0x1234,
                     .subsystem = static_cast<std::uint16_t>(index),
                     .class_code = 0x048000,
                     .revision = 0x01},
        .bars = bars,
        .msi = vfio_user::MsiSpec{.vectors = 1, .wide = true},
        .power_management = true,
        .no_soft_reset = true,
    };
}

/// A register block that repeats: which one @p offset falls into, and where.
struct Block {
    unsigned number;
    std::uint64_t offset;
};
std::optional<Block> locate(std::uint64_t offset, std::uint64_t base, std::uint64_t stride,
                            unsigned blocks) {
    if (offset < base || offset >= base + stride * blocks) {
        return std::nullopt;
    }
    return Block{static_cast<unsigned>((offset - base) / stride), (offset - base) % stride};
}
std::optional<Block> locate_channel(std::uint64_t offset) {
    return locate(offset, reg::channel::base, reg::channel::stride, reg::channels);
}
std::optional<Block> locate_slots(std::uint64_t offset) {
    return locate(offset, reg::slot::base, reg::slot::channel_stride, reg::channels);
}

} // namespace

std::string_view DmaTest::name(unsigned index) {
    return names.at(index);
}

DmaTest::DmaTest(unsigned index, sim::Scheduler& clock, sim::Trace& trace)
    : name_{names.at(index % functions)}, trace_{trace}, config_{pci_spec(index)},
      interrupts_{[this] { raise(); }}, channels_{[&] {
          const ChannelContext context{.clock = clock,
                                       .trace = trace,
                                       .device = name_,
                                       .dma = dma_,
                                       .interrupts = interrupts_,
                                       .sequence = sequence_};
          return std::array{Channel{0, context}, Channel{1, context}, Channel{2, context}};
      }()} {}

void DmaTest::attach(vfio_user::Upstream& upstream) {
    upstream_ = &upstream;
    dma_.attach(upstream);
}

void DmaTest::raise() {
    if (upstream_ != nullptr) {
        trace_.count(name_, "msi");
        upstream_->raise_msi(0);
    }
}

void DmaTest::bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) {
    std::ranges::fill(data, std::byte{0});
    if (bar != 0) {
        return;
    }
    trace_.count(name_, "mmio-read");
    vfio_user::read_words(offset, data, [this](std::uint64_t word) {
        const auto value = read_word(word);
        if (!value) {
            trace_.count(name_, "unknown-read");
        }
        return value.value_or(0);
    });
}

void DmaTest::bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) {
    if (bar != 0) {
        return;
    }
    trace_.count(name_, "mmio-write");
    const bool whole =
        vfio_user::write_words(offset, data, [this](std::uint64_t word, std::uint32_t value) {
            if (!write_word(word, value)) {
                trace_.count(name_, "unknown-write");
            }
        });
    if (!whole) {
        trace_.count(name_, "partial-write");
    }
}

std::optional<std::uint32_t> DmaTest::read_word(std::uint64_t offset) const {
    if (const auto at = locate_slots(offset)) {
        return channels_.at(at->number)
            .read_slot(static_cast<unsigned>(at->offset / reg::slot::stride),
                       at->offset % reg::slot::stride);
    }
    if (const auto at = locate_channel(offset)) {
        return channels_.at(at->number).read(at->offset);
    }
    const auto& counters = dma_.mmu().counters();
    switch (offset) {
    case reg::Id::offset:
        return reg::Id::value;
    case reg::Control::offset:
        return control_;
    case reg::IntStatus::offset:
        return interrupts_.status();
    case reg::IntEnable::offset:
        return interrupts_.enable();
    case reg::TlbHits::offset:
        return counters.hits;
    case reg::TlbMisses::offset:
        return counters.misses;
    case reg::TableReads::offset:
        return counters.table_reads;
    case reg::Invalidates::offset:
        return counters.invalidates;
    case reg::MmuFaults::offset:
        return counters.faults;
    default:
        return dma_.mmu().read(offset);
    }
}

bool DmaTest::write_word(std::uint64_t offset, std::uint32_t value) {
    if (const auto at = locate_slots(offset)) {
        return channels_.at(at->number)
            .write_slot(static_cast<unsigned>(at->offset / reg::slot::stride),
                        at->offset % reg::slot::stride, value);
    }
    if (const auto at = locate_channel(offset)) {
        return channels_.at(at->number).write(at->offset, value);
    }
    switch (offset) {
    case reg::Id::offset:
    case reg::TlbHits::offset:
    case reg::TlbMisses::offset:
    case reg::TableReads::offset:
    case reg::Invalidates::offset:
    case reg::MmuFaults::offset:
        return true; // read-only
    case reg::Control::offset:
        control_ = value & (reg::Control::Bypass::mask | reg::Control::Deaf::mask);
        dma_.set_bypass(reg::Control::Bypass::get(value) != 0);
        dma_.mmu().set_deaf(reg::Control::Deaf::get(value) != 0);
        return true;
    case reg::IntStatus::offset:
        interrupts_.write_status(value);
        return true;
    case reg::IntEnable::offset:
        interrupts_.write_enable(value);
        return true;
    default:
        break;
    }
    const bool was_halted = dma_.mmu().halted();
    const bool known = dma_.mmu().write(offset, value);
    if (was_halted && !dma_.mmu().halted()) {
        for (auto& channel : channels_) {
            channel.gate_opened();
        }
    }
    return known;
}

void DmaTest::reset_registers() {
    for (auto& channel : channels_) {
        channel.reset();
    }
    dma_.reset();
    interrupts_.reset();
    control_ = 0;
    sequence_ = 0;
}

void DmaTest::reset() {
    config_.reset();
    reset_registers();
}

void DmaTest::power_state(vfio_user::PowerState state) {
    if (state != vfio_user::PowerState::d0) {
        reset_registers();
    }
}

} // namespace ipu3::dmatest
