// SPDX-License-Identifier: GPL-2.0-or-later
// The memory backend's benchmark at a small size: what it promises of flushes and invalidates, and
// that the benchmark itself sees a flush too many, a counter that is not there, and nothing of
// chance.
#include "tests/functional/vm.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

namespace tests {
namespace {

constexpr std::uint64_t plane_bytes = 1000000;
constexpr std::uint64_t plane_pages = (plane_bytes + 4095) / 4096;
constexpr std::uint64_t planes = 1;

/// One operation's line of ipu-membench.ko, sums divided by how often it was measured.
struct Cost {
    std::uint64_t instructions;
    std::uint64_t lines;
    std::uint64_t table_lines;
    std::uint64_t invalidates;
    std::uint64_t requests;
};

/// By "BACKEND DEVICE OPERATION".
std::map<std::string, Cost> read_costs(const std::string& text) {
    std::map<std::string, Cost> costs;
    std::istringstream input{text};
    for (std::string line; std::getline(input, line);) {
        const auto at = line.find("ipu-membench: ");
        if (at == std::string::npos) {
            continue;
        }
        std::istringstream words{line.substr(at + std::string_view{"ipu-membench: "}.size())};
        std::string backend;
        std::string device;
        std::string operation;
        std::uint64_t bytes = 0;
        std::uint64_t buffers = 0;
        std::uint64_t times = 0;
        std::uint64_t most = 0;
        std::int64_t tables = 0;
        std::uint64_t others = 0;
        Cost cost{};
        if (words >> backend >> device >> bytes >> buffers >> operation >> times >>
                cost.instructions >> most >> cost.lines >> cost.table_lines >> cost.invalidates >>
                tables >> others >> cost.requests &&
            times != 0) {
            for (auto* sum : {&cost.instructions, &cost.lines, &cost.table_lines, &cost.invalidates,
                              &cost.requests}) {
                *sum /= times;
            }
            costs[fmt::format("{} {} {}", backend, device, operation)] = cost;
        }
    }
    return costs;
}

/// A machine of one processor whose instructions are counted.
void count_instructions(Vm& vm, const std::string& kernel) {
    vm.options({"--kernel", kernel, "--drivers", "project", "--sensors", "none", "--cpus", "1",
                "--memory", "2G"});
    vm.options({"--plugin", (programs() / "ipu3-count-plugin.so").string()});
}

class Membench : public testing::TestWithParam<std::string> {};

TEST_P(Membench, FlushesAndInvalidatesNoMoreThanItMust) {
    Vm vm;
    count_instructions(vm, GetParam());
    expect_script(vm, "membench.sh",
                  {{"BYTES", std::to_string(plane_bytes)}, {"PLANES", std::to_string(planes)}});
    const auto log = vm.share_text("a.log");
    ASSERT_NE(log.find("ipu-membench: done: 0"), std::string::npos) << log;
    auto costs = read_costs(log);
    const auto cost = [&](std::string_view what) {
        return costs.at(fmt::format("vb2-ipu-iommu noncoherent {}", what));
    };

    for (const auto* map : {"alloc", "userptr"}) {
        // A new table is flushed whole: it has no entry that may be left as it was.
        EXPECT_EQ(cost(map).table_lines, 64 + 1) << map;
        EXPECT_EQ(cost(map).invalidates, 1U) << map;
    }
    EXPECT_EQ(cost("map-pages").table_lines, 64 + 1);
    EXPECT_EQ(cost("map-runs").table_lines, 64 + 1);
    for (const auto* unmap : {"free", "userptr-end", "unmap-pages", "unmap-runs"}) {
        EXPECT_EQ(cost(unmap).table_lines, 1U) << unmap;
        EXPECT_EQ(cost(unmap).invalidates, 1U) << unmap;
    }
    EXPECT_EQ(cost("frame-unseen").lines, 0U);
    EXPECT_EQ(cost("frame-read").lines, plane_bytes / 64);
    EXPECT_EQ(cost("frame-hinted").lines, plane_bytes / 64);
    EXPECT_EQ(cost("frame-write").lines, plane_bytes / 64 + plane_pages * 64);
    for (const auto* frame : {"frame-unseen", "frame-read", "frame-write"}) {
        EXPECT_EQ(costs.at(fmt::format("vb2-ipu-iommu coherent {}", frame)).lines, 0U) << frame;
        EXPECT_EQ(cost(frame).invalidates, 0U) << frame;
    }

    // A second time the same: frames to the instruction, the rest but for the page allocator's
    // state.
    const auto again = read_costs(vm.share_text("b.log"));
    ASSERT_EQ(again.size(), costs.size());
    for (const auto& [what, first] : costs) {
        EXPECT_EQ(first.lines, again.at(what).lines) << what;
        EXPECT_EQ(first.table_lines, again.at(what).table_lines) << what;
        if (what.find("frame-unseen") != std::string::npos) {
            EXPECT_EQ(first.instructions, again.at(what).instructions) << what;
        }
    }

    const auto stray = vm.share_text("stray.log");
    EXPECT_NE(stray.find("ipu-membench: done: -5"), std::string::npos) << stray;
    EXPECT_NE(stray.find("1 flushes, but 0 and 0 lines counted"), std::string::npos) << stray;
}

class MembenchTranslated : public testing::TestWithParam<std::string> {};

/// Behind a VT-d, a plane costs hardly more than it does without the IPU's own MMU.
TEST_P(MembenchTranslated, PaysForOneMappingAPlane) {
    Vm vm;
    count_instructions(vm, GetParam());
    vm.options({"--vtd", "--append", "iommu.strict=1"});
    expect_script(vm, "membench.sh",
                  {{"BYTES", std::to_string(plane_bytes)},
                   {"PLANES", std::to_string(planes)},
                   {"PARENT", "0000:00:14.3"}});
    auto costs = read_costs(vm.share_text("a.log"));
    const auto cost = [&](std::string_view backend, std::string_view what) {
        return costs.at(fmt::format("{} coherent-translated {}", backend, what));
    };
    const auto ours = [&](std::string_view what) { return cost("vb2-ipu-iommu", what); };
    const auto bare = [&](std::string_view what) { return cost("vb2-dma-sg-bare", what); };

    for (const auto* map : {"map-pages", "map-runs", "unmap-pages", "unmap-runs"}) {
        EXPECT_EQ(ours(map).requests, 1U) << map;
        EXPECT_EQ(bare(map).requests, 1U) << map;
    }
    EXPECT_LE(ours("map-pages").instructions * 100, bare("map-pages").instructions * 115);
    EXPECT_LE(ours("userptr").instructions * 100, bare("userptr").instructions * 115);
    // Control: the way through the core, which asks once for each run of pages.
    EXPECT_GT(cost("vb2-dma-sg", "userptr").requests, ours("userptr").requests);
}

TEST(MembenchAlone, WantsSomebodyWhoCounts) {
    Vm vm;
    vm.options({"--drivers", "project", "--no-devices", "--cpus", "1"});
    const auto outcome = vm.run("modprobe ipu-membench; status=$?; dmesg >log; exit $status");
    EXPECT_EQ(outcome.status, 1) << describe(outcome);
    EXPECT_NE(vm.share_text("log").find("nobody counts instructions"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Full, Membench, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Full, MembenchTranslated, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
