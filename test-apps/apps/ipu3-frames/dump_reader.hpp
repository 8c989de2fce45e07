// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a dump file or a pipe in pieces.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace frames {

/// An open dump. Reads may be interrupted by a signal: then they fail with EINTR as the error's
/// code.
class DumpReader {
  public:
    /// @p path "-" is standard input. Error: missing, not readable, or a directory.
    static base::Result<DumpReader> open(const std::string& path);

    /// Fills @p buffer; less than all of it means that the dump is at its end.
    [[nodiscard]] base::Result<std::size_t> read(std::span<std::byte> buffer) const;

    /// Bytes of a regular file; a pipe does not say.
    [[nodiscard]] std::optional<std::uint64_t> size() const { return size_; }

  private:
    DumpReader(base::UniqueFd fd, std::string name, std::optional<std::uint64_t> size);

    base::UniqueFd fd_;
    std::string name_;
    std::optional<std::uint64_t> size_;
};

} // namespace frames
