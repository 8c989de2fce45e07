// SPDX-License-Identifier: GPL-2.0-or-later
// The project's own kernel modules: where they are, and how the guest comes to prefer them.
#pragma once

#include "lib/base/result.hpp"
#include "machine/vm/initramfs.hpp"
#include "machine/vm/kernel.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace ipu3::vm {

/// Whether @p folder or a folder in it holds a .ko file.
[[nodiscard]] bool has_modules(const std::filesystem::path& folder);

/// The release that a module, the bytes of a .ko file, was built for (the first word of its
/// vermagic); empty: none is in it.
[[nodiscard]] std::string_view module_release(std::string_view module);

/// What must be put over the root tree so that modprobe and udev in the guest take the modules in
/// @p folder before the kernel's own of the same name or for the same device: the modules, and the
/// indexes that depmod makes of both. depmod reads every module of the kernel, which takes seconds,
/// so its indexes are kept in
/// @p cache until something changes. @p signals: see run_helper().
[[nodiscard]] base::Result<std::vector<Overlay>> prefer_modules(const Kernel& kernel,
                                                                const std::filesystem::path& folder,
                                                                const std::filesystem::path& cache,
                                                                int signals);

} // namespace ipu3::vm
