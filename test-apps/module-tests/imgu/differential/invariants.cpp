// SPDX-License-Identifier: GPL-2.0-or-later
// Places are those of struct imgu_abi_acc_param in Linux drivers/staging/media/ipu3/ipu3-abi.h.
#include "invariants.hpp"

#include <array>
#include <cstring>
#include <fmt/format.h>
#include <string_view>

namespace differential {

namespace {

using Bytes = std::span<const std::uint8_t>;

template <class Word>
Word read(Bytes bytes, std::size_t at) {
    Word word{};
    std::memcpy(&word, &bytes[at], sizeof(word));
    return word;
}

struct List {
    std::string_view name;
    std::size_t operations, entries; ///< of two bytes: what is to be done when, and what
    std::size_t lines, line_entries; ///< of four bytes
    std::uint32_t reference_pipe::*
        made; ///< whether the program makes these statistics, or null: it does
};
constexpr std::array lists{
    List{"shd", 0x420, 62, 0x4a0, 31, nullptr},
    List{"awb_fr", 0x44b80, 60, 0x44c00, 30, &reference_pipe::has_awb_fr},
    List{"af", 0x44f40, 60, 0x44fc0, 30, &reference_pipe::has_af},
    List{"awb", 0x450e0, 136, 0x45200, 68, &reference_pipe::has_awb},
};

std::string broken(const List& list, Bytes acc, const reference_pipe& pipe) {
    constexpr std::uint8_t end_of_operations = 2;
    constexpr std::uint8_t process_lines = 0;
    std::size_t commands = 0;
    std::size_t entry = 0;
    for (; entry < list.entries; ++entry) {
        const auto when = acc[list.operations + 2 * entry];
        commands += acc[list.operations + 2 * entry + 1] == process_lines ? 1U : 0U;
        if (when == end_of_operations) {
            break;
        }
    }
    if (entry == list.entries) {
        return fmt::format("{}: the list of operations has no end", list.name);
    }
    if (commands > list.line_entries) {
        return fmt::format("{}: {} commands to process lines, and room for {}", list.name, commands,
                           list.line_entries);
    }
    std::uint32_t lines = 0;
    for (std::size_t i = 0; i < commands; ++i) {
        lines += read<std::uint16_t>(acc, list.lines + 4 * i);
    }
    // A program that makes no statistics may leave a grid outside of its frame.
    const bool made = list.made == nullptr || pipe.*list.made != 0;
    return !made || lines == pipe.bds.height
               ? std::string{}
               : fmt::format("{}: {} lines are processed of {}", list.name, lines, pipe.bds.height);
}

struct Grid {
    std::string_view name;
    std::size_t at;
    std::array<std::size_t, 2> stripes;
    std::uint32_t most_width, most_height;
};
constexpr std::array grids{
    Grid{"awb_fr", 0x44b60, {0x44c80, 0x44ca0}, 32, 24},
    Grid{"ae", 0x44cc0, {0x44e88, 0x44ea8}, 32, 24},
    Grid{"af", 0x44f20, {0x45060, 0x450a0}, 32, 24},
    Grid{"awb", 0x450c8, {0x45388, 0x453a8}, 80, 60},
};

std::string broken(const Grid& grid, Bytes acc, std::uint32_t stripes) {
    const std::uint32_t width = acc[grid.at];
    const std::uint32_t height = acc[grid.at + 1];
    if (width == 0 || height == 0 || width > grid.most_width || height > grid.most_height) {
        return fmt::format("{}: {}x{} cells", grid.name, width, height);
    }
    if (stripes < 2) {
        return {};
    }
    const std::uint32_t left = acc[grid.stripes[0]];
    const std::uint32_t right = acc[grid.stripes[1]];
    // One stripe alone has all of it, and the other one is turned off.
    if (left + right != width && (left != width || right != width)) {
        return fmt::format("{}: stripes of {} and {} cells of {}", grid.name, left, right, width);
    }
    return {};
}

std::string broken_feeder(Bytes acc, const reference_pipe& pipe) {
    constexpr std::size_t feeder = 0x80;
    constexpr std::uint64_t packed_pixels = 50;
    constexpr std::uint64_t packed_bytes = 64;
    const std::uint64_t stride = read<std::uint32_t>(acc, feeder);
    const std::uint64_t first = read<std::uint32_t>(acc, feeder + 4);
    const std::uint64_t pixel = read<std::uint32_t>(acc, feeder + 8);
    const auto line = stride == 0 ? 0 : first / stride;
    const auto column = stride == 0 ? 0 : first % stride / packed_bytes * packed_pixels + pixel;
    // A crop as wide or high as the frame, whose order has no green pixel first, reaches one
    // further, as the module's feeder.c has it; it says how much memory that is, and whoever maps a
    // frame maps that, too. The same goes for the lines that a crop may be higher than the frame.
    const auto further = [](std::uint32_t in, std::uint32_t crop, bool late) {
        return crop < in ? 0 : crop - in + (late ? 1U : 0U);
    };
    const bool right = pipe.bayer == 1 || pipe.bayer == 3;
    const bool below = pipe.bayer == 2 || pipe.bayer == 3;
    if (stride != pipe.in_stride ||
        line + pipe.crop.height >
            pipe.in.height + further(pipe.in.height, pipe.crop.height, below) ||
        column + pipe.crop.width > pipe.in.width + further(pipe.in.width, pipe.crop.width, right)) {
        return fmt::format("feeder: from pixel {} of line {}, {}x{} pixels of {}x{}", column, line,
                           pipe.crop.width, pipe.crop.height, pipe.in.width, pipe.in.height);
    }
    return {};
}

} // namespace

std::string broken_invariant(const reference_pipe& pipe, std::span<const std::uint8_t> acc) {
    for (const auto& list : lists) {
        if (auto text = broken(list, acc, pipe); !text.empty()) {
            return text;
        }
    }
    for (const auto& grid : grids) {
        if (auto text = broken(grid, acc, pipe.stripes); !text.empty()) {
            return text;
        }
    }
    return broken_feeder(acc, pipe);
}

} // namespace differential
