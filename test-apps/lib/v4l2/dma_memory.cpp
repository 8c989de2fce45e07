// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/dma_memory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace ipu3::v4l2 {

namespace {

constexpr std::uint64_t page = 4096;

constexpr std::uint64_t whole_pages(std::uint64_t size) {
    return (size + page - 1) / page * page;
}

} // namespace

base::Result<base::UniqueFd> make_udmabuf(std::uint64_t size) {
    const auto length = whole_pages(size);
    const base::UniqueFd memory{::memfd_create("dma-buf", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!memory || ::ftruncate(memory.get(), static_cast<off_t>(length)) != 0 ||
        ::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK) != 0) {
        return base::fail_errno(errno, "cannot make a memfd of {} bytes", length);
    }
    const base::UniqueFd control{::open("/dev/udmabuf", O_RDWR | O_CLOEXEC)};
    if (!control) {
        return base::fail_errno(errno, "cannot open /dev/udmabuf");
    }
    udmabuf_create request{};
    request.memfd = static_cast<__u32>(memory.get());
    request.flags = UDMABUF_FLAGS_CLOEXEC;
    request.size = length;
    base::UniqueFd buffer{::ioctl(control.get(), UDMABUF_CREATE, &request)};
    if (!buffer) {
        return base::fail_errno(errno, "cannot make a udmabuf of {} bytes", length);
    }
    return buffer;
}

base::Result<base::UniqueFd> make_heap_buffer(std::uint64_t size) {
    const base::UniqueFd heap{::open("/dev/dma_heap/system", O_RDWR | O_CLOEXEC)};
    if (!heap) {
        return base::fail_errno(errno, "cannot open /dev/dma_heap/system");
    }
    dma_heap_allocation_data request{};
    request.len = whole_pages(size);
    request.fd_flags = O_RDWR | O_CLOEXEC;
    if (::ioctl(heap.get(), DMA_HEAP_IOCTL_ALLOC, &request) != 0) {
        return base::fail_errno(errno, "cannot get {} bytes from the heap", size);
    }
    return base::UniqueFd{static_cast<int>(request.fd)};
}

base::Result<void> synchronise(int fd, CpuAccess access, bool begin) {
    dma_buf_sync request{};
    request.flags = (begin ? DMA_BUF_SYNC_START : DMA_BUF_SYNC_END) |
                    (access == CpuAccess::write ? DMA_BUF_SYNC_RW : DMA_BUF_SYNC_READ);
    while (::ioctl(fd, DMA_BUF_IOCTL_SYNC, &request) != 0) {
        if (errno != EINTR && errno != EAGAIN) {
            return base::fail_errno(errno, "DMA_BUF_IOCTL_SYNC");
        }
    }
    return {};
}

} // namespace ipu3::v4l2
