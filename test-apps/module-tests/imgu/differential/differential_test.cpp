// SPDX-License-Identifier: GPL-2.0-or-later
// The short list's share of `make fuzz-imgu`.
#include "differ.hpp"

#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>

namespace differential {
namespace {

/// One of the shares that run side by side; a case's number is in one of them alone.
void run_share(std::uint64_t first, std::uint64_t step) {
    constexpr std::uint64_t seed = 20;
    constexpr std::uint64_t cases = IMGU_SHORT_CASES;
    Ours ours;
    Differ differ{REFERENCE_PROGRAM, DIFFERENCES, ours};
    for (auto number = first; differ.coverage().accepted < cases / step; number += step) {
        ASSERT_EQ(differ.run(seed, number), "");
        ASSERT_FALSE(starves(differ.coverage()));
    }
    (void)std::fputs(report(differ.coverage(), differ.differences(), differ.child()).c_str(),
                     stdout);
    for (const auto& missed : shortfalls(differ.coverage())) {
        ADD_FAILURE() << "too few: " << missed;
    }
    for (const auto& key : differ.differences().unseen()) {
        ADD_FAILURE() << "expected, but never seen: " << key;
    }
}

TEST(Differential, OneHalfOfTheShortList) {
    run_share(0, 2);
}
TEST(Differential, TheOtherHalf) {
    run_share(1, 2);
}

} // namespace
} // namespace differential
