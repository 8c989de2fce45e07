// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/stream/pattern_check.hpp"

namespace ipu3::dmatest::stream {

namespace {

constexpr std::uint64_t number_bytes = 4;
constexpr std::uint64_t header_bytes = 8;

/// The 32 bits that four bytes of the body are cut from.
std::uint32_t body_word(std::uint32_t number, std::uint64_t index) {
    std::uint64_t x = (index * 2654435761ULL + number * 2246822519ULL) & 0xffffffffULL;
    x ^= x >> 16U;
    x = (x * 2146121005ULL) & 0xffffffffULL;
    x ^= x >> 15U;
    return static_cast<std::uint32_t>(x);
}

std::uint8_t byte_of(std::uint32_t word, std::uint64_t place) {
    return static_cast<std::uint8_t>((word >> (8U * place)) & 0xffU);
}

/// Calls @p visit with each index into the bytes and the value that belongs there.
template <typename Visit>
void each_byte(std::uint64_t count, std::uint32_t number, std::uint64_t offset, Visit visit) {
    std::uint32_t word = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto at = offset + i;
        if (at < header_bytes) {
            visit(i, pattern_byte(number, at));
            continue;
        }
        if (i == 0 || at % number_bytes == 0) {
            word = body_word(number, at / number_bytes);
        }
        visit(i, byte_of(word, at % number_bytes));
    }
}

} // namespace

std::uint8_t pattern_byte(std::uint32_t number, std::uint64_t offset) {
    if (offset < number_bytes) {
        return byte_of(number, offset);
    }
    if (offset < header_bytes) {
        return static_cast<std::uint8_t>(0xffU - byte_of(number, offset - number_bytes));
    }
    return byte_of(body_word(number, offset / number_bytes), offset % number_bytes);
}

void write_pattern(std::span<std::uint8_t> bytes, std::uint32_t number, std::uint64_t offset) {
    each_byte(bytes.size(), number, offset,
              [&](std::uint64_t i, std::uint8_t value) { bytes[i] = value; });
}

std::uint64_t count_wrong(std::span<const std::uint8_t> bytes, std::uint32_t number,
                          std::uint64_t offset) {
    std::uint64_t wrong = 0;
    each_byte(bytes.size(), number, offset,
              [&](std::uint64_t i, std::uint8_t value) { wrong += bytes[i] != value ? 1U : 0U; });
    return wrong;
}

} // namespace ipu3::dmatest::stream
