// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/answers.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <regex>
#include <set>

namespace tests {

namespace {

template <typename Use>
void for_each_line(std::string_view text, Use use) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        use(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
}

class Rule {
  public:
    explicit Rule(const AnswerException& exception)
        : exception_{&exception}, question_{exception.question}, first_{exception.first},
          second_{exception.second} {}

    /// Whether it allows this difference; remembers that it did.
    bool allows(const Answer& first, const Answer& second) {
        const bool allowed = std::regex_match(first.answer, first_) &&
                             std::regex_match(second.answer, second_) &&
                             std::regex_match(first.question, question_);
        needed_ = needed_ || allowed;
        return allowed;
    }

    [[nodiscard]] bool needed() const { return needed_; }
    [[nodiscard]] const AnswerException* exception() const { return exception_; }

  private:
    const AnswerException* exception_;
    std::regex question_;
    std::regex first_;
    std::regex second_;
    bool needed_{false};
};

void report_repeated(const std::vector<Answer>& answers, std::vector<std::string>& differences) {
    std::set<std::string_view> seen;
    for (const auto& [question, answer] : answers) {
        if (!seen.insert(question).second) {
            differences.push_back(fmt::format("{}: asked twice", question));
        }
    }
}

} // namespace

std::vector<Answer> parse_answers(std::string_view text) {
    std::vector<Answer> answers;
    for_each_line(text, [&](std::string_view line) {
        const auto colon = line.find(": ");
        const auto rest = colon == std::string_view::npos ? line.size() : colon + 2;
        answers.push_back({.question = std::string{line.substr(0, colon)},
                           .answer = std::string{line.substr(rest)}});
    });
    return answers;
}

std::vector<Answer> lines_as_answers(std::string_view text) {
    constexpr std::string_view kHeading = "## ";
    std::vector<Answer> answers;
    std::string section;
    unsigned number = 0;
    const auto end_section = [&] {
        if (!section.empty()) {
            answers.push_back(
                {.question = section + ", lines", .answer = fmt::format("{}", number)});
        }
    };
    for_each_line(text, [&](std::string_view line) {
        if (line.starts_with(kHeading)) {
            end_section();
            section = line.substr(kHeading.size());
            number = 0;
            return;
        }
        answers.push_back({.question = fmt::format("{}, line {}", section, ++number),
                           .answer = std::string{line}});
    });
    end_section();
    return answers;
}

AnswerComparison compare_answers(const std::vector<Answer>& first,
                                 const std::vector<Answer>& second,
                                 std::span<const AnswerException> exceptions) {
    AnswerComparison comparison;
    std::vector<Rule> rules{exceptions.begin(), exceptions.end()};
    report_repeated(first, comparison.differences);
    report_repeated(second, comparison.differences);
    const auto common = std::min(first.size(), second.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (first[i].question != second[i].question) {
            comparison.differences.push_back(fmt::format("\"{}\" was asked where \"{}\" was",
                                                         second[i].question, first[i].question));
            return comparison;
        }
        if (first[i].answer == second[i].answer) {
            ++comparison.equal;
        } else if (std::ranges::any_of(
                       rules, [&](auto& rule) { return rule.allows(first[i], second[i]); })) {
            ++comparison.excepted;
        } else {
            comparison.differences.push_back(fmt::format("{}: {}, not {}", first[i].question,
                                                         second[i].answer, first[i].answer));
        }
    }
    if (first.size() != second.size()) {
        comparison.differences.push_back(
            fmt::format("{} questions, not {}", second.size(), first.size()));
    }
    for (const auto& rule : rules) {
        if (!rule.needed()) {
            comparison.unneeded.push_back(rule.exception());
        }
    }
    return comparison;
}

} // namespace tests
