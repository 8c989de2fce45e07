// SPDX-License-Identifier: GPL-2.0-or-later
// What the kernel's own ImgU driver cannot do: the baseline that the project's is to end.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace tests {
namespace {

class ImguBaseline : public testing::TestWithParam<std::string> {
  protected:
    /// A frame through the ImgU, which none is to come out of.
    static Outcome no_frame(Vm& vm, std::initializer_list<std::string_view> machine) {
        std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
        vm.options({"--kernel", GetParam(), "--drivers", "stock", "--imgu", "--memory", "2G",
                    "--pace", "--timeout", "900"});
        vm.options(machine);
        return vm.run_script("imgu-no-frame.sh");
    }
};

TEST_P(ImguBaseline, VtdRefusesItsAddresses) {
    Vm vm;
    const auto outcome = no_frame(vm, {"--vtd"});
    EXPECT_EQ(outcome.status, 126) << describe(outcome);
    for (const auto* const part :
         {"DMAR: [DMA Read NO_PASID] Request device", "00:05.0] fault addr"}) {
        EXPECT_NE(outcome.err.find(part), std::string::npos) << describe(outcome);
    }
    EXPECT_NE(vm.log_text("dmesg.log").find("failed to start bootloader"), std::string::npos);
    // Its own bug: a start that fails is none to who asked for it.
    EXPECT_NE(vm.share_text("output-0.log").find("VIDIOC_STREAMON returned 0"), std::string::npos);
}

TEST_P(ImguBaseline, ItsMemoryIsNotWhatTheImguReads) {
    Vm vm;
    const auto outcome = no_frame(vm, {"--noncoherent", "imgu"});
    expect_good(outcome);
    EXPECT_NE(outcome.err.find("poison"), std::string::npos) << describe(outcome);
}

INSTANTIATE_TEST_SUITE_P(Full, ImguBaseline, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
