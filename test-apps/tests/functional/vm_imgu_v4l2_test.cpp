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

/// The kernel, whether the machine has a VT-d, and whether the ImgU looks past the caches, whose
/// model takes time.
class ImguCompliance : public testing::TestWithParam<std::tuple<std::string, bool, bool>> {};

TEST_P(ImguCompliance, NothingFailsAndNothingIsWarnedOf) {
    const auto& [kernel, vtd, noncoherent] = GetParam();
    Vm vm;
    vm.options({"--kernel", kernel, "--drivers", "project", "--imgu", "--memory", "2G"});
    if (noncoherent) {
        vm.options({"--noncoherent", "imgu"});
    }
    if (vtd) {
        vm.options({"--vtd"});
    }
    expect_script(vm, "imgu-compliance.sh");
}

const auto machine_name = [](const auto& tested) {
    const auto& [kernel, vtd, noncoherent] = tested.param;
    return kernel + (vtd ? "_vtd" : "_direct") + (noncoherent ? "_noncoherent" : "");
};

INSTANTIATE_TEST_SUITE_P(Short, ImguCompliance, testing::Values(std::tuple{"newest", true, false}),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, ImguCompliance,
                         testing::Values(std::tuple{"stable", false, true},
                                         std::tuple{"stable", true, true},
                                         std::tuple{"newest", true, true},
                                         std::tuple{"newest", false, true},
                                         std::tuple{"newest", false, false}),
                         machine_name);

// ---- what is refused

/// The kernel, and whether the ImgU looks past the caches.
class ImguRefused : public testing::TestWithParam<std::tuple<std::string, bool>> {};

TEST_P(ImguRefused, SizesThatDoNotGoTogetherAndWhatIsSharedWhileItRuns) {
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    const auto& [kernel, noncoherent] = GetParam();
    vm.options({"--kernel", kernel, "--drivers", "project", "--imgu", "--memory", "2G", "--pace",
                "--timeout", "1800"});
    if (noncoherent) {
        vm.options({"--noncoherent", "imgu"});
    }
    expect_script(vm, "imgu-refused.sh");
}

const auto refused_name = [](const auto& tested) {
    const auto& [kernel, noncoherent] = tested.param;
    return kernel + (noncoherent ? "_noncoherent" : "");
};
INSTANTIATE_TEST_SUITE_P(Short, ImguRefused, testing::Values(std::tuple{"newest", false}),
                         refused_name);
INSTANTIATE_TEST_SUITE_P(Full, ImguRefused,
                         testing::Values(std::tuple{"stable", true}, std::tuple{"newest", true}),
                         refused_name);

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
