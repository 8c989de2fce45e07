// SPDX-License-Identifier: GPL-2.0-or-later
// An ImgU that misbehaves: with the project's driver streams go on, or end with an error, and the
// next one is as ever. With the kernel's own driver they hang.
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/vm.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tests {
namespace {

const Around plain{"Plain", {}};
const Around both{"VtdNoncoherent", {"--vtd", "--noncoherent", "imgu", "--evict", "3"}};

class ImguFault : public testing::TestWithParam<std::tuple<std::string, Around>> {
  protected:
    ImguFault() {
        vm.options({"--kernel", std::get<0>(GetParam()), "--drivers", "project", "--imgu",
                    "--sensors", "none", "--memory", "2G", "--timeout", "1800"});
        vm.options(std::get<1>(GetParam()).options);
        if (is_noncoherent()) {
            // Which reads blocks that the model of the firmware does not.
            vm.options({"--record", (vm.share() / "told").string()});
        }
    }
    static bool is_noncoherent() { return std::get<1>(GetParam()).name == both.name; }
    void faults(const std::vector<std::string_view>& specs) {
        for (const auto spec : specs) {
            vm.options({"--fault", spec});
        }
    }
    /// How often each kind struck.
    [[nodiscard]] std::map<std::string, unsigned> struck() const {
        std::map<std::string, unsigned> counts;
        const auto trace = vm.log_text("trace.jsonl");
        constexpr std::string_view key{"\"kind\":\"imgu-"};
        for (auto at = trace.find(key); at != std::string::npos; at = trace.find(key, at + 1)) {
            const auto from = at + key.size();
            ++counts[trace.substr(from, trace.find('"', from) - from)];
        }
        return counts;
    }

    Vm vm;
};

TEST_P(ImguFault, IsGotOver) {
    // Five of them end the firmware. No picture is lost, and whoever reads them notices nothing.
    faults({"imgu-half-frame:frame=42", "imgu-stuck-frame:frame=3", "imgu-bad-event:frame=8",
            "imgu-bad-buffer:frame=13", "imgu-assert:frame=18", "imgu-event-flood:frame=23",
            "imgu-lost-irq:frame=28",
            // The firmware has up to two frames, and the second one's interrupt tells of the first.
            "imgu-lost-irq:frame=29", "imgu-spurious-irq:frame=33", "imgu-bad-ring:frame=38"});
    vm.options({"--append", "ipu3_imgu.timeout_ms=2000"});
    expect_script(
        vm, "imgu-faults.sh",
        {{"STREAMS", "pictures pictures"}, {"COUNT", "50"}, {"RESTARTS", "5"}, {"LOST", "1"}});
    if (is_noncoherent()) {
        expect_nothing_stale(vm);
    }
    const auto kinds = struck();
    EXPECT_EQ(kinds.size(), 9U);
    for (const auto& [kind, count] : kinds) {
        EXPECT_EQ(count, kind == "lost-irq" ? 2U : 1U) << kind;
    }
}

TEST_P(ImguFault, IsGotOverByBothPipesWhileOneComesAndGoes) {
    // Of one pipe, for two failures without a frame between them would end the streams.
    constexpr unsigned times = 20;
    for (unsigned i = 0; i < times; ++i) {
        vm.options({"--fault", fmt::format("imgu-assert:frame={}:port=0", 4 + 6 * i)});
    }
    vm.options({"--append", "ipu3_imgu.timeout_ms=2000"});
    expect_script(vm, "imgu-faults-both.sh", {{"RESTARTS", "12"}});
    EXPECT_GE(struck()["assert"], 12U);
    if (is_noncoherent()) {
        expect_nothing_stale(vm);
    }
}

TEST_P(ImguFault, ThatLastsEndsStreamsWithAnError) {
    faults({"imgu-stuck-frame"});
    vm.options({"--append", "ipu3_imgu.timeout_ms=2000"});
    expect_script(vm, "imgu-faults.sh",
                  {{"STREAMS", "error error"}, {"COUNT", "5"}, {"RESTARTS", "2"}});
}

TEST_P(ImguFault, AtAStartOrAnEndIsOverWithIt) {
    faults({"imgu-no-boot:frame=0", "imgu-no-idle:frame=0", "imgu-no-halt:frame=3"});
    expect_script(vm, "imgu-faults.sh",
                  {{"STREAMS", "error pictures pictures pictures"}, {"COUNT", "5"}});
    EXPECT_EQ(struck().size(), 3U);
}

TEST_P(ImguFault, ThatTakesTheFunctionAwayIsTold) {
    faults({"imgu-off-bus:frame=4"});
    expect_script(vm, "imgu-faults.sh",
                  {{"STREAMS", "error error"}, {"COUNT", "10"}, {"GONE", "1"}});
    EXPECT_NE(vm.log_text("dmesg.log").find("the function no longer answers"), std::string::npos);
    // Whose STREAMON was the last one is by chance.
    std::string said;
    for (const auto* node : {"input", "output", "viewfinder", "stat"}) {
        said += vm.share_text(fmt::format("{}-0.log", node));
    }
    EXPECT_NE(said.find("VIDIOC_STREAMON returned -1 (No such device)"), std::string::npos) << said;
}

TEST_P(ImguFault, OfAnyKindAtAnyTimeNeverTakesTheKernelDown) {
    for (const auto* kind : {"stuck-frame", "half-frame", "bad-event", "bad-buffer", "assert",
                             "event-flood", "lost-irq", "spurious-irq", "bad-ring"}) {
        vm.options({"--fault", fmt::format("imgu-{}:p=0.03", kind)});
    }
    for (const auto* kind : {"no-boot", "no-idle", "no-halt"}) {
        vm.options({"--fault", fmt::format("imgu-{}:p=0.1", kind)});
    }
    vm.options({"--seed", "7", "--append", "ipu3_imgu.timeout_ms=1000"});
    expect_script(vm, "imgu-faults.sh",
                  {{"STREAMS", "either either either either either either"}, {"COUNT", "40"}});
    EXPECT_GE(struck().size(), 8U);
}

// Negative control: what a stream is without a driver that looks after it.
TEST(ImguFaultInFull, LeavesTheStockDriversStreamHanging) {
    Vm vm;
    vm.options({"--kernel", "newest", "--drivers", "stock", "--imgu", "--sensors", "none",
                "--memory", "2G", "--timeout", "1800", "--fault", "imgu-stuck-frame:frame=3"});
    expect_script(vm, "imgu-faults.sh", {{"STREAMS", "hangs pictures"}, {"COUNT", "10"}});
}

INSTANTIATE_TEST_SUITE_P(Full, ImguFault,
                         testing::Combine(testing::Values("stable", "newest"),
                                          testing::Values(plain, both)),
                         [](const auto& tested) {
                             return fmt::format("{}_{}", std::get<0>(tested.param),
                                                std::get<1>(tested.param).name);
                         });

} // namespace
} // namespace tests
