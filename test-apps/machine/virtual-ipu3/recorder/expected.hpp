// SPDX-License-Identifier: GPL-2.0-or-later
// Differences between two recordings that are meant: data, each with its reason.
//
// A file of lines; blank ones and those that begin with '#' say nothing:
//
//   KEY WHERE A B REASON
//
// KEY names the difference; several lines may share one. WHERE is "writes:REGISTER", or
// "HAND-OVER:BLOCK:FIELD", whichever pipe's; a star at its end stands for anything. A and B are
// what the two recordings have there: as the comparison prints it, "-" for nothing, or "*" for
// anything. "HAND-OVER:count" is how many there are. Each KEY must occur.
#pragma once

#include "lib/base/result.hpp"
#include "machine/virtual-ipu3/recorder/diff.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::record {

class Expected {
  public:
    /// Error: the file cannot be read, or a line of it lacks a part; the sentence names the line.
    [[nodiscard]] static base::Result<Expected> read(const std::filesystem::path& path);
    [[nodiscard]] static base::Result<Expected> parse(std::string_view text);

    /// Whether @p difference is meant; it has occurred then.
    [[nodiscard]] bool covers(const Difference& difference);

    /// Keys that have not occurred, in the order of the file.
    [[nodiscard]] std::vector<std::string> unseen() const;

  private:
    struct Rule {
        std::string key;
        std::string where;
        std::string a;
        std::string b;
        bool seen{false};
    };
    std::vector<Rule> rules_;
};

} // namespace ipu3::record
