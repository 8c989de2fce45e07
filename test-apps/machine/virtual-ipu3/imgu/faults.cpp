// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/faults.hpp"

#include <string>

namespace ipu3::imgu {

bool Faults::strike(sim::FaultKind kind, unsigned pipe) {
    const auto number = occasions_[{kind, pipe}]++;
    if (!plan_.strikes(kind, number, pipe)) {
        return false;
    }
    trace_.emit("imgu", "fault",
                {{"kind", std::string{sim::name(kind)}},
                 {"pipe", std::uint64_t{pipe}},
                 {"number", number}});
    return true;
}

} // namespace ipu3::imgu
