// SPDX-License-Identifier: GPL-2.0-or-later
// What the guest's kernel starts from: our init and the modules that mounting the root tree needs.
#pragma once

#include "lib/base/result.hpp"
#include "machine/vm/kernel.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::vm {

/// The files to load, in order, so that each of @p wanted (module names, e.g. "9p") is there: paths
/// relative to the folder of @p dep, which is the text of a modules.dep; what @p builtin (a
/// modules.builtin) lists needs none. Error: a name in neither.
[[nodiscard]] base::Result<std::vector<std::string>>
resolve_modules(std::string_view dep, std::string_view builtin,
                std::span<const std::string_view> wanted);

/// A file or tree to be put over the root tree in the guest: @p from on the host, @p to a path in
/// the guest.
struct Overlay {
    std::filesystem::path from;
    std::filesystem::path to;
};

/// Where the guest's first modules are listed, a path a line: those without which it could tell
/// nobody anything, and those of its root.
inline constexpr std::string_view first_modules_list = "modules/first";
inline constexpr std::string_view root_modules_list = "modules/order";
/// The mount tags of what lies over the root, a line each, the uppermost first.
inline constexpr std::string_view layers_list = "layers";

/// The archive's bytes. @p layers: the mount tags for layers_list. Compressed modules are
/// decompressed here, where it takes a tenth of the time that it would in the emulated machine. @p
/// signals: see run_helper(). Error: a file that cannot be read.
[[nodiscard]] base::Result<std::string>
make_initramfs(const Kernel& kernel, const std::filesystem::path& init,
               std::span<const Overlay> overlays, std::span<const std::string> layers, int signals);

/// A file's bytes.
[[nodiscard]] base::Result<std::string> read_file(const std::filesystem::path& path);
/// Makes or replaces a file.
[[nodiscard]] base::Result<void> write_file(const std::filesystem::path& path,
                                            std::string_view contents);

} // namespace ipu3::vm
