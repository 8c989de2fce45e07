// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/parse_size.hpp"

#include "lib/base/number.hpp"

#include <cstdint>

namespace frames {

base::Result<Size> parse_size(std::string_view text) {
    const auto cross = text.find('x');
    if (cross != std::string_view::npos) {
        const auto width = base::parse_number<std::uint32_t>(text.substr(0, cross));
        const auto height = base::parse_number<std::uint32_t>(text.substr(cross + 1));
        if (width && height) {
            return Size{*width, *height};
        }
    }
    return base::fail("'{}' is no size: write WIDTHxHEIGHT, for example 2592x1944", text);
}

} // namespace frames
