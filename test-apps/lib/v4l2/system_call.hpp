// SPDX-License-Identifier: GPL-2.0-or-later
// ioctl(2), and what kernel structures hold.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/retry.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <sys/ioctl.h>

namespace ipu3::v4l2 {

/// Calls @p request, again when a signal came in between. Error: "<what>: <strerror>".
template <typename T>
[[nodiscard]] base::Result<void> call(int fd, unsigned long request, std::string_view what,
                                      T& argument) {
    if (base::retry([&] { return ::ioctl(fd, request, &argument); }) != 0) {
        return base::fail_errno(errno, "{}", what);
    }
    return {};
}

/// The errno of a call of which nothing else is of interest; 0: it succeeded.
template <typename T>
[[nodiscard]] int errno_of(int fd, unsigned long request, T& argument) {
    return base::retry([&] { return ::ioctl(fd, request, &argument); }) == 0 ? 0 : errno;
}

/// The same of one that was made.
template <typename T>
[[nodiscard]] int errno_of(const base::Result<T>& result) {
    return result ? 0 : result.error().code;
}

/// A text field of a kernel structure, which may lack its final zero.
template <typename Character, std::size_t Size>
[[nodiscard]] std::string text_of(const Character (&field)[Size]) { // NOLINT(*-avoid-c-arrays)
    static_assert(sizeof(Character) == 1);
    const auto* const begin = reinterpret_cast<const char*>(&field[0]);
    return {begin, ::strnlen(begin, Size)};
}

} // namespace ipu3::v4l2
