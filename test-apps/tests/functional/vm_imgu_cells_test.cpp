// SPDX-License-Identifier: GPL-2.0-or-later
// The project's ImgU driver tells the firmware what the kernel's own driver tells, whatever is
// asked of it: streams of which each two values of Bayer order, mode, scaling, sizes, parameters
// and pipes meet (imgu-cells), on each kernel and for each firmware file.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tests {
namespace {

const Around packaged{"packaged", {}};
const Around stand_in{"StandIn", {"--imgu-firmware", "stand-in"}};

std::string differences() {
    return (source_tree() / "test-apps/module-tests/imgu/differences.txt").string();
}

class ImguCells : public testing::TestWithParam<std::tuple<std::string, Around, unsigned>> {
  protected:
    static void run(Vm& vm, std::string_view drivers) {
        const auto& [kernel, firmware, seed] = GetParam();
        std::filesystem::copy_file(programs() / "imgu-run-cells", vm.share() / "imgu-run-cells");
        const auto chosen = run_program(
            "imgu-cells", {"--reference", (programs() / "imgu-staging-reference").string(),
                           "--differences", differences(), "--seed", std::to_string(seed),
                           "--cells", "120", (vm.share() / "cells").string()});
        ASSERT_EQ(chosen.status, 0) << describe(chosen);
        fmt::print("{}", chosen.out);
        vm.options({"--kernel", kernel, "--drivers", drivers, "--imgu", "--sensors", "none",
                    "--memory", "3G", "--timeout", "3000", "--record",
                    (vm.share() / "told").string()});
        vm.options(firmware.options);
        expect_script(vm, "imgu-cells.sh");
    }
};

TEST_P(ImguCells, AreToldToTheFirmwareAsTheStockDriverTellsThem) {
    Vm stock;
    Vm project;
    ASSERT_NO_FATAL_FAILURE(run(stock, "stock"));
    ASSERT_NO_FATAL_FAILURE(run(project, "project"));
    EXPECT_EQ(stock.share_text("answers"), project.share_text("answers"));
    const auto told = [](const Vm& vm) { return (vm.share() / "told").string(); };
    const auto compared = run_program("ipu3-record", {"diff", "--with-frames", "--expected",
                                                      differences(), told(stock), told(project)});
    EXPECT_EQ(compared.status, 0) << describe(compared);
    fmt::print("{}", compared.out);
    // Negative control: what is expected is not overlooked, it is there.
    const auto all =
        run_program("ipu3-record", {"diff", "--with-frames", told(stock), told(project)});
    EXPECT_EQ(all.status, 1) << describe(all);
}

// Other streams for each.
INSTANTIATE_TEST_SUITE_P(
    Full, ImguCells,
    testing::Values(std::tuple{"stable", packaged, 1U}, std::tuple{"newest", packaged, 2U},
                    std::tuple{"stable", stand_in, 3U}, std::tuple{"newest", stand_in, 4U}),
    [](const auto& tested) {
        return fmt::format("{}_{}", std::get<0>(tested.param), std::get<1>(tested.param).name);
    });

} // namespace
} // namespace tests
