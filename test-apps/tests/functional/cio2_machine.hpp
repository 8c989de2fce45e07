// SPDX-License-Identifier: GPL-2.0-or-later
// A machine whose camera the project's ipu3-cio2 driver drives, and what tests do in it.
#pragma once

#include "tests/functional/vm.hpp"

#include <fmt/format.h>
#include <ostream>
#include <string>

namespace tests::cio2 {

struct Machine {
    std::string kernel;
    bool vtd{false};
    bool noncoherent{true};
    unsigned evict{0}; ///< seed; 0: a cache that keeps everything

    [[nodiscard]] std::string name() const {
        return kernel + (vtd ? "_vtd" : "_direct") + (noncoherent ? "" : "_coherent") +
               (evict != 0 ? fmt::format("_evict{}", evict) : "");
    }
};

void PrintTo(const Machine& machine, std::ostream* stream);

/// Gives @p vm the options of @p machine.
void set_up(Vm& vm, const Machine& machine);

} // namespace tests::cio2
