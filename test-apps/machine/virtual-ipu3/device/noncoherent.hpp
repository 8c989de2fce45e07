// SPDX-License-Identifier: GPL-2.0-or-later
// The board's functions that do not snoop the processors' caches.
#pragma once

#include "lib/base/result.hpp"
#include "machine/cache-model/device_view.hpp"
#include "machine/cache-model/model.hpp"
#include "machine/virtual-ipu3/device/board.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ipu3::device {

/// The cache model that the launcher has made, and a view of memory for each function that it
/// names.
class NonCoherent {
  public:
    /// The descriptors are the model's state and the guest's RAM. Error: the model cannot be
    /// attached to, or names a function that is not among @p functions.
    [[nodiscard]] static base::Result<std::unique_ptr<NonCoherent>>
    make(int state_fd, int ram_fd, std::span<const BoardFunction> functions);

    /// By purpose; null: the function snoops there. The views live as long as this object.
    [[nodiscard]] vfio_user::MemoryViews views(std::string_view function);

  private:
    explicit NonCoherent(cache::CacheModel model) : model_{std::move(model)} {}

    struct Views {
        cache::DeviceView dram;
        bool tables; ///< it is used for reads of page tables
        bool buffers;
    };

    cache::CacheModel model_;
    std::map<std::string, Views, std::less<>> views_;
};

} // namespace ipu3::device
