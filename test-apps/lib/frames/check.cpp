// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/check.hpp"

#include "lib/frames/counter.hpp"
#include "lib/frames/ipu3_unpack.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace frames {

namespace {

/// The samples of one frame that differ from the pattern numbered `number`.
struct Comparison {
    std::uint64_t bad_pixels{0};
    std::optional<BadPixel> first;
    std::vector<std::size_t> pages;
};

Comparison compare(const RawImage& image, std::uint32_t number, const DumpLayout& layout) {
    Comparison result;
    std::vector<std::uint16_t> expected(image.size.width);
    for (unsigned y = 0; y < image.size.height; ++y) {
        const auto found = image.line(y);
        counter_line(number, y, expected);
        if (std::ranges::equal(found, expected)) {
            continue;
        }
        for (unsigned x = 0; x < image.size.width; ++x) {
            if (found[x] == expected[x]) {
                continue;
            }
            ++result.bad_pixels;
            const auto byte = y * layout.bytes_per_line + layout.format.sample_byte(x);
            if (!result.first) {
                result.first = BadPixel{0, number, x, y, expected[x], found[x], byte};
            }
            const auto page = byte / BadFrame::page_bytes;
            if (result.pages.empty() || result.pages.back() != page) {
                result.pages.push_back(page);
            }
        }
    }
    return result;
}

template <typename Entry>
void remember(std::vector<Entry>& list, Entry entry) {
    if (list.size() < CheckReport::longest_list) {
        list.push_back(std::move(entry));
    }
}

} // namespace

bool CheckReport::clean() const {
    return frames > 0 && gap_count == 0 && repeated_count == 0 && backwards_count == 0 &&
           unreadable_numbers == 0 && bad_pixels == 0 && truncated_bytes == 0;
}

base::Result<DumpLayout> DumpLayout::make(const RawFormat& format, Size size,
                                          std::optional<std::size_t> bytes_per_line,
                                          std::optional<std::size_t> frame_bytes) {
    // Far above the CIO2's 4224x3136 (ipu3-cio2.h); what it bounds is the memory that an option can
    // ask.
    constexpr unsigned largest_side = 16384;
    constexpr std::size_t largest_frame = std::size_t{1} << 30U;
    if (size.width == 0 || size.height == 0) {
        return base::fail("a size of {}x{} has no pixels", size.width, size.height);
    }
    if (size.width > largest_side || size.height > largest_side) {
        return base::fail("a size of {}x{} is beyond {} pixels a side", size.width, size.height,
                          largest_side);
    }
    const std::size_t line_bytes = format.line_bytes(size.width);
    DumpLayout layout{format, size, bytes_per_line.value_or(format.bytes_per_line(size.width)), 0};
    if (layout.bytes_per_line < line_bytes) {
        return base::fail("{} bytes per line are too few for {} pixels of {}, which take {}",
                          layout.bytes_per_line, size.width, format.name(), line_bytes);
    }
    if (layout.bytes_per_line > largest_frame / size.height) {
        return base::fail("{} bytes per line make a frame of more than {} bytes",
                          layout.bytes_per_line, largest_frame);
    }
    const std::size_t needed = layout.bytes_per_line * (size.height - 1) + line_bytes;
    layout.frame_bytes = frame_bytes.value_or(layout.bytes_per_line * size.height);
    if (layout.frame_bytes < needed) {
        return base::fail("{} bytes per frame are too few for {}x{} of {}, which take {}",
                          layout.frame_bytes, size.width, size.height, format.name(), needed);
    }
    if (layout.frame_bytes > largest_frame) {
        return base::fail("{} bytes per frame are more than {}", layout.frame_bytes, largest_frame);
    }
    return layout;
}

base::Result<void> CounterChecker::frame(std::span<const std::byte> bytes) {
    if (bytes.size() < layout_.frame_bytes) {
        return base::fail("a frame of {} bytes where one has {}", bytes.size(),
                          layout_.frame_bytes);
    }
    if (auto unpacked =
            unpack_frame(bytes, layout_.format, layout_.size, layout_.bytes_per_line, image_);
        !unpacked) {
        return unpacked;
    }
    const auto read = counter_number(image_.line(0));
    const std::uint32_t next = report_.last ? *report_.last + 1 : 0;
    std::uint32_t number = read.value_or(next);
    auto comparison = compare(image_, number, layout_);
    if (number != next && comparison.bad_pixels > image_.pixels.size() / 2) {
        // Nearly all wrong: maybe it is only the number that is, and the frame is the one in turn.
        if (auto in_turn = compare(image_, next, layout_);
            in_turn.bad_pixels < comparison.bad_pixels) {
            comparison = std::move(in_turn);
            number = next;
        }
    }
    report_.unreadable_numbers += read ? 0U : 1U;
    if (comparison.first) {
        comparison.first->index = report_.frames;
        ++report_.bad_frames;
        report_.bad_pixels += comparison.bad_pixels;
        if (!report_.first_bad) {
            report_.first_bad = comparison.first;
        }
    }
    const auto index = report_.frames;
    const bool old = follow(number);
    if (old && !comparison.first) {
        comparison.pages.resize((layout_.frame_bytes + BadFrame::page_bytes - 1) /
                                BadFrame::page_bytes);
        std::iota(comparison.pages.begin(), comparison.pages.end(), std::size_t{0});
    }
    if (old || comparison.first) {
        remember(report_.bad, BadFrame{index, comparison.first, std::move(comparison.pages)});
    }
    return {};
}

bool CounterChecker::follow(std::uint32_t number) {
    bool old = false;
    if (!report_.last) {
        report_.first = number;
    } else {
        const std::uint32_t last = *report_.last;
        const std::uint32_t step = number - last;
        constexpr std::uint32_t half_way = 1U << 31U;
        old = step == 0 || step >= half_way;
        if (step == 0) {
            ++report_.repeated_count;
            remember(report_.repeated, report_.frames);
        } else if (step >= half_way) {
            ++report_.backwards_count;
            remember(report_.backwards, Gap{report_.frames, last, number});
        } else if (step > 1) {
            ++report_.gap_count;
            report_.missing += step - 1;
            remember(report_.gaps, Gap{report_.frames, last, number});
        }
    }
    report_.last = number;
    ++report_.frames;
    return old;
}

} // namespace frames
