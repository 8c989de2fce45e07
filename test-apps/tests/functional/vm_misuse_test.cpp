// SPDX-License-Identifier: GPL-2.0-or-later
// What user space does wrong or in an odd order, to the memory backend: the errno, what is left,
// and the log.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>

namespace tests {
namespace {

class Misuse : public testing::TestWithParam<std::tuple<std::string, bool>> {
  protected:
    Misuse() {
        for (const auto* name : {"ipu-dmatest-misuse", "ipu-dmatest-stream"}) {
            std::filesystem::copy_file(programs() / name, vm.share() / name);
        }
        const auto& [kernel, vtd] = GetParam();
        vm.options({"--kernel", kernel, "--drivers", "project", "--sensors", "none", "--dmatest",
                    "2", "--timeout", "3000", "--cpus", "2"});
        if (vtd) {
            vm.options({"--vtd"});
        }
    }
    void expect_all(std::string_view script) { expect_script(vm, script); }
    Vm vm;
};

TEST_P(Misuse, BadInputHasItsErrnoAndLeavesNothing) {
    expect_all("dmatest-misuse-input.sh");
}

TEST_P(Misuse, KilledProcessesLeaveNothing) {
    expect_all("dmatest-misuse-kills.sh");
}

class MisuseOrders : public Misuse {};

TEST_P(MisuseOrders, MemoryLivesAsLongAsItsLastHolderInEveryOrder) {
    expect_all("dmatest-misuse-orders.sh");
}

class MisuseInFull : public Misuse {};

TEST_P(MisuseInFull, MemoryLivesAsLongAsItsLastHolderInEveryOrder) {
    expect_all("dmatest-misuse-full.sh");
}

std::string machine_name(const testing::TestParamInfo<Misuse::ParamType>& tested) {
    return std::get<0>(tested.param) + (std::get<1>(tested.param) ? "_vtd" : "_direct");
}

const std::tuple stable{"stable", false};
const std::tuple stable_vtd{"stable", true};
const std::tuple newest{"newest", false};
const std::tuple newest_vtd{"newest", true};

INSTANTIATE_TEST_SUITE_P(Short, Misuse, testing::Values(newest_vtd), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, Misuse, testing::Values(stable, stable_vtd, newest), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, MisuseOrders,
                         testing::Values(stable, stable_vtd, newest, newest_vtd), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, MisuseInFull, testing::Values(stable_vtd, newest), machine_name);

} // namespace
} // namespace tests
