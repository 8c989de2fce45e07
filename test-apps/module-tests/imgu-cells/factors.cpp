// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-cells/factors.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace imgu_cells {

void Pairs::check(const Values& values) const {
    if (values.size() != factors_.size()) {
        throw std::out_of_range{
            fmt::format("{} values for {} factors", values.size(), factors_.size())};
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        (void)factors_[i].values.at(values[i]);
    }
}

std::size_t Pairs::unmet(const Values& values) const {
    check(values);
    std::size_t count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = i + 1; j < values.size(); ++j) {
            count += met_.contains({{i, values[i]}, {j, values[j]}}) ? 0U : 1U;
        }
    }
    return count;
}

void Pairs::meet(const Values& values) {
    check(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = i + 1; j < values.size(); ++j) {
            met_.insert({{i, values[i]}, {j, values[j]}});
        }
    }
}

std::vector<std::string> Pairs::unmet() const {
    std::vector<std::string> pairs;
    for (std::size_t i = 0; i < factors_.size(); ++i) {
        for (std::size_t j = i + 1; j < factors_.size(); ++j) {
            for (std::size_t a = 0; a < factors_[i].values.size(); ++a) {
                for (std::size_t b = 0; b < factors_[j].values.size(); ++b) {
                    if (!met_.contains({{i, a}, {j, b}})) {
                        pairs.push_back(fmt::format("{} {}, {} {}", factors_[i].name,
                                                    factors_[i].values[a], factors_[j].name,
                                                    factors_[j].values[b]));
                    }
                }
            }
        }
    }
    return pairs;
}

} // namespace imgu_cells
