// SPDX-License-Identifier: GPL-2.0-or-later
// Joins what is wrong in a dump with what the cache model saw of the same memory.
#pragma once

#include "lib/base/result.hpp"
#include "lib/frames/check.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace frames {

/// Where the frames of a dump lay in memory: what `ipu3-capture --json --pages` says.
struct CaptureLog {
    /// Of each buffer, the guest-physical addresses of its pages; none: not known.
    std::vector<std::vector<std::optional<std::uint64_t>>> buffers;
    std::vector<std::uint32_t> written; ///< the buffer of each frame that was written, in order
};

/// Error: no such output, or one without `--pages`.
[[nodiscard]] base::Result<CaptureLog> parse_capture_log(std::string_view text);

/// What `ipu3-vm --noncoherent` says of a page; docs/cache-model.md explains each count.
struct CachePage {
    std::string last_writer; ///< a function that does not snoop; empty: none
    std::string last_reader;
    std::uint64_t poison_reads{0};
    std::uint64_t stale_reads{0};
    std::uint64_t writes_over_dirty{0};
    std::uint64_t lost_writes{0};
    std::uint64_t stale_loads{0};
    std::uint64_t stale_at_end{0};

    CachePage& operator+=(const CachePage& other);
};

struct CacheLog {
    bool loads{false};                        ///< processors' loads of stale lines were counted
    std::uint64_t wrong_pages{0};             ///< which may be more than are listed
    std::map<std::uint64_t, CachePage> pages; ///< by guest-physical address
};

/// @p text: a cache.json. Error: it is none.
[[nodiscard]] base::Result<CacheLog> parse_cache_log(std::string_view text);

/// Of each of @p bad, a paragraph: where its first bad byte was in memory, what the cache model
/// saw of its pages, and which flush that speaks of. The model counts over a whole run, not frame
/// by frame, so it is the pages' history that is told.
[[nodiscard]] std::string explain(std::span<const BadFrame> bad, const CaptureLog& capture,
                                  const CacheLog& cache);

} // namespace frames
