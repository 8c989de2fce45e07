// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

tl::expected<Options, ParseExit> parse(const std::vector<std::string>& words) {
    return parse_options(words);
}

TEST(Options, DefaultsAreTheDocumentedOnes) {
    const auto options = parse({}).value();
    EXPECT_EQ(options.kernel, "stable");
    EXPECT_EQ(options.drivers, Drivers::automatic);
    EXPECT_EQ(options.sensors, "ov5693");
    EXPECT_EQ(options.scene, "counter");
    EXPECT_EQ(options.timeout.count(), 300);
    EXPECT_FALSE(options.vtd);
    EXPECT_FALSE(options.pace);
    EXPECT_EQ(options.dmatest, 0U);
    EXPECT_FALSE(options.allow_warn);
    EXPECT_TRUE(options.devices);
    EXPECT_TRUE(options.command.empty());
    EXPECT_FALSE(options.share);
}

TEST(Options, EachIsTaken) {
    const auto options = parse({"--kernel",
                                "newest",
                                "--drivers",
                                "stock",
                                "--sensors=ov5693,ov8865",
                                "--scene",
                                "room",
                                "--vtd",
                                "--fault",
                                "crc",
                                "--fault",
                                "i2c-nak:p=0.5",
                                "--seed",
                                "7",
                                "--memory",
                                "2G",
                                "--cpus",
                                "3",
                                "--append",
                                "a=b c",
                                "--timeout",
                                "1.5",
                                "--share",
                                "s",
                                "--log",
                                "l",
                                "--pace",
                                "--allow-warn",
                                "--no-devices",
                                "--verbose"})
                             .value();
    EXPECT_EQ(options.kernel, "newest");
    EXPECT_EQ(options.drivers, Drivers::stock);
    EXPECT_EQ(options.sensors, "ov5693,ov8865");
    EXPECT_EQ(options.scene, "room");
    EXPECT_TRUE(options.vtd);
    EXPECT_THAT(options.faults, ElementsAre("crc", "i2c-nak:p=0.5"));
    EXPECT_EQ(options.seed, 7U);
    EXPECT_EQ(options.memory_mib, 2048U);
    EXPECT_EQ(options.cpus, 3U);
    EXPECT_EQ(options.append, "a=b c");
    EXPECT_EQ(options.timeout.count(), 1.5);
    EXPECT_EQ(options.share, "s");
    EXPECT_EQ(options.log, "l");
    EXPECT_TRUE(options.pace);
    EXPECT_TRUE(options.allow_warn);
    EXPECT_FALSE(options.devices);
    EXPECT_TRUE(options.verbose);
}

TEST(Options, ACommandKeepsItsOwnOptionsAndDashes) {
    const auto options = parse({"--vtd", "--", "ls", "--kernel", "--", "-x", ""}).value();
    EXPECT_THAT(options.command, ElementsAre("ls", "--kernel", "--", "-x", ""));
    EXPECT_EQ(options.kernel, "stable");
}

TEST(Options, OfOneThatIsGivenTwiceTheLastCounts) {
    const auto options =
        parse({"--vtd", "--kernel", "newest", "--kernel", "6.12", "--vtd"}).value();
    EXPECT_EQ(options.kernel, "6.12");
    EXPECT_TRUE(options.vtd);
}

TEST(Options, ModulesOfOnesOwnMeanTheProjectsDrivers) {
    EXPECT_EQ(parse({"--modules", "d"}).value().drivers, Drivers::project);
    EXPECT_FALSE(parse({"--modules", "d", "--drivers", "stock"}));
}

TEST(Options, HelpGoesToStandardOutputAndNamesEveryOption) {
    const auto help = parse({"--help"});
    ASSERT_FALSE(help);
    EXPECT_EQ(help.error().status, 0);
    EXPECT_TRUE(help.error().error.empty());
    for (const auto* name :
         {"--kernel", "--drivers", "--modules",    "--sensors", "--scene",         "--vtd",
          "--fault",  "--seed",    "--memory",     "--cpus",    "--append",        "--timeout",
          "--share",  "--log",     "--allow-warn", "--pace",    "--no-devices",    "COMMAND",
          "124",      "125",       "126",          "--overlay", "--kernel-modules"}) {
        EXPECT_THAT(help.error().output, HasSubstr(name));
    }
}

struct Wrong {
    std::vector<std::string> words;
    const char* named; ///< what the sentence must mention
};

class WrongOptions : public testing::TestWithParam<Wrong> {};

TEST_P(WrongOptions, AreOneSentenceAndStatusTwo) {
    const auto refused = parse(GetParam().words);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, exit_usage);
    EXPECT_TRUE(refused.error().output.empty());
    const auto& sentence = refused.error().error;
    EXPECT_THAT(sentence, HasSubstr(GetParam().named));
    EXPECT_EQ(std::count(sentence.begin(), sentence.end(), '\n'), 1);
    EXPECT_TRUE(sentence.starts_with("ipu3-vm: ")) << sentence;
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongOptions,
    testing::Values(Wrong{{"--nonsense"}, "--nonsense"}, Wrong{{"-q"}, "-q"},
                    Wrong{{"media-ctl"}, "media-ctl"}, Wrong{{"--kernel"}, "--kernel"},
                    Wrong{{"--drivers", "mine"}, "mine"}, Wrong{{"--memory", "lots"}, "lots"},
                    Wrong{{"--memory", "1M"}, "1M"}, Wrong{{"--memory", "-1"}, "--memory"},
                    Wrong{{"--memory", "99999999999999999999G"}, "--memory"},
                    Wrong{{"--memory", "5T"}, "5T"}, Wrong{{"--memory", ""}, "--memory"},
                    Wrong{{"--cpus", "0"}, "--cpus"}, Wrong{{"--cpus", "1000"}, "--cpus"},
                    Wrong{{"--cpus", "x"}, "--cpus"}, Wrong{{"--cpus", "-1"}, "--cpus"},
                    Wrong{{"--seed", "-1"}, "--seed"}, Wrong{{"--seed", "x"}, "--seed"},
                    Wrong{{"--timeout", "-1"}, "--timeout"},
                    Wrong{{"--timeout", "nan"}, "--timeout"},
                    Wrong{{"--timeout", "soon"}, "--timeout"},
                    Wrong{{"--append", "a\nb"}, "--append"}, Wrong{{"--"}, "command"}));

TEST(Options, AKernelOfOnesOwnIsAPath) {
    EXPECT_EQ(parse({"--kernel", "./linux"}).value().kernel, "./linux");
    const auto options =
        parse({"--kernel", "/x/bzImage", "--kernel-modules", "/x/lib/modules/1"}).value();
    EXPECT_EQ(options.kernel_modules, "/x/lib/modules/1");
    EXPECT_FALSE(parse({"--kernel", "newest", "--kernel-modules", "/x"}));
    EXPECT_FALSE(parse({"--kernel-modules", "/x"}));
}

TEST(Options, OverlaysAreCollectedUpToThree) {
    EXPECT_TRUE(parse({}).value().overlays.empty());
    EXPECT_EQ(parse({"--overlay", "a", "--overlay", "b"}).value().overlays,
              (std::vector<std::filesystem::path>{"a", "b"}));
    EXPECT_FALSE(parse({"--overlay", "a", "--overlay", "b", "--overlay", "c", "--overlay", "d"}));
}

TEST(Options, PluginsAreCollected) {
    EXPECT_TRUE(parse({}).value().plugins.empty());
    const auto options = parse({"--plugin", "a.so", "--plugin", "b.so"}).value();
    EXPECT_EQ(options.plugins, (std::vector<std::filesystem::path>{"a.so", "b.so"}));
}

TEST(Options, DmaTestFunctionsAreAtMostTwoAndNeedDevices) {
    EXPECT_EQ(parse({"--dmatest", "2"}).value().dmatest, 2U);
    for (const auto* bad : {"3", "-1", "x", ""}) {
        const auto refused = parse({"--dmatest", bad});
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().status, exit_usage);
    }
    EXPECT_FALSE(parse({"--dmatest", "1", "--no-devices"}));
    EXPECT_TRUE(parse({"--dmatest", "0", "--no-devices"}));
}

TEST(Options, SensorsAreSlowWhenTold) {
    EXPECT_EQ(parse({}).value().slow, 1U);
    EXPECT_EQ(parse({"--slow", "8"}).value().slow, 8U);
    for (const auto* const bad : {"0", "-1", "1001", "x", ""}) {
        EXPECT_FALSE(parse({"--slow", bad})) << bad;
    }
}

TEST(Options, TheImguIsAskedForAndIsADevice) {
    EXPECT_FALSE(parse({}).value().imgu);
    EXPECT_TRUE(parse({"--imgu"}).value().imgu);
    EXPECT_FALSE(parse({"--imgu", "--no-devices"}));
    EXPECT_EQ(parse({"--imgu", "--record", "told"}).value().record, "told");
    EXPECT_FALSE(parse({"--record", "told"}));
}

TEST(Options, TheImgusFirmwareIsDebiansOrAStandIn) {
    const auto of = [](const std::string& word) {
        return parse({"--imgu", "--imgu-firmware", word}).value().imgu_firmware;
    };
    EXPECT_EQ(parse({"--imgu"}).value().imgu_firmware, ImguFirmware::automatic);
    EXPECT_EQ(of("debian"), ImguFirmware::debian);
    EXPECT_EQ(of("stand-in"), ImguFirmware::stand_in);
    for (const auto* const bad : {"", "Debian", "none", "/lib/firmware/intel/ipu3-fw.bin"}) {
        EXPECT_FALSE(parse({"--imgu", "--imgu-firmware", bad})) << bad;
    }
    EXPECT_FALSE(parse({"--imgu-firmware", "stand-in"}));
    EXPECT_TRUE(parse({"--noncoherent", "imgu", "--imgu-firmware", "stand-in"}));
}

TEST(Options, SabotageOfAnImguNeedsOne) {
    EXPECT_EQ(parse({"--imgu", "--sabotage", "lost-event"}).value().sabotage, "lost-event");
    EXPECT_FALSE(parse({"--sabotage", "lost-event"}));
    EXPECT_TRUE(parse({"--sabotage", "chip-id"}));
    EXPECT_FALSE(parse({"--imgu", "--sabotage", "late"}));
    EXPECT_FALSE(parse({"--sabotage", ""}));
}

} // namespace
} // namespace ipu3::vm
