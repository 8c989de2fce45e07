// SPDX-License-Identifier: GPL-2.0-or-later
// Memory of a program whose physical addresses it knows.
#pragma once

#include "machine/cache-model/guest/dma_engine.hpp"

#include <cstddef>
#include <span>

namespace cache_probe {

inline constexpr std::size_t line_size = 64;
inline constexpr std::size_t page_size = 4096;

/// Pages of anonymous memory, locked, filled with zeros. Their neighbours in virtual addresses are
/// neighbours nowhere else.
class Pages {
  public:
    /// @p low: below 4 GiB of virtual addresses. Throws std::system_error.
    explicit Pages(std::size_t count, bool low = false);
    ~Pages();
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;
    Pages(Pages&&) = delete;
    Pages& operator=(Pages&&) = delete;

    [[nodiscard]] std::byte* at(std::size_t offset) const { return bytes_.subspan(offset).data(); }
    [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }
    /// Where the kernel has put a byte. Throws std::runtime_error without the right to know.
    [[nodiscard]] Physical physical(std::size_t offset) const;

  private:
    std::span<std::byte> bytes_;
};

} // namespace cache_probe
