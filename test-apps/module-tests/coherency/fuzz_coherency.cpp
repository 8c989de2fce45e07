// SPDX-License-Identifier: GPL-2.0-or-later
// libFuzzer: any sequence of steps in the world of world.hpp.
#include "module-tests/coherency/world.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer looks for it
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes{data, size};
    coherency::World world;
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        if (const auto wrong = world.step(bytes[at], bytes[at + 1])) {
            std::fputs(wrong->c_str(), stderr);
            std::abort();
        }
    }
    return 0;
}
