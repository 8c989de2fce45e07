// SPDX-License-Identifier: GPL-2.0-or-later
// PNG files, through libpng's simplified interface, which reports errors as values (no longjmp).
#pragma once

#include "lib/base/result.hpp"
#include "lib/frames/picture.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace frames {

/// The most pixels that a PNG to read may have: a small file can claim any size.
inline constexpr std::size_t png_largest_pixels = std::size_t{64} << 20U;

[[nodiscard]] base::Result<std::vector<std::byte>> encode_png(const Rgb8& image);
[[nodiscard]] base::Result<std::vector<std::byte>> encode_png(const Grey8& image);

/// Any PNG as 8-bit sRGB; transparency is laid over black. @p name is what an error calls the file.
[[nodiscard]] base::Result<Rgb8> decode_png(std::span<const std::byte> bytes,
                                            std::string_view name);

/// Error: one sentence with the file's name and why.
[[nodiscard]] base::Result<Rgb8> read_png(const std::filesystem::path& path);

/// Writes @p bytes beside @p path and renames, so that no half of a file is ever found there.
[[nodiscard]] base::Result<void> write_file(const std::filesystem::path& path,
                                            std::span<const std::byte> bytes);

} // namespace frames
