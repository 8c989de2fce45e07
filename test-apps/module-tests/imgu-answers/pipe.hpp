// SPDX-License-Identifier: GPL-2.0-or-later
// A pipe of an ImgU, and how questions to it are written down.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <linux/videodev2.h>
#include <span>
#include <string>
#include <string_view>

namespace imgu_answers {

/// A width and a height, of what the driver is asked for: any.
struct Size {
    std::uint32_t width{0};
    std::uint32_t height{0};
};

/// A node, open.
struct Node {
    std::string_view name; ///< "input"
    std::uint32_t type{0}; ///< of its buffers, V4L2_BUF_TYPE_*
    base::UniqueFd fd;

    [[nodiscard]] bool has_frames() const {
        return type == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE ||
               type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
    }
};

/// The nodes by the number of the pad that they are linked to, and the sub-device.
struct Pipe {
    static constexpr std::size_t kNodes = 5;

    std::array<Node, kNodes> nodes;
    base::UniqueFd subdevice;
    std::filesystem::path subdevice_path; ///< to open it once more
};

/// Opens the nodes in the order input, parameters, output, viewfinder, statistics, and the
/// sub-device @p paths[5].
[[nodiscard]] base::Result<Pipe> open_pipe(std::span<const std::string> paths);

/// Writes one line: what was asked, and what was answered. Questions of a run are unique.
void write_answer(std::string_view question, std::string_view answer);

/// "ok", or the errno's name: "EINVAL".
[[nodiscard]] std::string errno_text(int error);

[[nodiscard]] std::string size_text(Size size);
/// The four letters; bytes that are none as "?".
[[nodiscard]] std::string fourcc_text(std::uint32_t fourcc);
/// All fields of a format.
[[nodiscard]] std::string format_text(const v4l2_format& format);

/// What VIDIOC_G_FMT says of a node.
[[nodiscard]] std::string current_format(const Node& node);
/// A format of @p node's type and @p size, all else 0.
[[nodiscard]] v4l2_format format_of(const Node& node, Size size, std::uint32_t fourcc);

/// formats.cpp: enumerations, TRY_FMT and S_FMT of nodes.
void ask_enumerations(const Pipe& pipe);
void ask_try_formats(const Pipe& pipe);
void ask_set_formats(const Pipe& pipe);
/// subdevice.cpp: pads, rectangles, the control.
void ask_subdevice(const Pipe& pipe);
/// buffers.cpp: buffers, and streams that cannot begin.
void ask_buffers(const Pipe& pipe);

/// subdevice.cpp, too: what a pipe's rectangles and pad 0 are, a line each.
void write_rectangles(std::string_view question, const Pipe& pipe);
void set_rectangles(const Pipe& pipe, Size crop, Size compose, Size pad0);

} // namespace imgu_answers
