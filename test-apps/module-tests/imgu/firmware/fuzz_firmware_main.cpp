// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu/firmware/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    firmware::fuzz_file(data, size);
    return 0;
}
