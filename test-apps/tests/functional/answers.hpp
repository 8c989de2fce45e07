// SPDX-License-Identifier: GPL-2.0-or-later
// What two drivers answer to the same questions, compared.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

struct Answer {
    std::string question;
    std::string answer;
};

/// Lines "QUESTION: ANSWER", as imgu-answers writes them. A line without a colon is a question
/// with an empty answer.
[[nodiscard]] std::vector<Answer> parse_answers(std::string_view text);

/// Text whose sections begin with a line "## NAME": each line answers the question
/// "NAME, line NUMBER", and a last one of each section, "NAME, lines", how many there are.
[[nodiscard]] std::vector<Answer> lines_as_answers(std::string_view text);

/// Questions that may be answered in two ways. All three are regular expressions (ECMAScript) of
/// the whole.
struct AnswerException {
    std::string question;
    std::string first;
    std::string second;
    std::string reason;
};

struct AnswerComparison {
    std::vector<std::string> differences;         ///< that no exception allows, in words
    std::vector<const AnswerException*> unneeded; ///< that allowed no difference
    std::size_t equal{0};                         ///< questions with the same answer
    std::size_t excepted{0};                      ///< questions whose answers differ as they may
};

/// Compares answers by their questions, which come in the same order. A question that only one was
/// asked is a difference, and so is one that was asked twice.
[[nodiscard]] AnswerComparison compare_answers(const std::vector<Answer>& first,
                                               const std::vector<Answer>& second,
                                               std::span<const AnswerException> exceptions);

} // namespace tests
