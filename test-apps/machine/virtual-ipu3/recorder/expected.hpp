// SPDX-License-Identifier: GPL-2.0-or-later
// Differences between two recordings that are meant: data, each with its reason.
//
// A file of lines; blank ones and those that begin with '#' say nothing:
//
//   KEY WHERE A B REASON
//
// KEY names the difference; several lines may share one. WHERE is "writes:REGISTER",
// "HAND-OVER:BLOCK:FIELD", whichever pipe's, or "BLOCK:FIELD", whichever hand-over's; a star at its
// end stands for anything, and "&0xff00" behind a field for these of its bits. A and B are what the
// two recordings have there: as the comparison prints it, "-" for nothing, or "*" for anything.
// "HAND-OVER:count" is how many there are. Each KEY must occur.
//
// The file of the project's two ImgU drivers (module-tests/imgu/differences.txt) has lines of other
// comparisons as well, which say nothing here: what holds under a "@CONDITION" on a block alone,
// "accepted:SIZES", and "BLOCK:reserved".
#pragma once

#include "lib/base/result.hpp"
#include "machine/virtual-ipu3/recorder/diff.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::record {

class Expected {
  public:
    /// Error: the file cannot be read, or a line of it lacks a part or cannot be understood; the
    /// sentence names the line.
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
        std::optional<std::uint64_t> mask{}; ///< of numbers; nothing: all bits
        bool seen{false};
    };
    [[nodiscard]] static bool covers(const Rule& rule, const Difference& difference);
    std::vector<Rule> rules_;
};

} // namespace ipu3::record
