// SPDX-License-Identifier: GPL-2.0-or-later
// A firmware file for tests: the stand-in's, with words changed.
#pragma once

#include "module-tests/imgu/firmware/pure.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace firmware {

/// Programs of the stand-in, in their order.
// NOLINTNEXTLINE(performance-enum-size): a number of the file is a word
enum Number : std::uint32_t { sp0, sp1, bootloader, video, still, programs };

/// Bytes as the kernel gets them, and exactly that many: what is read behind them is an error.
class File {
  public:
    explicit File(std::vector<std::byte> bytes) : bytes_{std::move(bytes)} {}
    /// The stand-in's.
    File();

    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(bytes_.size()); }
    /// The word at byte @p at.
    [[nodiscard]] std::uint32_t get(std::size_t at) const;
    void put(std::size_t at, std::uint32_t word);
    void put_byte(std::size_t at, std::uint8_t byte) { bytes_.at(at) = std::byte{byte}; }
    /// The same of field @p at of program @p number's info.
    [[nodiscard]] std::uint32_t get(Number number, std::size_t at) const;
    void put(Number number, std::size_t at, std::uint32_t word);
    void put_byte(Number number, std::size_t at, std::uint8_t byte);
    void cut(std::size_t bytes);

  private:
    std::vector<std::byte> bytes_;
};

struct Verdict {
    imgu_reason reason{IMGU_OK};
    imgu_firmware firmware{};
    std::uint32_t number{0};
};

/// @p file must outlive what is returned.
[[nodiscard]] Verdict judge(const File& file);

/// Reads of all that the driver will ever read of a file that has been judged: the last byte and
/// every 64th. What they add up to.
std::uint32_t read_everything(const imgu_firmware& firmware);

/// Sizes that go together: 2592x1944, 1280x720 and 640x360.
[[nodiscard]] imgu_geometry usual_sizes();

} // namespace firmware
