// SPDX-License-Identifier: GPL-2.0-or-later
#include "virtual-ipu3/isp/develop.hpp"

#include <algorithm>
#include <array>

namespace ipu3::isp {

namespace {

constexpr unsigned gain_bits = 13;
constexpr unsigned ccm_bits = 13;
constexpr unsigned csc_bits = 14;
constexpr unsigned output_shift = sample_bits - 8;
constexpr std::int32_t chroma_zero = 128;

/// Each sample with its colour's gain, and a margin of one on each side that mirrors.
class Balanced {
  public:
    Balanced(const BayerFrame& frame, const BayerValues& gain)
        : stride_{std::size_t{frame.size().width} + 2},
          samples_(stride_ * (std::size_t{frame.size().height} + 2)) {
        const std::array<std::array<std::uint32_t, 2>, 2> gains{
            {{one + gain.gr, one + gain.r}, {one + gain.b, one + gain.gb}}};
        const auto size = frame.size();
        for (std::size_t y = 0; y < size.height; ++y) {
            const auto [even, odd] = gains.at(y % 2);
            const auto from = frame.row(y);
            auto to = line(y);
            for (std::size_t x = 0; x < size.width; ++x) {
                const auto scaled =
                    (std::uint64_t{from[x]} * (x % 2 == 0 ? even : odd)) >> gain_bits;
                to[x + 1] = static_cast<std::int32_t>(
                    std::min<std::uint64_t>(scaled, static_cast<std::uint64_t>(sample_max)));
            }
            // The colour next but one to the border is the one beyond it.
            to[0] = to[2];
            to[size.width + 1] = to[size.width - 1];
        }
        std::ranges::copy(line(1), above().begin());
        std::ranges::copy(line(std::size_t{size.height} - 2), line(size.height).begin());
    }

    /// Row @p y, or the margin's for -1 and the height; its pixel x is at x + 1.
    [[nodiscard]] std::span<const std::int32_t> row(std::ptrdiff_t y) const {
        return std::span{samples_}.subspan(static_cast<std::size_t>(y + 1) * stride_, stride_);
    }

  private:
    static constexpr std::uint32_t one = 1U << gain_bits;
    [[nodiscard]] std::span<std::int32_t> line(std::size_t y) {
        return std::span{samples_}.subspan((y + 1) * stride_, stride_);
    }
    [[nodiscard]] std::span<std::int32_t> above() {
        return std::span{samples_}.subspan(0, stride_);
    }

    std::size_t stride_;
    std::vector<std::int32_t> samples_;
};

using Rgb = std::array<std::int32_t, 3>;

/// The three rows around a pixel's, and its place in them.
struct Around {
    std::span<const std::int32_t> above;
    std::span<const std::int32_t> here;
    std::span<const std::int32_t> below;

    [[nodiscard]] std::int32_t left_right(std::size_t x) const {
        return (here[x - 1] + here[x + 1]) / 2;
    }
    [[nodiscard]] std::int32_t up_down(std::size_t x) const { return (above[x] + below[x]) / 2; }
    [[nodiscard]] std::int32_t cross(std::size_t x) const {
        return (here[x - 1] + here[x + 1] + above[x] + below[x]) / 4;
    }
    [[nodiscard]] std::int32_t corners(std::size_t x) const {
        return (above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1]) / 4;
    }
};

/// @p x: in the rows of @p around.
Rgb demosaic(const Around& around, std::size_t x, bool blue_row, bool odd_column) {
    if (!blue_row) {
        return odd_column ? Rgb{around.here[x], around.cross(x), around.corners(x)}
                          : Rgb{around.left_right(x), around.here[x], around.up_down(x)};
    }
    return odd_column ? Rgb{around.up_down(x), around.here[x], around.left_right(x)}
                      : Rgb{around.corners(x), around.cross(x), around.here[x]};
}

template <unsigned Bits>
std::int32_t apply(const Matrix& matrix, std::size_t row, const Rgb& rgb) {
    const auto& factors = matrix.row.at(row);
    return ((factors[0] * rgb[0] + factors[1] * rgb[1] + factors[2] * rgb[2]) >> Bits) +
           matrix.offset.at(row);
}

/// Tone for each of the 8192 values: the table's points, and straight lines between them.
std::vector<std::int32_t> tone_curve(const Parameters& parameters) {
    std::vector<std::int32_t> curve(std::size_t{sample_max} + 1);
    for (std::size_t i = 0; i < curve.size(); ++i) {
        curve[i] = static_cast<std::int32_t>(i);
    }
    if (!parameters.gamma) {
        return curve;
    }
    constexpr std::size_t step = 32;
    const auto& table = *parameters.gamma;
    // Its first entry is for the end of the first step: before it is zero.
    for (std::size_t i = 0; i < curve.size(); ++i) {
        const auto point = i / step;
        const std::int32_t from = point == 0 ? 0 : table.at(point - 1);
        const std::int32_t to = table.at(point);
        curve[i] = from + (to - from) * static_cast<std::int32_t>(i % step) /
                              static_cast<std::int32_t>(step);
    }
    return curve;
}

std::uint8_t to_byte(std::int32_t value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

} // namespace

YuvFrame develop(const BayerFrame& frame, const Parameters& parameters) {
    const auto size = frame.size();
    YuvFrame developed{size};
    const Balanced balanced{frame, parameters.gain};
    const auto curve = tone_curve(parameters);
    std::vector<std::int32_t> u_sums(size.width / 2);
    std::vector<std::int32_t> v_sums(size.width / 2);
    for (std::size_t y = 0; y < size.height; ++y) {
        const auto at = static_cast<std::ptrdiff_t>(y);
        const Around around{balanced.row(at - 1), balanced.row(at), balanced.row(at + 1)};
        auto luma = developed.luma(y);
        if (y % 2 == 0) {
            std::ranges::fill(u_sums, 0);
            std::ranges::fill(v_sums, 0);
        }
        for (std::size_t x = 0; x < size.width; ++x) {
            const auto seen = demosaic(around, x + 1, y % 2 != 0, x % 2 != 0);
            Rgb toned{};
            for (std::size_t colour = 0; colour < toned.size(); ++colour) {
                const auto corrected = apply<ccm_bits>(parameters.ccm, colour, seen);
                toned[colour] =
                    curve[static_cast<std::size_t>(std::clamp(corrected, 0, sample_max))];
            }
            luma[x] = to_byte(apply<csc_bits>(parameters.csc, 0, toned) >> output_shift);
            u_sums[x / 2] += apply<csc_bits>(parameters.csc, 1, toned);
            v_sums[x / 2] += apply<csc_bits>(parameters.csc, 2, toned);
        }
        if (y % 2 != 0) {
            auto chroma = developed.chroma(y / 2);
            for (std::size_t x = 0; x < size.width / 2; ++x) {
                chroma[2 * x] = to_byte(chroma_zero + (u_sums[x] >> (output_shift + 2)));
                chroma[2 * x + 1] = to_byte(chroma_zero + (v_sums[x] >> (output_shift + 2)));
            }
        }
    }
    return developed;
}

} // namespace ipu3::isp
