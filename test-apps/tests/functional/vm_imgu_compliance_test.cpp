// SPDX-License-Identifier: GPL-2.0-or-later
// libcamera's own judge of cameras, lc-compliance, on the kernel's own drivers in the virtual
// machine.
#include "tests/functional/lc_compliance.hpp"
#include "tests/functional/vm.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>

namespace tests {
namespace {

/// For reasons that begin so.
std::size_t skipped(const LcCompliance& result, std::string_view reason) {
    std::size_t sum = 0;
    for (const auto& [why, count] : result.skipped) {
        sum += why.starts_with(reason) ? count : 0;
    }
    return sum;
}

class LcCompliant : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(LcCompliant, InAllThatADriverCanHelp) {
    const auto& [kernel, sensor] = GetParam();
    Vm vm;
    vm.options({"--kernel", kernel, "--drivers", "stock", "--imgu", "--scene", "room", "--sensors",
                sensor, "--memory", "2G", "--slow", "2", "--timeout", "9000"});
    expect_script(vm, "lc-compliance.sh");
    const auto result = read_lc_compliance(vm.share_text("lc.log"));
    EXPECT_GT(result.announced, 0U);
    EXPECT_EQ(result.outcomes(), result.announced) << "it did not come to its end";
    for (const auto& test : result.failed) {
        ADD_FAILURE() << test;
    }
    // RAW alone, which libcamera has no configuration for, ten numbers of requests in three tests;
    // and numbers that are less than a camera needs.
    EXPECT_EQ(skipped(result, "Roles not supported by camera"), 30U);
    EXPECT_EQ(skipped(result, ""), 30 + skipped(result, "Camera needs"));
    EXPECT_GT(result.passed + result.only_colour_space, 2 * skipped(result, "Camera needs"));
    fmt::print("{} of {} tests captured and were right", result.passed + result.only_colour_space,
               result.announced);
    if (result.only_colour_space > 0) {
        fmt::print(", {} of them but for the colour space that libcamera leaves unset",
                   result.only_colour_space);
    }
    fmt::print("\n");
    for (const auto& [reason, count] : result.skipped) {
        fmt::print("{} skipped: {}\n", count, reason);
    }
}

INSTANTIATE_TEST_SUITE_P(Full, LcCompliant,
                         testing::Combine(testing::Values("stable", "newest"),
                                          testing::Values("ov5693", "ov8865", "ov5670")),
                         [](const auto& tested) {
                             return fmt::format("{}_{}", std::get<0>(tested.param),
                                                std::get<1>(tested.param));
                         });

} // namespace
} // namespace tests
