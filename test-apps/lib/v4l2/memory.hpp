// SPDX-License-Identifier: GPL-2.0-or-later
// Memory as the processor sees it.
#pragma once

#include "lib/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace ipu3::v4l2 {

/// A mapping with one owner.
class Mapping {
  public:
    /// @p size bytes of @p fd from @p offset on, shared, to read and write.
    [[nodiscard]] static base::Result<Mapping> of_file(int fd, std::size_t size,
                                                       std::uint64_t offset);
    /// Fresh private memory.
    [[nodiscard]] static base::Result<Mapping> anonymous(std::size_t size);

    Mapping(Mapping&& other) noexcept
        : start_{std::exchange(other.start_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
    Mapping& operator=(Mapping&& other) noexcept {
        std::swap(start_, other.start_);
        std::swap(size_, other.size_);
        return *this;
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    [[nodiscard]] std::span<std::uint8_t> bytes() const {
        return {static_cast<std::uint8_t*>(start_), size_};
    }

  private:
    Mapping(void* start, std::size_t size) : start_{start}, size_{size} {}
    void* start_;
    std::size_t size_;
};

} // namespace ipu3::v4l2
