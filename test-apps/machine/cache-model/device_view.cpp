// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/device_view.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>

namespace ipu3::cache {
namespace {

base::Result<vfio_user::FileIdentity> identify(int ram_fd) {
    struct stat status{};
    if (::fstat(ram_fd, &status) != 0) {
        return base::fail_errno(errno, "cannot examine the guest's RAM");
    }
    return vfio_user::FileIdentity{.device = static_cast<std::uint64_t>(status.st_dev),
                                   .inode = static_cast<std::uint64_t>(status.st_ino)};
}

} // namespace

std::size_t RamView::inside(std::uint64_t offset, std::size_t size) const {
    const auto end = model_->ram_size();
    return offset < end ? static_cast<std::size_t>(std::min<std::uint64_t>(size, end - offset)) : 0;
}

base::Result<DeviceView> DeviceView::make(CacheModel& model, std::string_view function,
                                          int ram_fd) {
    const auto number = model.function(function);
    if (!number) {
        return base::fail("the cache model has no function '{}'", function);
    }
    return identify(ram_fd).map([&](auto ram) { return DeviceView{model, *number, ram}; });
}

std::size_t DeviceView::read(std::uint64_t offset, std::span<std::byte> to) {
    const auto size = inside(offset, to.size());
    model().device_read(function_, RamOffset{offset}, to.first(size));
    return size;
}

std::size_t DeviceView::write(std::uint64_t offset, std::span<const std::byte> from) {
    const auto size = inside(offset, from.size());
    model().device_write(function_, RamOffset{offset}, from.first(size));
    return size;
}

base::Result<SnoopingView> SnoopingView::make(CacheModel& model, int ram_fd) {
    return identify(ram_fd).map([&](auto ram) { return SnoopingView{model, ram}; });
}

std::size_t SnoopingView::read(std::uint64_t offset, std::span<std::byte> to) {
    const auto size = inside(offset, to.size());
    model().snooped_read(RamOffset{offset}, to.first(size));
    return size;
}

std::size_t SnoopingView::write(std::uint64_t offset, std::span<const std::byte> from) {
    const auto size = inside(offset, from.size());
    model().snooped_write(RamOffset{offset}, from.first(size));
    return size;
}

} // namespace ipu3::cache
