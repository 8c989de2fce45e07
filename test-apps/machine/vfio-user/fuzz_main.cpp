// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/fuzz_message.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer looks for it
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)vfio_user::fuzz::play({data, size});
    return 0;
}
