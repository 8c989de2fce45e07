// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/camera-bench/module_code.hpp"

#include <gmock/gmock.h>

namespace ipu3::camera_bench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kallsyms = "ffffffff81000000 T _stext\n"
                                      "ffffffffc0a01000 t cio2_irq\t[ipu3_cio2]\n"
                                      "ffffffffc0a03ff0 T cio2_last\t[ipu3_cio2]\n"
                                      "ffffffffc0a09000 d cio2_driver\t[ipu3_cio2]\n"
                                      "ffffffffc0b00010 t other\t[other]\n"
                                      "ffffffffc0b01010 t one\t[one]\n"
                                      "ffffffffc0b02010 t two\t[two]\n";

TEST(CodePages, AreThoseBetweenTheFirstAndTheLastFunctionAndTheOneAfter) {
    EXPECT_THAT(code_pages(kallsyms, "ipu3_cio2"),
                ElementsAre(0xffffffffc0a01000, 0xffffffffc0a02000, 0xffffffffc0a03000,
                            0xffffffffc0a04000));
}

TEST(CodePages, AreNoOtherModules) {
    EXPECT_THAT(code_pages(kallsyms, "one"), ElementsAre(0xffffffffc0b01000));
    EXPECT_THAT(code_pages(kallsyms, "two"), ElementsAre(0xffffffffc0b02000, 0xffffffffc0b03000));
}

TEST(CodePages, AreNoneOfAModuleThatIsNotThere) {
    EXPECT_THAT(code_pages(kallsyms, "ipu3"), IsEmpty());
    EXPECT_THAT(code_pages("", "ipu3_cio2"), IsEmpty());
}

TEST(CodePages, AreNoneWhenAddressesAreHidden) {
    EXPECT_THAT(code_pages("0000000000000000 t cio2_irq\t[ipu3_cio2]\n", "ipu3_cio2"), IsEmpty());
}

TEST(Functions, EndWhereTheNextBegins) {
    const auto found = functions("ffffffffc0a03ff0 T last\t[m]\n"
                                 "ffffffffc0a01040 t second\t[m]\n"
                                 "ffffffffc0a01010 t other\t[other]\n"
                                 "ffffffffc0a01000 t first\t[m]\n"
                                 "ffffffffc0a01000 t alias\t[m]\n"
                                 "ffffffffc0a01020 d data\t[m]\n",
                                 "m");
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].name, "first");
    EXPECT_EQ(found[0].begin, 0xffffffffc0a01000);
    EXPECT_EQ(found[0].end, 0xffffffffc0a01040);
    EXPECT_EQ(found[1].name, "second");
    EXPECT_EQ(found[1].end, 0xffffffffc0a03ff0);
    EXPECT_EQ(found[2].name, "last");
    EXPECT_EQ(found[2].end, 0xffffffffc0a05000); // it may reach into the next page
    EXPECT_THAT(functions("", "m"), IsEmpty());
}

TEST(CodePages, PassOverWhatIsNoSymbol) {
    EXPECT_THAT(code_pages("zz t x\t[m]\n\nffffffffc0a01000\nffffffffc0a01000 ", "m"), IsEmpty());
}

} // namespace
} // namespace ipu3::camera_bench
