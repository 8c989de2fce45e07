// SPDX-License-Identifier: GPL-2.0-or-later
// The project's ImgU driver by what V4L2 wants of it: v4l2-compliance, and errors that are told.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <tuple>

namespace tests {
namespace {

// ---- compliance

/// The kernel, and whether the machine has a VT-d.
class ImguCompliance : public testing::TestWithParam<std::tuple<std::string, bool>> {};

TEST_P(ImguCompliance, NothingFailsAndNothingIsWarnedOf) {
    const auto& [kernel, vtd] = GetParam();
    Vm vm;
    vm.options({"--kernel", kernel, "--drivers", "project", "--imgu", "--memory", "2G",
                "--noncoherent", "imgu"});
    if (vtd) {
        vm.options({"--vtd"});
    }
    expect_script(vm, "imgu-compliance.sh");
}

const auto machine_name = [](const auto& tested) {
    const auto& [kernel, vtd] = tested.param;
    return kernel + (vtd ? "_vtd" : "_direct");
};

INSTANTIATE_TEST_SUITE_P(Short, ImguCompliance, testing::Values(std::tuple{"newest", true}),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, ImguCompliance,
                         testing::Values(std::tuple{"stable", false}, std::tuple{"stable", true},
                                         std::tuple{"newest", false}),
                         machine_name);

// ---- what is refused

class ImguRefused : public testing::TestWithParam<std::string> {};

TEST_P(ImguRefused, SizesThatDoNotGoTogetherAndWhatIsSharedWhileItRuns) {
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    vm.options({"--kernel", GetParam(), "--drivers", "project", "--imgu", "--memory", "2G",
                "--noncoherent", "imgu", "--pace", "--timeout", "1800"});
    expect_script(vm, "imgu-refused.sh");
}

INSTANTIATE_TEST_SUITE_P(Short, ImguRefused, testing::Values("newest"),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Full, ImguRefused, testing::Values("stable"),
                         [](const auto& tested) { return tested.param; });

// ---- beside the kernel's own

class ImguSwap : public testing::TestWithParam<std::string> {};

TEST_P(ImguSwap, WithTheStockDriversAndBackLeavesTheCamera) {
    Vm vm;
    vm.options({"--kernel", GetParam(), "--drivers", "project", "--imgu", "--memory", "2G",
                "--timeout", "1800"});
    expect_script(vm, "imgu-swap.sh");
}

INSTANTIATE_TEST_SUITE_P(Full, ImguSwap, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
