// SPDX-License-Identifier: GPL-2.0-or-later
// The fuzzers' inputs that are kept: each goes through without an error of the sanitizers.
#include "module-tests/imgu/firmware/fuzz.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <vector>

namespace {

using Fuzz = void (*)(const std::uint8_t*, std::size_t);

std::size_t run_all(Fuzz fuzz, const std::filesystem::path& folder) {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator{folder}) {
        std::ifstream stream{file.path(), std::ios::binary};
        const std::vector<char> text{std::istreambuf_iterator{stream}, {}};
        const std::vector<std::uint8_t> bytes{text.begin(), text.end()};
        fuzz(bytes.data(), bytes.size());
        ++count;
    }
    return count;
}

} // namespace

TEST(ImguCorpus, FirmwareFiles) {
    EXPECT_GT(run_all(firmware::fuzz_file, CORPORA "/corpus-imgu_firmware_fuzz"), 10U);
}

TEST(ImguCorpus, RingsAndEvents) {
    EXPECT_GT(run_all(firmware::fuzz_rings, CORPORA "/corpus-imgu_ring_fuzz"), 10U);
}
