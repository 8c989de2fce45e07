// SPDX-License-Identifier: GPL-2.0-or-later
// Streaming, opening, binding and loading the project's ipu3-cio2 driver over and over: nothing
// grows, nothing is left.
#include "tests/functional/cio2_machine.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace tests {
namespace {

using cio2::Machine;

/// How often, and how many pages may be lost meanwhile. A forgotten frame has 395; two cycles were
/// seen to cost up to 46.
struct Often {
    unsigned times;
    unsigned pages;
};

using Kind = std::pair<std::string, std::string>; // a word for the test's name, the functions

class Cio2Cycles : public testing::TestWithParam<std::tuple<Machine, Often, Kind>> {};

TEST_P(Cio2Cycles, NothingGrowsAndNothingIsLeft) {
    const auto& [machine, often, kind] = GetParam();
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    cio2::set_up(vm, machine);
    vm.options({"--timeout", std::to_string(900 + 45 * often.times)});
    expect_script(vm, "cio2-cycles.sh",
                  {{"TIMES", std::to_string(often.times)},
                   {"PAGES", std::to_string(often.pages)},
                   {"KINDS", kind.second}});
}

std::string cycles_name(const testing::TestParamInfo<Cio2Cycles::ParamType>& tested) {
    const auto& [machine, often, kind] = tested.param;
    return fmt::format("{}_{}_{}", machine.name(), kind.first, often.times);
}

std::vector<Cio2Cycles::ParamType> all_cycles() {
    std::vector<Cio2Cycles::ParamType> all{{Machine{.kernel = "newest", .vtd = true}, Often{1, 200},
                                            Kind{"some", "start_stop unbind_streaming reload"}}};
    // What is left does not depend on caches, and without their model the machine is faster.
    for (const auto& machine : {Machine{.kernel = "stable", .noncoherent = false},
                                Machine{.kernel = "newest", .vtd = true, .noncoherent = false}}) {
        for (const auto& kind :
             {Kind{"open", "open_close"}, Kind{"stream", "start_stop"}, Kind{"rebind", "rebind"},
              Kind{"unbind", "unbind_streaming"}, Kind{"reload", "reload"}}) {
            all.emplace_back(machine, Often{200, 400}, kind);
        }
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2Cycles, testing::ValuesIn(all_cycles()), cycles_name);

} // namespace
} // namespace tests
