// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/acc_param.hpp"

#include "lib/base/registers.hpp"

#include <algorithm>
#include <cstring>

namespace ipu3::imgu {

namespace {

// The largest frame that the driver sets up: IPU3_CSS_MAX_W and _H, and what goes around it.
constexpr std::uint32_t width_at_most = 4480;
constexpr std::uint32_t height_at_most = 3200;
constexpr std::uint32_t stride_at_most = 16384;

// Where things are, bytes.
constexpr std::size_t gdc_size_at = 0x40; // what the output system gets
constexpr std::size_t effective_width_at = 0x5c;
constexpr std::size_t feeder_at = 0x80;
constexpr std::size_t wb_gains_at = 0xe0;
constexpr std::size_t ccm_at = 0x180;
constexpr std::size_t gamma_control_at = 0x1a0;
constexpr std::size_t gamma_table_at = 0x1c0;
constexpr std::size_t csc_at = 0x3c0;
constexpr std::size_t bds_hor_ctrl2_at = 0x44588;
constexpr std::size_t bds_ver_ctrl1_at = 0x447c4;
constexpr std::size_t awb_fr_at = 0x44b60;
constexpr std::size_t ae_at = 0x44cc0;
constexpr std::size_t af_at = 0x44ee0;
constexpr std::size_t af_grid_at = 0x44f20;
constexpr std::size_t awb_at = 0x450c0;
constexpr std::size_t awb_grid_at = awb_at + 8;
constexpr std::size_t scaler_ratio_at = 0x455c0 + 192; // of the first stripe
constexpr std::size_t frame_at = 0x457c0;
constexpr std::size_t frame_stride = 64;
constexpr std::size_t stripe_crop_top_at = 0x45840 + 0x30; // of the first stripe, by pin
constexpr std::size_t stripe_crop_left_at = 0x45840 + 0x38;

// Pins of the output system.
constexpr std::size_t pin_viewfinder = 0;
constexpr std::size_t pin_out = 1;

class Block {
  public:
    explicit Block(std::span<const std::byte> bytes) : bytes_{bytes} {}

    template <typename T>
    [[nodiscard]] T at(std::size_t offset) const {
        T value{};
        std::memcpy(&value, bytes_.subspan(offset, sizeof(T)).data(), sizeof(T));
        return value;
    }
    [[nodiscard]] std::uint32_t word(std::size_t offset) const { return at<std::uint32_t>(offset); }
    [[nodiscard]] std::uint16_t half(std::size_t offset) const { return at<std::uint16_t>(offset); }

  private:
    std::span<const std::byte> bytes_;
};

isp::BayerValues four(const Block& block, std::size_t offset) {
    return {.gr = block.half(offset),
            .r = block.half(offset + 2),
            .b = block.half(offset + 4),
            .gb = block.half(offset + 6)};
}

/// In another order than the gains. Above the last one's 13 bits are two of another meaning:
/// IPU3_UAPI_AWB_RGBS_THR_B_EN and IPU3_UAPI_AWB_RGBS_THR_B_INCL_SAT.
isp::BayerValues awb_threshold(const Block& block) {
    const auto value = [&](std::size_t number) {
        return static_cast<std::uint16_t>(block.half(awb_at + 2 * number) & isp::sample_max);
    };
    return {.gr = value(0), .r = value(1), .b = value(3), .gb = value(2)};
}
using AwbIncludesSaturated = base::Bits<15>;

/// Three rows of three factors and an offset, 16 bits each.
isp::Matrix matrix(const Block& block, std::size_t offset) {
    isp::Matrix made;
    for (std::size_t row = 0; row < 3; ++row) {
        const auto at = offset + row * 8;
        for (std::size_t column = 0; column < 3; ++column) {
            made.row.at(row).at(column) = block.at<std::int16_t>(at + 2 * column);
        }
        made.offset.at(row) = block.at<std::int16_t>(at + 6);
    }
    return made;
}

/// struct ipu3_uapi_grid_config
isp::Grid grid(const Block& block, std::size_t offset) {
    using WidthLog2 = base::Bits<2, 0>;
    using HeightLog2 = base::Bits<5, 3>;
    const std::uint32_t sizes = block.half(offset + 2);
    return {.width = block.at<std::uint8_t>(offset),
            .height = block.at<std::uint8_t>(offset + 1),
            .block_width_log2 = WidthLog2::get(sizes),
            .block_height_log2 = HeightLog2::get(sizes),
            .x_start = block.half(offset + 4) & 0xfffU,
            .y_start = block.half(offset + 6) & 0xfffU};
}

std::optional<isp::Output> output(const Block& block, std::size_t pin) {
    const auto at = frame_at + frame_stride * pin;
    if (block.word(at) == 0) {
        return std::nullopt;
    }
    constexpr std::uint32_t one = 2048;
    const bool scaled = block.word(at + 0x20) != 0;
    const auto ratio = block.word(scaler_ratio_at); // of the output to the input
    return isp::Output{.size = {block.word(at + 0x14), block.word(at + 0x18)},
                       .stride = block.word(at + 0x1c),
                       .crop_left = block.word(stripe_crop_left_at + 4 * pin),
                       .crop_top = block.word(stripe_crop_top_at + 4 * pin),
                       .step = scaled && ratio != 0 ? (one * one + ratio / 2) / ratio : one};
}

base::Result<void> check(std::string_view what, const isp::Size& size) {
    if (size.width == 0 || size.height == 0 || size.width % 2 != 0 || size.height % 2 != 0 ||
        size.width > width_at_most || size.height > height_at_most) {
        return base::fail("{} of {}x{}", what, size.width, size.height);
    }
    return {};
}

base::Result<void> check(std::string_view what, const std::optional<isp::Output>& output) {
    if (!output) {
        return {};
    }
    if (auto good = check(what, output->size); !good) {
        return good;
    }
    if (output->stride < output->size.width || output->stride > stride_at_most ||
        output->crop_left > width_at_most || output->crop_top > height_at_most ||
        output->step == 0) {
        return base::fail("{} with a stride of {}, crop {},{} and step {}", what, output->stride,
                          output->crop_left, output->crop_top, output->step);
    }
    return {};
}

base::Result<void> check(const isp::Parameters& parameters) {
    for (const auto& [what, size] :
         {std::pair{"an input", parameters.effective}, std::pair{"a scaled frame", parameters.bds},
          std::pair{"a corrected frame", parameters.gdc}}) {
        if (auto good = check(what, size); !good) {
            return good;
        }
    }
    if (parameters.bds.width > parameters.effective.width ||
        parameters.bds.height > parameters.effective.height) {
        return base::fail("a scaled frame larger than the input");
    }
    if (parameters.feeder.start_pixel >= 50 || parameters.feeder.row_stride > stride_at_most) {
        return base::fail("an input from pixel {} on, rows of {} bytes",
                          parameters.feeder.start_pixel, parameters.feeder.row_stride);
    }
    for (const auto& cells : {parameters.awb, parameters.af}) {
        if (cells.width > 80 || cells.height > 60) {
            return base::fail("a grid of {}x{} cells", cells.width, cells.height);
        }
    }
    const auto& rates = parameters.af_filters.rates;
    if (std::uint32_t{rates.gr} + rates.r + rates.b + rates.gb > 32) {
        return base::fail("a brightness for focus of more than 32 parts");
    }
    if (auto good = check("an output", parameters.out); !good) {
        return good;
    }
    return check("a viewfinder", parameters.viewfinder);
}

/// Twelve coefficients and the signs of the 32 neighbours. Symmetric to both axes: the first six
/// are those of the outer rows from the border to the middle column, the others those of the row in
/// the middle, the last one the centre's. The signs go row by row, without the centre.
///
/// Facts: struct ipu3_uapi_af_filter_config says that it is 3x11, symmetric, with A12 the centre
/// and a bit for each sign. That the order is this was found with libcamera's two filters (af.cpp
/// of its IPU3 module): with it, and only so, both of them sum up to zero.
isp::AfFilter af_filter(const Block& block, std::size_t at, unsigned shift) {
    const auto coefficients = block.at<std::array<std::uint8_t, 12>>(at);
    const auto signs = block.word(at + coefficients.size());
    isp::AfFilter filter{.taps = {}, .shift = shift};
    constexpr std::size_t middle_row = isp::AfFilter::rows / 2;
    constexpr std::size_t middle = isp::AfFilter::columns / 2;
    unsigned bit = 0;
    for (std::size_t y = 0; y < isp::AfFilter::rows; ++y) {
        for (std::size_t x = 0; x < isp::AfFilter::columns; ++x) {
            const auto from_border = x <= middle ? x : isp::AfFilter::columns - 1 - x;
            const std::int32_t tap =
                coefficients.at((y == middle_row ? middle + 1 : 0) + from_border);
            const bool centre = y == middle_row && x == middle;
            const bool negative = !centre && (signs >> bit & 1U) != 0;
            bit += centre ? 0 : 1;
            filter.taps.at(y).at(x) = negative ? -tap : tap;
        }
    }
    return filter;
}

isp::AfFilters af_filters(const Block& block) {
    using CoarseShift = base::Bits<11, 8>;
    using FineShift = base::Bits<19, 16>;
    constexpr std::size_t filter_bytes = 16;
    constexpr std::size_t rates_at = af_at + 2 * filter_bytes;
    const auto rates = block.at<std::array<std::uint8_t, 4>>(rates_at);
    const auto shifts = block.word(rates_at + rates.size());
    return {.rates = {.gr = rates[0], .r = rates[1], .b = rates[2], .gb = rates[3]},
            .coarse = af_filter(block, af_at, CoarseShift::get(shifts)),
            .fine = af_filter(block, af_at + filter_bytes, FineShift::get(shifts))};
}

} // namespace

base::Result<isp::Parameters> decode_parameters(std::span<const std::byte> acc,
                                                std::span<const std::byte> obgrid) {
    using LowSize = base::Bits<12, 0>;
    using HighSize = base::Bits<28, 16>;
    const Block block{acc};
    const auto bds = block.word(bds_ver_ctrl1_at);
    isp::Parameters made{
        .feeder = {.row_stride = block.word(feeder_at),
                   .start = block.word(feeder_at + 4),
                   .start_pixel = block.word(feeder_at + 8)},
        .effective = {block.half(effective_width_at), LowSize::get(block.word(bds_hor_ctrl2_at))},
        .bds = {LowSize::get(bds), HighSize::get(bds)},
        .gdc = {block.half(gdc_size_at), block.half(gdc_size_at + 2)},
        .black = four(Block{obgrid}, 0),
        .gain = four(block, wb_gains_at),
        .ccm = matrix(block, ccm_at),
        .gamma = {},
        .csc = matrix(block, csc_at),
        .awb_threshold = awb_threshold(block),
        .awb_includes_saturated = AwbIncludesSaturated::get(block.half(awb_at + 6)) != 0,
        .awb = grid(block, awb_grid_at),
        .af = grid(block, af_grid_at),
        .af_filters = af_filters(block),
        .out = output(block, pin_out),
        .viewfinder = output(block, pin_viewfinder),
    };
    if ((block.word(gamma_control_at) & 1U) != 0) {
        made.gamma = block.at<std::array<std::uint16_t, 256>>(gamma_table_at);
        for (auto& point : *made.gamma) {
            point = std::min(point, static_cast<std::uint16_t>(isp::sample_max));
        }
    }
    if (auto good = check(made); !good) {
        return tl::unexpected{std::move(good.error())};
    }
    return made;
}

std::array<std::byte, statistics_config_bytes> statistics_config(std::span<const std::byte> acc) {
    struct Part {
        std::size_t from;
        std::size_t to;
        std::size_t size;
    };
    constexpr std::array parts{
        Part{awb_at, 0, 0x20},       Part{ae_at, 0x20, 0xc},      Part{af_at, 0x40, 0x28},
        Part{af_grid_at, 0x80, 0xc}, Part{awb_fr_at, 0xa0, 0x20},
    };
    std::array<std::byte, statistics_config_bytes> config{};
    for (const auto& part : parts) {
        std::ranges::copy(acc.subspan(part.from, part.size),
                          std::span{config}.subspan(part.to).begin());
    }
    return config;
}

} // namespace ipu3::imgu
