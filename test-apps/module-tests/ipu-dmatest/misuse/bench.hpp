// SPDX-License-Identifier: GPL-2.0-or-later
// A node, and a call on it of which only the errno is of interest.
#pragma once

#include "lib/v4l2/system_call.hpp"
#include "module-tests/ipu-dmatest/misuse/counters.hpp"
#include "module-tests/ipu-dmatest/stream/video_node.hpp"
#include "module-tests/misuse/verdict.hpp"

#include <cstdint>
#include <linux/videodev2.h>
#include <string_view>

namespace ipu3::dmatest::misuse {

using stream::Layout;
using stream::VideoNode;
using v4l2::errno_of;
using v4l2::Verdict;

/// The errno of VIDIOC_REQBUFS.
[[nodiscard]] inline int request(const VideoNode& node, std::uint32_t memory, std::uint32_t count) {
    v4l2_requestbuffers buffers{};
    buffers.count = count;
    buffers.type = node.type();
    buffers.memory = memory;
    return errno_of(node.fd(), VIDIOC_REQBUFS, buffers);
}

/// Makes a call that must fail with @p wanted, or succeed if that is 0, and whose buffers are then
/// all freed; says so when the errno is another one or something is left.
template <typename Call>
void try_call(Verdict& verdict, VideoNode& node, std::string_view what, int wanted, Call call) {
    v4l2::expect_nothing_left(
        verdict, what, wanted, call, [&] { return request(node, V4L2_MEMORY_MMAP, 0); },
        all_counters);
}

/// A node of function @p function with frames of @p layout.
[[nodiscard]] inline base::Result<VideoNode> open_node(unsigned function, bool output,
                                                       const Layout& layout) {
    return stream::find_node(function, output)
        .and_then(VideoNode::open)
        .and_then([&](VideoNode node) -> base::Result<VideoNode> {
            if (const auto set = node.set_layout(layout); !set) {
                return tl::unexpected{set.error()};
            }
            return node;
        });
}

} // namespace ipu3::dmatest::misuse
