// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>

namespace ipu3::record {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Entry write(std::string name, std::uint64_t at, std::uint32_t value, std::string pointer = {}) {
    return Write{.name = std::move(name),
                 .at = at,
                 .size = 4,
                 .value = value,
                 .pointer = std::move(pointer)};
}

Block parameters() {
    return {.kind = "acc_param",
            .bytes = std::vector<std::uint8_t>(285120),
            .pointers = {},
            .sections = {}};
}

Entry hand_over(Block block, std::string what = "parameters", unsigned pipe = 0) {
    auto kind = block.kind;
    return HandOver{
        .what = std::move(what),
        .pipe = pipe,
        .parts = {{.kind = std::move(kind), .block = std::make_shared<Block>(std::move(block))}}};
}

std::vector<std::string> lines(const std::vector<Entry>& a, const std::vector<Entry>& b,
                               const DiffOptions& options = {}) {
    std::vector<std::string> all;
    for (const auto& channel :
         compare({.firmware = {}, .entries = a}, {.firmware = {}, .entries = b}, options)) {
        EXPECT_EQ(channel.differences == 0, channel.lines.empty());
        for (const auto& line : channel.lines) {
            all.push_back(channel.name + ": " + line);
        }
    }
    return all;
}

const std::vector<Entry> boot{write("pm_ctrl", 0, 0x5), write("gp_busy", 0x4500, 1),
                              write("system_req", 0x18, 8), write("gp_busy", 0x4500, 0),
                              write("sp0.entry", 0x4104, 0xb9d)};

TEST(Writes, AreTheSameInOneOrder) {
    EXPECT_THAT(lines(boot, boot), IsEmpty());
    auto other = boot;
    std::swap(other[1], other[2]);
    EXPECT_FALSE(lines(boot, other).empty());
}

TEST(Writes, AnotherValueIsNamed) {
    auto other = boot;
    other[2] = write("system_req", 0x18, 9);
    EXPECT_THAT(lines(boot, other), ElementsAre("writes: write 2 system_req: 0x8 | 0x9"));
}

TEST(Writes, OneThatIsMissingIsNamedAndTheRestIsCompared) {
    auto other = boot;
    other.erase(other.begin() + 2);
    other.back() = write("sp0.entry", 0x4104, 0xb9e);
    EXPECT_THAT(lines(boot, other), ElementsAre("writes: write 2 system_req = 0x8: only in A",
                                                "writes: write 4 sp0.entry: 0xb9d | 0xb9e"));
    EXPECT_THAT(lines(other, boot), ElementsAre("writes: write 2 system_req = 0x8: only in B",
                                                "writes: write 3 sp0.entry: 0xb9e | 0xb9d"));
}

TEST(Writes, WhatIsRepeatedIsNotTakenForSomethingElse) {
    // Twice the same, and between them in one of the two a write that comes later in the other.
    auto twice = boot;
    twice.insert(twice.end(), boot.begin(), boot.end());
    auto other = boot;
    other.push_back(boot[4]);
    other.insert(other.end(), boot.begin(), boot.end());
    EXPECT_THAT(lines(twice, other), ElementsAre("writes: write 5 sp0.entry = 0xb9d: only in B"));
    EXPECT_THAT(lines(other, twice), ElementsAre("writes: write 5 sp0.entry = 0xb9d: only in A"));
}

TEST(Writes, TheLastOnesCountToo) {
    auto other = boot;
    other.pop_back();
    EXPECT_THAT(lines(boot, other), ElementsAre("writes: write 4 sp0.entry = 0xb9d: only in A"));
    EXPECT_THAT(lines(boot, other, {.common = true}), IsEmpty());
}

TEST(Writes, OfTimeAndPlaceAreMasked) {
    auto other = boot;
    for (const auto* const name :
         {"mmu.l1_base", "mmu.tlb_invalidate", "sp0.queues+12", "int_status", "irq.sp0.clear"}) {
        other.insert(other.begin() + 2, write(name, 0x30, 1));
    }
    EXPECT_THAT(lines(boot, other), IsEmpty());
    other.insert(other.begin() + 2, write("irq.sp0.enable", 0x4810, 1));
    EXPECT_THAT(lines(boot, other), ElementsAre("writes: write 2 irq.sp0.enable = 0x1: only in B"));
}

TEST(Writes, AddressesAreComparedByWhatTheyLeadTo) {
    const std::vector<Entry> a{write("sp0.icache", 0x411c, 0, "program#0")};
    const std::vector<Entry> b{write("sp0.icache", 0x411c, 0, "program#1")};
    const std::vector<Entry> c{write("sp0.icache", 0x411c, 0, "null")};
    EXPECT_THAT(lines(a, b), IsEmpty());
    EXPECT_THAT(lines(a, b, {.exact = true}),
                ElementsAre("writes: write 0 sp0.icache: &program#0 | &program#1"));
    EXPECT_THAT(lines(a, c), ElementsAre("writes: write 0 sp0.icache: &program | &null"));
}

TEST(HandOvers, OneBitOfAParameterIsNamedByBlockAndField) {
    auto other = parameters();
    other.bytes.at(0xe2) ^= 4U;
    EXPECT_THAT(lines({hand_over(parameters()), hand_over(parameters())},
                      {hand_over(parameters()), hand_over(other)}),
                ElementsAre("pipe 0 parameters: 1: acc_param bnr.wb_gains[1]: 0x0 | 0x4"));
}

TEST(HandOvers, AnyByteIsSeen) {
    for (const std::size_t at : {0U, 1U, 0x96a0U, 285119U}) {
        auto other = parameters();
        other.bytes.at(at) = 0xff;
        EXPECT_EQ(lines({hand_over(parameters())}, {hand_over(other)}).size(), 1U) << at;
    }
}

TEST(HandOvers, OrderMattersWithinAKindOnly) {
    const auto a = hand_over(parameters());
    auto other = parameters();
    other.bytes.at(0) = 1;
    const auto b = hand_over(other);
    const auto c = hand_over(other, "input");
    EXPECT_THAT(lines({a, b, c, boot[0]}, {boot[0], c, a, b}), IsEmpty());
    EXPECT_FALSE(lines({a, b}, {b, a}).empty());
    EXPECT_FALSE(lines({a}, {hand_over(parameters(), "parameters", 1)}).empty());
}

TEST(HandOvers, AreCounted) {
    const auto a = hand_over(parameters());
    EXPECT_THAT(lines({a, a}, {a}), ElementsAre("pipe 0 parameters: 2 in A, 1 in B"));
    EXPECT_THAT(lines({a, a}, {a}, {.common = true}), IsEmpty());
}

TEST(HandOvers, OfOtherBlocksDiffer) {
    auto smaller = parameters();
    smaller.bytes.resize(100);
    EXPECT_THAT(lines({hand_over(parameters())}, {hand_over(smaller)}),
                ElementsAre("pipe 0 parameters: 0: acc_param: 285120 bytes | 100 bytes"));
    auto renamed = parameters();
    renamed.kind = "obgrid";
    EXPECT_THAT(lines({hand_over(parameters())}, {hand_over(renamed)}),
                ElementsAre("pipe 0 parameters: 0: acc_param | obgrid"));
    auto lost = std::get<HandOver>(hand_over(parameters()));
    lost.parts[0].block = nullptr;
    EXPECT_THAT(lines({hand_over(parameters())}, {lost}),
                ElementsAre("pipe 0 parameters: 0: acc_param: cannot be read in B"));
    auto pointing = parameters();
    pointing.pointers = {{0xe0, "frame#1"}};
    EXPECT_THAT(lines({hand_over(parameters())}, {hand_over(pointing)}),
                ElementsAre("pipe 0 parameters: 0: acc_param bnr.wb_gains[0]: &none | &frame"));
}

TEST(HandOvers, AsManyLinesAsWereAskedFor) {
    auto other = parameters();
    std::ranges::fill(other.bytes, std::uint8_t{1});
    const auto channels =
        compare({.firmware = {}, .entries = {hand_over(parameters())}},
                {.firmware = {}, .entries = {hand_over(other)}}, {.lines_at_most = 3});
    EXPECT_EQ(channels[1].lines.size(), 3U);
    EXPECT_GT(channels[1].differences, 1000U);
    const auto all = compare({.firmware = {}, .entries = {hand_over(parameters())}},
                             {.firmware = {}, .entries = {hand_over(other)}}, {.lines_at_most = 0});
    EXPECT_EQ(all[1].lines.size(), all[1].differences);
}

} // namespace
} // namespace ipu3::record
