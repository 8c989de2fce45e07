// SPDX-License-Identifier: GPL-2.0-or-later
// What the memory backend says that it holds.
#pragma once

#include "lib/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ipu3::v4l2 {

struct BackendCounters {
    std::int64_t buffers{0};
    std::int64_t bytes{0};
    std::int64_t mapped_pages{0};
    std::int64_t table_pages{0};

    bool operator==(const BackendCounters&) const = default;
    [[nodiscard]] std::string text() const;
};

/// Those of one of the backend's devices, "dmatest.0000:00:06.0", from debugfs.
[[nodiscard]] base::Result<BackendCounters> read_backend_counters(std::string_view device);

} // namespace ipu3::v4l2
