// SPDX-License-Identifier: GPL-2.0-or-later
// A file, a pipe or a terminal that bytes go to, with nothing lost without a word.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "lib/v4l2/stop_signal.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ipu3::capture {

using v4l2::StopSignal;

/// Writes whole pieces. A reader of a pipe that does not read is waited for, but after a signal
/// only a second more.
class Output {
  public:
    /// A new file @p path, in place of an old one; "-" is standard output. @p stop outlives it.
    [[nodiscard]] static base::Result<Output> create(const std::string& path,
                                                     const StopSignal& stop);
    /// Standard output (STDOUT_FILENO) or standard error, which stay open.
    [[nodiscard]] static Output standard(int fd, const StopSignal& stop);

    /// All of @p bytes. Error: a full disk, a reader that is gone, ...; a file then ends behind
    /// the last piece that was written as a whole.
    [[nodiscard]] base::Result<void> write(std::span<const std::byte> bytes);
    [[nodiscard]] base::Result<void> write(std::string_view text) {
        return write(std::as_bytes(std::span{text}));
    }
    /// Closes a file. Error: what the file system says only now.
    [[nodiscard]] base::Result<void> close();

  private:
    Output(base::UniqueFd file, int fd, std::string name, const StopSignal& stop);
    [[nodiscard]] base::Result<void> wait_for_reader() const;
    [[nodiscard]] base::Result<void> write_all(std::span<const std::byte> bytes) const;

    base::UniqueFd file_; ///< what is to be closed; none for the standard streams
    int fd_;
    std::string name_;
    const StopSignal* stop_;
    bool regular_{false};
    std::uint64_t whole_{0}; ///< bytes of the pieces that were written
};

} // namespace ipu3::capture
