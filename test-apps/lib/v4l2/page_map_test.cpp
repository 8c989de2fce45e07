// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/page_map.hpp"

#include "lib/v4l2/memory.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace ipu3::v4l2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t present = std::uint64_t{1} << 63U;
// A soft-dirty page of a file: bits that are not the page's number.
constexpr std::uint64_t other_bits = (std::uint64_t{1} << 55U) | (std::uint64_t{1} << 61U);

TEST(PageMap, RunsAreOfPagesThatFollowEachOther) {
    const std::array<std::uint64_t, 6> entries{
        present | 0x100, present | 0x101 | other_bits, present | 0x90, 0, 0, present | 0x91};
    const auto runs = page_runs(entries);
    ASSERT_TRUE(runs);
    EXPECT_THAT(*runs, ElementsAre(PageRun{0x100000, 2}, PageRun{0x90000, 1},
                                   PageRun{std::nullopt, 2}, PageRun{0x91000, 1}));
    EXPECT_THAT(page_runs({}).value(), IsEmpty());
}

TEST(PageMap, NumbersThatTheKernelKeepsToItselfAreAnError) {
    const std::array<std::uint64_t, 2> entries{0, present | other_bits};
    const auto runs = page_runs(entries);
    ASSERT_FALSE(runs);
    EXPECT_THAT(runs.error().message, HasSubstr("run this as root"));
}

TEST(PageMap, MemoryOfThisProcessHasAsManyPages) {
    const auto memory = Mapping::anonymous(5 * page_bytes).value();
    memory.bytes()[2 * page_bytes] = 1; // the only page that is there
    const auto runs = physical_pages(memory.bytes());
    if (!runs) { // without CAP_SYS_ADMIN, a user namespace's root included
        EXPECT_THAT(runs.error().message, HasSubstr("run this as root"));
        return;
    }
    std::uint64_t pages = 0;
    for (const auto& run : *runs) {
        pages += run.pages;
    }
    EXPECT_EQ(pages, 5U);
    EXPECT_EQ(runs->front(), (PageRun{std::nullopt, 2}));
}

} // namespace
} // namespace ipu3::v4l2
