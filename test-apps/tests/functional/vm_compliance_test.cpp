// SPDX-License-Identifier: GPL-2.0-or-later
// v4l2-compliance on the stock driver's nodes: the machine adds nothing to what is the driver's
// own.
#include "tests/functional/vm.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>
#include <string>

namespace tests {
namespace {

class Compliance : public testing::TestWithParam<std::string> {};

std::string verdict(const std::string& log) {
    const std::regex line{"(fail: v4l2-[^\\n]*|Total for [^\\n]*, Failed: [0-9]+)"};
    std::string text;
    for (std::sregex_iterator found{log.begin(), log.end(), line}, end; found != end; ++found) {
        text += found->str(1) + "\n";
    }
    return text;
}

TEST_P(Compliance, EqualsTheDriversKnownResult) {
    Vm vm;
    vm.options({"--kernel", GetParam(), "--drivers", "stock"});
    expect_script(vm, "compliance.sh");
    const std::ifstream file{source_tree() / "test-apps/tests/functional/golden/compliance.txt"};
    std::ostringstream golden;
    golden << file.rdbuf();
    ASSERT_FALSE(golden.str().empty());
    EXPECT_EQ(verdict(vm.share_text("compliance.log")), golden.str());
}

std::string kernel_name(const testing::TestParamInfo<std::string>& tested) {
    return tested.param;
}

INSTANTIATE_TEST_SUITE_P(Full, Compliance, testing::Values("stable", "newest"), kernel_name);

} // namespace
} // namespace tests
