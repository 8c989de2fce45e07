// SPDX-License-Identifier: GPL-2.0-or-later
// The kernels that the root tree holds, and which of them a user means.
#pragma once

#include "lib/base/result.hpp"

#include <compare>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::vm {

struct Kernel {
    std::string release;           ///< as uname -r says it, e.g. "6.12.107+deb13-amd64"
    std::filesystem::path image;   ///< bzImage
    std::filesystem::path modules; ///< its modules and their indexes, on the host
    /// A folder to be laid over the guest's root, with lib/modules/RELEASE in it; empty: the root
    /// tree has the modules.
    std::filesystem::path layer{};

    /// Where the guest has @ref modules.
    [[nodiscard]] std::filesystem::path guest_modules() const {
        return std::filesystem::path{"/lib/modules"} / release;
    }
};

/// Orders releases as people do: runs of digits by value, the rest by character.
[[nodiscard]] std::strong_ordering compare_releases(std::string_view left, std::string_view right);

/// All with both an image in @p boot (vmlinuz-RELEASE) and modules in @p modules, oldest first.
[[nodiscard]] std::vector<Kernel> installed_kernels(const std::filesystem::path& boot,
                                                    const std::filesystem::path& modules);

/// @p which: "stable" is the newest of the lowest series ("6.12."), Debian's own; "newest" the
/// newest of all; else a prefix of the version that ends at a dot or the like ("6.12"
/// takes 6.12.107, not 6.120), newest match first. Error: a sentence that lists the kernels
/// present.
[[nodiscard]] base::Result<Kernel> find_kernel(const std::vector<Kernel>& kernels,
                                               std::string_view which);

} // namespace ipu3::vm
