// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/tsc.hpp"

#include <cstdint>
#include <ctime>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace ipu3::vm {

#if defined(__x86_64__)
namespace {

constexpr std::int64_t measured_ns = 10'000'000;

struct Sample {
    std::uint64_t ticks;
    std::int64_t ns;
};

std::int64_t clock_ns() {
    timespec now{};
    (void)::clock_gettime(CLOCK_MONOTONIC, &now);
    return (static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000) + now.tv_nsec;
}

/// Counter and clock at one moment: of several tries the one that took least, so that being
/// interrupted in between does not count.
Sample take_sample() {
    constexpr int tries = 16;
    Sample best{};
    std::int64_t shortest = INT64_MAX;
    for (int i = 0; i < tries; ++i) {
        const auto before = clock_ns();
        const std::uint64_t ticks = __rdtsc();
        const auto took = clock_ns() - before;
        if (took < shortest) {
            shortest = took;
            best = {ticks, before + (took / 2)};
        }
    }
    return best;
}

} // namespace

unsigned measure_tsc_khz() {
    const auto first = take_sample();
    const timespec pause{0, measured_ns};
    (void)::nanosleep(&pause, nullptr); // cut short by a signal, it measures a shorter time
    const auto second = take_sample();
    const auto ns = second.ns - first.ns;
    if (ns <= 0 || second.ticks <= first.ticks) {
        return 0;
    }
    return static_cast<unsigned>((static_cast<double>(second.ticks - first.ticks) * 1e6) /
                                 static_cast<double>(ns));
}
#else
unsigned measure_tsc_khz() {
    return 0;
}
#endif

} // namespace ipu3::vm
