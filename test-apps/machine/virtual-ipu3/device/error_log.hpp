// SPDX-License-Identifier: GPL-2.0-or-later
// Keeps a misbehaving guest from filling the disk through the log.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ipu3::device {

/// Logs the first errors of each function in full and counts the rest.
class ErrorLog {
  public:
    static constexpr std::uint64_t shown_per_function = 50;

    void report(std::string_view function, std::string_view sentence);
    /// One line for each function whose errors were not all shown.
    void summarize() const;

  private:
    std::map<std::string, std::uint64_t, std::less<>> counts_;
};

} // namespace ipu3::device
