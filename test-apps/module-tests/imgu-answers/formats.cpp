// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/system_call.hpp"
#include "module-tests/imgu-answers/pipe.hpp"

#include <fmt/format.h>
#include <vector>

namespace imgu_answers {

namespace {

using ipu3::v4l2::errno_of;
using ipu3::v4l2::text_of;

constexpr std::uint32_t fourcc(char a, char b, char c, char d) {
    return v4l2_fourcc(static_cast<unsigned char>(a), static_cast<unsigned char>(b),
                       static_cast<unsigned char>(c), static_cast<unsigned char>(d));
}

/// Around each limit and alignment, sensors' and pictures' sizes, nonsense.
constexpr std::array<std::uint32_t, 38> kWidths{
    0,    1,    2,    31,   32,   33,   34,   35,   36,   37,   49,   50,   51,
    63,   64,   65,   127,  128,  130,  255,  320,  640,  643,  644,  1280, 1281,
    1284, 1296, 1920, 2560, 2591, 2592, 3264, 4223, 4224, 4225, 5000, ~0U,
};
constexpr std::array<std::uint32_t, 22> kHeights{
    0,   1,   31,  32,  33,  34,   35,   99,   130,  240,  480,
    481, 482, 483, 720, 972, 1080, 1944, 2448, 3135, 3136, 38404,
};
constexpr std::array<std::uint32_t, 9> kSomeWidths{0, 31, 33, 130, 644, 1283, 1296, 2592, 5000};
constexpr std::array<std::uint32_t, 6> kSomeHeights{0, 33, 98, 481, 972, 1944};

constexpr std::array<std::uint32_t, 8> kFourccs{
    fourcc('i', 'p', '3', 'G'), fourcc('i', 'p', '3', 'b'),
    fourcc('i', 'p', '3', 'g'), fourcc('i', 'p', '3', 'r'),
    fourcc('i', 'p', '3', 'y'), fourcc('N', 'V', '1', '2'),
    fourcc('N', 'M', '1', '2'), 0,
};

/// The format that a node of frames has by itself.
std::uint32_t own_fourcc(const Node& node) {
    return node.type == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE ? kFourccs[0] : kFourccs[5];
}

std::string asked_text(const Node& node, std::string_view what, Size size, std::uint32_t code) {
    return fmt::format("{} {} {} {}", node.name, what, size_text(size), fourcc_text(code));
}

std::string ask_format(const Node& node, unsigned long request, v4l2_format format) {
    const int error = errno_of(node.fd.get(), request, format);
    return error == 0 ? format_text(format) : errno_text(error);
}

void ask_formats_of(const Node& node, std::uint32_t mbus_code) {
    for (std::uint32_t index = 0; index < 6; ++index) {
        v4l2_fmtdesc described{};
        described.type = node.type;
        described.index = index;
        described.mbus_code = mbus_code;
        const int error = errno_of(node.fd.get(), VIDIOC_ENUM_FMT, described);
        const auto question =
            fmt::format("{} format {} of bus code {:#x}", node.name, index, mbus_code);
        const std::uint32_t code = described.pixelformat;
        const std::uint32_t flags = described.flags;
        write_answer(question, error != 0 ? errno_text(error)
                                          : fmt::format("{} \"{}\" flags {}", fourcc_text(code),
                                                        text_of(described.description), flags));
    }
}

void ask_sizes_of(const Node& node, std::uint32_t code) {
    v4l2_frmsizeenum sizes{};
    sizes.pixel_format = code;
    const int error = errno_of(node.fd.get(), VIDIOC_ENUM_FRAMESIZES, sizes);
    const auto question = fmt::format("{} frame sizes of {}", node.name, fourcc_text(code));
    const auto& steps = sizes.stepwise;
    write_answer(
        question,
        error != 0
            ? errno_text(error)
            : fmt::format("type {} from {} to {} in steps of {}", std::uint32_t{sizes.type},
                          size_text({.width = steps.min_width, .height = steps.min_height}),
                          size_text({.width = steps.max_width, .height = steps.max_height}),
                          size_text({.width = steps.step_width, .height = steps.step_height})));
}

/// Nodes of frames get sizes that any program takes; errors are not of interest.
void reset_formats(const Pipe& pipe) {
    constexpr std::array<Size, Pipe::kNodes> kSizes{{
        {.width = 1920, .height = 1080},
        {},
        {.width = 1280, .height = 720},
        {.width = 640, .height = 360},
        {},
    }};
    set_rectangles(pipe, kSizes[0], kSizes[2], kSizes[2]);
    for (std::size_t i = 0; i < Pipe::kNodes; ++i) {
        const auto& node = pipe.nodes[i];
        if (node.has_frames()) {
            (void)ask_format(node, VIDIOC_S_FMT, format_of(node, kSizes[i], own_fourcc(node)));
        }
    }
}

/// What a node's format leaves behind at all places.
void write_state(std::string_view question, const Pipe& pipe) {
    for (const auto& node : pipe.nodes) {
        if (node.has_frames()) {
            write_answer(fmt::format("{}, then {}", question, node.name), current_format(node));
        }
    }
    write_rectangles(question, pipe);
}

struct Rectangles {
    Size crop;
    Size compose;
    Size pad0;
};

void ask_set_format(const Pipe& pipe, const Node& node, const Rectangles& before, Size size,
                    std::uint32_t code) {
    reset_formats(pipe);
    set_rectangles(pipe, before.crop, before.compose, before.pad0);
    const auto question =
        fmt::format("{} after crop {} compose {} pad 0 {}", asked_text(node, "set", size, code),
                    size_text(before.crop), size_text(before.compose), size_text(before.pad0));
    write_answer(question, ask_format(node, VIDIOC_S_FMT, format_of(node, size, code)));
    write_state(question, pipe);
}

} // namespace

void ask_enumerations(const Pipe& pipe) {
    for (const auto& node : pipe.nodes) {
        write_answer(fmt::format("{} format at first", node.name), current_format(node));
        for (const std::uint32_t mbus_code : {0U, 1U, 0x300aU}) {
            ask_formats_of(node, mbus_code);
        }
        for (const auto code : kFourccs) {
            ask_sizes_of(node, code);
        }
    }
}

void ask_try_formats(const Pipe& pipe) {
    for (const auto& node : pipe.nodes) {
        for (const auto code : kFourccs) {
            const Size size{.width = 1280, .height = 720};
            write_answer(asked_text(node, "try", size, code),
                         ask_format(node, VIDIOC_TRY_FMT, format_of(node, size, code)));
        }
        if (!node.has_frames()) {
            continue;
        }
        // What is wrong besides, all of it at once.
        auto format = format_of(node, {.width = 640, .height = 480}, own_fourcc(node));
        format.fmt.pix_mp.num_planes = 2;
        format.fmt.pix_mp.field = V4L2_FIELD_INTERLACED;
        format.fmt.pix_mp.colorspace = V4L2_COLORSPACE_REC709;
        format.fmt.pix_mp.plane_fmt[0].bytesperline = 1;
        format.fmt.pix_mp.plane_fmt[0].sizeimage = 1;
        write_answer(fmt::format("{} try two interlaced planes of one byte", node.name),
                     ask_format(node, VIDIOC_TRY_FMT, format));
        const auto unknown = fourcc('Z', 'Z', 'Z', 'Z');
        for (const auto width : kWidths) {
            for (const auto height : kHeights) {
                const Size size{.width = width, .height = height};
                write_answer(asked_text(node, "try", size, unknown),
                             ask_format(node, VIDIOC_TRY_FMT, format_of(node, size, unknown)));
            }
        }
        write_answer(fmt::format("{} format after all that was tried", node.name),
                     current_format(node));
    }
}

void ask_set_formats(const Pipe& pipe) {
    const std::vector<Rectangles> rectangles{
        {.crop = {.width = 1296, .height = 732},
         .compose = {.width = 1296, .height = 732},
         .pad0 = {.width = 1280, .height = 720}},
        {.crop = {.width = 1293, .height = 731},
         .compose = {.width = 1293, .height = 729},
         .pad0 = {.width = 1277, .height = 717}},
        {.crop = {}, .compose = {}, .pad0 = {}},
        {.crop = {.width = 5, .height = 9000},
         .compose = {.width = 9001, .height = 3},
         .pad0 = {.width = 5, .height = 5}},
    };
    for (const auto& node : pipe.nodes) {
        if (!node.has_frames()) {
            write_answer(fmt::format("{} set", node.name),
                         ask_format(node, VIDIOC_S_FMT, format_of(node, {.width = 1}, 0)));
            continue;
        }
        for (const auto& before : rectangles) {
            for (const auto width : kSomeWidths) {
                for (const auto height : kSomeHeights) {
                    ask_set_format(pipe, node, before, {.width = width, .height = height},
                                   own_fourcc(node));
                }
            }
        }
        for (const auto code : kFourccs) {
            ask_set_format(pipe, node, rectangles[0], {.width = 1280, .height = 960}, code);
        }
    }
    reset_formats(pipe);
}

} // namespace imgu_answers
