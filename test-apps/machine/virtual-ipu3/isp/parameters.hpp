// SPDX-License-Identifier: GPL-2.0-or-later
// What the image processor is told for one frame, as numbers.
//
// Names, precisions and meanings: Linux include/uapi/linux/intel-ipu3.h (staging); which of them a
// frame needs at all: ipu3-css-params.c.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace ipu3::isp {

/// Samples between the sensor and the output have 13 bits.
inline constexpr unsigned sample_bits = 13;
inline constexpr std::int32_t sample_max = (1 << sample_bits) - 1;

/// Pixels.
struct Size {
    std::uint32_t width{0};
    std::uint32_t height{0};
    friend bool operator==(const Size&, const Size&) = default;
};

/// Where the frame begins in memory. The first pixel is a green one in a row with red ones.
struct Feeder {
    std::uint32_t row_stride{0};  ///< bytes
    std::uint32_t start{0};       ///< of the first row's first word, bytes
    std::uint32_t start_pixel{0}; ///< in that word of 50 pixels
};

/// By colour, in the order of the structures.
struct BayerValues {
    std::uint16_t gr{0};
    std::uint16_t r{0};
    std::uint16_t b{0};
    std::uint16_t gb{0};
};

/// A 3x3 matrix and what is added: rows make one output each.
struct Matrix {
    std::array<std::array<std::int32_t, 3>, 3> row{};
    std::array<std::int32_t, 3> offset{};
};

/// Cells of statistics.
struct Grid {
    std::uint32_t width{0}; ///< cells
    std::uint32_t height{0};
    std::uint32_t block_width_log2{3}; ///< of a cell, pixels
    std::uint32_t block_height_log2{3};
    std::uint32_t x_start{0}; ///< of the first cell, pixels
    std::uint32_t y_start{0};
};

/// A filter of the focus statistics, by row and column.
struct AfFilter {
    static constexpr std::size_t rows = 3;
    static constexpr std::size_t columns = 11;
    std::array<std::array<std::int32_t, columns>, rows> taps{}; ///< -255 to 255
    unsigned shift{0};                                          ///< right, of the sum
};
struct AfFilters {
    BayerValues rates; ///< what each sample of a quad counts for its brightness, of 32
    AfFilter coarse;
    AfFilter fine;
};

/// A picture that leaves.
struct Output {
    Size size;
    std::uint32_t stride{0}; ///< bytes; the chroma rows have the same
    std::uint32_t crop_left{0};
    std::uint32_t crop_top{0};
    std::uint32_t step{2048}; ///< from pixel to pixel, 1/2048 of what comes in
};

struct Parameters {
    Feeder feeder;
    Size effective;    ///< what is read of the frame
    Size bds;          ///< after the Bayer down-scaler
    Size gdc;          ///< after the crop that geometric correction leaves
    BayerValues black; ///< 10 bits
    BayerValues gain;  ///< 1 + this / 8192
    Matrix ccm;        ///< 1/8192
    std::optional<std::array<std::uint16_t, 256>> gamma; ///< 13 bits, by the 8 highest bits
    Matrix csc;                                          ///< 1/16384
    BayerValues awb_threshold;                           ///< 13 bits
    bool awb_includes_saturated{false};                  ///< samples above it count for means, too
    Grid awb;
    Grid af;
    AfFilters af_filters;
    std::optional<Output> out;
    std::optional<Output> viewfinder;
};

} // namespace ipu3::isp
