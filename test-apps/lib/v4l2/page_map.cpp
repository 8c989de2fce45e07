// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/page_map.hpp"

#include "lib/base/retry.hpp"
#include "lib/base/unique_fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace ipu3::v4l2 {

namespace {

constexpr std::uint64_t present = std::uint64_t{1} << 63U;
constexpr std::uint64_t number_mask = (std::uint64_t{1} << 55U) - 1;

} // namespace

base::Result<std::vector<PageRun>> page_runs(std::span<const std::uint64_t> entries) {
    std::vector<PageRun> runs;
    for (const auto entry : entries) {
        std::optional<std::uint64_t> address;
        if ((entry & present) != 0) {
            const auto number = entry & number_mask;
            if (number == 0) {
                return base::fail("the kernel tells addresses of pages only to who has "
                                  "CAP_SYS_ADMIN: run this as root");
            }
            address = number * page_bytes;
        }
        if (!runs.empty()) {
            auto& last = runs.back();
            const auto next = last.address ? std::optional{*last.address + last.pages * page_bytes}
                                           : std::optional<std::uint64_t>{};
            if (next == address) {
                ++last.pages;
                continue;
            }
        }
        runs.push_back({.address = address, .pages = 1});
    }
    return runs;
}

base::Result<std::vector<PageRun>> physical_pages(std::span<const std::uint8_t> memory) {
    const base::UniqueFd map{::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)};
    if (!map) {
        return base::fail_errno(errno, "cannot open /proc/self/pagemap");
    }
    std::vector<std::uint64_t> entries((memory.size() + page_bytes - 1) / page_bytes);
    const auto first = reinterpret_cast<std::uintptr_t>(memory.data()) / page_bytes;
    auto* const words = reinterpret_cast<char*>(entries.data());
    const auto bytes = entries.size() * sizeof(std::uint64_t);
    for (std::size_t done = 0; done < bytes;) {
        const auto got = base::retry([&] {
            return ::pread(map.get(), words + done, bytes - done,
                           static_cast<off_t>(first * sizeof(std::uint64_t) + done));
        });
        if (got <= 0) {
            return base::fail_errno(got < 0 ? errno : EIO, "cannot read /proc/self/pagemap");
        }
        done += static_cast<std::size_t>(got);
    }
    return page_runs(entries);
}

} // namespace ipu3::v4l2
