// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/lop_writer.hpp"

#include <algorithm>
#include <utility>

namespace ipu3::cio2 {

namespace {

/// One past the last byte that may be written, counted from the start of the first page.
std::uint64_t end_of(const PageList& list) {
    const std::uint64_t named = std::uint64_t{list.lops.size()} * fbpt::lop_entries;
    if (list.pages == 0 || list.pages > named) {
        return named * page_size * (list.pages == 0 ? 0 : 1);
    }
    const auto limit = std::min<std::uint64_t>(list.last_page_limit, page_size - 1);
    return ((std::uint64_t{list.pages} - 1) * page_size) + limit + 1;
}

} // namespace

LopWriter::LopWriter(BusMaster& bus, PageList list, Sabotage sabotage)
    : bus_{bus}, list_{std::move(list)}, sabotage_{sabotage}, position_{list_.first_page_offset},
      end_{end_of(list_)} {}

std::optional<std::uint32_t> LopWriter::page(std::uint64_t index) {
    if (sabotage_ == Sabotage::lop_step && index > 0 && (index + 1) % fbpt::lop_entries != 0) {
        ++index;
    }
    const auto lop = index / fbpt::lop_entries;
    if (cached_lop_ != lop) {
        std::vector<std::uint32_t> pfns(fbpt::lop_entries);
        const auto read =
            bus_.read(page_address(list_.lops[lop]), std::as_writable_bytes(std::span{pfns}));
        if (!read) {
            list_fault_ = read.error();
            return std::nullopt;
        }
        pfns_ = std::move(pfns);
        cached_lop_ = lop;
    }
    return pfns_[index % fbpt::lop_entries];
}

void LopWriter::append(std::span<const std::byte> bytes) {
    while (!bytes.empty() && !list_fault_) {
        if (position_ >= end_) {
            full_ = true;
            return;
        }
        const auto offset = position_ % page_size;
        const auto size =
            std::min({std::uint64_t{bytes.size()}, page_size - offset, end_ - position_});
        const auto pfn = page(position_ / page_size);
        if (!pfn) {
            return;
        }
        if (const auto done = bus_.write(page_address(*pfn) + offset, bytes.first(size)); !done) {
            ++page_faults_;
            if (!page_fault_) {
                page_fault_ = done.error();
            }
        }
        position_ += size;
        written_ += static_cast<std::uint32_t>(size);
        bytes = bytes.subspan(size);
    }
}

void LopWriter::fetch_ahead() {
    const auto next = (position_ + page_size - 1) / page_size;
    const auto lop = next / fbpt::lop_entries;
    if (list_fault_ || next % fbpt::lop_entries != 0 || lop >= list_.lops.size() || written_ == 0) {
        return; // within a list that was read already, or behind the entry's last one
    }
    if (const auto pointer = bus_.load<std::uint32_t>(page_address(list_.lops[lop])); !pointer) {
        list_fault_ = pointer.error();
    }
}

} // namespace ipu3::cio2
