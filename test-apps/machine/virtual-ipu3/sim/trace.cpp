// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <nlohmann/json.hpp>

namespace ipu3::sim {

namespace {

using Json = nlohmann::ordered_json;

Json head(const Scheduler& clock, std::string_view device, std::string_view event) {
    const std::chrono::duration<double> seconds = clock.now().time_since_epoch();
    return Json{{"t", seconds.count()}, {"device", device}, {"event", event}};
}

std::string line(const Json& object) {
    // Text from the guest may be no UTF-8; a trace line is always valid JSON, so such bytes are
    // replaced.
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

Trace::Trace(const Scheduler& clock, Sink sink) : clock_{clock}, sink_{std::move(sink)} {}

void Trace::emit(std::string_view device, std::string_view event,
                 std::initializer_list<TraceField> fields) {
    count(device, event);
    if (!sink_) {
        return;
    }
    Json object = head(clock_, device, event);
    for (const auto& [key, value] : fields) {
        std::visit([&, name = std::string{key}](const auto& v) { object.emplace(name, v); }, value);
    }
    sink_(line(object));
}

void Trace::count(std::string_view device, std::string_view event, std::uint64_t times) {
    auto events = counters_.find(device);
    if (events == counters_.end()) {
        events = counters_.try_emplace(std::string{device}).first;
    }
    auto counter = events->second.find(event);
    if (counter == events->second.end()) {
        counter = events->second.try_emplace(std::string{event}, 0).first;
    }
    counter->second += times;
}

std::uint64_t Trace::counted(std::string_view device, std::string_view event) const {
    const auto events = counters_.find(device);
    if (events == counters_.end()) {
        return 0;
    }
    const auto counter = events->second.find(event);
    return counter == events->second.end() ? 0 : counter->second;
}

void Trace::write_summary() {
    if (!sink_) {
        return;
    }
    Json object = head(clock_, "trace", "summary");
    Json counters = Json::object();
    for (const auto& [device, events] : counters_) {
        for (const auto& [event, times] : events) {
            counters[device][event] = times;
        }
    }
    object["counters"] = std::move(counters);
    sink_(line(object));
}

} // namespace ipu3::sim
