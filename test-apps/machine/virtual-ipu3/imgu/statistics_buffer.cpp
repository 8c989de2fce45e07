// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/statistics_buffer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace ipu3::imgu {

namespace {

constexpr std::size_t awb_at = 0;
constexpr std::size_t awb_cell_bytes = 8;
constexpr std::size_t af_at = 0x17180;
constexpr std::size_t config_at = 0x1e680;
constexpr std::size_t awb_enabled_at = 0x1ea60;
constexpr std::size_t af_enabled_at = 0x1ea60 + 0x40;

template <typename T>
void put(std::vector<std::byte>& buffer, std::size_t at, const T& value) {
    std::memcpy(std::span{buffer}.subspan(at, sizeof(T)).data(), &value, sizeof(T));
}

} // namespace

std::vector<std::byte>
statistics_buffer(const Counted& counted,
                  const std::array<std::byte, statistics_config_bytes>& config) {
    std::vector<std::byte> buffer(statistics_bytes);
    if (counted.awb) {
        const std::size_t width = counted.awb_grid.width;
        const auto row = (width + 3) / 4 * 4;
        for (std::size_t i = 0; i < counted.awb->size(); ++i) {
            const auto& cell = counted.awb->at(i);
            put(buffer, awb_at + awb_cell_bytes * (i / width * row + i % width),
                std::array{cell.gr, cell.r, cell.b, cell.gb, cell.saturated});
        }
        put(buffer, awb_enabled_at, std::uint32_t{1});
    }
    if (counted.af) {
        for (std::size_t i = 0; i < counted.af->size(); ++i) {
            const auto& cell = counted.af->at(i);
            put(buffer, af_at + 4 * i, std::array{cell.coarse, cell.fine});
        }
        put(buffer, af_enabled_at, std::uint32_t{1});
    }
    put(buffer, config_at, config);
    return buffer;
}

} // namespace ipu3::imgu
