// SPDX-License-Identifier: GPL-2.0-or-later
// What the stock drivers make of the machine: media graph and PCI functions.
#include "tests/functional/vm.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>
#include <string>

namespace tests {
namespace {

// Where the kernel puts things is not the device's doing: addresses, interrupt numbers, MSI
// targets.
std::string masked(std::string text) {
    text = std::regex_replace(text, std::regex{"Memory at [0-9a-f]+"}, "Memory at ADDRESS");
    text = std::regex_replace(text, std::regex{"(routed to )?IRQ [0-9]+"}, "IRQ N");
    text = std::regex_replace(text, std::regex{"Address: [0-9a-f]+  Data: [0-9a-f]+"},
                              "Address: A  Data: D");
    // Runtime power management runs while lspci looks.
    text = std::regex_replace(text, std::regex{"Status: D[03] "}, "Status: DX ");
    return text;
}

class Topology : public testing::TestWithParam<std::string> {};

TEST_P(Topology, HasAllReceiversNodesAndSensorsLinkedAndTheGoldenPciFunctions) {
    Vm vm;
    vm.options({"--kernel", GetParam(), "--drivers", "stock", "--sensors", "ov5693,ov8865,ov5670"});
    const auto outcome =
        vm.run("media-ctl -p && for f in 14.3 15.0 15.1; do lspci -vvnn -s 00:$f; done >lspci");
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_NE(outcome.out.find("driver          ipu3-cio2"), std::string::npos)
        << describe(outcome);
    for (unsigned port = 0; port < 4; ++port) {
        for (const auto* name : {"ipu3-csi2", "ipu3-cio2"}) {
            const std::regex entity{fmt::format(R"(- entity [0-9]+: {} {} \()", name, port)};
            EXPECT_TRUE(std::regex_search(outcome.out, entity))
                << name << " " << port << describe(outcome);
        }
    }
    struct Wiring {
        const char* sensor;
        unsigned port;
    };
    for (const auto& [sensor, port] :
         {Wiring{"ov5693", 1}, Wiring{"ov8865", 0}, Wiring{"ov5670", 2}}) {
        const std::regex linked{fmt::format(
            R"(- entity [0-9]+: {} [^\n]*(\n[ \t][^\n]*)*-> "ipu3-csi2 {}":0)", sensor, port)};
        EXPECT_TRUE(std::regex_search(outcome.out, linked)) << sensor << describe(outcome);
    }
    std::ifstream file{source_tree() / "test-apps/tests/functional/golden/lspci.txt"};
    ASSERT_TRUE(file) << "the golden file cannot be read";
    const std::string golden{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_EQ(masked(vm.share_text("lspci")), golden);
}

TEST(TopologyInFull, WithoutSensorsThereAreTheReceiversOnly) {
    Vm vm;
    vm.options({"--kernel", "newest", "--drivers", "stock", "--sensors", "none"});
    const auto outcome = vm.run("media-ctl -p");
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_NE(outcome.out.find("ipu3-csi2 3"), std::string::npos) << describe(outcome);
    EXPECT_EQ(outcome.out.find("subtype Sensor"), std::string::npos) << describe(outcome);
}

INSTANTIATE_TEST_SUITE_P(Short, Topology, testing::Values("stable"),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Full, Topology, testing::Values("newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
