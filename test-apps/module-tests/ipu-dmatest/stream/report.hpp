// SPDX-License-Identifier: GPL-2.0-or-later
// What was found.
#pragma once

#include <cstdint>
#include <string>

namespace ipu3::dmatest::stream {

struct Report {
    std::uint64_t frames{0};     ///< that came back
    std::uint64_t errors{0};     ///< of these, marked as erroneous by the driver
    std::uint64_t bad_frames{0}; ///< with wrong bytes
    std::uint64_t bad_bytes{0};  ///< in frames
    std::uint64_t lost{0};       ///< missing sequence numbers
    std::uint64_t padding{0};    ///< bytes between and behind the lines that have changed
    std::uint64_t neighbours{0}; ///< bytes beside user memory that have changed
    bool interrupted{false};     ///< by a signal

    [[nodiscard]] bool clean() const {
        return errors == 0 && bad_frames == 0 && bad_bytes == 0 && lost == 0 && padding == 0 &&
               neighbours == 0;
    }
    void add(const Report& more);
    /// One line: "frames=30 errors=0 ...".
    [[nodiscard]] std::string line() const;
};

} // namespace ipu3::dmatest::stream
