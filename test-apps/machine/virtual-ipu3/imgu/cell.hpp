// SPDX-License-Identifier: GPL-2.0-or-later
// One of the ImgU's processors (ISP, SP0, SP1) as its control registers show it.
#pragma once

#include "machine/virtual-ipu3/imgu/registers.hpp"

#include <cstdint>
#include <optional>

namespace ipu3::imgu {

/// START, RUN and the cache's invalidate are requests: the driver changes the register by what it
/// reads, and must not find them there.
class Cell {
  public:
    /// @p icache_at: offset of the register with the address of the program.
    explicit Cell(std::uint64_t icache_at) : icache_at_{icache_at} {}

    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const;
    enum class Effect : std::uint8_t { none, start };
    /// Nothing where the block has no register.
    std::optional<Effect> write(std::uint64_t offset, std::uint32_t value);

    [[nodiscard]] std::uint32_t entry() const { return start_; }
    /// Where its program is, in the ImgU's addresses.
    [[nodiscard]] std::uint32_t program() const { return icache_; }
    [[nodiscard]] bool running() const { return running_; }
    void run() { running_ = true; }
    void stop() { running_ = false; }
    void reset() { *this = Cell{icache_at_}; }

  private:
    std::uint64_t icache_at_;
    std::uint32_t settings_{0};
    std::uint32_t start_{0};
    std::uint32_t icache_{0};
    std::uint32_t sink_{0};
    bool running_{false};
};

} // namespace ipu3::imgu
