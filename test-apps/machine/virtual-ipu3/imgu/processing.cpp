// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/processing.hpp"

#include "machine/virtual-ipu3/imgu/statistics_buffer.hpp"
#include "machine/virtual-ipu3/isp/bayer_frame.hpp"
#include "machine/virtual-ipu3/isp/develop.hpp"
#include "machine/virtual-ipu3/isp/output.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace ipu3::imgu {

namespace {

isp::BayerFrame unpack(const Order& order) {
    const auto& parameters = order.parameters;
    isp::BayerFrame raw{parameters.effective};
    const auto bytes = row_bytes(parameters);
    if (order.packed.size() < bytes * raw.size().height) {
        throw std::out_of_range{"a frame that is shorter than its parameters say"};
    }
    for (std::size_t y = 0; y < raw.size().height; ++y) {
        isp::unpack_row(std::span{order.packed}.subspan(y * bytes, bytes),
                        parameters.feeder.start_pixel, raw.row(y));
    }
    return raw;
}

std::vector<std::byte> count(const Order& order, const isp::BayerFrame& scaled) {
    const auto& parameters = order.parameters;
    Counted counted{.awb = {}, .af = {}, .awb_grid = parameters.awb, .af_grid = parameters.af};
    if (order.counts_awb) {
        counted.awb = isp::count_awb(scaled, parameters.awb, parameters.awb_threshold,
                                     parameters.awb_includes_saturated);
    }
    if (order.counts_af) {
        counted.af = isp::count_af(scaled, parameters.af, parameters.af_filters);
    }
    return statistics_buffer(counted, order.statistics_config);
}

/// The picture as it would be with rows that are nearer to each other.
void narrow(std::span<std::byte> bytes, std::size_t width, std::size_t stride, std::size_t rows) {
    constexpr std::size_t error = 16;
    if (stride < error) {
        return; // no room for the mistake
    }
    for (std::size_t y = 1; y < rows; ++y) {
        std::ranges::copy(bytes.subspan(y * stride, width),
                          bytes.subspan(y * (stride - error)).begin());
    }
}

void spoil(std::span<std::byte> bytes, const isp::Output& output, Sabotage sabotage) {
    const std::size_t luma_rows = output.size.height;
    const auto rows = luma_rows + luma_rows / 2;
    const auto row = [&](std::size_t y) {
        return bytes.subspan(y * output.stride, output.size.width);
    };
    switch (sabotage) {
    case Sabotage::swapped_chroma:
        for (std::size_t y = luma_rows; y < rows; ++y) {
            const auto chroma = row(y);
            for (std::size_t x = 0; x + 1 < chroma.size(); x += 2) {
                std::swap(chroma[x], chroma[x + 1]);
            }
        }
        return;
    case Sabotage::shifted_pixel:
        for (std::size_t y = 0; y < luma_rows; ++y) {
            std::ranges::rotate(row(y), row(y).end() - 1);
        }
        return;
    case Sabotage::wrong_stride:
        narrow(bytes, output.size.width, output.stride, rows);
        return;
    case Sabotage::none:
    case Sabotage::previous_statistics:
    case Sabotage::lost_event:
    case Sabotage::late_event:
        return;
    }
}

std::vector<std::byte> lay_out(const isp::YuvFrame& picture, const isp::Output& output,
                               Sabotage sabotage) {
    auto bytes = isp::make_nv12(picture, output);
    spoil(bytes, output, sabotage);
    return bytes;
}

} // namespace

std::size_t row_bytes(const isp::Parameters& parameters) {
    return isp::packed_bytes(std::size_t{parameters.feeder.start_pixel} +
                             parameters.effective.width);
}

Processed process(const Order& order) {
    const auto& parameters = order.parameters;
    Processed made;
    auto raw = unpack(order);
    isp::subtract_black(raw, parameters.black);
    const auto scaled = isp::scale_bayer(raw, parameters.bds);
    if (order.wants_statistics) {
        made.statistics = count(order, scaled);
    }
    const bool output = order.wants_output && parameters.out;
    const bool viewfinder = order.wants_viewfinder && parameters.viewfinder;
    if (!output && !viewfinder) {
        return made;
    }
    const auto picture = isp::crop_centre(isp::develop(scaled, parameters), parameters.gdc);
    if (output) {
        made.output = lay_out(picture, *parameters.out, order.sabotage);
    }
    if (viewfinder) {
        made.viewfinder = lay_out(picture, *parameters.viewfinder, order.sabotage);
    }
    return made;
}

} // namespace ipu3::imgu
