// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/misuse/backend_counters.hpp"

#include <fmt/format.h>
#include <fstream>
#include <utility>

namespace ipu3::v4l2 {

std::string BackendCounters::text() const {
    return fmt::format("buffers {} bytes {} mapped_pages {} table_pages {}", buffers, bytes,
                       mapped_pages, table_pages);
}

base::Result<BackendCounters> read_backend_counters(std::string_view device) {
    const auto path = fmt::format("/sys/kernel/debug/vb2-ipu-iommu/{}/stats", device);
    std::ifstream file{path};
    BackendCounters counters;
    unsigned found = 0;
    std::string name;
    std::int64_t value = 0;
    while (file >> name >> value) {
        for (auto [wanted, place] : {std::pair{"buffers", &counters.buffers},
                                     {"bytes", &counters.bytes},
                                     {"mapped_pages", &counters.mapped_pages},
                                     {"table_pages", &counters.table_pages}}) {
            if (name == wanted) {
                *place = value;
                ++found;
            }
        }
    }
    if (found != 4) {
        return base::fail("no counters in {}", path);
    }
    return counters;
}

} // namespace ipu3::v4l2
