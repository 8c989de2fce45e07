// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/device/noncoherent.hpp"

#include <algorithm>
#include <utility>

namespace ipu3::device {

base::Result<std::unique_ptr<NonCoherent>>
NonCoherent::make(int state_fd, int ram_fd, std::span<const BoardFunction> functions) {
    auto model = cache::CacheModel::attach(state_fd, ram_fd);
    if (!model) {
        return tl::unexpected{std::move(model.error())};
    }
    auto made = std::unique_ptr<NonCoherent>{new NonCoherent{std::move(*model)}};
    for (const auto& [name, tables, buffers] : made->model_.functions()) {
        if (std::ranges::find(functions, name, &BoardFunction::name) == functions.end()) {
            return base::fail("the board has no function {} to be non-coherent", name);
        }
        auto view = cache::DeviceView::make(made->model_, name, ram_fd);
        if (!view) {
            return tl::unexpected{std::move(view.error())};
        }
        made->views_.emplace(name, Views{.dram = *view, .tables = tables, .buffers = buffers});
    }
    return made;
}

vfio_user::MemoryViews NonCoherent::views(std::string_view function) {
    const auto found = views_.find(function);
    if (found == views_.end()) {
        return {};
    }
    auto& [dram, tables, buffers] = found->second;
    return {.data = buffers ? &dram : nullptr, .tables = tables ? &dram : nullptr};
}

} // namespace ipu3::device
