// SPDX-License-Identifier: GPL-2.0-or-later
// The memory backend under a driver of its own: any size, alignment and kind of memory, two
// functions, faults, power and unbinding, every byte checked on both sides.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace tests {
namespace {

struct Machine {
    std::string kernel;
    bool vtd{false};
    unsigned evict{0}; ///< seed; 0: a cache that keeps everything

    [[nodiscard]] std::string name() const {
        return kernel + (vtd ? "_vtd" : "_direct") +
               (evict != 0 ? fmt::format("_evict{}", evict) : "");
    }
};

void PrintTo(const Machine& machine, std::ostream* stream) {
    *stream << machine.name();
}

/// A machine with both functions, neither of which snoops; the program in its share folder; no
/// camera sensor.
class Bench {
  public:
    explicit Bench(const Machine& machine) {
        std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                                   vm.share() / "ipu-dmatest-stream");
        vm.options({"--kernel", machine.kernel, "--drivers", "project", "--sensors", "none",
                    "--noncoherent", "dmatest0,dmatest1", "--timeout", "1800"});
        if (machine.vtd) {
            vm.options({"--vtd"});
        }
        if (machine.evict != 0) {
            vm.options({"--evict", std::to_string(machine.evict)});
        }
    }
    void expect_all(std::string_view script) { expect_script(vm, script); }
    Vm vm;
};

class DmaTest : public testing::TestWithParam<Machine> {
  protected:
    Bench bench{GetParam()};
};

TEST_P(DmaTest, EveryKindOfMemoryCarriesEveryByte) {
    // The worst-case cache takes its time over each byte.
    const bool slow = GetParam().evict != 0;
    expect_script(bench.vm, "dmatest-memory.sh",
                  {{"SIZES", slow ? "640x480 7x3" : "640x480 1x1 7x3 1000x33"},
                   {"COUNT", slow ? "10" : "30"}});
}

// In one boot: what a device does that misbehaves, and what it does not reach.
TEST_P(DmaTest, MisbehaviourIsSeenAndDoesNotReachWhatIsNotTheBuffers) {
    expect_scripts(bench.vm, {"dmatest-faults.sh", "dmatest-beyond.sh"}, "modprobe -r ipu-dmatest");
}

// The kernel's virtual camera exports to the device, and imports from it.
class DmaForeign : public DmaTest {};

TEST_P(DmaForeign, OtherDriversBuffersCarryEveryByteToo) {
    expect_script(bench.vm, "dmatest-foreign.sh");
}

/// How a distribution or its owner may have set up the platform.
struct Platform {
    std::string name;
    std::string append; ///< words of the kernel's command line
    bool vtd{false};
    std::string refused{}; ///< what the log says, once, of a platform that cannot serve the device
    std::string group{};   ///< type of the function's IOMMU group; none without an IOMMU
    bool bounces{false};   ///< what other drivers map is bounced
    bool above{false};     ///< the function gets addresses above 4 GiB
};

void PrintTo(const Platform& platform, std::ostream* stream) {
    *stream << platform.name;
}

class DmaPlatform : public testing::TestWithParam<Platform> {};

TEST_P(DmaPlatform, StreamsWithEveryByteOrSaysWhyNot) {
    const auto& platform = GetParam();
    Bench bench{{.kernel = "newest", .vtd = platform.vtd}};
    bench.vm.options({"--append", platform.append});
    if (!platform.refused.empty()) {
        bench.vm.options({"--allow-warn"}); // the line is an error's
    }
    expect_script(bench.vm, "dmatest-platform.sh",
                  {{"WORDS", platform.append},
                   {"REFUSED", platform.refused},
                   {"GROUP", platform.group},
                   {"ABOVE", platform.above ? "1" : "0"},
                   {"UDMABUF", platform.bounces ? "1" : "0"}});
}

// All that is mapped would be lost, without a word to who mapped it.
class DmaDomain : public DmaTest {};

TEST_P(DmaDomain, RootCannotTakeItAway) {
    bench.expect_all("dmatest-domain.sh");
}

TEST_P(DmaTest, SleepsWhenIdleAndSurvivesUnbinding) {
    bench.vm.options({"--cpus", "2"});
    bench.expect_all("dmatest-power.sh");
}

class DmaSleep : public DmaTest {};

TEST_P(DmaSleep, StreamsGoOnAfterASystemSleep) {
    bench.expect_all("dmatest-sleep.sh");
}

class DmaHibernate : public DmaTest {};

// The image is restored by the kernel that made it (test_resume). In between the devices go on with
// what the image holds as not begun, and the image is made and restored through the caches. When it
// is made, some frames are in memory that nobody has looked at, and some buffers have not begun:
// there are more than the seconds until then can fill.
TEST_P(DmaHibernate, StreamsGoOnAfterTheImageIsRestored) {
    bench.vm.options({"--append", "hibernate=nocompress"});
    bench.expect_all("dmatest-hibernate.sh");
    EXPECT_NE(bench.vm.log_text("console.log").find("Image loading done"), std::string::npos);
}

// Negative control: an MMU that ignores invalidates. The device only reads, so that nothing breaks;
// `keep` holds the power from cycle to cycle, and with it the stale translations.
class DmaControl : public DmaTest {};

TEST_P(DmaControl, AMissingInvalidateWouldBeSeen) {
    // A VT-d sees it, too: what the stale translation leads to is mapped no more.
    bench.vm.options({"--allow-warn"});
    bench.expect_all("dmatest-invalidate.sh");
}

/// v4l2-compliance with all that it has for streaming, on both nodes of the first function.
class DmaCompliance : public DmaTest {
  protected:
    /// @p more: further options.
    void expect_none_failed(const std::string& more) {
        expect_script(bench.vm, "dmatest-compliance.sh", {{"OPTIONS", more}});
    }
};

TEST_P(DmaCompliance, NothingFailsAndNothingIsWarnedOf) {
    expect_none_failed("");
}

class DmaFormats : public DmaCompliance {};

TEST_P(DmaFormats, NothingFailsAndNothingIsWarnedOf) {
    expect_none_failed("-f");
}

class DmaFrames : public DmaTest {};

TEST_P(DmaFrames, AThousandOfEachKindOfMemory) {
    bench.expect_all("dmatest-thousand.sh");
}

std::string machine_name(const testing::TestParamInfo<Machine>& tested) {
    return tested.param.name();
}

std::vector<Machine> ten_seeds() {
    std::vector<Machine> machines;
    for (unsigned seed = 1; seed <= 10; ++seed) {
        for (const auto* kernel : {"stable", "newest"}) {
            for (const bool vtd : {false, true}) {
                machines.push_back({.kernel = kernel, .vtd = vtd, .evict = seed});
            }
        }
    }
    return machines;
}

const Machine stable{.kernel = "stable"};
const Machine stable_vtd{.kernel = "stable", .vtd = true};
const Machine newest{.kernel = "newest"};
const Machine newest_vtd{.kernel = "newest", .vtd = true};
const Machine newest_vtd_evict{.kernel = "newest", .vtd = true, .evict = 1};

INSTANTIATE_TEST_SUITE_P(Short, DmaTest, testing::Values(newest_vtd_evict), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaTest, testing::Values(stable, stable_vtd, newest, newest_vtd),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaControl, testing::Values(stable, newest_vtd_evict), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaSleep,
                         testing::Values(stable, stable_vtd, newest, newest_vtd_evict),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaHibernate,
                         testing::Values(stable, stable_vtd, newest, newest_vtd_evict),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaForeign,
                         testing::Values(stable, stable_vtd, newest, newest_vtd_evict),
                         machine_name);

constexpr auto* bounced = "the platform bounces DMA";
const auto platform_name = [](const auto& tested) { return tested.param.name; };
INSTANTIATE_TEST_SUITE_P(Short, DmaPlatform,
                         testing::Values(Platform{.name = "passthrough_vtd",
                                                  .append = "iommu.passthrough=1 threadirqs",
                                                  .vtd = true,
                                                  .group = "identity"}),
                         platform_name);
INSTANTIATE_TEST_SUITE_P(
    Full, DmaPlatform,
    testing::Values(
        Platform{.name = "passthrough", .append = "iommu.passthrough=1"},
        Platform{.name = "lazy", .append = "iommu.strict=0"},
        // QEMU's VT-d has caching mode, with which Linux is strict whatever one asks for.
        Platform{.name = "lazy_vtd", .append = "iommu.strict=0", .vtd = true, .group = "DMA"},
        Platform{.name = "strict", .append = "iommu.strict=1"},
        Platform{.name = "strict_vtd", .append = "iommu.strict=1", .vtd = true, .group = "DMA"},
        Platform{.name = "forcedac", .append = "iommu.forcedac=1"},
        Platform{.name = "forcedac_vtd",
                 .append = "iommu.forcedac=1",
                 .vtd = true,
                 .group = "DMA.*",
                 .above = true},
        Platform{.name = "vtd_off", .append = "intel_iommu=off", .vtd = true},
        Platform{.name = "threadirqs", .append = "threadirqs"},
        Platform{.name = "swiotlb", .append = "swiotlb=force", .refused = bounced},
        Platform{.name = "swiotlb_vtd",
                 .append = "swiotlb=force",
                 .vtd = true,
                 .group = "DMA.*",
                 .bounces = true}),
    platform_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaDomain, testing::Values(stable, stable_vtd, newest, newest_vtd),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Short, DmaCompliance, testing::Values(stable), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaCompliance, testing::ValuesIn(ten_seeds()), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaFormats, testing::Values(stable, stable_vtd, newest, newest_vtd),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaFrames,
                         testing::Values(stable, stable_vtd, newest, newest_vtd_evict),
                         machine_name);

} // namespace
} // namespace tests
