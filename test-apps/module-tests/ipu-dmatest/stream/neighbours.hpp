// SPDX-License-Identifier: GPL-2.0-or-later
// The bytes beside a buffer of user memory, in its first and last pages: they are the program's
// own, and it uses them while the device has the buffer.
#pragma once

#include "module-tests/ipu-dmatest/stream/buffers.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ipu3::dmatest::stream {

class Neighbours {
  public:
    explicit Neighbours(std::uint32_t buffers) : values_(buffers) {}

    /// The device has buffer @p index: new values.
    void change(const Buffer& buffer, std::uint32_t index) {
        const auto value = ++values_.at(index);
        std::ranges::fill(buffer.before(), value);
        std::ranges::fill(buffer.behind(), value);
    }
    /// The buffer is back: how many of them are no longer what was written.
    [[nodiscard]] std::uint64_t count_changed(const Buffer& buffer, std::uint32_t index) const {
        const auto differs = [value = values_.at(index)](std::uint8_t byte) {
            return byte != value;
        };
        return static_cast<std::uint64_t>(std::ranges::count_if(buffer.before(), differs) +
                                          std::ranges::count_if(buffer.behind(), differs));
    }

  private:
    std::vector<std::uint8_t> values_;
};

} // namespace ipu3::dmatest::stream
