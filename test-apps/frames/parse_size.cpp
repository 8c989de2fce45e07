// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames/parse_size.hpp"

#include <charconv>
#include <system_error>

namespace frames {

base::Result<Size> parse_size(std::string_view text) {
    Size size;
    const auto* const begin = text.data();
    const auto* const end = begin + text.size();
    const auto width = std::from_chars(begin, end, size.width);
    if (width.ec == std::errc{} && width.ptr != end && *width.ptr == 'x') {
        const auto height = std::from_chars(width.ptr + 1, end, size.height);
        if (height.ec == std::errc{} && height.ptr == end) {
            return size;
        }
    }
    return base::fail("'{}' is no size: write WIDTHxHEIGHT, for example 2592x1944", text);
}

} // namespace frames
