// SPDX-License-Identifier: GPL-2.0-or-later
// What the machine needs of a kernel, to say it before a boot that would end in silence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipu3::vm {

/// What a run wants beside a root and a shell.
struct KernelUse {
    bool devices{true};       ///< the receiver and the sensors' bus
    bool stock_drivers{true}; ///< the kernel's own ipu3 drivers, not the project's
    bool imgu{false};
    bool vtd{false};
    std::vector<std::string> sensors; ///< models, as the drivers are named
};

/// The options that @p config, the text of a .config, does not have and @p use needs, as they stand
/// in a .config ("CONFIG_9P_FS"), in the order of a boot.
[[nodiscard]] std::vector<std::string> lacking_options(std::string_view config,
                                                       const KernelUse& use);

/// The same for a kernel without a .config, as far as its modules tell: names of modules that are
/// not in @p list, which has the paths of module files, built-in ones included, a line each.
[[nodiscard]] std::vector<std::string> lacking_modules(std::string_view list, const KernelUse& use);

} // namespace ipu3::vm
