// SPDX-License-Identifier: GPL-2.0-or-later
// The comparer itself: that it finds what is different, names it, and knows what it has not seen.
#include "invariants.hpp"
#include "tampered.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <set>

namespace differential {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::uint64_t seed = 7;

/// A pipe that libcamera chooses on a laptop, and a set that the driver makes itself.
void ordinary(reference_exchange& exchange) {
    const auto choices = libcamera_choices({2592, 1944}, {1280, 720}, {});
    exchange.pipe = shaped(libcamera_choice(choices), {});
    exchange.want_warp = 1;
    exchange.sets = 1;
    exchange.set[0].given = 0;
}

class Comparer : public testing::Test {
  protected:
    /// A file of this test alone, for others run beside it.
    static std::string differences(const std::string& text) {
        const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
        const auto path = std::filesystem::path{testing::TempDir()} /
                          fmt::format("differences-{}.txt", test->name());
        std::ofstream{path} << text;
        return path;
    }
    Tampered subject{REFERENCE_PROGRAM};
};

TEST_F(Comparer, FindsNothingBetweenTheSame) {
    Differ differ{REFERENCE_PROGRAM, differences(""), subject};
    for (std::uint64_t number = 0; number < 200; ++number) {
        EXPECT_EQ(differ.run(seed, number), "") << number;
    }
    EXPECT_GT(differ.coverage().accepted, 100U);
}

TEST_F(Comparer, NamesAFieldThatDiffers) {
    Differ differ{REFERENCE_PROGRAM, differences(""), subject};
    ordinary(differ.exchange());
    subject.flip(BlockKind::acc, 0x180 + 2 * 3, 1);
    EXPECT_THAT(differ.run(Case{}), StartsWith("set 0: acc_param:ccm.coeff[3] "));
    subject.flip(BlockKind::vmem, 1024 + 2 * 9, 1);
    EXPECT_THAT(differ.run(Case{}), StartsWith("set 0: parameter.vmem0:xnr3[9] "));
    subject.flip(BlockKind::dmem, 83, 0x80);
    EXPECT_THAT(differ.run(Case{}), StartsWith("set 0: parameter.dmem0:tnr3[8] "));
    subject.flip(BlockKind::warp, 3 * 64 + 8, 1);
    EXPECT_THAT(differ.run(Case{}), StartsWith("gdc_table:block[3] word 2 "));
}

TEST_F(Comparer, FindsEachByte) {
    Differ differ{REFERENCE_PROGRAM, differences(""), subject};
    ordinary(differ.exchange());
    for (std::size_t at = 0; at < REFERENCE_ACC_BYTES; at += 4099) {
        subject.flip(BlockKind::acc, at, 0x10);
        EXPECT_NE(differ.run(Case{}), "") << at;
    }
    subject.flip(BlockKind::acc, REFERENCE_ACC_BYTES - 1, 1);
    EXPECT_NE(differ.run(Case{}), "");
}

TEST_F(Comparer, AnExpectedDifferenceIsNone) {
    Differ differ{
        REFERENCE_PROGRAM,
        differences(
            "one acc_param:ccm.coeff[3] * * because\nother acc_param:csc.coeff[0] * * so\n"),
        subject};
    ordinary(differ.exchange());
    subject.flip(BlockKind::acc, 0x180 + 2 * 3, 1);
    EXPECT_EQ(differ.run(Case{}), "");
    EXPECT_THAT(differ.differences().unseen(), testing::ElementsAre("other"));
    subject.flip(BlockKind::acc, 0x180 + 2 * 4, 1);
    EXPECT_THAT(differ.run(Case{}), HasSubstr("ccm.coeff[4]"));
}

TEST_F(Comparer, AnExpectedDifferenceHasBitsAValueAndSizes) {
    // The lowest entry of the default gamma is 63.
    Differ differ{REFERENCE_PROGRAM,
                  differences("bits acc_param:ccm.coeff[3]&0x2 * * because\nvalue "
                              "acc_param:gamma.gc_lut[0] 63 62 because\n"
                              "wrong acc_param:ccm.coeff[6] 12345 * because\n"
                              "wrong acc_param:gamma.gc_lut[1] * 12345 because\n"
                              "sizes acc_param:ccm.coeff[8]@one-stripe * * because\n"),
                  subject};
    ordinary(differ.exchange());
    const auto flipped = [&](std::size_t index, std::uint8_t bits) {
        subject.flip(BlockKind::acc, 0x180 + 2 * index, bits);
        return differ.run(Case{});
    };
    EXPECT_EQ(flipped(3, 2), "");
    EXPECT_NE(flipped(3, 1), "");
    EXPECT_EQ(flipped((0x1c0 - 0x180) / 2, 1), "");
    EXPECT_NE(flipped(6, 1), "");
    EXPECT_NE(flipped((0x1c0 - 0x180) / 2 + 1, 1), "");
    EXPECT_NE(flipped(8, 1), "");
    differ.exchange().pipe.stripes = 1;
    EXPECT_EQ(flipped(8, 1), "");
}

TEST_F(Comparer, RefusesAFileThatItDoesNotUnderstand) {
    for (const auto* const text :
         {"key", "key acc_param:ccm.coeff[3] * *", "key acc_param:nothing * * because",
          "key nothing:ccm.coeff * * because", "key acc_param:ccm.coeff@nowhere * * because",
          "key accepted:nothing * * because", "key acc_param:ccm.coeff[3]&x * * because",
          "key acc_param:ccm.coeff[3] x * because", "key acc_param:ccm.coeff[3] * x because"}) {
        EXPECT_THROW(Differences{differences(text)}, std::runtime_error) << text;
    }
    EXPECT_THROW(Differences{"/nowhere"}, std::runtime_error);
}

TEST_F(Comparer, TakingMoreIsWrongAndTakingLessIsCounted) {
    Differ differ{REFERENCE_PROGRAM, differences(""), subject};
    ordinary(differ.exchange());
    subject.contradict(true);
    EXPECT_EQ(differ.run(Case{}), "");
    EXPECT_THAT(differ.coverage().stricter, Contains(testing::Pair("theirs", 1)));
    differ.exchange().pipe.out.width = differ.exchange().pipe.gdc.width + 8;
    EXPECT_THAT(differ.run(Case{}), HasSubstr("ours takes it, theirs refuses it"));
}

TEST_F(Comparer, WhoRefusesAllIsNotAskedForEver) {
    Differ differ{REFERENCE_PROGRAM, differences(""), subject};
    ordinary(differ.exchange());
    subject.contradict(true);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_FALSE(starves(differ.coverage()));
        EXPECT_EQ(differ.run(Case{}), "");
    }
    EXPECT_TRUE(starves(differ.coverage()));
}

TEST_F(Comparer, TakingMoreMayBeMeant) {
    Differ differ{REFERENCE_PROGRAM,
                  differences("low accepted:default-grid-does-not-fit * * because\n"), subject};
    ordinary(differ.exchange());
    auto& pipe = differ.exchange().pipe;
    pipe = unshaped({{400, 120}, {400, 120}, {400, 120}, {384, 112}, {384, 112}, {384, 112}}, {});
    subject.contradict(true);
    EXPECT_EQ(differ.run(Case{}), "");
    EXPECT_THAT(differ.differences().unseen(), IsEmpty());
}

TEST_F(Comparer, ACrashIsAResult) {
    Differ differ{REFERENCE_PROGRAM, differences(""), subject};
    ordinary(differ.exchange());
    differ.exchange().pipe.bds.height = 0; // which is divided by
    EXPECT_EQ(differ.run(Case{}), "");
    EXPECT_EQ(differ.child().crashes(), 1U);
    subject.contradict(true);
    EXPECT_THAT(differ.run(Case{}), HasSubstr("theirs crashes"));
    subject.contradict(false);
    ordinary(differ.exchange());
    EXPECT_EQ(differ.run(Case{}), "");
    EXPECT_EQ(differ.coverage().accepted, 1U);
}

TEST(ChildTest, IsNotWaitedForForEver) {
    // Called as the reference is, it sleeps for 3 and 4 seconds.
    Child child{"/usr/bin/sleep", std::chrono::milliseconds{50}};
    EXPECT_EQ(child.run(), Child::End::hung);
}

TEST(ChildTest, SaysThatThereIsNoSuchProgram) {
    Child child{"/nowhere/reference"};
    EXPECT_THROW(child.start(), std::system_error);
}

TEST(Cases, AreTheSameForTheSameNumber) {
    auto first = std::make_unique<reference_exchange>();
    auto second = std::make_unique<reference_exchange>();
    std::set<std::string> seen;
    for (std::uint64_t number = 0; number < 100; ++number) {
        const auto a = make_case(seed, number, *first);
        (void)make_case(seed + 1, number, *second);
        (void)make_case(seed, number, *second);
        EXPECT_EQ(describe(a, *first), describe(a, *second));
        EXPECT_EQ(std::memcmp(&first->pipe, &second->pipe, sizeof(first->pipe)), 0);
        for (std::uint32_t i = 0; i < first->sets; ++i) {
            EXPECT_EQ(first->set[i].given, second->set[i].given);
            if (first->set[i].given != 0) {
                EXPECT_EQ(std::memcmp(first->set[i].params, second->set[i].params,
                                      REFERENCE_PARAMS_BYTES),
                          0);
            }
        }
        seen.insert(describe(a, *first));
    }
    EXPECT_EQ(seen.size(), 100U);
}

TEST(Coverage, FallsShortOfItsQuotas) {
    Coverage coverage;
    EXPECT_THAT(shortfalls(coverage), Contains(HasSubstr("no case")));
    coverage.accepted = 100;
    coverage.flag.fill(10);
    coverage.scaling.fill(5);
    coverage.sequences = 50;
    coverage.stripes = {5, 95};
    coverage.still = 5;
    EXPECT_THAT(shortfalls(coverage), IsEmpty());
    coverage.flag[3] = 9;
    EXPECT_THAT(shortfalls(coverage), testing::ElementsAre(HasSubstr(std::string{flags[3].name})));
    coverage.flag[3] = 10;
    coverage.scaling[2] = 4;
    coverage.sequences = 49;
    EXPECT_THAT(shortfalls(coverage), testing::SizeIs(2));
}

class Invariants : public testing::Test {
  protected:
    void SetUp() override {
        ordinary(child.exchange());
        ASSERT_EQ(child.run(), Child::End::done);
        ASSERT_EQ(child.exchange().verdicts[0].error, 0);
        acc = {child.exchange().acc[child.exchange().verdicts[0].acc], REFERENCE_ACC_BYTES};
    }
    std::string broken() { return broken_invariant(child.exchange().pipe, acc); }
    Child child{REFERENCE_PROGRAM};
    std::span<std::uint8_t> acc;
};

TEST_F(Invariants, HoldInTheKernelsOwnBlock) {
    EXPECT_EQ(broken(), "");
}

TEST_F(Invariants, AListEnds) {
    for (const auto& [at, bytes] : {std::pair{0x420, 124}, std::pair{0x44b80, 120},
                                    std::pair{0x44f40, 120}, std::pair{0x450e0, 272}}) {
        SetUp();
        std::fill_n(acc.begin() + at, bytes, std::uint8_t{0});
        EXPECT_THAT(broken(), HasSubstr("has no end")) << at;
    }
}

TEST_F(Invariants, AListsLinesAreTheFrames) {
    for (const auto at : {0x4a0, 0x44c00, 0x44fc0, 0x45200}) {
        SetUp();
        ++acc[static_cast<std::size_t>(at)];
        EXPECT_THAT(broken(), HasSubstr("lines are processed")) << at;
    }
}

TEST_F(Invariants, CellsHaveRoomAndAreShared) {
    for (const auto at : {0x44b60, 0x44cc0, 0x44f20, 0x450c8}) {
        SetUp();
        acc[static_cast<std::size_t>(at)] = 0;
        EXPECT_THAT(broken(), HasSubstr(" cells")) << at;
        SetUp();
        acc[static_cast<std::size_t>(at) + 1] = 200;
        EXPECT_THAT(broken(), HasSubstr(" cells")) << at;
    }
    for (const auto at : {0x44c80, 0x44e88, 0x45060, 0x45388}) {
        SetUp();
        ++acc[static_cast<std::size_t>(at)];
        ++acc[static_cast<std::size_t>(at) + 32 + (at == 0x45060 ? 32 : 0)];
        EXPECT_THAT(broken(), HasSubstr("stripes of")) << at;
    }
}

TEST_F(Invariants, WhatIsReadLiesInTheFrame) {
    const auto& pipe = child.exchange().pipe;
    std::uint32_t start = 0;
    std::memcpy(&start, &acc[0x84], sizeof(start));
    // From a line, or from a word of pixels, that leaves too little behind it.
    for (const auto further :
         {pipe.in_stride * (pipe.in.height - pipe.crop.height + 1), std::uint32_t{64}}) {
        SetUp();
        const auto moved = start + further;
        std::memcpy(&acc[0x84], &moved, sizeof(moved));
        EXPECT_THAT(broken(), HasSubstr("feeder")) << further;
    }
    SetUp();
    ++acc[0x80];
    EXPECT_THAT(broken(), HasSubstr("feeder"));
    SetUp();
    acc[0x84 + 3] = 0x0a; // a start of hundreds of megabytes
    EXPECT_THAT(broken(), HasSubstr("feeder"));
}

} // namespace
} // namespace differential
