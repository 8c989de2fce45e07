// SPDX-License-Identifier: GPL-2.0-or-later
// A cell of the matrix that two drivers are compared by: one stream of one or both pipes of an
// ImgU, with its sizes and its sets of parameters. On disk a sequence of CBOR items (RFC 8742).
#pragma once

#include "lib/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace imgu_cells {

struct Size {
    std::uint32_t width{0};
    std::uint32_t height{0};

    bool operator==(const Size&) const = default;
};

/// What a pipe is asked for; pixels.
struct CellPipe {
    unsigned pipe{0};
    bool video{true};
    std::uint32_t fourcc{0}; ///< of the RAW frames, V4L2_PIX_FMT_IPU3_*
    Size in, crop, bds, gdc, out, vf;
    /// struct ipu3_uapi_params, one for each frame. Empty: two frames for which nothing is given.
    std::vector<std::vector<std::uint8_t>> sets;

    bool operator==(const CellPipe&) const = default;
};

struct Cell {
    std::string name; ///< for reports, without a blank
    std::vector<CellPipe> pipes;

    bool operator==(const Cell&) const = default;
};

/// Error: the file cannot be written to its end.
[[nodiscard]] base::Result<void> write_cells(const std::filesystem::path& path,
                                             const std::vector<Cell>& cells);
/// Error: no such file, or a cell that is cut off, lacks something, or has no pipe or no such pipe.
[[nodiscard]] base::Result<std::vector<Cell>> read_cells(const std::filesystem::path& path);

} // namespace imgu_cells
