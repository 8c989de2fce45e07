// SPDX-License-Identifier: GPL-2.0-or-later
// Loading, streaming and unloading over and over: modules, IOMMU groups, devices, addresses and
// memory are what they were.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <tuple>

namespace tests {
namespace {

/// What is measured: after @p first cycles, in which slabs and caches grow, @p cycles more may cost
/// fewer than @p pages. They go on growing: by 230 pages in fifty cycles after the first five, by
/// 124 in the hundred after the first fifty, spread over slabs that everybody uses.
struct Measured {
    unsigned first;
    unsigned cycles;
    unsigned pages;
};
constexpr Measured brief{5, 10, 256};
constexpr Measured thorough{50, 100, 200};

Environment environment(const Measured& measured) {
    return {{"FIRST", std::to_string(measured.first)},
            {"CYCLES", std::to_string(measured.cycles)},
            {"PAGES", std::to_string(measured.pages)}};
}

class Cycles : public testing::TestWithParam<std::tuple<std::string, bool, Measured>> {
  protected:
    Cycles() {
        std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                                   vm.share() / "ipu-dmatest-stream");
        const auto& [kernel, vtd, measured] = GetParam();
        vm.options({"--kernel", kernel, "--drivers", "project", "--sensors", "none", "--dmatest",
                    "2", "--timeout", "3000", "--cpus", "2"});
        if (vtd) {
            vm.options({"--vtd"});
        }
    }
    Vm vm;
};

TEST_P(Cycles, LeaveNothingBehind) {
    const auto& measured = std::get<2>(GetParam());
    expect_script(vm, "dmatest-cycles.sh", environment(measured));
}

std::string machine_name(const testing::TestParamInfo<Cycles::ParamType>& tested) {
    const auto& [kernel, vtd, measured] = tested.param;
    return fmt::format("{}_{}_{}", kernel, vtd ? "vtd" : "direct", measured.cycles);
}

INSTANTIATE_TEST_SUITE_P(Full, Cycles,
                         testing::Combine(testing::Values("stable", "newest"), testing::Bool(),
                                          testing::Values(brief, thorough)),
                         machine_name);

/// Negative control, by the lesser of the measures: a backend that forgets to free.
TEST(CyclesFailInFull, FindALeak) {
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                               vm.share() / "ipu-dmatest-stream");
    vm.options({"--drivers", "project", "--modules", fail_nth_modules("stable").string(),
                "--sensors", "none", "--dmatest", "2", "--timeout", "3000"});
    auto leaking = environment(brief);
    leaking.emplace_back("LEAK", "1000");
    expect_script(vm, "dmatest-cycles.sh", leaking);
}

} // namespace
} // namespace tests
