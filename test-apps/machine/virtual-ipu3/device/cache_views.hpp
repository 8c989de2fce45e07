// SPDX-License-Identifier: GPL-2.0-or-later
// How the board's functions see memory on a machine with a cache model.
#pragma once

#include "lib/base/result.hpp"
#include "machine/cache-model/device_view.hpp"
#include "machine/cache-model/model.hpp"
#include "machine/vfio-user/memory_view.hpp"
#include "machine/virtual-ipu3/device/board.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ipu3::device {

/// The cache model that the launcher has made, and the views of memory that its functions need.
class CacheViews {
  public:
    /// The descriptors are the model's state and the guest's RAM. Error: the model cannot be
    /// attached to, or names a function that is not among @p functions.
    [[nodiscard]] static base::Result<std::unique_ptr<CacheViews>>
    make(int state_fd, int ram_fd, std::span<const BoardFunction> functions);

    /// Those of @p function: DRAM in what it looks past the caches, else none where what it writes
    /// stays in them. They live as long as this object.
    [[nodiscard]] vfio_user::MemoryViews of(std::string_view function);

  private:
    explicit CacheViews(cache::CacheModel model) : model_{std::move(model)} {}

    struct PastCaches {
        cache::DeviceView dram;
        bool tables; ///< it is used for reads of page tables
        bool buffers;
    };

    cache::CacheModel model_;
    std::map<std::string, PastCaches, std::less<>> past_caches_;
    std::optional<cache::SnoopingView> snooping_; ///< of all functions in what they snoop
};

} // namespace ipu3::device
