// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/mapped_memory.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ipu3::imgu {

bool MappedMemory::fault(std::string_view what, Address address) {
    on_fault_(fmt::format("{} at {:#x}", what, static_cast<std::uint32_t>(address)));
    return false;
}

/// @p move gets each page's part: where it is on the bus, and its bytes; it returns an expected.
template <typename Bytes, typename Move>
bool MappedMemory::by_page(Address address, Bytes bytes, Move move) {
    for (std::size_t done = 0; done < bytes.size();) {
        const auto at = address + done;
        if (upstream_ == nullptr || mmu_.halted()) {
            return fault("access while none may leave", at);
        }
        const auto within = static_cast<std::uint32_t>(at) % mmu::page_size;
        const auto part = std::min<std::size_t>(bytes.size() - done, mmu::page_size - within);
        const auto found = mmu_.translate(at, upstream_->memory());
        if (!found) {
            return fault("no translation", at);
        }
        if (const auto moved = move(*found, bytes.subspan(done, part)); !moved) {
            return fault(vfio_user::describe(moved.error()), at);
        }
        done += part;
    }
    return true;
}

bool MappedMemory::read(Address from, std::span<std::byte> to) {
    return by_page(from, to, [this](vfio_user::Iova at, std::span<std::byte> part) {
        return upstream_->memory().read(at, part);
    });
}

bool MappedMemory::write(Address to, std::span<const std::byte> from) {
    return by_page(to, from, [this](vfio_user::Iova at, std::span<const std::byte> part) {
        return upstream_->memory().write(at, part);
    });
}

} // namespace ipu3::imgu
