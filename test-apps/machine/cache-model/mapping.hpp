// SPDX-License-Identifier: GPL-2.0-or-later
// A file mapped into memory, shared, as long as the object lives.
#pragma once

#include "lib/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace ipu3::cache {

class Mapping {
  public:
    /// Maps the first @p size bytes of @p fd for reading and writing; the descriptor stays the
    /// caller's and is not needed afterwards. Error: mmap's, or the file is shorter.
    [[nodiscard]] static base::Result<Mapping> open(int fd, std::uint64_t size);

    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }

  private:
    explicit Mapping(std::span<std::byte> bytes) : bytes_{bytes} {}
    std::span<std::byte> bytes_;
};

} // namespace ipu3::cache
