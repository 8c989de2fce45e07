// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/run_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

namespace ipu3::vm {

base::Result<RunDirectory> RunDirectory::make() {
    int reason = 0;
    for (const char* parent : {"/run", "/tmp"}) {
        auto name = std::string{parent} + "/ipu3-vm-XXXXXX";
        if (::mkdtemp(name.data()) != nullptr) {
            return RunDirectory{name};
        }
        reason = errno;
    }
    return base::fail_errno(reason, "cannot make a folder for this run in /run or /tmp");
}

RunDirectory::RunDirectory(RunDirectory&& other) noexcept
    : path_{std::exchange(other.path_, std::filesystem::path{})} {}

RunDirectory::~RunDirectory() {
    if (!path_.empty()) {
        std::error_code ignored; // nothing better can be done with a folder that does not go
        std::filesystem::remove_all(path_, ignored);
    }
}

} // namespace ipu3::vm
