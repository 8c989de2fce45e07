// SPDX-License-Identifier: GPL-2.0-or-later
// What the user asked for.
#pragma once

#include "lib/base/parse_exit.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tl/expected.hpp>

namespace ipu3::dmatest::stream {

namespace exit_status {
inline constexpr int clean = 0;
inline constexpr int found = 1; ///< something was wrong
inline constexpr int usage = 2;
inline constexpr int interrupted = 130;
} // namespace exit_status

enum class Direction : std::uint8_t { capture, output, both };
enum class Memory : std::uint8_t { mmap, userptr, dmabuf_import, dmabuf_export, file };
/// Who allocates what is imported: node is the other function, vivid the kernel's virtual camera.
enum class Exporter : std::uint8_t { udmabuf, heap, node, vivid };
/// Cache hints: none; true ones; untrue ones, which must show as wrong bytes where caches matter;
/// once: each buffer's first frame is not looked at, and its next one comes without a hint.
enum class Hints : std::uint8_t { none, right, wrong, once };

struct Options {
    Direction direction{Direction::capture};
    Memory memory{Memory::mmap};
    Exporter exporter{Exporter::udmabuf};
    Hints hints{Hints::none};
    unsigned function{0}; ///< dmatest0 or dmatest1; the first one of both
    std::uint32_t width{640};
    std::uint32_t height{480};
    bool wide{false};           ///< 16 bits a pixel
    std::uint32_t stride{0};    ///< bytes; 0: as long as a line
    std::uint32_t sizeimage{0}; ///< bytes; 0: as large as a frame
    unsigned buffers{4};
    std::uint32_t count{30}; ///< frames
    unsigned cycles{1};      ///< times that all is opened, streamed and closed
    std::uint32_t userptr_offset{0};
    bool look{false}; ///< both: the program checks each frame on its way, too
    std::chrono::milliseconds timeout{30000};
    std::map<std::string, std::int32_t> controls; ///< by their short names, see controls.hpp
    bool verbose{false};
};

using base::ParseExit;

/// @p arguments without the program's name.
[[nodiscard]] tl::expected<Options, ParseExit>
parse_options(std::span<const std::string> arguments);

} // namespace ipu3::dmatest::stream
