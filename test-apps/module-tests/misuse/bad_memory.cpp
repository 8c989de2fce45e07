// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/misuse/bad_memory.hpp"

#include "lib/v4l2/dma_memory.hpp"
#include "lib/v4l2/memory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "module-tests/bad-exporter/driver/ipu-bad-exporter.h"

namespace ipu3::v4l2 {

namespace {

constexpr std::size_t page = 4096;

std::uintptr_t address_of(const Mapping& mapping) {
    return reinterpret_cast<std::uintptr_t>(mapping.bytes().data());
}

/// A mapping of registers: some PCI function's, whatever it is. They are not touched.
base::Result<Mapping> device_memory() {
    std::error_code error;
    for (std::filesystem::directory_iterator entry{"/sys/bus/pci/devices", error}, end;
         !error && entry != end; entry.increment(error)) {
        for (int bar = 0; bar < 6; ++bar) {
            const auto path = entry->path() / fmt::format("resource{}", bar);
            const base::UniqueFd fd{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
            if (!fd) {
                continue;
            }
            if (auto mapped = Mapping::of_file(fd.get(), page, 0)) {
                return mapped;
            }
        }
    }
    return base::fail("no PCI function's registers can be mapped");
}

} // namespace

base::Result<void> try_bad_user_memory(Verdict& verdict, std::uint32_t frame,
                                       const TryUserMemory& from_device,
                                       const TryUserMemory& to_device) {
    auto memory = Mapping::anonymous(4 * page);
    auto registers = device_memory();
    if (!memory || !registers) {
        return tl::unexpected{(memory ? registers : memory).error()};
    }
    const auto start = address_of(*memory);
    constexpr auto all_ones = std::numeric_limits<std::uintptr_t>::max();
    from_device("user memory", 0, start, frame);
    from_device("user memory with an offset", 0, start + 777, frame);
    from_device("user memory at 0", EFAULT, 0, frame);
    from_device("user memory of the kernel's", EFAULT, 0xffff888000000000, frame);
    from_device("user memory that goes on at 0", EFAULT, all_ones - page + 1, frame);
    from_device("user memory that is too short", EINVAL, start, frame - 1);
    from_device("user memory of 4 GiB", EFAULT, start, std::numeric_limits<std::uint32_t>::max());
    from_device("user memory in registers", EFAULT, address_of(*registers), frame);

    auto* bytes = memory->bytes().data();
    const auto protect = [&](std::size_t offset, std::size_t size, int protection) {
        verdict.expect(::mprotect(bytes + offset, size, protection) == 0, "mprotect()");
    };
    protect(0, 4 * page, PROT_READ);
    from_device("read-only user memory to write to", EFAULT, start, frame);
    if (to_device) {
        to_device("read-only user memory to read from", 0, start, frame);
    }
    protect(0, 4 * page, PROT_READ | PROT_WRITE);
    protect(2 * page, page, PROT_NONE);
    from_device("user memory with a page that nobody may touch", EFAULT, start, frame);
    verdict.expect(::munmap(bytes + 2 * page, page) == 0, "munmap()");
    from_device("user memory with a hole", EFAULT, start, frame);
    verdict.expect(::munmap(bytes, 4 * page) == 0, "munmap()");
    from_device("user memory that is gone", EFAULT, start, frame);
    return {};
}

base::Result<void> try_bad_dma_bufs(std::uint32_t frame, bool contiguous,
                                    const TryDmaBuf& attempt) {
    const auto right = make_udmabuf(frame);
    const auto small = make_udmabuf(frame - page);
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

    struct Bad {
        std::string_view what;
        std::uint32_t fault;
        int wanted;
    };
    for (const auto& bad :
         {Bad{"an exporter that works", IPU_BAD_EXPORTER_NONE, 0},
          {"an exporter that cannot attach", IPU_BAD_EXPORTER_ATTACH, EBUSY},
          {"an exporter that cannot map", IPU_BAD_EXPORTER_MAP, ENOSPC},
          {"an exporter that maps too little", IPU_BAD_EXPORTER_SHORT, EFAULT},
          {"an exporter that leaves a hole", IPU_BAD_EXPORTER_HOLE, contiguous ? EFAULT : 0}}) {
        const base::UniqueFd fd{::ioctl(exporter.get(), IPU_BAD_EXPORTER_MAKE, bad.fault)};
        if (!fd) {
            return base::fail_errno(errno, "IPU_BAD_EXPORTER_MAKE");
        }
        attempt(bad.what, bad.wanted, fd.get());
    }
    return {};
}

} // namespace ipu3::v4l2
