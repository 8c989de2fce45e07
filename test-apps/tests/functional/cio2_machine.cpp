// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/cio2_machine.hpp"

#include "tests/functional/guest_shell.hpp"

#include <gtest/gtest.h>

namespace tests::cio2 {
namespace {

/// See expect_all(); `finish` tells whether all was well.
constexpr std::string_view helpers = R"sh(
finish() { [ $failed = 0 ]; }
[ -d /sys/kernel/debug/tracing ] || mount -t debugfs none /sys/kernel/debug
function=0000:00:14.3
counter() { sed -n "s/^$2 //p" "/sys/kernel/debug/ipu3-cio2/$function/$1"; }
backend() { sed -n "s/^$1 //p" /sys/kernel/debug/vb2-ipu-iommu/cio2.$function/stats; }
idle=$(($(backend buffers))) # the driver's own
is 'the driver in use is ours' "$(ls /sys/module/vb2_ipu_iommu/holders | grep -x ipu3_cio2)" ipu3_cio2
)sh";

} // namespace

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

void expect_all(Vm& vm, std::string_view script) {
    const auto outcome = vm.run(fmt::format("{}{}{}\nfinish", guest_shell, helpers, script));
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_EQ(outcome.out.find("not ok"), std::string::npos) << describe(outcome);
    EXPECT_NE(outcome.out.find("ok: "), std::string::npos) << describe(outcome);
}

} // namespace tests::cio2
