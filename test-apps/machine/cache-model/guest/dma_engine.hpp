// SPDX-License-Identifier: GPL-2.0-or-later
// The DMA test function as a program in the guest uses it, without a driver.
#pragma once

#include "lib/base/result.hpp"
#include "machine/cache-model/mapping.hpp"

#include <cstdint>

namespace cache_probe {

/// A physical address of the guest's, which is the bus's, too, where no VT-d is on.
enum class Physical : std::uint64_t {};
[[nodiscard]] constexpr std::uint64_t value(Physical address) {
    return static_cast<std::uint64_t>(address);
}

/// One function of 1234:1d0a with its MMU bypassed.
class DmaEngine {
  public:
    /// Finds the first one and enables it. Needs root. Error: there is none, or sysfs refuses.
    [[nodiscard]] static base::Result<DmaEngine> find();

    /// The device reads @p bytes at @p from and writes them at @p to; returns when it has. Throws
    /// std::runtime_error when the device reports a failure.
    void copy(Physical from, Physical to, std::uint32_t bytes);

  private:
    explicit DmaEngine(ipu3::cache::Mapping registers) : registers_{std::move(registers)} {}
    void write(std::uint64_t offset, std::uint32_t number);
    [[nodiscard]] std::uint32_t read(std::uint64_t offset) const;

    ipu3::cache::Mapping registers_;
};

} // namespace cache_probe
