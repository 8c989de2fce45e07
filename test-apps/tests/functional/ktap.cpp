// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/ktap.hpp"

#include "lib/base/number.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace tests {

namespace {

constexpr std::size_t indentation = 4; // of a subtest's report, for each level
constexpr std::string_view digits = "0123456789";

/// Takes @p prefix off the beginning of @p text, if it is there.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    return true;
}

/// Takes a number off the beginning of @p text, if one is there that fits.
std::optional<std::size_t> take_number(std::string_view& text) {
    const auto length = std::min(text.find_first_not_of(digits), text.size());
    const auto number = base::parse_number<std::size_t>(text.substr(0, length));
    if (number) {
        text.remove_prefix(length);
    }
    return number;
}

/// The width of "[  123.456789] " of a kernel's log; 0 if there is none.
std::size_t time_width(std::string_view line) {
    auto rest = line;
    if (!take(rest, "[")) {
        return 0;
    }
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const bool is_time =
        take_number(rest) && take(rest, ".") && take_number(rest) && take(rest, "] ");
    return is_time ? line.size() - rest.size() : 0;
}

/// The reason behind "# SKIP", which @p what is cut before; nothing if it is not there.
std::optional<std::string_view> take_skip(std::string_view& what) {
    constexpr std::string_view directive = "# SKIP";
    const auto at = what.find(directive);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    auto reason = what.substr(at + directive.size());
    take(reason, " ");
    what = what.substr(0, at);
    what = what.substr(0, what.find_last_not_of(' ') + 1);
    return reason;
}

/// "point 3", "points 3 to 5".
std::string points(std::size_t first, std::size_t last) {
    return first == last ? fmt::format("point {}", first)
                         : fmt::format("points {} to {}", first, last);
}

class Judge {
  public:
    void read(std::string_view line) {
        const auto rest = without_time(line);
        const auto blanks = rest.find_first_not_of(' ');
        if (blanks == std::string_view::npos || blanks % indentation != 0) {
            return;
        }
        auto said = rest.substr(blanks);
        const auto level = blanks / indentation;
        if (take(said, "KTAP version ")) {
            begin(level);
        } else if (take(said, "# Subtest: ")) {
            if (level + 1 == open_.size()) {
                open_.back().name = said;
            }
        } else if (take(said, "1..")) {
            plan(level, said);
        } else if (take(said, "Bail out!")) {
            problem(fmt::format("it gave up:{}", said));
        } else if (is_point(said)) {
            point(level, said);
        }
    }

    KtapReport end() {
        close_from(0);
        if (!begun_) {
            problem("there is no KTAP report");
        } else if (report_.passed + report_.failed + report_.skipped.size() == 0) {
            problem("there is no point");
        }
        return std::move(report_);
    }

  private:
    struct Level {
        std::string name; ///< of the subtest
        std::optional<std::size_t> plan;
        std::size_t last{0}; ///< number of the last point
        bool skipped{false}; ///< as a whole
    };

    /// dmesg(1) puts blanks for the time before the second and further lines of one message.
    std::string_view without_time(std::string_view line) {
        if (const auto width = time_width(line); width != 0) {
            time_width_ = width;
            return line.substr(width);
        }
        const auto blanks = std::min(line.find_first_not_of(' '), line.size());
        return line.substr(blanks >= time_width_ ? time_width_ : 0);
    }

    static bool is_point(std::string_view said) {
        take(said, "not ");
        // "okay" is none; "ok: " is meant as one.
        return take(said, "ok") && (said.empty() || said.front() == ' ' || said.front() == ':');
    }

    void problem(std::string what) {
        std::string where;
        for (const auto& level : open_) {
            if (!level.name.empty()) {
                where += level.name + ": ";
            }
        }
        report_.problems.push_back(where + std::move(what));
    }

    /// Ends the reports of @p level and those inside of it.
    void close_from(std::size_t level) {
        while (open_.size() > level) {
            const auto& ended = open_.back();
            if (!ended.plan) {
                problem(
                    fmt::format("there is no plan: it ended early, after {} points", ended.last));
            } else if (ended.last < *ended.plan) {
                problem(fmt::format("it ended early, without {} of {}",
                                    points(ended.last + 1, *ended.plan), *ended.plan));
            } else if (ended.last > *ended.plan) {
                problem(fmt::format("nobody planned {}", points(*ended.plan + 1, ended.last)));
            } else if (ended.last == 0 && !ended.skipped) {
                problem("nothing was planned");
            }
            open_.pop_back();
        }
    }

    void begin(std::size_t level) {
        if (level > open_.size()) {
            problem("a report begins inside of none");
            return;
        }
        if (level == 0 && begun_) {
            problem("a second report begins");
        }
        close_from(level);
        open_.emplace_back();
        begun_ = true;
    }

    /// The report that a line of @p level belongs to.
    Level* report_of(std::size_t level, std::string_view line) {
        if (level >= open_.size()) {
            problem(fmt::format("outside of a report: {}", line));
            return nullptr;
        }
        close_from(level + 1);
        return &open_.back();
    }

    void plan(std::size_t level, std::string_view said) {
        const auto line = fmt::format("1..{}", said);
        auto* const report = report_of(level, line);
        if (report == nullptr) {
            return;
        }
        const auto number = take_number(said);
        const auto reason = take_skip(said);
        const bool is_all = said.empty() || said == " ";
        if (!number || !is_all) {
            problem(fmt::format("no plan, though alike: {}", line));
        } else if (report->plan) {
            problem(fmt::format("a second plan: {}", line));
        } else {
            report->plan = number;
            if (*number == 0 && reason) {
                report->skipped = true;
                report_.skipped.push_back(fmt::format("all: {}", *reason));
            }
        }
    }

    void point(std::size_t level, std::string_view line) {
        auto* const report = report_of(level, line);
        if (report == nullptr) {
            return;
        }
        auto said = line;
        const bool is_ok = !take(said, "not ");
        const auto number = take(said, "ok ") ? take_number(said) : std::nullopt;
        const bool is_apart = said.empty() || said.front() == ' ';
        if (!number || !is_apart) {
            problem(fmt::format("no point, though alike: {}", line));
            return;
        }
        take(said, " ");
        take(said, "- ");
        const auto reason = take_skip(said);
        if (*number <= report->last) {
            problem(fmt::format("point {} comes after point {}: {}", *number, report->last, line));
        } else if (*number > report->last + 1) {
            problem(fmt::format("without {} before it: {}", points(report->last + 1, *number - 1),
                                line));
        }
        report->last = std::max(report->last, *number);
        if (!is_ok) {
            ++report_.failed;
            problem(std::string{line});
        } else if (reason) {
            report_.skipped.push_back(fmt::format("{}: {}", said, *reason));
        } else {
            ++report_.passed;
        }
    }

    KtapReport report_;
    std::vector<Level> open_;
    bool begun_{false};
    std::size_t time_width_{0}; ///< of the last line with a time
};

} // namespace

KtapReport judge_ktap(std::string_view text) {
    Judge judge;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        judge.read(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return judge.end();
}

std::string describe(const KtapReport& report) {
    std::string text = fmt::format("{} points ok, {} not ok, {} skipped\n", report.passed,
                                   report.failed, report.skipped.size());
    for (const auto& problem : report.problems) {
        text += fmt::format("  {}\n", problem);
    }
    for (const auto& skipped : report.skipped) {
        text += fmt::format("  skipped: {}\n", skipped);
    }
    return text;
}

} // namespace tests
