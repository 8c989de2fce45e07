// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/dmatest/transfer.hpp"

#include <algorithm>
#include <array>

namespace ipu3::dmatest {

namespace {

using reg::slot::Code;
using reg::slot::Operation;

// Bytes in one access, and in one call of advance().
constexpr std::size_t access_bytes = std::size_t{64} << 10U;
constexpr std::uint64_t portion_bytes = std::uint64_t{512} << 10U;
// Short lines cost an access each; so many of them are a portion, too.
constexpr unsigned portion_accesses = 1024;

constexpr std::byte beyond_mark{0xbd};
constexpr std::byte flipped_bit{0x08};

} // namespace

bool Command::valid() const {
    switch (operation()) {
    case Operation::nop:
        return true;
    case Operation::fill:
    case Operation::verify:
    case Operation::copy:
        return line_bytes != 0 && lines != 0 && (lines == 1 || stride >= line_bytes) &&
               extent() <= largest_extent && beyond <= largest_extent;
    }
    return false;
}

Transfer::Transfer(const Command& command)
    : command_{command}, data_{command.operation() == Operation::nop
                                   ? 0
                                   : std::uint64_t{command.line_bytes} * command.lines},
      size_{command.operation() == Operation::nop ? 0 : data_ + command.beyond},
      frame_{command.frame} {}

Transfer::Run Transfer::run() const {
    if (done_ >= data_) {
        return {command_.extent() + (done_ - data_), size_ - done_, true};
    }
    const auto line = done_ / command_.line_bytes;
    const auto x = done_ % command_.line_bytes;
    return {line * command_.stride + x, command_.line_bytes - x, false};
}

void Transfer::advance(Dma& dma, std::uint64_t until) {
    const auto end = std::min({until, size_, done_ + portion_bytes});
    if (done_ == 0 && size_ != 0) {
        find_frame(dma);
    }
    std::array<std::byte, access_bytes> buffer{};
    for (unsigned accesses = 0; done_ < end && code_ == Code::ok && accesses < portion_accesses;
         ++accesses) {
        const auto next = run();
        const auto count = std::min({next.bytes, end - done_, std::uint64_t{access_bytes}});
        const auto moved = move(dma, next, std::span{buffer}.first(count));
        if (!moved) {
            code_ = moved.error().code;
            done_ += moved.error().done;
            return;
        }
        done_ += count;
    }
}

/// The number in the data counts if it can be read and agrees with its complement.
void Transfer::find_frame(Dma& dma) {
    if (command_.operation() != Operation::verify ||
        command_.command.get<reg::slot::Command::FrameFromData>() == 0 ||
        command_.line_bytes < pattern::header_bytes) {
        return;
    }
    std::array<std::byte, pattern::header_bytes> header{};
    if (const auto read = dma.read(command_.address, header); !read) {
        return; // the transfer itself meets the same fault and reports it
    }
    frame_ = pattern::frame_number(header).value_or(frame_);
}

tl::expected<void, DmaError> Transfer::move(Dma& dma, const Run& run, std::span<std::byte> bytes) {
    switch (command_.operation()) {
    case Operation::fill:
        if (run.beyond) {
            std::ranges::fill(bytes, beyond_mark);
        } else {
            pattern::fill(frame_, run.offset, bytes);
            flip(bytes);
        }
        return dma.write(command_.address + run.offset, bytes);
    case Operation::verify:
        if (auto read = dma.read(command_.address + run.offset, bytes); !read) {
            judge(run, bytes.first(read.error().done));
            return read;
        }
        flip(bytes);
        judge(run, bytes);
        return {};
    case Operation::copy:
        if (auto read = dma.read(command_.source + run.offset, bytes); !read) {
            return tl::unexpected{DmaError{read.error().code, 0}};
        }
        flip(bytes);
        return dma.write(command_.address + run.offset, bytes);
    case Operation::nop:
        break;
    }
    return {};
}

/// The middle byte of the data comes over wrong, if that was asked for and it is among @p bytes,
/// which begin at done().
void Transfer::flip(std::span<std::byte> bytes) const {
    const auto middle = data_ / 2;
    if (command_.command.get<reg::slot::Command::FlipBit>() != 0 && middle >= done_ &&
        middle - done_ < bytes.size()) {
        bytes[middle - done_] ^= flipped_bit;
    }
}

void Transfer::judge(const Run& run, std::span<const std::byte> bytes) {
    if (run.beyond) {
        beyond_used_ += static_cast<std::uint32_t>(
            std::ranges::count_if(bytes, [](std::byte b) { return b != std::byte{0}; }));
        return;
    }
    std::array<std::byte, access_bytes> expected{};
    pattern::compare(frame_, run.offset, bytes, expected, difference_);
}

} // namespace ipu3::dmatest
