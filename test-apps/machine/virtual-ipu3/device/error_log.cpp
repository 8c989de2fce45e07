// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/device/error_log.hpp"

#include <spdlog/spdlog.h>

namespace ipu3::device {

void ErrorLog::report(std::string_view function, std::string_view sentence) {
    auto counted = counts_.find(function);
    if (counted == counts_.end()) {
        counted = counts_.emplace(function, 0).first;
    }
    if (++counted->second <= shown_per_function) {
        spdlog::warn("{}: {}", function, sentence);
    }
}

void ErrorLog::summarize() const {
    for (const auto& [function, count] : counts_) {
        if (count > shown_per_function) {
            spdlog::warn("{}: {} errors in all, the first {} are shown", function, count,
                         shown_per_function);
        }
    }
}

} // namespace ipu3::device
