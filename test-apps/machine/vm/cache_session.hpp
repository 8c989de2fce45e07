// SPDX-License-Identifier: GPL-2.0-or-later
// The cache model of one run: made before the machine starts, read after its end.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "machine/cache-model/model.hpp"
#include "machine/vm/options.hpp"

#include <filesystem>

namespace ipu3::vm {

/// The guest's RAM and the model's state, two memory files that QEMU and the device process
/// inherit. Nothing of them has a name: they are gone with the last process that has them.
class CacheSession {
  public:
    /// For @p options with a cache model. Error: the system call's, or the model's sentence.
    [[nodiscard]] static base::Result<CacheSession> make(const Options& options);

    [[nodiscard]] int ram_fd() const { return ram_.get(); }
    [[nodiscard]] int state_fd() const { return state_.get(); }

    /// After the end of the machine, which would be the launcher's exit status @p status: writes
    /// the report to @p file and its summary to standard error. The exit status: @p status,
    /// whatever the model found, unless the model itself failed.
    [[nodiscard]] int conclude(int status, const std::filesystem::path& file);

  private:
    CacheSession(base::UniqueFd ram, base::UniqueFd state, cache::CacheModel model)
        : ram_{std::move(ram)}, state_{std::move(state)}, model_{std::move(model)} {}

    base::UniqueFd ram_;
    base::UniqueFd state_;
    cache::CacheModel model_;
};

} // namespace ipu3::vm
