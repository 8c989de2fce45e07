// SPDX-License-Identifier: GPL-2.0-or-later
// An initramfs archive: cpio in the "newc" format that the kernel unpacks
// (Documentation/driver-api/early-userspace/buffer-format.rst).
#pragma once

#include "lib/base/result.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace ipu3::vm {

/// Collects files and folders in memory. Missing parents of a name are added as folders.
class CpioArchive {
  public:
    /// @p name without a leading slash. Error: a file of 4 GiB or more, which the format cannot
    /// hold.
    [[nodiscard]] base::Result<void> add_file(std::string_view name, std::string_view contents,
                                              unsigned permissions);
    void add_folder(std::string_view name);
    /// The whole archive, trailer included. Nothing can be added afterwards.
    [[nodiscard]] std::string finish() &&;

  private:
    void add(std::string_view name, std::uint32_t mode, std::string_view contents);
    void add_parents(std::string_view name);

    std::string bytes_;
    std::set<std::string, std::less<>> folders_;
    std::uint32_t inode_{0};
};

} // namespace ipu3::vm
