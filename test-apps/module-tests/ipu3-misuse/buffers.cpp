// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu3-misuse/tests.hpp"

#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <unistd.h>

namespace ipu3::misuse {

namespace {

constexpr std::uint32_t none_such = 99;
constexpr Size small{100, 100};
constexpr std::uint32_t small_bytes = 128 * 100;
constexpr auto huge = std::numeric_limits<std::uint32_t>::max();
/// The DMA has room for this many bytes of page numbers' pages, less one page.
constexpr std::uint32_t dma_limit = 32U << 20U;

class Buffers {
  public:
    Buffers(Verdict& verdict, const Bench& bench, VideoNode& node)
        : verdict_{verdict}, bench_{bench}, node_{node} {}

    void try_requests();
    void try_sizes();
    void try_queueing();
    void try_exports();
    void try_order();

  private:
    template <typename Call>
    void attempt(std::string_view what, int wanted, Call call) {
        try_call(verdict_, bench_, node_, what, wanted, call);
    }
    /// The same with MMAP buffers.
    template <typename Call>
    void with_buffers(std::string_view what, int wanted, Call call) {
        attempt(what, wanted, [&] {
            const auto failed = request(node_, V4L2_MEMORY_MMAP, 1);
            return failed != 0 ? failed : call();
        });
    }
    [[nodiscard]] int queue(std::uint32_t index = 0) {
        return errno_of(node_.queue(V4L2_MEMORY_MMAP, index, {}));
    }

    Verdict& verdict_;
    const Bench& bench_;
    VideoNode& node_;
};

void Buffers::try_requests() {
    for (const std::uint32_t memory : {0U, std::uint32_t{V4L2_MEMORY_OVERLAY}, none_such, huge}) {
        attempt(fmt::format("VIDIOC_REQBUFS of memory {}", memory), EINVAL,
                [&] { return request(node_, memory, 1); });
    }
    for (const std::uint32_t type :
         {0U, std::uint32_t{V4L2_BUF_TYPE_VIDEO_CAPTURE},
          std::uint32_t{V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE}, none_such, huge}) {
        v4l2_requestbuffers buffers{};
        buffers.count = 1;
        buffers.type = type;
        buffers.memory = V4L2_MEMORY_MMAP;
        attempt(fmt::format("VIDIOC_REQBUFS of type {}", type), EINVAL,
                [&] { return errno_of(node_.fd(), VIDIOC_REQBUFS, buffers); });
        auto direction = static_cast<int>(type);
        attempt(fmt::format("VIDIOC_STREAMON of type {}", type), EINVAL,
                [&] { return errno_of(node_.fd(), VIDIOC_STREAMON, direction); });
        attempt(fmt::format("VIDIOC_STREAMOFF of type {}", type), EINVAL,
                [&] { return errno_of(node_.fd(), VIDIOC_STREAMOFF, direction); });
        for (const auto request :
             {VIDIOC_QBUF, VIDIOC_DQBUF, VIDIOC_QUERYBUF, VIDIOC_PREPARE_BUF}) {
            with_buffers(fmt::format("ioctl {:#x} of type {}", request, type), EINVAL, [&] {
                PlanarBuffer one{V4L2_MEMORY_MMAP};
                one.buffer.type = type;
                return one.call(node_, request);
            });
        }
    }
    attempt("VIDIOC_REQBUFS of more than there can be", 0, [&] {
        const auto count = node_.request_buffers(V4L2_MEMORY_MMAP, huge);
        verdict_.expect(count && *count <= VIDEO_MAX_FRAME, "at most 32 buffers");
        return errno_of(count);
    });
}

void Buffers::try_sizes() {
    for (const auto size : {0U, 1U, small_bytes - 1}) {
        attempt(fmt::format("VIDIOC_CREATE_BUFS of {} bytes", size), EINVAL,
                [&] { return create(node_, size); });
    }
    for (const auto size : {small_bytes, small_bytes + 1, dma_limit - 4096}) {
        attempt(fmt::format("VIDIOC_CREATE_BUFS of {} bytes", size), 0,
                [&] { return create(node_, size); });
    }
    // Must be refused before there is memory: the third one would take all that the machine has.
    for (const auto size : {dma_limit, dma_limit + 1, huge - 4095, huge}) {
        attempt(fmt::format("VIDIOC_CREATE_BUFS of {} bytes", size), EINVAL,
                [&] { return create(node_, size); });
    }
    const auto created = [&](auto change) {
        v4l2_create_buffers buffers{};
        buffers.count = 1;
        buffers.memory = V4L2_MEMORY_MMAP;
        buffers.format.type = capture_type;
        const auto failed = errno_of(node_.fd(), VIDIOC_G_FMT, buffers.format);
        change(buffers);
        return failed != 0 ? failed : errno_of(node_.fd(), VIDIOC_CREATE_BUFS, buffers);
    };
    for (const unsigned planes : {0U, 2U, unsigned{VIDEO_MAX_PLANES}}) {
        attempt(fmt::format("VIDIOC_CREATE_BUFS of {} planes", planes), EINVAL, [&] {
            return created([&](v4l2_create_buffers& buffers) {
                auto& pix = buffers.format.fmt.pix_mp;
                pix.num_planes = static_cast<__u8>(planes);
                for (auto& plane : pix.plane_fmt) {
                    plane.sizeimage = small_bytes;
                }
            });
        });
    }
    attempt("VIDIOC_CREATE_BUFS of another type", EINVAL, [&] {
        return created([](v4l2_create_buffers& buffers) {
            buffers.format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        });
    });
    attempt("VIDIOC_CREATE_BUFS of a memory that is none", EINVAL, [&] {
        return created([](v4l2_create_buffers& buffers) { buffers.memory = none_such; });
    });
    with_buffers("VIDIOC_CREATE_BUFS of another memory than there is", EINVAL, [&] {
        return created([](v4l2_create_buffers& buffers) { buffers.memory = V4L2_MEMORY_USERPTR; });
    });
    attempt("VIDIOC_CREATE_BUFS of none, which asks for the next index", 0,
            [&] { return created([](v4l2_create_buffers& buffers) { buffers.count = 0; }); });
    // Buffers that were right when they were made must not become too small.
    with_buffers("VIDIOC_S_FMT while there are buffers", EBUSY,
                 [&] { return set_format(node_, V4L2_PIX_FMT_IPU3_SBGGR10, other_mode); });
}

void Buffers::try_queueing() {
    attempt("VIDIOC_QBUF without buffers", EINVAL, [&] { return queue(); });
    for (const std::uint32_t index : {32U, none_such, huge}) {
        for (const auto request : {VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_PREPARE_BUF}) {
            with_buffers(fmt::format("ioctl {:#x} of buffer {}", request, index), EINVAL, [&] {
                return PlanarBuffer{V4L2_MEMORY_MMAP, index}.call(node_, request);
            });
        }
    }
    for (const std::uint32_t memory :
         {std::uint32_t{V4L2_MEMORY_USERPTR}, std::uint32_t{V4L2_MEMORY_DMABUF}, none_such}) {
        with_buffers(fmt::format("VIDIOC_QBUF as memory {}", memory), EINVAL,
                     [&] { return PlanarBuffer{memory}.call(node_, VIDIOC_QBUF); });
    }
    with_buffers("VIDIOC_QBUF twice", EINVAL, [&] {
        const auto failed = queue();
        return failed != 0 ? failed : queue();
    });
    const auto prepare = [&] {
        return PlanarBuffer{V4L2_MEMORY_MMAP}.call(node_, VIDIOC_PREPARE_BUF);
    };
    with_buffers("VIDIOC_QBUF after VIDIOC_PREPARE_BUF", 0, [&] {
        const auto failed = prepare();
        return failed != 0 ? failed : queue();
    });
    with_buffers("VIDIOC_PREPARE_BUF twice", EINVAL, [&] {
        const auto failed = prepare();
        return failed != 0 ? failed : prepare();
    });
    with_buffers("VIDIOC_PREPARE_BUF after VIDIOC_QBUF", EINVAL, [&] {
        const auto failed = queue();
        return failed != 0 ? failed : prepare();
    });
    for (const std::uint32_t planes : {0U, VIDEO_MAX_PLANES + 1U, huge}) {
        with_buffers(fmt::format("VIDIOC_QBUF with {} planes", planes), EINVAL, [&] {
            PlanarBuffer one{V4L2_MEMORY_MMAP};
            one.buffer.length = planes;
            return one.call(node_, VIDIOC_QBUF);
        });
    }
    with_buffers("VIDIOC_QBUF with planes that are nowhere", EFAULT, [&] {
        PlanarBuffer one{V4L2_MEMORY_MMAP};
        one.buffer.m.planes = nullptr;
        return one.call(node_, VIDIOC_QBUF);
    });
    with_buffers("VIDIOC_QBUF with a request, of which there are none", EBADR, [&] {
        PlanarBuffer one{V4L2_MEMORY_MMAP};
        one.buffer.flags = V4L2_BUF_FLAG_REQUEST_FD;
        return one.call(node_, VIDIOC_QBUF);
    });
    // Sizes are the driver's where the memory is.
    with_buffers("VIDIOC_QBUF of a plane that says nonsense", 0, [&] {
        PlanarBuffer one{V4L2_MEMORY_MMAP};
        one.plane.length = 1;
        one.plane.bytesused = huge;
        one.plane.data_offset = huge;
        return one.call(node_, VIDIOC_QBUF);
    });
}

void Buffers::try_exports() {
    const auto exported = [&](auto change) {
        v4l2_exportbuffer buffer{};
        buffer.type = capture_type;
        change(buffer);
        const auto failed = errno_of(node_.fd(), VIDIOC_EXPBUF, buffer);
        const base::UniqueFd closed{failed == 0 ? buffer.fd : -1};
        return failed;
    };
    with_buffers("VIDIOC_EXPBUF", 0, [&] { return exported([](v4l2_exportbuffer&) {}); });
    with_buffers("VIDIOC_EXPBUF of a buffer that is not there", EINVAL, [&] {
        return exported([](v4l2_exportbuffer& buffer) { buffer.index = none_such; });
    });
    with_buffers("VIDIOC_EXPBUF of a plane that is not there", EINVAL,
                 [&] { return exported([](v4l2_exportbuffer& buffer) { buffer.plane = 1; }); });
    with_buffers("VIDIOC_EXPBUF with a flag that is none", EINVAL, [&] {
        return exported([](v4l2_exportbuffer& buffer) { buffer.flags = O_DIRECTORY; });
    });
    with_buffers("VIDIOC_EXPBUF of another type", EINVAL, [&] {
        return exported([](v4l2_exportbuffer& buffer) { buffer.type = none_such; });
    });
    attempt("VIDIOC_EXPBUF of user memory", EINVAL, [&] {
        const auto failed = request(node_, V4L2_MEMORY_USERPTR, 1);
        return failed != 0 ? failed : exported([](v4l2_exportbuffer&) {});
    });
}

void Buffers::try_order() {
    const auto dequeue = [&] { return PlanarBuffer{V4L2_MEMORY_MMAP}.call(node_, VIDIOC_DQBUF); };
    attempt("VIDIOC_STREAMON without buffers", EINVAL, [&] { return errno_of(node_.stream_on()); });
    attempt("VIDIOC_STREAMOFF without a stream", 0, [&] { return errno_of(node_.stream_off()); });
    with_buffers("VIDIOC_DQBUF without a stream", EINVAL, [&] {
        const auto failed = queue();
        return failed != 0 ? failed : dequeue();
    });
    // Streaming begins with the first buffer.
    with_buffers("VIDIOC_STREAMON with nothing queued", 0,
                 [&] { return errno_of(node_.stream_on()); });
    with_buffers("VIDIOC_DQBUF with nothing queued", EAGAIN, [&] {
        const auto failed = errno_of(node_.stream_on());
        return failed != 0 ? failed : dequeue();
    });
    with_buffers("VIDIOC_REQBUFS while streaming", EBUSY, [&] {
        const auto failed = errno_of(node_.stream_on());
        return failed != 0 ? failed : request(node_, V4L2_MEMORY_MMAP, 4);
    });
    with_buffers("read(), which is not for this node", EINVAL, [&] {
        char byte = 0;
        return ::read(node_.fd(), &byte, 1) >= 0 ? 0 : errno;
    });
}

} // namespace

base::Result<void> try_buffers(Verdict& verdict, const Bench& bench) {
    auto node = Bench::open_node(bench.port);
    if (!node) {
        return tl::unexpected{node.error()};
    }
    verdict.expect_errno(set_format(*node, V4L2_PIX_FMT_IPU3_SBGGR10, small), 0, "VIDIOC_S_FMT");
    Buffers buffers{verdict, bench, *node};
    buffers.try_requests();
    buffers.try_sizes();
    buffers.try_queueing();
    buffers.try_exports();
    buffers.try_order();
    return {};
}

} // namespace ipu3::misuse
