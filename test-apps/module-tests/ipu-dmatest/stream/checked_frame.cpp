// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/stream/checked_frame.hpp"

#include "module-tests/ipu-dmatest/stream/pattern_check.hpp"

#include <algorithm>

namespace ipu3::dmatest::stream {

namespace {

std::uint64_t count_changed(std::span<const std::uint8_t> bytes) {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(bytes, [](std::uint8_t byte) { return byte != poison; }));
}

} // namespace

void poison_all(std::span<std::uint8_t> bytes) {
    std::ranges::fill(bytes, poison);
}

void draw_frame(std::span<std::uint8_t> bytes, const Layout& layout, std::uint32_t number) {
    for (std::uint32_t y = 0; y < layout.height; ++y) {
        const auto offset = std::uint64_t{y} * layout.stride;
        write_pattern(bytes.subspan(offset, layout.line_bytes()), number, offset);
    }
}

void check_frame(std::span<const std::uint8_t> bytes, const Layout& layout, std::uint32_t number,
                 bool padding, Report& report) {
    std::uint64_t wrong = 0;
    for (std::uint32_t y = 0; y < layout.height; ++y) {
        const auto offset = std::uint64_t{y} * layout.stride;
        wrong += count_wrong(bytes.subspan(offset, layout.line_bytes()), number, offset);
        if (padding) {
            const auto behind = offset + layout.line_bytes();
            report.padding += count_changed(bytes.subspan(
                behind, std::min<std::uint64_t>(offset + layout.stride, bytes.size()) - behind));
        }
    }
    if (padding && bytes.size() > layout.frame_bytes()) {
        report.padding += count_changed(bytes.subspan(layout.frame_bytes()));
    }
    report.bad_bytes += wrong;
    report.bad_frames += wrong != 0 ? 1U : 0U;
}

} // namespace ipu3::dmatest::stream
