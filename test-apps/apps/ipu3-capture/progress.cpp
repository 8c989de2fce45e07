// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/progress.hpp"

#include "lib/base/retry.hpp"
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>

namespace ipu3::capture {

namespace {

void put(std::string_view text) {
    // A progress line that cannot be shown is no loss.
    (void)base::retry([&] { return ::write(STDERR_FILENO, text.data(), text.size()); });
}

} // namespace

Progress::~Progress() {
    if (shown_) {
        put("\r\x1b[K");
    }
}

void Progress::show(const Statistics& statistics) {
    const auto now = std::chrono::steady_clock::now();
    if (!enabled_ || now < next_) {
        return;
    }
    next_ = now + std::chrono::milliseconds{200};
    shown_ = true;
    const auto fps = statistics.fps();
    put(fmt::format("\r{}{} frames{}, {} lost, {} damaged\x1b[K", statistics.frames(),
                    total_ > 0 ? fmt::format(" of {}", total_) : "",
                    fps ? fmt::format(", {:.1f} a second", *fps) : "", statistics.lost(),
                    statistics.errors()));
}

} // namespace ipu3::capture
