// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/device/cache_views.hpp"

#include <algorithm>
#include <utility>

namespace ipu3::device {

base::Result<std::unique_ptr<CacheViews>>
CacheViews::make(int state_fd, int ram_fd, std::span<const BoardFunction> functions) {
    auto model = cache::CacheModel::attach(state_fd, ram_fd);
    if (!model) {
        return tl::unexpected{std::move(model.error())};
    }
    auto made = std::unique_ptr<CacheViews>{new CacheViews{std::move(*model)}};
    for (const auto& [name, tables, buffers] : made->model_.functions()) {
        if (std::ranges::find(functions, name, &BoardFunction::name) == functions.end()) {
            return base::fail("the board has no function {} to be non-coherent", name);
        }
        auto view = cache::DeviceView::make(made->model_, name, ram_fd);
        if (!view) {
            return tl::unexpected{std::move(view.error())};
        }
        made->past_caches_.emplace(name,
                                   PastCaches{.dram = *view, .tables = tables, .buffers = buffers});
    }
    if (!made->model_.ddio()) {
        auto view = cache::SnoopingView::make(made->model_, ram_fd);
        if (!view) {
            return tl::unexpected{std::move(view.error())};
        }
        made->snooping_ = *view;
    }
    return made;
}

vfio_user::MemoryViews CacheViews::of(std::string_view function) {
    vfio_user::MemoryView* snooping = snooping_ ? &*snooping_ : nullptr;
    const auto found = past_caches_.find(function);
    if (found == past_caches_.end()) {
        return {.data = snooping, .tables = snooping};
    }
    auto& [dram, tables, buffers] = found->second;
    return {.data = buffers ? &dram : snooping, .tables = tables ? &dram : snooping};
}

} // namespace ipu3::device
