// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/guest/pages.hpp"

#include "lib/base/unique_fd.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace cache_probe {

Pages::Pages(std::size_t count, bool low) {
    const auto size = count * page_size;
    void* address =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | (low ? MAP_32BIT : 0), -1, 0);
    if (address == MAP_FAILED) {
        throw std::system_error{errno, std::generic_category(), "cannot get memory"};
    }
    bytes_ = {static_cast<std::byte*>(address), size};
    if (::mlock(address, size) != 0) {
        throw std::system_error{errno, std::generic_category(), "cannot lock memory"};
    }
    std::memset(address, 0, size);
}

Pages::~Pages() {
    (void)::munmap(bytes_.data(), bytes_.size());
}

// Documentation/admin-guide/mm/pagemap.rst: 64 bits a page, the frame number in bits 0 to 54.
Physical Pages::physical(std::size_t offset) const {
    const base::UniqueFd map{::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)};
    std::uint64_t entry = 0;
    const auto page = reinterpret_cast<std::uintptr_t>(at(offset)) / page_size;
    if (!map ||
        ::pread(map.get(), &entry, sizeof(entry), static_cast<off_t>(page * sizeof(entry))) !=
            static_cast<ssize_t>(sizeof(entry))) {
        throw std::system_error{errno, std::generic_category(), "cannot read the page map"};
    }
    const auto frame = entry & ((std::uint64_t{1} << 55U) - 1);
    if (frame == 0) {
        throw std::runtime_error{"the page map hides physical addresses: root is needed"};
    }
    return Physical{frame * page_size + offset % page_size};
}

} // namespace cache_probe
