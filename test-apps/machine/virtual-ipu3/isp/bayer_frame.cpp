// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/isp/bayer_frame.hpp"

#include <algorithm>
#include <cstring>

namespace ipu3::isp {

namespace {

constexpr std::size_t group_pixels = 25;
constexpr std::size_t group_bytes = 32;
constexpr std::size_t word_pixels = 50;
constexpr std::size_t word_bytes = 64;
constexpr unsigned sensor_bits = 10;
constexpr std::uint32_t sensor_mask = (1U << sensor_bits) - 1;

/// What a sample of the output covers of the input, both of one colour: from @p first on, the first
/// with @p first_weight, then whole ones, the last with @p last_weight; of weight_one each.
struct Cover {
    std::uint32_t first;
    std::uint32_t count;
    std::uint32_t first_weight;
    std::uint32_t last_weight;
};
constexpr std::uint64_t weight_one = 256;

std::vector<Cover> cover(std::uint32_t from, std::uint32_t to) {
    std::vector<Cover> all(to);
    for (std::uint64_t i = 0; i < to; ++i) {
        const auto begin = i * from * weight_one / to;
        const auto end = std::max((i + 1) * from * weight_one / to, begin + 1);
        const auto first = begin / weight_one;
        const auto last = (end - 1) / weight_one;
        auto& one = all[i];
        one.first = static_cast<std::uint32_t>(first);
        one.count = static_cast<std::uint32_t>(last - first + 1);
        one.first_weight =
            static_cast<std::uint32_t>(std::min(end, (first + 1) * weight_one) - begin);
        one.last_weight = static_cast<std::uint32_t>(end - last * weight_one);
    }
    return all;
}

std::uint32_t weight(const Cover& one, std::uint32_t i) {
    if (i == 0) {
        return one.first_weight;
    }
    return i + 1 == one.count ? one.last_weight : static_cast<std::uint32_t>(weight_one);
}

std::uint32_t total(const Cover& one) {
    std::uint32_t sum = 0;
    for (std::uint32_t i = 0; i < one.count; ++i) {
        sum += weight(one, i);
    }
    return sum;
}

} // namespace

std::size_t packed_bytes(std::size_t pixels) {
    return (pixels + word_pixels - 1) / word_pixels * word_bytes;
}

void unpack_row(std::span<const std::byte> packed, std::size_t first, std::span<std::uint16_t> to) {
    for (std::size_t done = 0; done < to.size();) {
        const auto pixel = first + done;
        const auto group = packed.subspan(pixel / group_pixels * group_bytes, group_bytes);
        for (auto within = pixel % group_pixels; within < group_pixels && done < to.size();
             ++within, ++done) {
            const auto bit = within * sensor_bits;
            std::uint16_t two = 0; // ten bits lie in two bytes, for they begin at an even bit
            std::memcpy(&two, group.subspan(bit / 8, sizeof(two)).data(), sizeof(two));
            to[done] = static_cast<std::uint16_t>((std::uint32_t{two} >> (bit % 8)) & sensor_mask);
        }
    }
}

void subtract_black(BayerFrame& frame, const BayerValues& black) {
    const std::array<std::array<std::int32_t, 2>, 2> levels{
        {{black.gr, black.r}, {black.b, black.gb}}};
    for (std::size_t y = 0; y < frame.size().height; ++y) {
        const auto [even, odd] = levels.at(y % 2);
        auto row = frame.row(y);
        for (std::size_t x = 0; x < row.size(); ++x) {
            const auto level = x % 2 == 0 ? even : odd;
            const auto above = std::max(0, std::int32_t{row[x]} - level);
            row[x] = static_cast<std::uint16_t>(above << (sample_bits - sensor_bits));
        }
    }
}

BayerFrame scale_bayer(const BayerFrame& frame, Size size) {
    if (size == frame.size()) {
        return frame;
    }
    BayerFrame scaled{size};
    const auto columns = cover(frame.size().width / 2, size.width / 2);
    const auto rows = cover(frame.size().height / 2, size.height / 2);
    std::vector<std::uint32_t> column_total(columns.size());
    std::ranges::transform(columns, column_total.begin(), total);
    std::vector<std::uint64_t> sums(frame.size().width);
    for (std::size_t y = 0; y < size.height; ++y) {
        const auto& vertical = rows[y / 2];
        std::ranges::fill(sums, 0U);
        for (std::uint32_t i = 0; i < vertical.count; ++i) {
            const auto from = frame.row(std::size_t{vertical.first + i} * 2 + y % 2);
            const auto share = weight(vertical, i);
            for (std::size_t x = 0; x < sums.size(); ++x) {
                sums[x] += std::uint64_t{from[x]} * share;
            }
        }
        const auto vertical_total = total(vertical);
        auto to = scaled.row(y);
        for (std::size_t x = 0; x < to.size(); ++x) {
            const auto& horizontal = columns[x / 2];
            std::uint64_t sum = 0;
            for (std::uint32_t i = 0; i < horizontal.count; ++i) {
                sum += sums[std::size_t{horizontal.first + i} * 2 + x % 2] * weight(horizontal, i);
            }
            const auto whole = std::uint64_t{vertical_total} * column_total[x / 2];
            to[x] = static_cast<std::uint16_t>((sum + whole / 2) / whole);
        }
    }
    return scaled;
}

} // namespace ipu3::isp
