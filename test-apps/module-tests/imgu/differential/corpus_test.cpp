// SPDX-License-Identifier: GPL-2.0-or-later
// The fuzzer's corpus as unit tests, and inputs that it would begin with.
#include "params_fuzz.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <vector>

namespace differential {
namespace {

TEST(ParamsCorpus, IsWorkedOff) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{CORPUS}) {
        std::ifstream in{entry.path(), std::ios::binary};
        const std::vector<char> bytes{std::istreambuf_iterator<char>{in}, {}};
        EXPECT_NO_THROW(
            run_fuzz_input({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}))
            << entry.path();
        ++files;
    }
    EXPECT_GE(files, 4U);
}

TEST(ParamsCorpus, NothingIsAnInput) {
    EXPECT_NO_THROW(run_fuzz_input({}));
    const std::vector<std::uint8_t> header(fuzz_header_bytes);
    EXPECT_NO_THROW(run_fuzz_input(header));
    const std::vector<std::uint8_t> all(60'000, 0xff);
    EXPECT_NO_THROW(run_fuzz_input(all));
}

} // namespace
} // namespace differential
