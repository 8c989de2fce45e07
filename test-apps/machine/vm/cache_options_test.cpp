// SPDX-License-Identifier: GPL-2.0-or-later
// --noncoherent and what belongs to it, up to QEMU's command line.
#include "machine/vm/options.hpp"
#include "machine/vm/qemu_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

tl::expected<Options, ParseExit> parse(const std::vector<std::string>& arguments) {
    return parse_options(arguments);
}

std::string sentence(const std::vector<std::string>& arguments) {
    const auto refused = parse(arguments);
    EXPECT_FALSE(refused);
    if (refused) {
        return {};
    }
    EXPECT_EQ(refused.error().status, exit_usage);
    return refused.error().error;
}

TEST(CacheOptions, ThereIsNoModelUnlessADeviceIsNamed) {
    const auto options = parse({}).value();
    EXPECT_THAT(options.cache.functions, IsEmpty());
    EXPECT_FALSE(options.cache.ddio);
    EXPECT_FALSE(options.cache.evict);
    EXPECT_FALSE(options.cache.fast);
    EXPECT_FALSE(options.cache.loads);
}

TEST(CacheOptions, AreTaken) {
    const auto options = parse({"--noncoherent", "cio2,dmatest1", "--dmatest", "2", "--evict", "0",
                                "--ddio", "--cache-fast", "--cache-loads"})
                             .value();
    EXPECT_THAT(options.cache.functions, ElementsAre(cache::FunctionSpec{.name = "cio2"},
                                                     cache::FunctionSpec{.name = "dmatest1"}));
    EXPECT_TRUE(options.cache.ddio);
    EXPECT_EQ(options.cache.evict, 0U);
    EXPECT_TRUE(options.cache.fast);
    EXPECT_TRUE(options.cache.loads);
}

TEST(CacheOptions, OneKindOfAccessAloneMayBeNamed) {
    const auto options = parse({"--noncoherent", "imgu:tables,cio2"}).value();
    EXPECT_THAT(options.cache.functions,
                ElementsAre(cache::FunctionSpec{.name = "imgu", .tables = true, .buffers = false},
                            cache::FunctionSpec{.name = "cio2"}));
}

TEST(CacheOptions, ATestFunctionThatIsNamedIsThere) {
    EXPECT_EQ(parse({"--noncoherent", "cio2"}).value().dmatest, 0U);
    EXPECT_EQ(parse({"--noncoherent", "dmatest0"}).value().dmatest, 1U);
    EXPECT_EQ(parse({"--noncoherent", "dmatest"}).value().dmatest, 2U);
    EXPECT_EQ(parse({"--noncoherent", "dmatest1:tables"}).value().dmatest, 2U);
    EXPECT_EQ(parse({"--noncoherent", "dmatest0", "--dmatest", "2"}).value().dmatest, 2U);
    EXPECT_THAT(sentence({"--noncoherent", "dmatest1", "--dmatest", "1"}), HasSubstr("dmatest1"));
}

TEST(CacheOptions, DmatestMeansThoseThatAreThere) {
    const auto one = parse({"--noncoherent", "dmatest", "--dmatest", "1"}).value();
    EXPECT_EQ(one.dmatest, 1U);
    EXPECT_THAT(one.cache.functions, ElementsAre(cache::FunctionSpec{.name = "dmatest0"}));
    EXPECT_THAT(sentence({"--noncoherent", "dmatest", "--dmatest", "0"}),
                HasSubstr("names DMA test functions, and there is none"));
}

TEST(CacheOptions, AnImguThatIsNamedIsThere) {
    EXPECT_FALSE(parse({"--noncoherent", "cio2"}).value().imgu);
    EXPECT_TRUE(parse({"--noncoherent", "cio2,imgu"}).value().imgu);
    EXPECT_TRUE(parse({"--noncoherent", "imgu:tables"}).value().imgu);
    EXPECT_TRUE(parse({"--noncoherent", "imgu:buffers"}).value().imgu);
}

TEST(CacheOptions, AnUnknownDeviceIsAnswered) {
    const auto text = sentence({"--noncoherent", "webcam"});
    EXPECT_THAT(text, HasSubstr("--noncoherent: unknown device 'webcam'"));
    EXPECT_THAT(text, HasSubstr("cio2, imgu, dmatest, dmatest0, dmatest1"));
    EXPECT_THAT(sentence({"--noncoherent", "cio2:tables"}), HasSubstr("cio2 has no MMU"));
    EXPECT_THAT(sentence({"--noncoherent", "imgu:x"}), HasSubstr("--noncoherent: 'imgu:x'"));
    EXPECT_THAT(sentence({"--noncoherent", ""}), HasSubstr("--noncoherent"));
    EXPECT_THAT(sentence({"--noncoherent"}), HasSubstr("--noncoherent"));
}

TEST(CacheOptions, TheOthersNeedAModel) {
    EXPECT_THAT(sentence({"--evict", "1"}), HasSubstr("--evict needs --noncoherent"));
    EXPECT_THAT(sentence({"--ddio"}), HasSubstr("--ddio needs --noncoherent"));
    EXPECT_THAT(sentence({"--cache-fast"}), HasSubstr("--cache-fast needs --noncoherent"));
    EXPECT_THAT(sentence({"--cache-loads"}), HasSubstr("--cache-loads needs --noncoherent"));
    EXPECT_THAT(sentence({"--noncoherent", "cio2", "--evict", "x"}), HasSubstr("--evict"));
    EXPECT_THAT(sentence({"--noncoherent", "cio2", "--no-devices"}), HasSubstr("--no-devices"));
}

TEST(CacheOptions, StandInTheHelp) {
    const auto help = parse({"--help"});
    ASSERT_FALSE(help);
    for (const auto* name :
         {"--noncoherent", "--ddio", "--evict", "--cache-fast", "--cache-loads"}) {
        EXPECT_THAT(help.error().output, HasSubstr(name));
    }
}

TEST(CacheOptions, QemuGetsThePluginAndARamThatItCanFind) {
    Machine machine;
    EXPECT_THAT(qemu_command(machine), Not(Contains("-plugin")));
    machine.cache = CacheFiles{.plugin = "/a,b/plugin.so", .state_fd = 7, .ram_fd = 8};
    const auto command = qemu_command(machine);
    EXPECT_THAT(command, Contains("file=/a,,b/plugin.so,state=7,ram=8"));
    EXPECT_THAT(
        command,
        Contains("memory-backend-file,id=ram,size=1024M,share=on,mem-path=/proc/self/fd/8"));
    EXPECT_THAT(command, Not(Contains(HasSubstr("memory-backend-memfd"))));
}

} // namespace
} // namespace ipu3::vm
