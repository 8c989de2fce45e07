// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/camera-bench/completion.hpp"

#include <fmt/format.h>
#include <optional>
#include <sstream>
#include <string>

namespace ipu3::camera_bench {

namespace {

/// " task-12 [000] d.h1. 12.345678: irq_handler_entry: irq=27 name=x": seconds.
std::optional<double> time_of(const std::string& line, const std::string& event) {
    const auto end = line.find(": " + event + ": ");
    if (end == std::string::npos) {
        return std::nullopt;
    }
    const auto before = line.rfind(' ', end);
    std::istringstream text{line.substr(before + 1, end - before - 1)};
    double seconds = 0;
    return text >> seconds ? std::optional{seconds} : std::nullopt;
}

} // namespace

std::vector<double> completion_times(std::string_view trace, unsigned irq) {
    std::vector<double> times;
    std::optional<double> interrupted;
    const auto ours = fmt::format(": irq={} ", irq);
    std::istringstream lines{std::string{trace}};
    for (std::string line; std::getline(lines, line);) {
        if (const auto at = time_of(line, "irq_handler_entry");
            at && line.find(ours) != std::string::npos) {
            interrupted = at;
        } else if (const auto taken = time_of(line, "v4l2_dqbuf"); taken && interrupted) {
            times.push_back(*taken - *interrupted);
            interrupted.reset();
        }
    }
    return times;
}

unsigned long interrupt_count(std::string_view interrupts, unsigned irq) {
    std::istringstream lines{std::string{interrupts}};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string name;
        if (!(words >> name) || name != fmt::format("{}:", irq)) {
            continue;
        }
        unsigned long sum = 0;
        for (unsigned long count = 0; words >> count;) {
            sum += count;
        }
        return sum;
    }
    return 0;
}

} // namespace ipu3::camera_bench
