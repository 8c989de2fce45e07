// SPDX-License-Identifier: GPL-2.0-or-later
// One command's movement of bytes, done in portions.
#pragma once

#include "machine/virtual-ipu3/dmatest/dma.hpp"
#include "machine/virtual-ipu3/dmatest/pattern.hpp"
#include "machine/virtual-ipu3/dmatest/registers.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace ipu3::dmatest {

/// A command's parameters, as they stood in its slot's registers when the doorbell was rung.
struct Command {
    reg::slot::Command command{};
    Address address{}; ///< written by FILL and COPY, read by VERIFY
    Address source{};  ///< read by COPY
    std::uint32_t line_bytes{0};
    std::uint32_t lines{0};
    std::uint32_t stride{0}; ///< bytes
    std::uint32_t frame{0};
    std::uint32_t delay_us{0};
    std::uint32_t beyond{0}; ///< bytes

    [[nodiscard]] reg::slot::Operation operation() const {
        return static_cast<reg::slot::Operation>(command.get<reg::slot::Command::Operation>());
    }
    /// Bytes from the first to the last one, the gaps between lines included.
    [[nodiscard]] std::uint64_t extent() const {
        return std::uint64_t{lines - 1} * stride + line_bytes;
    }
    /// Whether it can be carried out: a known operation, 1 byte to 64 MiB, lines that do not
    /// overlap, at most as much beyond the end.
    [[nodiscard]] bool valid() const;
};

inline constexpr std::uint64_t largest_extent = std::uint64_t{64} << 20U;

class Transfer {
  public:
    /// @p command must be valid().
    explicit Transfer(const Command& command);

    [[nodiscard]] std::uint64_t size() const { return size_; } ///< bytes to move in all
    [[nodiscard]] std::uint64_t done() const { return done_; }
    [[nodiscard]] bool finished() const { return done_ == size_ || code_ != reg::slot::Code::ok; }
    [[nodiscard]] reg::slot::Code code() const { return code_; }

    /// Moves bytes until done() reaches @p until (or the end), at most a portion that leaves the
    /// event loop its turn.
    void advance(Dma& dma, std::uint64_t until);

    [[nodiscard]] std::uint32_t frame() const { return frame_; }
    [[nodiscard]] const pattern::Difference& difference() const { return difference_; }
    [[nodiscard]] std::uint32_t beyond_used() const { return beyond_used_; }

  private:
    /// Contiguous bytes from done() on: where they are from the buffer's start, and how many.
    struct Run {
        std::uint64_t offset;
        std::uint64_t bytes;
        bool beyond;
    };
    [[nodiscard]] Run run() const;
    void find_frame(Dma& dma);
    [[nodiscard]] tl::expected<void, DmaError> move(Dma& dma, const Run& run,
                                                    std::span<std::byte> bytes);
    void flip(std::span<std::byte> bytes) const;
    void judge(const Run& run, std::span<const std::byte> bytes);

    Command command_;
    std::uint64_t data_; ///< bytes that are not beyond the end
    std::uint64_t size_;
    std::uint64_t done_{0};
    std::uint32_t frame_;
    reg::slot::Code code_{reg::slot::Code::ok};
    pattern::Difference difference_;
    std::uint32_t beyond_used_{0};
};

} // namespace ipu3::dmatest
