// SPDX-License-Identifier: GPL-2.0-or-later
// Loads the modules that the initramfs carries, before there is a root file system with a modprobe.
#pragma once

#include "machine/guest/system_call.hpp"

namespace ipu3::guest {

/// Loads the files that @p order names, one a line, in that order; a name that ends in .xz, .zst or
/// .gz is decompressed by the kernel. A module that is loaded or built in already is no error.
[[nodiscard]] Status load_modules(const std::filesystem::path& order);

} // namespace ipu3::guest
