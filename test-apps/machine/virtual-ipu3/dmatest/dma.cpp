// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/dmatest/dma.hpp"

#include <algorithm>
#include <limits>

namespace ipu3::dmatest {

using reg::slot::Code;

tl::expected<vfio_user::Iova, DmaError> Dma::locate(Address address) {
    const auto raw = static_cast<std::uint64_t>(address);
    if (bypass_) {
        return vfio_user::Iova{raw};
    }
    if (raw > std::numeric_limits<std::uint32_t>::max()) {
        return tl::unexpected{DmaError{Code::translation, 0}};
    }
    auto found = mmu_.translate(mmu::Virtual{static_cast<std::uint32_t>(raw)}, upstream_->memory());
    if (!found) {
        return tl::unexpected{DmaError{Code::translation, 0}};
    }
    return *found;
}

template <typename Bytes, typename Move>
tl::expected<void, DmaError> Dma::by_page(Address address, Bytes bytes, Move move) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto at = address + done;
        const auto within = static_cast<std::uint64_t>(at) % mmu::page_size;
        const auto part = std::min<std::size_t>(bytes.size() - done, mmu::page_size - within);
        const auto iova =
            upstream_ == nullptr
                ? tl::expected<vfio_user::Iova, DmaError>{tl::unexpected{DmaError{Code::bus, 0}}}
                : locate(at);
        if (!iova) {
            return tl::unexpected{DmaError{iova.error().code, done}};
        }
        if (!move(*iova, bytes.subspan(done, part))) {
            return tl::unexpected{DmaError{Code::bus, done}};
        }
        done += part;
    }
    return {};
}

tl::expected<void, DmaError> Dma::read(Address from, std::span<std::byte> to) {
    return by_page(from, to, [this](vfio_user::Iova at, std::span<std::byte> part) {
        return upstream_->memory().read(at, part).has_value();
    });
}

tl::expected<void, DmaError> Dma::write(Address to, std::span<const std::byte> from) {
    return by_page(to, from, [this](vfio_user::Iova at, std::span<const std::byte> part) {
        return upstream_->memory().write(at, part).has_value();
    });
}

void Dma::reset() {
    mmu_.reset();
    bypass_ = false;
}

} // namespace ipu3::dmatest
