// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/cpio.hpp"
#include "machine/vm/initramfs.hpp"
#include "machine/vm/run_directory.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

using testing::ElementsAre;

constexpr std::string_view dep =
    "kernel/fs/9p/9p.ko.xz: kernel/net/9p/9pnet.ko.xz kernel/fs/netfs/netfs.ko.xz\n"
    "kernel/net/9p/9pnet.ko.xz: kernel/fs/netfs/netfs.ko.xz\n"
    "kernel/fs/netfs/netfs.ko.xz:\n"
    "kernel/net/9p/9pnet_virtio.ko.xz: kernel/net/9p/9pnet.ko.xz "
    "kernel/fs/netfs/netfs.ko.xz\n"
    "kernel/drivers/a-dash.ko:\n";

TEST(Modules, DependenciesComeFirstAndOnce) {
    const auto wanted = std::to_array<std::string_view>({"9pnet_virtio", "9p"});
    EXPECT_THAT(resolve_modules(dep, "", wanted).value(),
                ElementsAre("kernel/fs/netfs/netfs.ko.xz", "kernel/net/9p/9pnet.ko.xz",
                            "kernel/net/9p/9pnet_virtio.ko.xz", "kernel/fs/9p/9p.ko.xz"));
}

TEST(Modules, BuiltInOnesNeedNoFileAndUnknownOnesAreNamed) {
    const auto overlay = std::to_array<std::string_view>({"overlay"});
    EXPECT_THAT(resolve_modules(dep, "kernel/fs/overlayfs/overlay.ko\n", overlay).value(),
                ElementsAre());
    const auto failed = resolve_modules(dep, "", overlay);
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("overlay"), std::string::npos);
    const auto dash = std::to_array<std::string_view>({"a_dash"});
    EXPECT_THAT(resolve_modules(dep, "", dash).value(), ElementsAre("kernel/drivers/a-dash.ko"));
}

// The judge is a cpio that others wrote.
TEST(Cpio, AnotherCpioReadsIt) {
    const auto folder = RunDirectory::make();
    ASSERT_TRUE(folder);
    CpioArchive archive;
    ASSERT_TRUE(archive.add_file("a/b/odd", "12345", 0755));
    ASSERT_TRUE(archive.add_file("a/empty", "", 0644));
    archive.add_folder("a/b");
    archive.add_folder("z");
    ASSERT_TRUE(write_file(folder->path() / "archive", std::move(archive).finish()));
    const auto command = fmt::format(
        "cd {} && cpio --quiet -idm <archive && find a z | LC_ALL=C sort && cat a/b/odd && "
        "stat -c %a a/b/odd",
        folder->path().string());
    FILE* output = ::popen(command.c_str(), "r"); // NOLINT(cert-env33-c): a fixed command in a test
    ASSERT_NE(output, nullptr);
    std::array<char, 512> text{};
    const auto count = std::fread(text.data(), 1, text.size(), output);
    EXPECT_EQ(::pclose(output), 0);
    EXPECT_EQ(std::string(text.data(), count), "a\na/b\na/b/odd\na/empty\nz\n12345755\n");
}

TEST(Initramfs, AMissingInitIsASentence) {
    const auto made = make_initramfs({"none", "/absent", "/absent"}, "/absent/init", {}, {}, -1);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message.find("/absent"), std::string::npos);
}

} // namespace
} // namespace ipu3::vm
