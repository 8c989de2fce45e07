// SPDX-License-Identifier: GPL-2.0-or-later
// Guest memory as the cache model lets the board's functions see it.
#pragma once

#include "lib/base/result.hpp"
#include "machine/cache-model/model.hpp"
#include "machine/vfio-user/memory_view.hpp"

namespace ipu3::cache {

/// What is common to the views of one guest's RAM.
class RamView : public vfio_user::MemoryView {
  public:
    [[nodiscard]] bool covers(vfio_user::FileIdentity file) const final { return file == ram_; }

  protected:
    RamView(CacheModel& model, vfio_user::FileIdentity ram) : model_{&model}, ram_{ram} {}

    [[nodiscard]] CacheModel& model() const { return *model_; }
    /// How much of an access lies inside of the RAM.
    [[nodiscard]] std::size_t inside(std::uint64_t offset, std::size_t size) const;

  private:
    CacheModel* model_;
    vfio_user::FileIdentity ram_;
};

/// As one non-coherent function sees it: DRAM.
class DeviceView final : public RamView {
  public:
    /// @p model outlives the view. @p ram_fd is the file of the guest's RAM. Error: the model has
    /// no function of that name, or the file cannot be examined.
    [[nodiscard]] static base::Result<DeviceView> make(CacheModel& model, std::string_view function,
                                                       int ram_fd);

    std::size_t read(std::uint64_t offset, std::span<std::byte> to) override;
    std::size_t write(std::uint64_t offset, std::span<const std::byte> from) override;

  private:
    DeviceView(CacheModel& model, FunctionNumber function, vfio_user::FileIdentity ram)
        : RamView{model, ram}, function_{function} {}

    FunctionNumber function_;
};

/// As functions that snoop see it where their writes do not stay in the caches.
class SnoopingView final : public RamView {
  public:
    /// @p model outlives the view. @p ram_fd is the file of the guest's RAM. Error: the file cannot
    /// be examined.
    [[nodiscard]] static base::Result<SnoopingView> make(CacheModel& model, int ram_fd);

    std::size_t read(std::uint64_t offset, std::span<std::byte> to) override;
    std::size_t write(std::uint64_t offset, std::span<const std::byte> from) override;

  private:
    using RamView::RamView;
};

} // namespace ipu3::cache
