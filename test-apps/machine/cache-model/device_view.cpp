// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/device_view.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>

namespace ipu3::cache {

base::Result<DeviceView> DeviceView::make(CacheModel& model, std::string_view function,
                                          int ram_fd) {
    const auto number = model.function(function);
    if (!number) {
        return base::fail("the cache model has no function '{}'", function);
    }
    struct stat status{};
    if (::fstat(ram_fd, &status) != 0) {
        return base::fail_errno(errno, "cannot examine the guest's RAM");
    }
    return DeviceView{model,
                      *number,
                      {.device = static_cast<std::uint64_t>(status.st_dev),
                       .inode = static_cast<std::uint64_t>(status.st_ino)}};
}

std::size_t DeviceView::inside(std::uint64_t offset, std::size_t size) const {
    const auto end = model_->ram_size();
    return offset < end ? static_cast<std::size_t>(std::min<std::uint64_t>(size, end - offset)) : 0;
}

std::size_t DeviceView::read(std::uint64_t offset, std::span<std::byte> to) {
    const auto size = inside(offset, to.size());
    model_->device_read(function_, RamOffset{offset}, to.first(size));
    return size;
}

std::size_t DeviceView::write(std::uint64_t offset, std::span<const std::byte> from) {
    const auto size = inside(offset, from.size());
    model_->device_write(function_, RamOffset{offset}, from.first(size));
    return size;
}

} // namespace ipu3::cache
