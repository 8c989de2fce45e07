// SPDX-License-Identifier: GPL-2.0-or-later
// From checked options to a running machine and its end.
#pragma once

#include "lib/base/result.hpp"
#include "machine/virtual-ipu3/sensors/catalogue.hpp"
#include "machine/vm/kernel.hpp"
#include "machine/vm/options.hpp"

#include <filesystem>
#include <span>

namespace ipu3::vm {

/// Where a build keeps its things.
struct BuildTree {
    std::filesystem::path programs;
    std::filesystem::path top; ///< share, log, modules, depmod
};

/// The build tree that this program lies in (TOP/bin/ipu3-vm).
[[nodiscard]] base::Result<BuildTree> own_build_tree();

/// The kernel that @p options name: one of the root tree's, or the user's own, which is made ready
/// in the build tree. Error: there is none, or it lacks what this run needs of it. @p signals: see
/// run_helper().
[[nodiscard]] base::Result<Kernel>
choose_kernel(const Options& options, std::span<const sensors::CatalogueEntry* const> sensors,
              const BuildTree& build, int signals);

/// Makes the machine, runs it and cleans up. The exit status for the user, or why there was no
/// machine.
[[nodiscard]] base::Result<int> launch(const Options& options, const Kernel& kernel,
                                       std::span<const sensors::CatalogueEntry* const> sensors,
                                       const BuildTree& build, int signals);

} // namespace ipu3::vm
