// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/ip3_pack.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace ipu3::cio2 {

namespace {

static_assert(std::endian::native == std::endian::little,
              "samples and packed words are loaded and stored as they lie in memory");

/// Four samples from four 16-bit lanes into the low 40 bits.
std::uint64_t squeeze4(const std::uint16_t* samples) {
    std::uint64_t lanes = 0;
    std::memcpy(&lanes, samples, sizeof(lanes));
    const std::uint64_t pairs =
        (lanes & 0x0000'03ff'0000'03ffU) | ((lanes & 0x03ff'0000'03ff'0000U) >> 6U);
    return (pairs & 0xf'ffffU) | ((pairs >> 12U) & 0xff'fff0'0000U);
}

/// 25 samples are six quads of 40 bits and one sample: 250 bits, laid over four words.
void pack_group(const std::uint16_t* samples, std::byte* out) {
    const std::uint64_t a = squeeze4(samples);
    const std::uint64_t b = squeeze4(samples + 4);
    const std::uint64_t c = squeeze4(samples + 8);
    const std::uint64_t d = squeeze4(samples + 12);
    const std::uint64_t e = squeeze4(samples + 16);
    const std::uint64_t f = squeeze4(samples + 20);
    const std::uint64_t last = samples[24] & 0x3ffU;
    const std::array<std::uint64_t, 4> words{
        a | (b << 40U),
        (b >> 24U) | (c << 16U) | (d << 56U),
        (d >> 8U) | (e << 32U),
        (e >> 32U) | (f << 8U) | (last << 48U),
    };
    std::memcpy(out, words.data(), sizeof(words));
}

} // namespace

void ip3_pack_line(std::span<const std::uint16_t> pixels, std::span<std::byte> out) {
    if (out.size() < ip3_line_bytes(pixels.size(), ip3_group_bytes)) {
        throw std::invalid_argument{"ip3_pack_line: the output is too small for the line"};
    }
    const std::size_t whole = pixels.size() / ip3_group_pixels;
    for (std::size_t group = 0; group < whole; ++group) {
        pack_group(pixels.data() + (group * ip3_group_pixels),
                   out.data() + (group * ip3_group_bytes));
    }
    auto used = whole * ip3_group_bytes;
    if (const auto rest = pixels.subspan(whole * ip3_group_pixels); !rest.empty()) {
        std::array<std::uint16_t, ip3_group_pixels> padded{};
        std::ranges::copy(rest, padded.begin());
        pack_group(padded.data(), out.data() + used);
        used += ip3_group_bytes;
    }
    std::ranges::fill(out.subspan(used), std::byte{0});
}

} // namespace ipu3::cio2
