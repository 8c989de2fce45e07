// SPDX-License-Identifier: GPL-2.0-or-later
// Errors as values: what can fail in ordinary use returns a Result.
#pragma once

#include <fmt/format.h>
#include <string>
#include <system_error>
#include <tl/expected.hpp>
#include <utility>

namespace base {

/// A failure in one sentence for a person, with the errno it came from (0 when there is none).
struct Error {
    std::string message;
    int code{0};
};

template <typename T>
using Result = tl::expected<T, Error>;

/// A failed Result with a formatted sentence and no errno.
template <typename... Args>
[[nodiscard]] tl::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
    return tl::unexpected<Error>{Error{fmt::format(format, std::forward<Args>(args)...), 0}};
}

/// A failed Result for the system call error @p code: "<sentence>: <strerror>".
template <typename... Args>
[[nodiscard]] tl::unexpected<Error> fail_errno(int code, fmt::format_string<Args...> format,
                                               Args&&... args) {
    return tl::unexpected<Error>{
        Error{fmt::format("{}: {}", fmt::format(format, std::forward<Args>(args)...),
                          std::generic_category().message(code)),
              code}};
}

} // namespace base
