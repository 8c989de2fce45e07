// SPDX-License-Identifier: GPL-2.0-or-later
#include "ipu-dmatest/misuse/bench.hpp"
#include "ipu-dmatest/misuse/tests.hpp"
#include "media/dma_memory.hpp"
#include "media/memory.hpp"

#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "bad-exporter/driver/ipu-bad-exporter.h"

namespace ipu3::dmatest::misuse {

namespace {

constexpr std::size_t page = 4096;
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

std::uintptr_t address_of(const media::Mapping& mapping) {
    return reinterpret_cast<std::uintptr_t>(mapping.bytes().data());
}

/// A mapping of registers: some PCI function's, whatever it is. They are not touched.
base::Result<media::Mapping> device_memory() {
    std::error_code error;
    for (std::filesystem::directory_iterator entry{"/sys/bus/pci/devices", error}, end;
         !error && entry != end; entry.increment(error)) {
        for (int bar = 0; bar < 6; ++bar) {
            const auto path = entry->path() / fmt::format("resource{}", bar);
            const base::UniqueFd fd{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
            if (!fd) {
                continue;
            }
            if (auto mapped = media::Mapping::of_file(fd.get(), page, 0)) {
                return mapped;
            }
        }
    }
    return base::fail("no PCI function's registers can be mapped");
}

base::Result<void> try_user_memory(Verdict& verdict, VideoNode& capture, VideoNode& output) {
    auto memory = media::Mapping::anonymous(4 * page);
    auto registers = device_memory();
    if (!memory || !registers) {
        return tl::unexpected{(memory ? registers : memory).error()};
    }
    const auto start = address_of(*memory);
    const auto attempt = [&](std::string_view what, int wanted, std::uintptr_t address,
                             std::uint32_t length) {
        try_call(verdict, capture, what, wanted,
                 [&] { return queue_user(capture, address, length); });
    };
    constexpr auto all_ones = std::numeric_limits<std::uintptr_t>::max();
    attempt("user memory", 0, start, frame);
    attempt("user memory with an offset", 0, start + 777, frame);
    attempt("user memory at 0", EFAULT, 0, frame);
    attempt("user memory of the kernel's", EFAULT, 0xffff888000000000, frame);
    attempt("user memory that goes on at 0", EFAULT, all_ones - page + 1, frame);
    attempt("user memory that is too short", EINVAL, start, frame - 1);
    attempt("user memory of 4 GiB", EFAULT, start, std::numeric_limits<std::uint32_t>::max());
    attempt("user memory in registers", EFAULT, address_of(*registers), frame);

    auto* bytes = memory->bytes().data();
    const auto protect = [&](std::size_t offset, std::size_t size, int protection) {
        verdict.expect(::mprotect(bytes + offset, size, protection) == 0, "mprotect()");
    };
    protect(0, 4 * page, PROT_READ);
    attempt("read-only user memory to write to", EFAULT, start, frame);
    try_call(verdict, output, "read-only user memory to read from", 0,
             [&] { return queue_user(output, start, frame); });
    protect(0, 4 * page, PROT_READ | PROT_WRITE);
    protect(2 * page, page, PROT_NONE);
    attempt("user memory with a page that nobody may touch", EFAULT, start, frame);
    verdict.expect(::munmap(bytes + 2 * page, page) == 0, "munmap()");
    attempt("user memory with a hole", EFAULT, start, frame);
    verdict.expect(::munmap(bytes, 4 * page) == 0, "munmap()");
    attempt("user memory that is gone", EFAULT, start, frame);
    return {};
}

base::Result<void> try_dma_bufs(Verdict& verdict, VideoNode& node) {
    const auto attempt = [&](std::string_view what, int wanted, int fd) {
        try_call(verdict, node, what, wanted, [&] { return queue_dmabuf(node, fd); });
    };
    const auto right = media::make_udmabuf(frame);
    const auto small = media::make_udmabuf(frame - page);
    const base::UniqueFd file{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    const base::UniqueFd exporter{::open("/dev/ipu-bad-exporter", O_RDWR | O_CLOEXEC)};
    if (!right || !small) {
        return tl::unexpected{(right ? small : right).error()};
    }
    if (!file || !exporter) {
        return base::fail_errno(errno, "cannot open /dev/null or /dev/ipu-bad-exporter");
    }
    attempt("a dma-buf", 0, right->get());
    attempt("no dma-buf", EINVAL, -1);
    attempt("a file that is no dma-buf", EINVAL, file.get());
    attempt("a dma-buf that is too small", EINVAL, small->get());

    // The dma-buf is one whose memory is counted: a reference that is lost would be seen.
    try_call(verdict, node, "a dma-buf that is smaller than its length is said to be", EFAULT, [&] {
        auto exporting = open_node(1, false, layout);
        if (!exporting || request(*exporting, V4L2_MEMORY_MMAP, 1) != 0) {
            return ENODEV;
        }
        const auto counted = exporting->export_buffer(0);
        return counted ? queue_dmabuf(node, counted->get(), 1U << 20U) : counted.error().code;
    });
    struct Bad {
        std::string_view what;
        std::uint32_t fault;
        int wanted;
    };
    for (const auto& bad : {Bad{"an exporter that works", IPU_BAD_EXPORTER_NONE, 0},
                            {"an exporter that cannot attach", IPU_BAD_EXPORTER_ATTACH, EBUSY},
                            {"an exporter that cannot map", IPU_BAD_EXPORTER_MAP, ENOSPC},
                            {"an exporter that maps too little", IPU_BAD_EXPORTER_SHORT, EFAULT},
                            {"an exporter that leaves a hole", IPU_BAD_EXPORTER_HOLE, EFAULT}}) {
        const base::UniqueFd fd{::ioctl(exporter.get(), IPU_BAD_EXPORTER_MAKE, bad.fault)};
        if (!fd) {
            return base::fail_errno(errno, "IPU_BAD_EXPORTER_MAKE");
        }
        attempt(bad.what, bad.wanted, fd.get());
    }
    return {};
}

} // namespace

base::Result<void> try_bad_memory(Verdict& verdict) {
    auto capture = open_node(0, false, layout);
    auto output = open_node(0, true, layout);
    if (!capture || !output) {
        return tl::unexpected{(capture ? output : capture).error()};
    }
    if (auto tried = try_user_memory(verdict, *capture, *output); !tried) {
        return tried;
    }
    return try_dma_bufs(verdict, *capture);
}

} // namespace ipu3::dmatest::misuse
