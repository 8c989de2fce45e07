// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/isp/develop.hpp"

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

/// The three rows around a pixel's; its place in them is one more than its column.
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

/// One row in three planes, so that the compiler can work on several pixels at once.
struct Planes {
    explicit Planes(std::size_t width) : first(width), second(width), third(width) {}
    std::vector<std::int32_t> first;
    std::vector<std::int32_t> second;
    std::vector<std::int32_t> third;
};

/// A row of green and red samples.
void demosaic_red(const Around& around, Planes& rgb) {
    for (std::size_t x = 0; x < rgb.first.size(); x += 2) {
        const auto at = x + 1;
        rgb.first[x] = around.left_right(at);
        rgb.second[x] = around.here[at];
        rgb.third[x] = around.up_down(at);
        rgb.first[x + 1] = around.here[at + 1];
        rgb.second[x + 1] = around.cross(at + 1);
        rgb.third[x + 1] = around.corners(at + 1);
    }
}

/// A row of blue and green samples.
void demosaic_blue(const Around& around, Planes& rgb) {
    for (std::size_t x = 0; x < rgb.first.size(); x += 2) {
        const auto at = x + 1;
        rgb.first[x] = around.corners(at);
        rgb.second[x] = around.cross(at);
        rgb.third[x] = around.here[at];
        rgb.first[x + 1] = around.up_down(at + 1);
        rgb.second[x + 1] = around.here[at + 1];
        rgb.third[x + 1] = around.left_right(at + 1);
    }
}

template <unsigned Bits>
void multiply(const Matrix& matrix, const Planes& from, Planes& to) {
    const std::array targets{&to.first, &to.second, &to.third};
    for (std::size_t row = 0; row < targets.size(); ++row) {
        const auto [a, b, c] = matrix.row.at(row);
        const auto offset = matrix.offset.at(row);
        auto& target = *targets.at(row);
        for (std::size_t x = 0; x < target.size(); ++x) {
            target[x] =
                ((a * from.first[x] + b * from.second[x] + c * from.third[x]) >> Bits) + offset;
        }
    }
}

void tone(const std::vector<std::int32_t>& curve, std::vector<std::int32_t>& row) {
    for (auto& value : row) {
        value = curve[static_cast<std::size_t>(std::clamp(value, 0, sample_max))];
    }
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
    Planes seen{size.width};
    Planes corrected{size.width};
    std::array yuv{Planes{size.width}, Planes{size.width}}; // of two rows
    for (std::size_t y = 0; y < size.height; ++y) {
        const auto at = static_cast<std::ptrdiff_t>(y);
        const Around around{balanced.row(at - 1), balanced.row(at), balanced.row(at + 1)};
        if (y % 2 == 0) {
            demosaic_red(around, seen);
        } else {
            demosaic_blue(around, seen);
        }
        multiply<ccm_bits>(parameters.ccm, seen, corrected);
        tone(curve, corrected.first);
        tone(curve, corrected.second);
        tone(curve, corrected.third);
        auto& converted = yuv.at(y % 2);
        multiply<csc_bits>(parameters.csc, corrected, converted);
        std::ranges::transform(converted.first, developed.luma(y).begin(),
                               [](std::int32_t value) { return to_byte(value >> output_shift); });
        if (y % 2 == 0) {
            continue;
        }
        auto chroma = developed.chroma(y / 2);
        const auto mean = [&](std::vector<std::int32_t> Planes::* plane, std::size_t x) {
            const auto& upper = yuv[0].*plane;
            const auto& lower = yuv[1].*plane;
            const auto sum = upper[x] + upper[x + 1] + lower[x] + lower[x + 1];
            return to_byte(chroma_zero + (sum >> (output_shift + 2)));
        };
        for (std::size_t x = 0; x < size.width; x += 2) {
            chroma[x] = mean(&Planes::second, x);
            chroma[x + 1] = mean(&Planes::third, x);
        }
    }
    return developed;
}

} // namespace ipu3::isp
