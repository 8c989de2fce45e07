// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/memory.hpp"
#include "lib/v4l2/dma_memory.hpp"
#include "module-tests/ipu3-misuse/tests.hpp"
#include "module-tests/misuse/bad_memory.hpp"

#include <cerrno>

namespace ipu3::misuse {

namespace {

constexpr Size small{100, 100};
constexpr std::uint32_t small_bytes = 128 * 100;
/// One page more than the DMA's lists of pages have room for.
constexpr std::uint32_t too_large = 32U << 20U;

int queue_user(VideoNode& node, std::uintptr_t address, std::uint32_t length) {
    if (const auto failed = request(node, V4L2_MEMORY_USERPTR, 1)) {
        return failed;
    }
    v4l2_plane plane{};
    plane.m.userptr = address;
    plane.length = length;
    return errno_of(node.queue(V4L2_MEMORY_USERPTR, 0, plane));
}

int queue_dmabuf(VideoNode& node, int fd, std::uint32_t length = 0) {
    if (const auto failed = request(node, V4L2_MEMORY_DMABUF, 1)) {
        return failed;
    }
    v4l2_plane plane{};
    plane.m.fd = fd;
    plane.length = length;
    return errno_of(node.queue(V4L2_MEMORY_DMABUF, 0, plane));
}

/// The same of what another node exports, whose memory is counted: a lost reference would be seen.
int queue_export(VideoNode& node, VideoNode& exporter, std::uint32_t length) {
    if (const auto failed = request(exporter, V4L2_MEMORY_MMAP, 1)) {
        return failed;
    }
    const auto exported = exporter.export_buffer(0);
    const auto failed =
        exported ? queue_dmabuf(node, exported->get(), length) : exported.error().code;
    const auto freed = request(exporter, V4L2_MEMORY_MMAP, 0);
    return freed != 0 ? freed : failed;
}

} // namespace

base::Result<void> try_memory(Verdict& verdict, const Bench& bench) {
    auto node = Bench::open_node(bench.port);
    auto exporter = Bench::open_node(bench.empty_port);
    const auto large = v4l2::Mapping::anonymous(too_large);
    const auto large_dmabuf = v4l2::make_udmabuf(too_large);
    if (!node || !exporter) {
        return tl::unexpected{(node ? exporter : node).error()};
    }
    if (!large) {
        return tl::unexpected{large.error()};
    }
    if (!large_dmabuf) {
        return tl::unexpected{large_dmabuf.error()};
    }
    for (auto* each : {&*node, &*exporter}) {
        verdict.expect_errno(set_format(*each, V4L2_PIX_FMT_IPU3_SBGGR10, small), 0,
                             "VIDIOC_S_FMT");
    }
    const auto attempt = [&](std::string_view what, int wanted, auto call) {
        try_call(verdict, bench, *node, what, wanted, call);
    };
    const auto user = [&](std::string_view what, int wanted, std::uintptr_t address,
                          std::uint32_t length) {
        attempt(what, wanted, [&] { return queue_user(*node, address, length); });
    };
    if (auto tried = v4l2::try_bad_user_memory(verdict, small_bytes, user, {}); !tried) {
        return tried;
    }
    const auto start = reinterpret_cast<std::uintptr_t>(large->bytes().data());
    user("user memory without a length", EINVAL, start, 0);
    user("user memory of more pages than the DMA has room for", EINVAL, start, too_large);
    user("user memory of as many pages", 0, start, too_large - 4096);

    attempt("another node's dma-buf", 0, [&] { return queue_export(*node, *exporter, 0); });
    attempt("another node's dma-buf that is said to be too small", EINVAL,
            [&] { return queue_export(*node, *exporter, small_bytes - 1); });
    attempt("another node's dma-buf that is smaller than its length is said to be", EFAULT,
            [&] { return queue_export(*node, *exporter, 1U << 20U); });
    verdict.expect_errno(set_format(*exporter, V4L2_PIX_FMT_IPU3_SBGGR10, {100, 32}), 0,
                         "VIDIOC_S_FMT");
    attempt("another node's dma-buf of a smaller format", EINVAL,
            [&] { return queue_export(*node, *exporter, 0); });
    attempt("a dma-buf of more pages than the DMA has room for", EINVAL,
            [&] { return queue_dmabuf(*node, large_dmabuf->get()); });
    // Its DMA takes pages wherever they are.
    return v4l2::try_bad_dma_bufs(
        small_bytes, false, [&](std::string_view what, int wanted, int fd) {
            attempt(what, wanted, [&] { return queue_dmabuf(*node, fd); });
        });
}

} // namespace ipu3::misuse
