// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/guest_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <iterator>
#include <limits>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>

namespace vfio_user {
namespace {

/// The last address of [@p start, @p start + @p size), nothing when there is none. Counting with
/// the last address instead of the end lets a window reach the top of the 64-bit space.
std::optional<std::uint64_t> last_of(std::uint64_t start, std::uint64_t size) {
    if (size == 0 || size - 1 > std::numeric_limits<std::uint64_t>::max() - start) {
        return std::nullopt;
    }
    return start + (size - 1);
}

} // namespace

/// One file of the client's, whole. Accessed through a view for each purpose for which one covers
/// it; for the others mapped when it cannot shrink, else accessed by system calls.
class SharedFile {
  public:
    SharedFile(const SharedFile&) = delete;
    SharedFile& operator=(const SharedFile&) = delete;
    SharedFile(SharedFile&&) = delete;
    SharedFile& operator=(SharedFile&&) = delete;
    ~SharedFile() {
        if (!mapping_.empty()) {
            (void)::munmap(mapping_.data(), mapping_.size());
        }
    }

    static base::Result<std::shared_ptr<SharedFile>> open(base::UniqueFd fd, std::uint64_t size,
                                                          bool writable, MemoryViews views) {
        auto file = std::shared_ptr<SharedFile>{new SharedFile{size, writable, views}};
        if (views.data != nullptr && views.tables != nullptr) {
            return file;
        }
        const int seals = ::fcntl(fd.get(), F_GET_SEALS);
        if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
            file->fd_ = std::move(fd);
            return file;
        }
        // Pages come into being on first touch, so mapping a large file whole costs address space
        // only.
        void* address = ::mmap(nullptr, size, writable ? PROT_READ | PROT_WRITE : PROT_READ,
                               MAP_SHARED, fd.get(), 0);
        if (address == MAP_FAILED) {
            return base::fail_errno(errno, "cannot map {} bytes of guest memory", size);
        }
        file->mapping_ = {static_cast<std::byte*>(address), static_cast<std::size_t>(size)};
        return file;
    }

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] bool writable() const { return writable_; }

    /// Copies from @p offset on, which lies in the file as it was opened; how many bytes were
    /// there.
    [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<std::byte> to,
                                   Purpose purpose) const {
        if (auto* view = views_.of(purpose); view != nullptr) {
            return view->read(offset, to);
        }
        if (!mapping_.empty()) {
            std::memcpy(to.data(), mapping_.data() + offset, to.size());
            return to.size();
        }
        return transfer(to.size(), [&](std::size_t done) {
            return ::pread(fd_.get(), to.data() + done, to.size() - done,
                           static_cast<off_t>(offset + done));
        });
    }
    std::size_t write(std::uint64_t offset, std::span<const std::byte> from) {
        if (views_.data != nullptr) {
            return views_.data->write(offset, from);
        }
        if (!mapping_.empty()) {
            std::memcpy(mapping_.data() + offset, from.data(), from.size());
            return from.size();
        }
        // Never lets the file grow back after the client has cut it.
        struct stat now{};
        const auto end =
            ::fstat(fd_.get(), &now) == 0 ? static_cast<std::uint64_t>(now.st_size) : 0;
        const auto room = std::min<std::uint64_t>(from.size(), end > offset ? end - offset : 0);
        from = from.first(static_cast<std::size_t>(room));
        return transfer(from.size(), [&](std::size_t done) {
            return ::pwrite(fd_.get(), from.data() + done, from.size() - done,
                            static_cast<off_t>(offset + done));
        });
    }

  private:
    SharedFile(std::uint64_t size, bool writable, MemoryViews views)
        : size_{size}, writable_{writable}, views_{views} {}

    template <typename Call>
    static std::size_t transfer(std::size_t size, const Call& call) {
        std::size_t done = 0;
        while (done < size) {
            const auto got = call(done);
            if (got > 0) {
                done += static_cast<std::size_t>(got);
            } else if (got == 0 || errno != EINTR) {
                break;
            }
        }
        return done;
    }

    std::uint64_t size_;
    bool writable_;
    MemoryViews views_;            ///< those that cover this file
    std::span<std::byte> mapping_; ///< empty: use fd_
    base::UniqueFd fd_;
};

std::string describe(const DmaFault& fault) {
    const auto* const reason = [&] {
        switch (fault.reason) {
        case DmaFault::Reason::unmapped:
            return "no window there";
        case DmaFault::Reason::forbidden:
            return "not allowed there";
        case DmaFault::Reason::not_shared:
            return "no shared memory behind the window";
        }
        return "unknown";
    }();
    return fmt::format("DMA {} of {} bytes failed at {:#x}: {}",
                       fault.access == Access::read ? "read" : "write", fault.size,
                       value(fault.address), reason);
}

GuestMemory::GuestMemory() = default;
GuestMemory::~GuestMemory() = default;
GuestMemory::GuestMemory(GuestMemory&&) noexcept = default;
GuestMemory& GuestMemory::operator=(GuestMemory&&) noexcept = default;

base::Result<void> GuestMemory::map(Iova start, std::uint64_t size, Protection protection,
                                    base::UniqueFd fd, std::uint64_t file_offset) {
    const auto first = value(start);
    const auto last = last_of(first, size);
    if (!last) {
        return base::fail_errno(EINVAL, "DMA window of {:#x} bytes at {:#x}", size, first);
    }
    const auto next = windows_.lower_bound(first);
    const bool meets_next = next != windows_.end() && next->first <= *last;
    const bool meets_previous = next != windows_.begin() && [&, previous = std::prev(next)] {
        return previous->first + (previous->second.size - 1) >= first;
    }();
    if (meets_next || meets_previous) {
        return base::fail_errno(EEXIST, "DMA window of {:#x} bytes at {:#x}", size, first);
    }
    std::shared_ptr<SharedFile> file;
    if (fd) {
        auto shared = share(std::move(fd), size, protection, file_offset);
        if (!shared) {
            return tl::unexpected{shared.error()};
        }
        file = std::move(*shared);
    }
    windows_.emplace_hint(next, first, Window{size, protection, std::move(file), file_offset});
    return {};
}

base::Result<std::shared_ptr<SharedFile>> GuestMemory::share(base::UniqueFd fd, std::uint64_t size,
                                                             Protection protection,
                                                             std::uint64_t file_offset) {
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) {
        return base::fail_errno(errno, "cannot examine the file behind a DMA window");
    }
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0) {
        return base::fail_errno(errno, "cannot examine the file behind a DMA window");
    }
    const auto file_size = static_cast<std::uint64_t>(status.st_size);
    if (!S_ISREG(status.st_mode) || (flags & O_PATH) != 0 || size > file_size ||
        file_offset > file_size - size) {
        return base::fail_errno(EINVAL, "a DMA window does not lie inside of its file");
    }
    const auto mode = flags & O_ACCMODE;
    // A descriptor gives no more access than it has, even if the file is open for more already.
    if (mode == O_WRONLY || (protection.writable && mode != O_RDWR)) {
        return base::fail_errno(EACCES, "a DMA window's descriptor does not allow its access");
    }
    const FileIdentity key{.device = static_cast<std::uint64_t>(status.st_dev),
                           .inode = static_cast<std::uint64_t>(status.st_ino)};
    if (const auto known = files_.find(key); known != files_.end()) {
        auto file = known->second.lock();
        if (file && file->size() >= file_offset + size &&
            (file->writable() || !protection.writable)) {
            return file;
        }
    }
    // A new file, one that grew, or one open for less: windows keep the mapping that they have.
    const auto covering = [&](MemoryView* view) {
        return view != nullptr && view->covers(key) ? view : nullptr;
    };
    auto file =
        SharedFile::open(std::move(fd), file_size, mode == O_RDWR,
                         {.data = covering(views_.data), .tables = covering(views_.tables)});
    if (file) {
        std::erase_if(files_, [](const auto& entry) { return entry.second.expired(); });
        files_[key] = *file;
    }
    return file;
}

base::Result<void> GuestMemory::unmap(Iova start, std::uint64_t size) {
    const auto first = value(start);
    const auto last = last_of(first, size);
    if (!last) {
        return base::fail_errno(EINVAL, "unmapping {:#x} bytes at {:#x}", size, first);
    }
    const auto begin = windows_.lower_bound(first);
    const auto end = windows_.upper_bound(*last);
    const auto last_address = [](const auto& window) {
        return window->first + (window->second.size - 1);
    };
    const bool cuts_front = begin != windows_.begin() && last_address(std::prev(begin)) >= first;
    const bool cuts_back = begin != end && last_address(std::prev(end)) > *last;
    if (cuts_front || cuts_back) {
        return base::fail_errno(EINVAL, "unmapping {:#x} bytes at {:#x} would cut a window", size,
                                first);
    }
    windows_.erase(begin, end);
    return {};
}

void GuestMemory::clear() {
    windows_.clear();
    files_.clear();
}

template <typename Visit>
tl::expected<void, DmaFault> GuestMemory::walk(Iova start, std::uint64_t size, Access access,
                                               const Visit& visit) const {
    std::uint64_t done = 0;
    const auto fault = [&](DmaFault::Reason reason) {
        const DmaFault what{start + done, size, access, reason};
        if (observer_) {
            observer_(what);
        }
        return tl::unexpected<DmaFault>{what};
    };
    if (size == 0) {
        return {};
    }
    if (!bus_mastering_) {
        return fault(DmaFault::Reason::forbidden);
    }
    auto window = windows_.upper_bound(value(start));
    if (window == windows_.begin()) {
        return fault(DmaFault::Reason::unmapped);
    }
    --window;
    while (true) {
        const auto& [first, properties] = *window;
        const auto within = value(start) + done - first;
        if (within >= properties.size) {
            return fault(DmaFault::Reason::unmapped);
        }
        if (!(access == Access::read ? properties.protection.readable
                                     : properties.protection.writable)) {
            return fault(DmaFault::Reason::forbidden);
        }
        const auto part = std::min(size - done, properties.size - within);
        const auto moved =
            properties.file ? visit(*properties.file, properties.file_offset + within,
                                    static_cast<std::size_t>(done), static_cast<std::size_t>(part))
                            : std::size_t{0};
        done += moved;
        if (moved != part) {
            return fault(DmaFault::Reason::not_shared);
        }
        if (done == size) {
            return {};
        }
        ++window;
        if (window == windows_.end() || window->first != value(start) + done) {
            return fault(DmaFault::Reason::unmapped);
        }
    }
}

tl::expected<void, DmaFault> GuestMemory::read(Iova from, std::span<std::byte> to,
                                               Purpose purpose) const {
    return walk(
        from, to.size(), Access::read,
        [&](const SharedFile& file, std::uint64_t offset, std::size_t done, std::size_t part) {
            return file.read(offset, to.subspan(done, part), purpose);
        });
}

tl::expected<void, DmaFault> GuestMemory::write(Iova to, std::span<const std::byte> from) {
    return walk(to, from.size(), Access::write,
                [&](SharedFile& file, std::uint64_t offset, std::size_t done, std::size_t part) {
                    return file.write(offset, from.subspan(done, part));
                });
}

} // namespace vfio_user
