// SPDX-License-Identifier: GPL-2.0-or-later
// Which values of several factors have met: tests that cover all pairs of values find what two of
// them cause together, at a fraction of what all combinations cost (D. R. Kuhn, D. R. Wallace and
// A. M. Gallo, "Software Fault Interactions and Implications for Software Testing", 2004).
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace imgu_cells {

struct Factor {
    std::string name;
    std::vector<std::string> values;
};

class Pairs {
  public:
    /// The number of a value, of each factor.
    using Values = std::vector<std::size_t>;

    explicit Pairs(std::vector<Factor> factors) : factors_{std::move(factors)} {}

    /// How many pairs of @p values have not met yet. Throws std::out_of_range if these are not as
    /// many as there are factors, or one is none of its factor's.
    [[nodiscard]] std::size_t unmet(const Values& values) const;
    /// Now they have. Throws as above.
    void meet(const Values& values);

    /// Pairs that have not met, in words: "mode still, size largest".
    [[nodiscard]] std::vector<std::string> unmet() const;
    [[nodiscard]] std::size_t met() const noexcept { return met_.size(); }

  private:
    using Value = std::pair<std::size_t, std::size_t>; ///< factor, number
    void check(const Values& values) const;

    std::vector<Factor> factors_;
    std::set<std::pair<Value, Value>> met_;
};

} // namespace imgu_cells
