// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/report.hpp"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ipu3::capture {

namespace {

using Json = nlohmann::ordered_json;
using Milliseconds = std::chrono::duration<double, std::milli>;
using Seconds = std::chrono::duration<double>;

/// To three digits behind the point.
double rounded(double value) {
    return std::round(value * 1000) / 1000;
}

std::string flags_text(const FrameRecord& frame, std::uint64_t lost) {
    std::string text = frame.damaged ? "ERROR" : "";
    if (lost > 0) {
        text += fmt::format("{}lost:{}", text.empty() ? "" : ",", lost);
    }
    return text.empty() ? "-" : text;
}

} // namespace

std::uint64_t Statistics::add(const FrameRecord& frame) {
    ++frames_;
    errors_ += frame.damaged ? 1 : 0;
    written_ += frame.written ? 1 : 0;
    std::uint64_t lost = 0;
    if (last_sequence_) {
        // Numbers wrap. A step backwards is no loss.
        const std::uint32_t step = frame.sequence - *last_sequence_;
        constexpr std::uint32_t half = 1U << 31U;
        lost = step == 0 || step >= half ? 0 : step - 1;
    }
    last_sequence_ = frame.sequence;
    lost_ += lost;
    if (frame.timestamp) {
        ++timed_;
        first_time_ = first_time_.value_or(*frame.timestamp);
        last_time_ = frame.timestamp;
    }
    return lost;
}

std::optional<double> Statistics::fps() const {
    if (!first_time_ || !last_time_ || *last_time_ <= *first_time_) {
        return std::nullopt;
    }
    return static_cast<double>(timed_ - 1) / Seconds{*last_time_ - *first_time_}.count();
}

std::string table_header() {
    return fmt::format("{:>6} {:>9} {:>16} {:>10} {:>10} {:>10}\n", "index", "sequence",
                       "timestamp_s", "bytesused", "latency_ms", "flags");
}

std::string table_line(const FrameRecord& frame, std::uint64_t lost) {
    return fmt::format(
        "{:>6} {:>9} {:>16} {:>10} {:>10} {:>10}\n", frame.index, frame.sequence,
        frame.timestamp ? fmt::format("{:.6f}", Seconds{*frame.timestamp}.count()) : "-",
        frame.bytes,
        frame.latency ? fmt::format("{:.3f}", Milliseconds{*frame.latency}.count()) : "-",
        flags_text(frame, lost));
}

std::string json_line(const FrameRecord& frame, std::uint64_t lost) {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    const Json json{
        {"index", frame.index},
        {"buffer", frame.buffer},
        {"sequence", frame.sequence},
        {"timestamp_us",
         frame.timestamp ? Json(duration_cast<microseconds>(*frame.timestamp).count()) : Json()},
        {"bytesused", frame.bytes},
        {"error", frame.damaged},
        {"lost", lost},
        {"latency_ms",
         frame.latency ? Json(rounded(Milliseconds{*frame.latency}.count())) : Json()},
        {"written", frame.written}};
    return json.dump() + "\n";
}

std::string pages_json(std::span<const std::vector<v4l2::PageRun>> buffers) {
    auto all = Json::array();
    for (const auto& runs : buffers) {
        auto one = Json::array();
        for (const auto& run : runs) {
            one.push_back(Json::array(
                {run.address ? Json(fmt::format("{:#x}", *run.address)) : Json(), run.pages}));
        }
        all.push_back(std::move(one));
    }
    return Json{{"buffers", std::move(all)}}.dump() + "\n";
}

std::string summary_line(const Statistics& statistics, const Ending& ending) {
    const auto fps = statistics.fps();
    return fmt::format("{} frames, {} lost, {} damaged, {} written, {} frames/s{}\n",
                       statistics.frames(), statistics.lost(), statistics.errors(),
                       statistics.written(), fps ? fmt::format("{:.2f}", *fps) : "-",
                       ending.interrupted ? ", stopped by a signal" : "");
}

std::string summary_json(const Statistics& statistics, const Ending& ending) {
    const auto fps = statistics.fps();
    const Json json{{"frames", statistics.frames()},
                    {"lost", statistics.lost()},
                    {"errors", statistics.errors()},
                    {"written", statistics.written()},
                    {"fps", fps ? Json(rounded(*fps)) : Json()},
                    {"interrupted", ending.interrupted},
                    {"failure", ending.error.empty() ? Json() : Json(ending.error)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace ipu3::capture
