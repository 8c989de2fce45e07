// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/cio2_machine.hpp"

namespace tests::cio2 {
void PrintTo(const Machine& machine, std::ostream* stream) {
    *stream << machine.name();
}

void set_up(Vm& vm, const Machine& machine) {
    vm.options({"--kernel", machine.kernel, "--drivers", "project", "--timeout", "3000"});
    if (machine.noncoherent) {
        vm.options({"--noncoherent", "cio2"});
    }
    if (machine.vtd) {
        vm.options({"--vtd"});
    }
    if (machine.evict != 0) {
        vm.options({"--evict", std::to_string(machine.evict)});
    }
}

} // namespace tests::cio2
