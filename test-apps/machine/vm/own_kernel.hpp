// SPDX-License-Identifier: GPL-2.0-or-later
// A kernel of the user's own: a build tree, or an image with its modules, from anywhere on the
// host.
#pragma once

#include "lib/base/result.hpp"
#include "machine/vm/kernel.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::vm {

/// Whether a --kernel means a path and not one of the root tree's kernels: it has a slash in it, or
/// is one of the names of `make debug-kernel`, "debug" and "debug-rt".
[[nodiscard]] bool is_own_kernel(std::string_view which);

/// One file of a kernel's modules or of what depmod wants beside them.
struct ModuleFile {
    std::filesystem::path from; ///< on the host
    std::filesystem::path to;   ///< below lib/modules/RELEASE
};

/// What is there of a kernel, before anything is made of it.
struct OwnKernel {
    std::string release;
    std::filesystem::path image;
    std::vector<ModuleFile> files;               ///< modules, modules.order, modules.builtin*
    std::optional<std::filesystem::path> config; ///< its .config, where one was found
    bool built{false}; ///< the modules are as the compiler left them, with all of their symbols
};

/// Looks at @p path: a build tree (its arch/x86/boot/bzImage, the modules of its modules.order), or
/// a bzImage, whose modules are @p modules: a lib/modules/RELEASE or the folder that has one (what
/// `make modules_install` makes of INSTALL_MOD_PATH). An image within a build tree needs no
/// @p modules. Error: a sentence that says what is missing.
[[nodiscard]] base::Result<OwnKernel>
locate_kernel(const std::filesystem::path& path,
              const std::optional<std::filesystem::path>& modules);

/// Copies the modules to a folder in @p cache that can be laid over the guest's root, without their
/// debugging symbols if they are fresh from a compiler (a megabyte each that the guest would have
/// to read), and makes depmod's indexes. What has not changed since the last time is left as it is.
/// @p signals: see run_helper(). Error: a file cannot be read or written, or depmod failed.
[[nodiscard]] base::Result<Kernel> stage_kernel(const OwnKernel& kernel,
                                                const std::filesystem::path& cache, int signals);

} // namespace ipu3::vm
