// SPDX-License-Identifier: GPL-2.0-or-later
// The files that tell of a run afterwards.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ipu3::vm {

/// One log, written without a buffer so that it is whole whatever happens next.
class LogFile {
  public:
    /// Empties or makes @p path.
    [[nodiscard]] static base::Result<LogFile> open(const std::filesystem::path& path);
    /// Error: the disk is full or the like, as a sentence with the file's name.
    [[nodiscard]] base::Result<void> write(std::string_view text);
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] int fd() const { return fd_.get(); }

  private:
    LogFile(std::filesystem::path path, base::UniqueFd fd)
        : path_{std::move(path)}, fd_{std::move(fd)} {}
    std::filesystem::path path_;
    base::UniqueFd fd_;
};

/// The folder of one run's logs. Two machines never write into one folder: while another run holds
/// @p wanted, the next free one of wanted.2, wanted.3, ... is taken. The hold ends with the process
/// that has it.
class LogFolder {
  public:
    [[nodiscard]] static base::Result<LogFolder> open(const std::filesystem::path& wanted);
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    LogFolder(std::filesystem::path path, base::UniqueFd lock)
        : path_{std::move(path)}, lock_{std::move(lock)} {}
    std::filesystem::path path_;
    base::UniqueFd lock_;
};

/// The last @p lines lines of a text file, of which no more than 64 KiB are read; empty if it
/// cannot be.
[[nodiscard]] std::string tail_of(const std::filesystem::path& path, unsigned lines);

} // namespace ipu3::vm
