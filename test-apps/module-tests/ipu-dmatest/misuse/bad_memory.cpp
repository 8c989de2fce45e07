// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/misuse/bad_memory.hpp"
#include "module-tests/ipu-dmatest/misuse/bench.hpp"
#include "module-tests/ipu-dmatest/misuse/tests.hpp"

#include <cerrno>

namespace ipu3::dmatest::misuse {

namespace {

constexpr Layout layout{.width = 100, .height = 100};
constexpr std::uint32_t frame = 100 * 100;

/// The errno of queueing user memory.
int queue_user(VideoNode& node, std::uintptr_t address, std::uint32_t length) {
    if (const auto failed = request(node, V4L2_MEMORY_USERPTR, 1)) {
        return failed;
    }
    v4l2_buffer buffer{};
    buffer.memory = V4L2_MEMORY_USERPTR;
    buffer.m.userptr = address;
    buffer.length = length;
    buffer.bytesused = frame;
    return errno_of(node.queue(buffer));
}

int queue_dmabuf(VideoNode& node, int fd, std::uint32_t length = 0) {
    if (const auto failed = request(node, V4L2_MEMORY_DMABUF, 1)) {
        return failed;
    }
    v4l2_buffer buffer{};
    buffer.memory = V4L2_MEMORY_DMABUF;
    buffer.m.fd = fd;
    buffer.length = length;
    buffer.bytesused = frame;
    return errno_of(node.queue(buffer));
}

base::Result<void> try_dma_bufs(Verdict& verdict, VideoNode& node) {
    // The dma-buf is one whose memory is counted: a reference that is lost would be seen.
    try_call(verdict, node, "a dma-buf that is smaller than its length is said to be", EFAULT, [&] {
        auto exporting = open_node(1, false, layout);
        if (!exporting || request(*exporting, V4L2_MEMORY_MMAP, 1) != 0) {
            return ENODEV;
        }
        const auto counted = exporting->export_buffer(0);
        return counted ? queue_dmabuf(node, counted->get(), 1U << 20U) : counted.error().code;
    });
    return v4l2::try_bad_dma_bufs(frame, true, [&](std::string_view what, int wanted, int fd) {
        try_call(verdict, node, what, wanted, [&] { return queue_dmabuf(node, fd); });
    });
}

} // namespace

base::Result<void> try_bad_memory(Verdict& verdict) {
    auto capture = open_node(0, false, layout);
    auto output = open_node(0, true, layout);
    if (!capture || !output) {
        return tl::unexpected{(capture ? output : capture).error()};
    }
    const auto trying = [&verdict](VideoNode& node) {
        return
            [&](std::string_view what, int wanted, std::uintptr_t address, std::uint32_t length) {
                try_call(verdict, node, what, wanted,
                         [&] { return queue_user(node, address, length); });
            };
    };
    if (auto tried = v4l2::try_bad_user_memory(verdict, frame, trying(*capture), trying(*output));
        !tried) {
        return tried;
    }
    return try_dma_bufs(verdict, *capture);
}

} // namespace ipu3::dmatest::misuse
