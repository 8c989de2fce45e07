// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/dmatest/ipu_mmu.hpp"

#include <array>

namespace ipu3::mmu {

namespace {

constexpr std::uint32_t table_bits = 10;
constexpr std::uint32_t table_mask = (1U << table_bits) - 1;
constexpr std::uint64_t entry_bytes = 4;
constexpr std::uint32_t line_entries = 16; // 64 bytes of a table
constexpr std::uint32_t pfn_mask = reg::L1Base::Pfn::mask;

vfio_user::Iova frame_address(std::uint32_t pfn) {
    return vfio_user::Iova{std::uint64_t{pfn & pfn_mask} * page_size};
}

} // namespace

template <typename T>
tl::expected<T, Fault> IpuMmu::load(vfio_user::Iova from, const vfio_user::GuestMemory& memory) {
    ++counters_.table_reads;
    auto loaded = memory.load<T>(from, vfio_user::Purpose::tables);
    if (!loaded) {
        ++counters_.faults;
        return tl::unexpected{Fault{Fault::Reason::table_read, loaded.error()}};
    }
    return *loaded;
}

tl::expected<void, Fault> IpuMmu::walk(std::uint32_t page, const vfio_user::GuestMemory& memory) {
    if (!l1_) {
        ++counters_.faults;
        return tl::unexpected{Fault{Fault::Reason::no_table, {}}};
    }
    const auto l2 = load<std::uint32_t>(
        frame_address(*l1_) + entry_bytes * ((page >> table_bits) & table_mask), memory);
    if (!l2) {
        return tl::unexpected{l2.error()};
    }
    const auto first = page - page % line_entries;
    const auto line = load<std::array<std::uint32_t, line_entries>>(
        frame_address(*l2) + entry_bytes * (first & table_mask), memory);
    if (!line) {
        return tl::unexpected{line.error()};
    }
    for (std::uint32_t i = 0; i < line_entries; ++i) {
        tlb_.emplace(first + i, (*line)[i]); // what is known already stays as it is
    }
    return {};
}

tl::expected<vfio_user::Iova, Fault> IpuMmu::translate(Virtual address,
                                                       const vfio_user::GuestMemory& memory) {
    const auto raw = static_cast<std::uint32_t>(address);
    const auto page = static_cast<std::uint32_t>(raw / page_size);
    auto known = tlb_.find(page);
    if (known != tlb_.end()) {
        ++counters_.hits;
    } else {
        ++counters_.misses;
        if (auto walked = walk(page, memory); !walked) {
            return tl::unexpected{walked.error()};
        }
        known = tlb_.find(page);
    }
    return frame_address(known->second) + raw % page_size;
}

std::optional<std::uint32_t> IpuMmu::read(std::uint64_t offset) const {
    switch (offset) {
    case reg::TlbInvalidate::offset:
        return 0;
    case reg::L1Base::offset:
        return l1_.value_or(0);
    case reg::GateHalt::offset:
    case reg::GateHalted::offset:
        return halted_ ? 1 : 0;
    default:
        return std::nullopt;
    }
}

bool IpuMmu::write(std::uint64_t offset, std::uint32_t value) {
    switch (offset) {
    case reg::TlbInvalidate::offset:
        if (reg::TlbInvalidate::Invalidate::get(value) != 0) {
            ++counters_.invalidates;
            if (!deaf_) {
                tlb_.clear();
            }
        }
        return true;
    case reg::L1Base::offset:
        l1_ = reg::L1Base::Pfn::get(value);
        return true;
    case reg::GateHalt::offset:
        halted_ = reg::GateHalt::Halt::get(value) != 0;
        return true;
    case reg::GateHalted::offset:
        return true; // read-only
    default:
        return false;
    }
}

void IpuMmu::reset() {
    *this = IpuMmu{};
}

} // namespace ipu3::mmu
