// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers as people write them.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace base {

/// The whole of @p text as a whole number in @p base (from 2 to 36); nothing if there is anything
/// else in it, a '+', a prefix such as 0x or a space included, or it does not fit.
template <std::integral Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, int base = 10) {
    Number value{};
    const auto* const begin = text.data();
    const auto* const end = begin + text.size();
    const auto [stop, error] = std::from_chars(begin, end, value, base);
    return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

/// The whole of @p text as a number, in any of the ways that C has for one but 0x; "inf" and "nan",
/// too.
template <std::floating_point Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto* const begin = text.data();
    const auto* const end = begin + text.size();
    const auto [stop, error] = std::from_chars(begin, end, value);
    return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

} // namespace base
