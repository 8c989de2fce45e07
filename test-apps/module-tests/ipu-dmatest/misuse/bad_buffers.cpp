// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/misuse/bench.hpp"
#include "module-tests/ipu-dmatest/misuse/tests.hpp"

#include <fcntl.h>
#include <limits>
#include <sys/mman.h>

namespace ipu3::dmatest::misuse {

namespace {

constexpr std::uint32_t page = 4096;
constexpr std::uint32_t none_such = 99;

int create(const VideoNode& node, std::uint32_t size) {
    v4l2_format format{};
    format.type = node.type();
    if (const auto failed = errno_of(node.fd(), VIDIOC_G_FMT, format)) {
        return failed;
    }
    v4l2_create_buffers buffers{};
    buffers.count = 1;
    buffers.memory = V4L2_MEMORY_MMAP;
    buffers.format = format;
    buffers.format.fmt.pix.sizeimage = size;
    return errno_of(node.fd(), VIDIOC_CREATE_BUFS, buffers);
}

void try_sizes(Verdict& verdict, VideoNode& node) {
    constexpr std::uint32_t most = 64U << 20; // the device's own limit
    // The interface has 32 bits for a size: the last one is 4 GiB when rounded up to pages.
    for (const auto size : {0U, most + 1, std::numeric_limits<std::uint32_t>::max()}) {
        try_call(verdict, node, fmt::format("VIDIOC_CREATE_BUFS of {} bytes", size), EINVAL,
                 [&] { return create(node, size); });
    }
    for (const auto size : {1U, page - 1, page, page + 1}) {
        try_call(verdict, node, fmt::format("VIDIOC_CREATE_BUFS of {} bytes", size), 0, [&] {
            const auto before = all_counters();
            const auto failed = create(node, size);
            const std::int64_t pages = (size + page - 1) / page;
            const auto after = all_counters();
            verdict.expect(after.bytes - before.bytes == pages * page &&
                               after.mapped_pages - before.mapped_pages == pages,
                           fmt::format("{} bytes are {} pages", size, pages));
            return failed;
        });
    }
}

int map(const VideoNode& node, std::size_t size, int flags, std::uint32_t offset) {
    void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, node.fd(), offset);
    if (start == MAP_FAILED) {
        return errno;
    }
    return ::munmap(start, size) == 0 ? 0 : errno;
}

void try_mmap(Verdict& verdict, VideoNode& node) {
    const auto with_buffer = [&](auto call) {
        return [&node, call] {
            const auto failed = request(node, V4L2_MEMORY_MMAP, 1);
            return failed != 0 ? failed : call();
        };
    };
    const auto attempt = [&](std::string_view what, int wanted, auto call) {
        try_call(verdict, node, what, wanted, with_buffer(call));
    };
    attempt("mmap()", 0, [&] { return map(node, page, MAP_SHARED, 0); });
    attempt("mmap() of an offset that no buffer has", EINVAL,
            [&] { return map(node, page, MAP_SHARED, 64 * page); });
    attempt("mmap() of more than the buffer", EINVAL,
            [&] { return map(node, std::size_t{4} * page, MAP_SHARED, 0); });
    attempt("mmap() for this process alone", EINVAL,
            [&] { return map(node, page, MAP_PRIVATE, 0); });
    attempt("mmap() after the buffers' end", EINVAL, [&] {
        const auto failed = request(node, V4L2_MEMORY_MMAP, 0);
        return failed != 0 ? failed : map(node, page, MAP_SHARED, 0);
    });
    attempt("VIDIOC_EXPBUF of a buffer that is not there", EINVAL,
            [&] { return errno_of(node.export_buffer(none_such)); });
    attempt("VIDIOC_EXPBUF with a flag that is none", EINVAL, [&] {
        v4l2_exportbuffer buffer{};
        buffer.type = node.type();
        buffer.flags = O_DIRECTORY;
        return errno_of(node.fd(), VIDIOC_EXPBUF, buffer);
    });
    attempt("VIDIOC_QBUF of a buffer that is not there", EINVAL, [&] {
        v4l2_buffer buffer{};
        buffer.index = none_such;
        buffer.memory = V4L2_MEMORY_MMAP;
        return errno_of(node.queue(buffer));
    });
    attempt("VIDIOC_QBUF twice", EINVAL, [&] {
        v4l2_buffer buffer{};
        buffer.memory = V4L2_MEMORY_MMAP;
        const auto failed = errno_of(node.queue(buffer));
        return failed != 0 ? failed : errno_of(node.queue(buffer));
    });
    attempt("VIDIOC_QBUF as other memory", EINVAL, [&] {
        v4l2_buffer buffer{};
        buffer.memory = V4L2_MEMORY_USERPTR;
        return errno_of(node.queue(buffer));
    });
}

} // namespace

base::Result<void> try_bad_buffers(Verdict& verdict) {
    auto node = open_node(0, false, Layout{.width = 1, .height = 1});
    if (!node) {
        return tl::unexpected{node.error()};
    }
    try_sizes(verdict, *node);
    try_mmap(verdict, *node);
    try_call(verdict, *node, "VIDIOC_REQBUFS of a memory that is none", EINVAL,
             [&] { return request(*node, none_such, 1); });
    try_call(verdict, *node, "VIDIOC_EXPBUF of user memory", EINVAL, [&] {
        const auto failed = request(*node, V4L2_MEMORY_USERPTR, 1);
        return failed != 0 ? failed : errno_of(node->export_buffer(0));
    });
    return {};
}

base::Result<void> try_control(Verdict& verdict) {
    auto node = open_node(0, false, Layout{.width = 1, .height = 1});
    auto other = open_node(1, false, Layout{.width = 1, .height = 1});
    if (!node || !other) {
        return tl::unexpected{(node ? other : node).error()};
    }
    try_call(verdict, *node, "control: a wrong errno", ENOSPC, [&] { return create(*node, 0); });
    try_call(verdict, *node, "control: a buffer that is left", 0,
             [&] { return request(*other, V4L2_MEMORY_MMAP, 1); });
    return {};
}

} // namespace ipu3::dmatest::misuse
