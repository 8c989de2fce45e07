// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tests {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::IsEmpty;

std::vector<std::string> differences(std::string_view first, std::string_view second,
                                     std::span<const AnswerException> exceptions = {}) {
    return compare_answers(parse_answers(first), parse_answers(second), exceptions).differences;
}

TEST(Answers, AreLinesWithAColon) {
    EXPECT_THAT(parse_answers("a b: c: d\nquestion\n"),
                ElementsAre(FieldsAre("a b", "c: d"), FieldsAre("question", "")));
    EXPECT_THAT(parse_answers(""), IsEmpty());
}

TEST(Answers, AreLinesOfSectionsByNumber) {
    EXPECT_THAT(lines_as_answers("## one\nx\n\n## two\ny: z\n"),
                ElementsAre(FieldsAre("one, line 1", "x"), FieldsAre("one, line 2", ""),
                            FieldsAre("one, lines", "2"), FieldsAre("two, line 1", "y: z"),
                            FieldsAre("two, lines", "1")));
}

TEST(Answers, ThatAreTheSameHaveNoDifference) {
    EXPECT_THAT(differences("a: 1\nb: 2\n", "a: 1\nb: 2\n"), IsEmpty());
}

TEST(Answers, ThatDifferAreTold) {
    EXPECT_THAT(differences("a: 1\nb: 2\n", "a: 1\nb: 3\n"), ElementsAre("b: 3, not 2"));
    EXPECT_THAT(differences("a: 1\n", "b: 1\n"), ElementsAre("\"b\" was asked where \"a\" was"));
    EXPECT_THAT(differences("a: 1\nb: 2\n", "a: 1\n"), ElementsAre("1 questions, not 2"));
    EXPECT_THAT(differences("a: 1\na: 1\n", "a: 1\na: 1\n"),
                ElementsAre("a: asked twice", "a: asked twice"));
}

TEST(Answers, MayDifferAsAnExceptionSaysAndInNoOtherWay) {
    const std::vector<AnswerException> exceptions{
        {.question = "size \\d+", .first = "EINVAL", .second = "\\d+", .reason = "more"},
        {.question = "never asked", .first = ".*", .second = ".*", .reason = ""},
    };
    const auto compared = compare_answers(parse_answers("size 1: EINVAL\nsize 2: 5\n"),
                                          parse_answers("size 1: 32\nsize 2: 5\n"), exceptions);
    EXPECT_THAT(compared.differences, IsEmpty());
    EXPECT_EQ(compared.equal, 1U);
    EXPECT_EQ(compared.excepted, 1U);
    EXPECT_THAT(compared.unneeded, ElementsAre(&exceptions[1]));

    EXPECT_THAT(differences("size 1: EINVAL\n", "size 1: EBUSY\n", exceptions),
                ElementsAre("size 1: EBUSY, not EINVAL"));
    EXPECT_THAT(differences("size 1: 32\n", "size 1: EINVAL\n", exceptions),
                ElementsAre("size 1: EINVAL, not 32"));
    EXPECT_THAT(differences("the size 1: EINVAL\n", "the size 1: 32\n", exceptions),
                ElementsAre("the size 1: 32, not EINVAL"));
}

} // namespace
} // namespace tests
