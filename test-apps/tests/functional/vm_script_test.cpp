// SPDX-License-Identifier: GPL-2.0-or-later
// How scripts in the guest are run and judged: one that dies in its middle does not pass.
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace tests {
namespace {

const std::string odd_text = R"(it's "$HOME" & \n)";

Outcome run_dying(std::string_view death, std::string_view plan) {
    Vm vm;
    vm.options({"--no-devices"});
    auto outcome = vm.run_script(
        "killed.sh",
        {{"DEATH", std::string{death}}, {"PLAN", std::string{plan}}, {"TEXT", odd_text}});
    EXPECT_NE(outcome.out.find('\n' + odd_text + '\n'), std::string::npos) << describe(outcome);
    // What a look at a failed test wants.
    EXPECT_FALSE(vm.share_text("killed.sh").empty());
    EXPECT_NE(vm.share_text("command").find("export DEATH="), std::string::npos);
    EXPECT_EQ(vm.log_text("stdout"), outcome.out);
    return outcome;
}

TEST(Script, ThatIsKilledInItsMiddleFailsByItsPlan) {
    const auto outcome = run_dying("signal", "first");
    EXPECT_EQ(outcome.status, 128 + 9) << describe(outcome);
    EXPECT_THAT(judge_ktap(outcome.out).problems,
                testing::ElementsAre("it ended early, without points 2 to 3 of 3"));
}

TEST(ScriptInFull, ThatLivesIsGood) {
    expect_good(run_dying("none", "first"));
    expect_good(run_dying("none", "last"));
}

TEST(ScriptInFull, ThatEndsInItsMiddleAsIfAllWasWellFailsByItsPlan) {
    const auto outcome = run_dying("exit", "first");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_THAT(judge_ktap(outcome.out).problems,
                testing::ElementsAre("it ended early, without points 2 to 3 of 3"));
}

TEST(ScriptInFull, ThatIsKilledBeforeItHasAPlanFails) {
    const auto outcome = run_dying("signal", "last");
    EXPECT_THAT(judge_ktap(outcome.out).problems,
                testing::ElementsAre("there is no plan: it ended early, after 1 points"));
}

TEST(ScriptInFull, ThatIsNotThereIsNotRun) {
    Vm vm;
    EXPECT_THROW((void)vm.run_script("none.sh"), std::runtime_error);
}

} // namespace
} // namespace tests
