// SPDX-License-Identifier: GPL-2.0-or-later
// The cache model in a running machine: what a program finds with a device and without a driver,
// and what becomes of a driver that takes the device for coherent.
#include "tests/functional/vm.hpp"

#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>

namespace tests {
namespace {

/// A machine with the probe in its share folder.
class CacheVm : public Vm {
  public:
    explicit CacheVm(std::string_view drivers = "stock") {
        std::filesystem::copy_file(programs() / "ipu3-cache-probe", share() / "ipu3-cache-probe");
        options({"--drivers", drivers, "--cpus", "2"}); // a probe on each
    }
};

/// The number behind "physical address" in the probe's output.
std::uint64_t probed_address(const std::string& out) {
    constexpr std::string_view label{"physical address "};
    const auto at = out.find(label);
    return at == std::string::npos ? 0 : std::stoull(out.substr(at + label.size()), nullptr, 16);
}

void expect_trusted(const nlohmann::json& report) {
    const auto& cpu = report.at("cpu");
    EXPECT_EQ(cpu.at("processors"), 2);
    for (const auto* name :
         {"mapping_errors", "dead_lock_owners", "discards_not_modelled",
          "flushes_without_translation", "flushes_not_in_long_mode", "flushes_outside_ram"}) {
        EXPECT_EQ(cpu.at(name), 0) << name;
    }
}

TEST(Cache, EveryRuleHoldsInTheExactModel) {
    CacheVm vm;
    vm.options({"--noncoherent", "dmatest0", "--cache-loads"});
    const auto outcome = vm.run("./ipu3-cache-probe noncoherent");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_NE(outcome.err.find("ipu3-vm: cache: "), std::string::npos) << describe(outcome);
    const auto report = vm.cache_report();
    ASSERT_TRUE(report.is_object());
    expect_trusted(report);
    EXPECT_EQ(report.at("mode"), "exact");
    // What the probe does on purpose.
    const auto& device = report.at("functions").at("dmatest0");
    EXPECT_EQ(device.at("poison_reads"), 1) << report.dump();
    EXPECT_EQ(device.at("stale_reads"), 2);
    EXPECT_EQ(device.at("writes_over_dirty_lines"), 1);
    EXPECT_GT(device.at("lost_writes"), 100);
    EXPECT_GT(report.at("cpu").at("stale_loads"), 0);
    EXPECT_GE(report.at("cpu").at("full_flushes"), 2);
    // 64 pages of a file, which no processor stored.
    EXPECT_EQ(report.at("cpu").at("changes_without_a_store"), 64 * 64);
}

TEST(CacheInFull, AsWellAboveFourGibibytesAndOnTheNewestKernel) {
    CacheVm vm;
    vm.options({"--noncoherent", "dmatest0", "--memory", "4G", "--kernel", "newest"});
    const auto outcome = vm.run("./ipu3-cache-probe noncoherent");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_GE(probed_address(outcome.out), std::uint64_t{1} << 32U) << describe(outcome);
    expect_trusted(vm.cache_report());
}

TEST(CacheInFull, TheFastModelMissesStoresThatChangeNothing) {
    CacheVm vm;
    vm.options({"--noncoherent", "dmatest0", "--cache-fast"});
    const auto outcome = vm.run("./ipu3-cache-probe fast && ! ./ipu3-cache-probe noncoherent");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_EQ(vm.cache_report().at("mode"), "fast");
}

// The probe's own negative control: it tells a coherent function from one that is not.
TEST(CacheInFull, ACoherentFunctionIsFoundToBeOne) {
    CacheVm vm;
    // The other one is in the model, which must not matter.
    vm.options({"--noncoherent", "dmatest1"});
    const auto outcome = vm.run("./ipu3-cache-probe coherent && ! ./ipu3-cache-probe noncoherent");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    const auto report = vm.cache_report();
    const auto& device = report.at("functions").at("dmatest1");
    EXPECT_EQ(device.at("lines_read"), 0);
    EXPECT_EQ(device.at("lines_written"), 0);
}

TEST(CacheInFull, WithoutAModelThereIsNone) {
    CacheVm vm;
    vm.options({"--dmatest", "1"});
    const auto outcome = vm.run("./ipu3-cache-probe coherent");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_EQ(outcome.err.find("cache:"), std::string::npos);
    EXPECT_TRUE(vm.cache_report().is_null());
}

TEST(CacheInFull, EvictionsMakeLinesComeAndGo) {
    CacheVm vm;
    vm.options({"--noncoherent", "dmatest0", "--evict", "1"});
    // Some of what the probe leaves dirty is written back behind its back, so it finds less wrong
    // than it should; how much depends on the seed.
    const auto outcome = vm.run("! ./ipu3-cache-probe noncoherent");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    const auto report = vm.cache_report();
    EXPECT_EQ(report.at("evict"), 1);
    EXPECT_GT(report.at("evictions").at("write_backs"), 0);
    EXPECT_GT(report.at("evictions").at("refreshed_lines"), 0);
}

// The VT-d's own driver flushes its tables, as it does on hardware that asks for it.
TEST(CacheInFull, FlushesOfOthersAreCarriedOutToo) {
    CacheVm vm;
    vm.options({"--noncoherent", "cio2", "--vtd"});
    const auto outcome = vm.run("true");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    const auto report = vm.cache_report();
    expect_trusted(report);
    EXPECT_GT(report.at("cpu").at("flushes"), 1000);
    EXPECT_EQ(report.at("cpu").at("refreshed_lines"), 0); // nobody but the processors wrote them
}

TEST(CacheInFull, TwoMachinesDoNotMeet) {
    CacheVm first;
    CacheVm second;
    first.options({"--noncoherent", "dmatest0"});
    second.options({"--noncoherent", "dmatest0", "--cache-fast"});
    Outcome exact;
    std::thread at_the_same_time{[&] { exact = first.run("./ipu3-cache-probe noncoherent"); }};
    const auto fast = second.run("./ipu3-cache-probe fast");
    at_the_same_time.join();
    EXPECT_EQ(exact.status, 0) << describe(exact);
    EXPECT_EQ(fast.status, 0) << describe(fast);
}

constexpr const char* capture = "timeout 60 ./stream-raw --count 6 --fps 5 ov5693 1296x972 /tmp/f "
                                "|| exit 3; cp /tmp/f frames.raw";

TEST(Cache, TheStockCio2DriverDoesNotWorkOnADeviceThatDoesNotSnoop) {
    CacheVm vm;
    vm.options({"--noncoherent", "cio2", "--allow-warn"});
    const auto outcome = vm.run(capture);
    EXPECT_EQ(outcome.status, 3) << describe(outcome);
    const auto report = vm.cache_report();
    expect_trusted(report);
    // It flushes nothing: the first thing that the device reads, its buffer table, is not there.
    EXPECT_EQ(report.at("cpu").at("flushes"), 0);
    EXPECT_GT(report.at("functions").at("cio2").at("poison_reads"), 0);
    ASSERT_FALSE(report.at("pages").empty());
    EXPECT_EQ(report.at("pages").at(0).at("last_reader"), "cio2");
    EXPECT_EQ(report.at("pages").at(0).at("lines_ever_flushed"), 0);
}

TEST(CacheInFull, TheSameCaptureIsRightOnADeviceThatDoes) {
    CacheVm vm;
    vm.options({"--noncoherent", "dmatest0"}); // so that the plugin is there, too
    const auto outcome = vm.run(capture);
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    const auto checked = check_frames(vm.share() / "frames.raw", "ip3b", 1296, 972);
    EXPECT_EQ(checked.status, 0) << describe(checked);
    EXPECT_GE(vm.cache_report().at("lines_written_through"), 6 * 972 * 1664 / 64);
}

TEST(CacheInFull, AndWhereItsWritesStayInTheCaches) {
    CacheVm vm;
    vm.options({"--noncoherent", "dmatest0", "--ddio"});
    const auto outcome = vm.run(capture);
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    const auto checked = check_frames(vm.share() / "frames.raw", "ip3b", 1296, 972);
    EXPECT_EQ(checked.status, 0) << describe(checked);
    EXPECT_EQ(vm.cache_report().at("lines_written_through"), 0);
}

/// Lines that an ImgU reads in ten pictures of a CIO2's frames while they are in the caches.
std::uint64_t stale_reads_of_ten_pictures(std::initializer_list<std::string_view> options) {
    CacheVm vm{"project"};
    vm.options({"--imgu", "--scene", "room", "--memory", "2G", "--timeout", "1800"});
    vm.options(options);
    const auto outcome = vm.run("cam -c1 --capture=10");
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    const auto report = vm.cache_report();
    expect_trusted(report);
    const auto& imgu = report.at("functions").at("imgu");
    EXPECT_EQ(imgu.at("poison_reads"), 0) << report.dump();
    EXPECT_GT(imgu.at("lines_read"), 0);
    return imgu.at("stale_reads").get<std::uint64_t>();
}

// The backend flushes nothing between them.
TEST(CacheInFull, AnImguThatDoesNotSnoopHasTheFramesOfACio2ThatDoes) {
    EXPECT_EQ(stale_reads_of_ten_pictures({"--noncoherent", "imgu"}), 0U);
}

TEST(CacheInFull, UnlessTheyStayInTheCaches) {
    EXPECT_GT(stale_reads_of_ten_pictures({"--noncoherent", "imgu", "--ddio"}), 100000U);
}

TEST(CacheInFull, OrItIsItsWalkerAloneThatDoesNotSnoop) {
    EXPECT_EQ(stale_reads_of_ten_pictures({"--noncoherent", "imgu:tables", "--ddio", "--append",
                                           "ipu3_imgu.noncoherent_buffers=0"}),
              0U);
}

} // namespace
} // namespace tests
