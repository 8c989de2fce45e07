// SPDX-License-Identifier: GPL-2.0-or-later
// libFuzzer's entry: user space's parameters through the checks to the blocks that the firmware is
// given.
#include "params_fuzz.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer looks for it
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        differential::run_fuzz_input({data, size});
    } catch (const std::exception& error) {
        (void)std::fprintf(stderr, "params_fuzz: %s\n", error.what());
        std::abort();
    }
    return 0;
}
