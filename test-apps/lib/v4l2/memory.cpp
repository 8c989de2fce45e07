// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/memory.hpp"

#include <cerrno>
#include <sys/mman.h>

namespace ipu3::v4l2 {

base::Result<Mapping> Mapping::of_file(int fd, std::size_t size, std::uint64_t offset) {
    void* start =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, static_cast<off_t>(offset));
    if (start == MAP_FAILED) {
        return base::fail_errno(errno, "cannot map {} bytes of a buffer", size);
    }
    return Mapping{start, size};
}

base::Result<Mapping> Mapping::anonymous(std::size_t size) {
    void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
        return base::fail_errno(errno, "cannot get {} bytes", size);
    }
    return Mapping{start, size};
}

Mapping::~Mapping() {
    if (start_ != nullptr) {
        (void)::munmap(start_, size_); // fails only for a range that this is not
    }
}

} // namespace ipu3::v4l2
