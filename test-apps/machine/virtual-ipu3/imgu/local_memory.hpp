// SPDX-License-Identifier: GPL-2.0-or-later
// A processor's data memory, which the driver sees as a part of the BAR.
#pragma once

#include "machine/virtual-ipu3/imgu/registers.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

namespace ipu3::imgu {

/// Bytes, accessible at any offset and in any width. Offsets are from the memory's own start; an
/// access that leaves it throws std::out_of_range, for whoever makes one has checked it before.
class LocalMemory {
  public:
    static constexpr std::uint64_t size = reg::memory::bytes;

    [[nodiscard]] static bool contains(std::uint64_t at, std::uint64_t bytes) {
        return at <= size && bytes <= size - at;
    }
    void read(std::uint64_t at, std::span<std::byte> to) const {
        std::ranges::copy(part(at, to.size()), to.begin());
    }
    void write(std::uint64_t at, std::span<const std::byte> from) {
        std::ranges::copy(from, part(at, from.size()).begin());
    }
    void fill_zero(std::uint64_t at, std::uint64_t bytes) {
        std::ranges::fill(part(at, bytes), std::byte{0});
    }

    template <typename T>
    [[nodiscard]] T load(std::uint64_t at) const {
        T value{};
        read(at, std::as_writable_bytes(std::span{&value, 1}));
        return value;
    }
    template <typename T>
    void store(std::uint64_t at, T value) {
        write(at, std::as_bytes(std::span{&value, 1}));
    }

  private:
    template <typename Self>
    [[nodiscard]] static auto part_of(Self& bytes, std::uint64_t at, std::uint64_t count) {
        if (!contains(at, count)) {
            throw std::out_of_range{"an access beyond a processor's memory"};
        }
        return std::span{bytes}.subspan(at, count);
    }
    [[nodiscard]] std::span<const std::byte> part(std::uint64_t at, std::uint64_t count) const {
        return part_of(bytes_, at, count);
    }
    [[nodiscard]] std::span<std::byte> part(std::uint64_t at, std::uint64_t count) {
        return part_of(bytes_, at, count);
    }

    std::array<std::byte, size> bytes_{};
};

} // namespace ipu3::imgu
