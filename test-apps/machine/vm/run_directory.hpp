// SPDX-License-Identifier: GPL-2.0-or-later
// The private folder of one run: sockets, initramfs, ACPI table.
#pragma once

#include "lib/base/result.hpp"

#include <filesystem>

namespace ipu3::vm {

/// A fresh folder that is removed with everything in it when this object goes. It lies in /run if
/// that can be written (inside the root tree a private tmpfs that ends with the last process), else
/// in /tmp: the names of sockets must be shorter than 108 bytes, which a folder in the build tree
/// could not promise.
class RunDirectory {
  public:
    [[nodiscard]] static base::Result<RunDirectory> make();

    RunDirectory(RunDirectory&& other) noexcept;
    RunDirectory& operator=(RunDirectory&&) = delete;
    RunDirectory(const RunDirectory&) = delete;
    RunDirectory& operator=(const RunDirectory&) = delete;
    ~RunDirectory();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    explicit RunDirectory(std::filesystem::path path) : path_{std::move(path)} {}
    std::filesystem::path path_;
};

} // namespace ipu3::vm
