// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/stream/report.hpp"

#include <fmt/format.h>

namespace ipu3::dmatest::stream {

void Report::add(const Report& more) {
    frames += more.frames;
    errors += more.errors;
    bad_frames += more.bad_frames;
    bad_bytes += more.bad_bytes;
    lost += more.lost;
    padding += more.padding;
    neighbours += more.neighbours;
    interrupted = interrupted || more.interrupted;
}

std::string Report::line() const {
    return fmt::format("frames={} errors={} bad_frames={} bad_bytes={} lost={} padding={} "
                       "neighbours={}{}",
                       frames, errors, bad_frames, bad_bytes, lost, padding, neighbours,
                       interrupted ? " interrupted" : "");
}

} // namespace ipu3::dmatest::stream
