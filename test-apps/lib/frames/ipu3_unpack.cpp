// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/ipu3_unpack.hpp"

#include <stdexcept>

namespace frames {

namespace {

constexpr std::size_t bits_per_sample = 10;
constexpr std::size_t bits_per_byte = 8;
constexpr std::uint32_t sample_mask = (1U << bits_per_sample) - 1;

/// Sample @p index of a group: it begins in one byte and ends in the next, for 10 bits that begin
/// at an even bit never span three.
std::uint16_t group_sample(const std::byte* group, std::size_t index) {
    const std::size_t bit = index * bits_per_sample;
    const auto low = std::to_integer<std::uint32_t>(group[bit / bits_per_byte]);
    const auto high = std::to_integer<std::uint32_t>(group[bit / bits_per_byte + 1]);
    return static_cast<std::uint16_t>(((low | (high << bits_per_byte)) >> (bit % bits_per_byte)) &
                                      sample_mask);
}

void unpack_words_line(std::span<const std::byte> words, std::span<std::uint16_t> line) {
    for (std::size_t x = 0; x < line.size(); ++x) {
        line[x] = static_cast<std::uint16_t>(
            std::to_integer<std::uint32_t>(words[2 * x]) |
            (std::to_integer<std::uint32_t>(words[2 * x + 1]) << bits_per_byte));
    }
}

} // namespace

std::size_t ipu3_line_bytes(unsigned width) {
    const std::size_t groups = width / ipu3_group_pixels;
    const std::size_t rest = width % ipu3_group_pixels;
    return groups * ipu3_group_bytes + (rest * bits_per_sample + bits_per_byte - 1) / bits_per_byte;
}

void unpack_ipu3_line(std::span<const std::byte> packed, std::span<std::uint16_t> line) {
    if (packed.size() < ipu3_line_bytes(static_cast<unsigned>(line.size()))) {
        throw std::length_error{"unpack_ipu3_line: fewer bytes than samples"};
    }
    while (line.size() >= ipu3_group_pixels) {
        const std::byte* const group = packed.data();
        for (std::size_t i = 0; i < ipu3_group_pixels; ++i) {
            line[i] = group_sample(group, i);
        }
        packed = packed.subspan(ipu3_group_bytes);
        line = line.subspan(ipu3_group_pixels);
    }
    for (std::size_t i = 0; i < line.size(); ++i) {
        line[i] = group_sample(packed.data(), i);
    }
}

base::Result<void> unpack_frame(std::span<const std::byte> bytes, const RawFormat& format,
                                Size size, std::size_t bytes_per_line, RawImage& image) {
    const std::size_t line_bytes = format.line_bytes(size.width);
    if (bytes_per_line < line_bytes) {
        return base::fail("{} bytes per line are too few for {} pixels of {}, which take {}",
                          bytes_per_line, size.width, format.name(), line_bytes);
    }
    if (size.height > 0 && bytes.size() < line_bytes) {
        return base::fail("{} bytes are too few for one line of {}", bytes.size(), line_bytes);
    }
    if (size.height > 0 && (bytes.size() - line_bytes) / bytes_per_line < size.height - 1) {
        return base::fail("{} bytes are too few for {} lines of {}", bytes.size(), size.height,
                          bytes_per_line);
    }
    image.size = size;
    image.order = format.order;
    image.pixels.resize(std::size_t{size.width} * size.height);
    for (unsigned y = 0; y < size.height; ++y) {
        const auto line = bytes.subspan(y * bytes_per_line, line_bytes);
        if (format.packing == Packing::words) {
            unpack_words_line(line, image.line(y));
        } else {
            unpack_ipu3_line(line, image.line(y));
        }
    }
    return {};
}

} // namespace frames
