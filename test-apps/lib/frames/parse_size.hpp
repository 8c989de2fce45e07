// SPDX-License-Identifier: GPL-2.0-or-later
// A size as people write it.
#pragma once

#include "lib/base/result.hpp"
#include "lib/frames/raw_image.hpp"

#include <string_view>

namespace frames {

/// Parses WIDTHxHEIGHT. Error: a sentence that says so.
[[nodiscard]] base::Result<Size> parse_size(std::string_view text);

} // namespace frames
