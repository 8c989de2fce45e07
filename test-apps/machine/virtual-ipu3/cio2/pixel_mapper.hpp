// SPDX-License-Identifier: GPL-2.0-or-later
// The pixel mapper of one port: the format in memory, the stream's DMA channel, frame abort.
#pragma once

#include "machine/virtual-ipu3/cio2/register_bank.hpp"
#include "machine/virtual-ipu3/cio2/registers.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ipu3::cio2 {

class PixelMapper {
  public:
    PixelMapper();

    /// Software's accesses, offsets within the port's 48 bytes; nothing / false where there is no
    /// register.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const {
        return bank_.read(offset);
    }
    bool write(std::uint64_t offset, std::uint32_t value) { return bank_.write(offset, value); }
    void reset() { bank_.reset(); }

    /// Bytes that packed lines of the stream end on, or nothing when its format is not plain 10-bit
    /// pixels: the only one that sensors here send and that the model packs.
    [[nodiscard]] std::optional<std::size_t> line_alignment(unsigned stream_id) const;
    /// The DMA channel of the stream; may be one that does not exist.
    [[nodiscard]] unsigned channel(unsigned stream_id) const;
    /// Software wants the port's frames thrown away.
    [[nodiscard]] bool aborting() const;

  private:
    RegisterBank bank_;
};

} // namespace ipu3::cio2
