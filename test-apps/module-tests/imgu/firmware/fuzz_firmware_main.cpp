// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu/firmware/fuzz.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer looks for it
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    firmware::fuzz_file(data, size);
    return 0;
}
