// SPDX-License-Identifier: GPL-2.0-or-later
// Guest memory as one non-coherent function sees it: DRAM.
#pragma once

#include "lib/base/result.hpp"
#include "machine/cache-model/model.hpp"
#include "machine/vfio-user/memory_view.hpp"

namespace ipu3::cache {

class DeviceView final : public vfio_user::MemoryView {
  public:
    /// @p model outlives the view. @p ram_fd is the file of the guest's RAM. Error: the model has
    /// no function of that name, or the file cannot be examined.
    [[nodiscard]] static base::Result<DeviceView> make(CacheModel& model, std::string_view function,
                                                       int ram_fd);

    [[nodiscard]] bool covers(vfio_user::FileIdentity file) const override { return file == ram_; }
    std::size_t read(std::uint64_t offset, std::span<std::byte> to) override;
    std::size_t write(std::uint64_t offset, std::span<const std::byte> from) override;

  private:
    DeviceView(CacheModel& model, FunctionNumber function, vfio_user::FileIdentity ram)
        : model_{&model}, function_{function}, ram_{ram} {}

    /// How much of an access lies inside of the RAM.
    [[nodiscard]] std::size_t inside(std::uint64_t offset, std::size_t size) const;

    CacheModel* model_;
    FunctionNumber function_;
    vfio_user::FileIdentity ram_;
};

} // namespace ipu3::cache
