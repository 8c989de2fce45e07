// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/isp/output.hpp"

#include <algorithm>
#include <cstdint>

namespace ipu3::isp {

namespace {

constexpr std::uint64_t step_one = 2048;

/// Which two samples of @p limit one of the output lies between, and how far from the first.
struct Between {
    std::size_t first;
    std::size_t second;
    std::uint32_t part; ///< of step_one
};

std::vector<Between> places(std::size_t count, std::uint64_t offset, std::uint64_t step,
                            std::size_t limit) {
    std::vector<Between> all(count);
    for (std::size_t i = 0; i < count; ++i) {
        // Centre on centre: half a pixel of the output, less half a pixel of the input.
        const auto centre = (2 * (i + offset) + 1) * step;
        const auto at = centre > step_one ? (centre - step_one) / 2 : 0;
        const auto first = std::min<std::uint64_t>(at / step_one, limit - 1);
        all[i] = {.first = first,
                  .second = std::min<std::size_t>(first + 1, limit - 1),
                  .part = static_cast<std::uint32_t>(at % step_one)};
    }
    return all;
}

std::uint32_t blend(std::uint32_t first, std::uint32_t second, std::uint32_t part) {
    return first * static_cast<std::uint32_t>(step_one - part) + second * part;
}

/// One plane whose samples come in groups of @p Channels.
template <std::size_t Channels, typename Row>
void resample(Row row, const std::vector<Between>& columns, const std::vector<Between>& rows,
              std::span<std::byte> to, std::size_t stride) {
    constexpr std::uint64_t half = step_one * step_one / 2;
    for (std::size_t y = 0; y < rows.size(); ++y) {
        const auto upper = row(rows[y].first);
        const auto lower = row(rows[y].second);
        auto line = to.subspan(y * stride, columns.size() * Channels);
        for (std::size_t x = 0; x < columns.size(); ++x) {
            const auto& column = columns[x];
            for (std::size_t channel = 0; channel < Channels; ++channel) {
                const auto left = column.first * Channels + channel;
                const auto right = column.second * Channels + channel;
                const std::uint64_t above = blend(upper[left], upper[right], column.part);
                const std::uint64_t below = blend(lower[left], lower[right], column.part);
                const auto sum = above * (step_one - rows[y].part) + below * rows[y].part;
                line[x * Channels + channel] =
                    static_cast<std::byte>((sum + half) / (step_one * step_one));
            }
        }
    }
}

/// Whether @p output is a part of a frame of @p size as it is.
bool is_a_part(const Output& output, Size size) {
    return output.step == step_one && output.crop_left % 2 == 0 && output.crop_top % 2 == 0 &&
           output.crop_left + output.size.width <= size.width &&
           output.crop_top + output.size.height <= size.height;
}

void copy_part(const YuvFrame& frame, const Output& output, std::span<std::byte> to) {
    const auto copy = [&](std::span<const std::uint8_t> row, std::size_t number) {
        const auto part = row.subspan(output.crop_left, output.size.width);
        std::ranges::copy(std::as_bytes(part), to.subspan(number * output.stride).begin());
    };
    for (std::size_t y = 0; y < output.size.height; ++y) {
        copy(frame.luma(y + output.crop_top), y);
    }
    for (std::size_t y = 0; y < output.size.height / 2; ++y) {
        copy(frame.chroma(y + output.crop_top / 2), output.size.height + y);
    }
}

} // namespace

YuvFrame crop_centre(const YuvFrame& frame, Size size) {
    if (size == frame.size()) {
        return frame;
    }
    const Size kept{std::min(size.width, frame.size().width),
                    std::min(size.height, frame.size().height)};
    YuvFrame cropped{kept};
    const auto left = std::size_t{(frame.size().width - kept.width) / 2} & ~std::size_t{1};
    const auto top = std::size_t{(frame.size().height - kept.height) / 2} & ~std::size_t{1};
    for (std::size_t y = 0; y < kept.height; ++y) {
        std::ranges::copy(frame.luma(y + top).subspan(left, kept.width), cropped.luma(y).begin());
    }
    for (std::size_t y = 0; y < kept.height / 2; ++y) {
        std::ranges::copy(frame.chroma(y + top / 2).subspan(left, kept.width),
                          cropped.chroma(y).begin());
    }
    return cropped;
}

std::size_t nv12_bytes(const Output& output) {
    return std::size_t{output.stride} * output.size.height +
           std::size_t{output.stride} * (output.size.height / 2);
}

std::vector<std::byte> make_nv12(const YuvFrame& frame, const Output& output) {
    std::vector<std::byte> picture(nv12_bytes(output));
    const auto size = frame.size();
    const std::span all{picture};
    if (is_a_part(output, size)) {
        copy_part(frame, output, all);
        return picture;
    }
    resample<1>([&](std::size_t y) { return frame.luma(y); },
                places(output.size.width, output.crop_left, output.step, size.width),
                places(output.size.height, output.crop_top, output.step, size.height), all,
                output.stride);
    resample<2>([&](std::size_t y) { return frame.chroma(y); },
                places(output.size.width / 2, output.crop_left / 2, output.step, size.width / 2),
                places(output.size.height / 2, output.crop_top / 2, output.step, size.height / 2),
                all.subspan(std::size_t{output.stride} * output.size.height), output.stride);
    return picture;
}

} // namespace ipu3::isp
