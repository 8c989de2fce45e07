// SPDX-License-Identifier: GPL-2.0-or-later
// Small wraps around system calls that init uses everywhere.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/retry.hpp"
#include "lib/base/unique_fd.hpp"

#include <cerrno>
#include <chrono>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>

namespace ipu3::guest {

using Status = base::Result<void>;

/// Writes all of @p text to an existing file such as one in /proc or /sys, in one write.
[[nodiscard]] inline Status write_file(const std::filesystem::path& path, std::string_view text) {
    const base::UniqueFd fd{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    if (!fd) {
        return base::fail_errno(errno, "cannot open {}", path.string());
    }
    if (base::retry([&] { return ::write(fd.get(), text.data(), text.size()); }) !=
        static_cast<ssize_t>(text.size())) {
        return base::fail_errno(errno, "cannot write to {}", path.string());
    }
    return {};
}

/// How long the kernel has been running.
[[nodiscard]] inline std::chrono::milliseconds since_boot() {
    timespec now{};
    (void)::clock_gettime(CLOCK_BOOTTIME, &now); // cannot fail: it is a clock that Linux has
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec});
}

} // namespace ipu3::guest
