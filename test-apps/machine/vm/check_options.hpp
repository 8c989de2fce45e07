// SPDX-License-Identifier: GPL-2.0-or-later
// Checks of options that need to know sensors, scenes, faults and the file system.
#pragma once

#include "lib/base/result.hpp"
#include "machine/virtual-ipu3/sensors/catalogue.hpp"
#include "machine/vm/options.hpp"

#include <vector>

namespace ipu3::vm {

/// Checks --sensors, --fault, --scene, --share, --log and --modules. Paths in @p options become
/// absolute; an error is a sentence that begins with the option's name.
[[nodiscard]] base::Result<std::vector<const sensors::CatalogueEntry*>>
check_options(Options& options);

} // namespace ipu3::vm
