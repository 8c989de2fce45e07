// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest/kernel_modules.hpp"

#include <fstream>
#include <linux/module.h>
#include <sys/syscall.h>

namespace ipu3::guest {

Status load_modules(const std::filesystem::path& order) {
    std::ifstream list{order};
    if (!list) {
        return base::fail("cannot read {}", order.string());
    }
    for (std::string name; std::getline(list, name);) {
        const base::UniqueFd fd{::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!fd) {
            return base::fail_errno(errno, "cannot open the kernel module {}", name);
        }
        const auto flags = name.ends_with(".ko") ? 0 : MODULE_INIT_COMPRESSED_FILE;
        if (::syscall(SYS_finit_module, fd.get(), "", flags) != 0 && errno != EEXIST) {
            return base::fail_errno(errno, "cannot load the kernel module {}", name);
        }
    }
    return {};
}

} // namespace ipu3::guest
