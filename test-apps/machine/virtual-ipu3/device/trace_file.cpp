// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/device/trace_file.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <string_view>
#include <system_error>
#include <utility>

namespace ipu3::device {

TraceFile::TraceFile(std::filesystem::path path) : path_{std::move(path)} {
    if (path_.empty()) {
        return;
    }
    file_.open(path_, std::ios::binary | std::ios::trunc);
    if (!file_) {
        throw std::system_error{errno, std::generic_category(),
                                fmt::format("cannot write the trace {}", path_.string())};
    }
}

sim::Trace::Sink TraceFile::sink() {
    if (path_.empty()) {
        return {};
    }
    return [this](std::string_view line) {
        if (lost_) {
            return;
        }
        file_ << line << '\n';
        if (!file_) {
            lost_ = true;
            spdlog::error("the trace {} cannot be written any more; it ends here", path_.string());
        }
    };
}

int TraceFile::finish() {
    if (path_.empty()) {
        return 0;
    }
    file_.flush();
    return file_ && !lost_ ? 0 : 1;
}

} // namespace ipu3::device
