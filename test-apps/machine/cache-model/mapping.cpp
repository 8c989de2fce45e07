// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/mapping.hpp"

#include <cerrno>
#include <sys/mman.h>
#include <sys/stat.h>
#include <utility>

namespace ipu3::cache {

base::Result<Mapping> Mapping::open(int fd, std::uint64_t size) {
    struct stat status{};
    if (::fstat(fd, &status) != 0) {
        return base::fail_errno(errno, "cannot examine the file to map");
    }
    if (static_cast<std::uint64_t>(status.st_size) < size) {
        return base::fail("a file of {} bytes is too short to map {}", status.st_size, size);
    }
    // Address space only: what is never touched costs nothing.
    void* address =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    if (address == MAP_FAILED) {
        return base::fail_errno(errno, "cannot map {} bytes", size);
    }
    return Mapping{{static_cast<std::byte*>(address), static_cast<std::size_t>(size)}};
}

Mapping::Mapping(Mapping&& other) noexcept : bytes_{std::exchange(other.bytes_, {})} {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

Mapping::~Mapping() {
    if (!bytes_.empty()) {
        (void)::munmap(bytes_.data(), bytes_.size());
    }
}

} // namespace ipu3::cache
