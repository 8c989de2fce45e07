// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/system_call.hpp"
#include "module-tests/imgu-answers/pipe.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/v4l2-subdev.h>

namespace imgu_answers {

namespace {

using ipu3::v4l2::errno_of;
using ipu3::v4l2::text_of;

// V4L2_CID_INTEL_IPU3_MODE
constexpr std::uint32_t kMode = 0x009819c1;

std::string which_text(std::uint32_t which) {
    return which == V4L2_SUBDEV_FORMAT_TRY ? "try" : "active";
}

std::string pad_format_text(const v4l2_mbus_framefmt& format) {
    const std::uint32_t code = format.code;
    return fmt::format("{} code {:#x} field {} colorspace {} ycbcr {} quantization {} transfer {}",
                       size_text({.width = format.width, .height = format.height}), code,
                       std::uint32_t{format.field}, std::uint32_t{format.colorspace},
                       unsigned{format.ycbcr_enc}, unsigned{format.quantization},
                       unsigned{format.xfer_func});
}

std::string get_pad(int fd, std::uint32_t which, std::uint32_t pad) {
    v4l2_subdev_format format{};
    format.which = which;
    format.pad = pad;
    const int error = errno_of(fd, VIDIOC_SUBDEV_G_FMT, format);
    return error == 0 ? pad_format_text(format.format) : errno_text(error);
}

std::string set_pad(int fd, std::uint32_t which, std::uint32_t pad, Size size, std::uint32_t code) {
    v4l2_subdev_format format{};
    format.which = which;
    format.pad = pad;
    format.format.width = size.width;
    format.format.height = size.height;
    format.format.code = code;
    format.format.field = V4L2_FIELD_NONE;
    const int error = errno_of(fd, VIDIOC_SUBDEV_S_FMT, format);
    return error == 0 ? pad_format_text(format.format) : errno_text(error);
}

std::string rectangle_text(const v4l2_rect& r) {
    const Size size{.width = r.width, .height = r.height};
    return fmt::format("({},{})/{}", std::int32_t{r.left}, std::int32_t{r.top}, size_text(size));
}

std::string get_rectangle(int fd, std::uint32_t which, std::uint32_t pad, std::uint32_t target) {
    v4l2_subdev_selection selection{};
    selection.which = which;
    selection.pad = pad;
    selection.target = target;
    const int error = errno_of(fd, VIDIOC_SUBDEV_G_SELECTION, selection);
    return error == 0 ? rectangle_text(selection.r) : errno_text(error);
}

std::string set_rectangle(int fd, std::uint32_t which, std::uint32_t pad, std::uint32_t target,
                          const v4l2_rect& rectangle) {
    v4l2_subdev_selection selection{};
    selection.which = which;
    selection.pad = pad;
    selection.target = target;
    selection.r = rectangle;
    const int error = errno_of(fd, VIDIOC_SUBDEV_S_SELECTION, selection);
    return error == 0 ? rectangle_text(selection.r) : errno_text(error);
}

struct Target {
    std::uint32_t number;
    std::string_view name;
};
constexpr std::array<Target, 8> kTargets{{
    {.number = V4L2_SEL_TGT_CROP, .name = "crop"},
    {.number = V4L2_SEL_TGT_CROP_DEFAULT, .name = "crop default"},
    {.number = V4L2_SEL_TGT_CROP_BOUNDS, .name = "crop bounds"},
    {.number = V4L2_SEL_TGT_NATIVE_SIZE, .name = "native size"},
    {.number = V4L2_SEL_TGT_COMPOSE, .name = "compose"},
    {.number = V4L2_SEL_TGT_COMPOSE_DEFAULT, .name = "compose default"},
    {.number = V4L2_SEL_TGT_COMPOSE_BOUNDS, .name = "compose bounds"},
    {.number = V4L2_SEL_TGT_COMPOSE_PADDED, .name = "compose padded"},
}};

constexpr std::array<Size, 9> kPadSizes{{
    {.width = 0, .height = 0},
    {.width = 1, .height = 1},
    {.width = 2, .height = 3},
    {.width = 1280, .height = 720},
    {.width = 1281, .height = 721},
    {.width = 4480, .height = 34004},
    {.width = 4481, .height = 34005},
    {.width = 5121, .height = 38405},
    {.width = ~0U, .height = ~0U},
}};

void ask_pads(int fd, std::uint32_t which) {
    for (std::uint32_t pad = 0; pad <= Pipe::kNodes; ++pad) {
        const auto place = fmt::format("{} pad {}", which_text(which), pad);
        for (const auto size : kPadSizes) {
            const auto question = fmt::format("{} set {}", place, size_text(size));
            write_answer(question, set_pad(fd, which, pad, size, 1));
            write_answer(question + ", then get", get_pad(fd, which, pad));
        }
        write_answer(fmt::format("{} set to another code", place),
                     set_pad(fd, which, pad, kPadSizes[3], 0x300a));
    }
}

void ask_rectangles(int fd, std::uint32_t which) {
    constexpr std::array<v4l2_rect, 6> kRectangles{{
        {.left = 0, .top = 0, .width = 1296, .height = 972},
        {.left = 0, .top = 0, .width = 1295, .height = 971},
        {.left = 0, .top = 0, .width = 0, .height = 0},
        {.left = 0, .top = 0, .width = 1, .height = 9000},
        {.left = 7, .top = 5, .width = 640, .height = 480},
        {.left = -7, .top = -5, .width = 640, .height = 480},
    }};
    for (std::uint32_t pad = 0; pad <= Pipe::kNodes; ++pad) {
        for (const auto& [target, name] : kTargets) {
            const auto place = fmt::format("{} {} of pad {}", which_text(which), name, pad);
            write_answer(place, get_rectangle(fd, which, pad, target));
            for (const auto& rectangle : kRectangles) {
                const auto question = fmt::format("{} set {}", place, rectangle_text(rectangle));
                write_answer(question, set_rectangle(fd, which, pad, target, rectangle));
                write_answer(question + ", then get", get_rectangle(fd, which, pad, target));
            }
        }
    }
}

void ask_enumerations_of(int fd) {
    for (std::uint32_t pad = 0; pad <= Pipe::kNodes; ++pad) {
        for (std::uint32_t index = 0; index < 2; ++index) {
            v4l2_subdev_mbus_code_enum code{};
            code.which = V4L2_SUBDEV_FORMAT_ACTIVE;
            code.pad = pad;
            code.index = index;
            int error = errno_of(fd, VIDIOC_SUBDEV_ENUM_MBUS_CODE, code);
            const std::uint32_t number = code.code;
            write_answer(fmt::format("code {} of pad {}", index, pad),
                         error != 0 ? errno_text(error) : fmt::format("{:#x}", number));
            v4l2_subdev_frame_size_enum sizes{};
            sizes.which = V4L2_SUBDEV_FORMAT_ACTIVE;
            sizes.pad = pad;
            sizes.index = index;
            sizes.code = 1;
            error = errno_of(fd, VIDIOC_SUBDEV_ENUM_FRAME_SIZE, sizes);
            write_answer(
                fmt::format("frame size {} of pad {}", index, pad),
                error != 0
                    ? errno_text(error)
                    : fmt::format(
                          "{} to {}",
                          size_text({.width = sizes.min_width, .height = sizes.min_height}),
                          size_text({.width = sizes.max_width, .height = sizes.max_height})));
        }
    }
}

void ask_controls(int fd) {
    v4l2_query_ext_ctrl query{};
    query.id = V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND;
    while (errno_of(fd, VIDIOC_QUERY_EXT_CTRL, query) == 0) {
        const std::uint32_t id = query.id;
        const auto place = fmt::format("control {:#x}", id);
        write_answer(place,
                     fmt::format("\"{}\" type {} from {} to {} step {} default {} flags {:#x}",
                                 text_of(query.name), std::uint32_t{query.type},
                                 std::int64_t{query.minimum}, std::int64_t{query.maximum},
                                 std::uint64_t{query.step}, std::int64_t{query.default_value},
                                 std::uint32_t{query.flags}));
        for (std::uint32_t index = 0; index < 3; ++index) {
            v4l2_querymenu menu{};
            menu.id = id;
            menu.index = index;
            const int error = errno_of(fd, VIDIOC_QUERYMENU, menu);
            write_answer(fmt::format("{} menu {}", place, index),
                         error != 0 ? errno_text(error) : text_of(menu.name));
        }
        query.id |= V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND;
    }
    for (const std::int32_t value : {1, 2, -1, 0}) {
        v4l2_control control{};
        control.id = kMode;
        control.value = value;
        const int error = errno_of(fd, VIDIOC_S_CTRL, control);
        v4l2_control after{};
        after.id = kMode;
        (void)errno_of(fd, VIDIOC_G_CTRL, after);
        write_answer(fmt::format("mode set to {}", value),
                     fmt::format("{}, then {}", errno_text(error), std::int32_t{after.value}));
    }
}

} // namespace

void write_rectangles(std::string_view question, const Pipe& pipe) {
    const int fd = pipe.subdevice.get();
    constexpr auto kActive = V4L2_SUBDEV_FORMAT_ACTIVE;
    write_answer(fmt::format("{}, then crop", question),
                 get_rectangle(fd, kActive, 0, V4L2_SEL_TGT_CROP));
    write_answer(fmt::format("{}, then compose", question),
                 get_rectangle(fd, kActive, 0, V4L2_SEL_TGT_COMPOSE));
    write_answer(fmt::format("{}, then pad 0", question), get_pad(fd, kActive, 0));
}

void set_rectangles(const Pipe& pipe, Size crop, Size compose, Size pad0) {
    const int fd = pipe.subdevice.get();
    (void)set_rectangle(fd, V4L2_SUBDEV_FORMAT_ACTIVE, 0, V4L2_SEL_TGT_CROP,
                        {.left = 0, .top = 0, .width = crop.width, .height = crop.height});
    (void)set_rectangle(fd, V4L2_SUBDEV_FORMAT_ACTIVE, 0, V4L2_SEL_TGT_COMPOSE,
                        {.left = 0, .top = 0, .width = compose.width, .height = compose.height});
    (void)set_pad(fd, V4L2_SUBDEV_FORMAT_ACTIVE, 0, pad0, 1);
}

void ask_subdevice(const Pipe& pipe) {
    const int fd = pipe.subdevice.get();
    for (std::uint32_t pad = 0; pad < Pipe::kNodes; ++pad) {
        write_answer(fmt::format("active pad {} at first", pad),
                     get_pad(fd, V4L2_SUBDEV_FORMAT_ACTIVE, pad));
        write_answer(fmt::format("try pad {} at first", pad),
                     get_pad(fd, V4L2_SUBDEV_FORMAT_TRY, pad));
    }
    ask_enumerations_of(fd);
    for (const std::uint32_t which :
         {std::uint32_t{V4L2_SUBDEV_FORMAT_TRY}, std::uint32_t{V4L2_SUBDEV_FORMAT_ACTIVE}}) {
        ask_rectangles(fd, which);
        ask_pads(fd, which);
    }
    ask_controls(fd);
    // Who opens it later finds sizes to begin with, whatever others have tried.
    const base::UniqueFd second{::open(pipe.subdevice_path.c_str(), O_RDWR | O_CLOEXEC)};
    write_answer("try pad 0 of somebody else", get_pad(second.get(), V4L2_SUBDEV_FORMAT_TRY, 0));
    write_answer("try crop of somebody else",
                 get_rectangle(second.get(), V4L2_SUBDEV_FORMAT_TRY, 0, V4L2_SEL_TGT_CROP));
}

} // namespace imgu_answers
