// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/own_kernel.hpp"

#include "machine/vm/initramfs.hpp"
#include "machine/vm/run_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// As much of a bzImage as tells its release (Documentation/arch/x86/boot.rst).
std::string image_of(std::string_view release) {
    constexpr std::size_t magic_at = 0x202;
    constexpr std::size_t pointer_at = 0x20e;
    constexpr std::size_t text_at = 0x400;
    std::string image(text_at, '\0');
    image.replace(magic_at, 4, "HdrS");
    image[pointer_at + 1] = 2; // 0x200, counted from the end of the first sector
    return image + std::string{release} + " (somebody@somewhere) #1 SMP" + '\0';
}

class OwnKernelTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(folder_); }

    [[nodiscard]] fs::path path(std::string_view name) const { return folder_->path() / name; }

    void write(std::string_view name, std::string_view contents) const {
        fs::create_directories(path(name).parent_path());
        ASSERT_TRUE(write_file(path(name), contents));
    }

    /// A build tree with one module.
    void make_tree() const {
        write("linux/arch/x86/boot/bzImage", image_of("7.0.0-mine"));
        write("linux/include/config/kernel.release", "7.0.0-mine\n");
        write("linux/.config", "CONFIG_PCI=y\n");
        write("linux/modules.order", "drivers/a/b.o\n");
        write("linux/modules.builtin", "kernel/fs/9p/9p.ko\n");
        write("linux/drivers/a/b.ko", "module");
    }

    [[nodiscard]] std::string why_not(std::string_view name,
                                      const std::optional<fs::path>& modules = {}) const {
        const auto found = locate_kernel(path(name), modules);
        return found ? "" : found.error().message;
    }

  private:
    base::Result<RunDirectory> folder_ = RunDirectory::make();
};

TEST_F(OwnKernelTest, ASlashOrANameOfOursMeansAPath) {
    for (const auto* own : {"./linux", "/boot/x", "../a", "debug", "debug-rt", "a/b"}) {
        EXPECT_TRUE(is_own_kernel(own)) << own;
    }
    for (const auto* tree : {"stable", "newest", "6.12", "", "debugger"}) {
        EXPECT_FALSE(is_own_kernel(tree)) << tree;
    }
}

TEST_F(OwnKernelTest, ABuildTreeHasItsImageAndTheModulesOfItsList) {
    make_tree();
    for (const auto* name : {"linux", "linux/arch/x86/boot/bzImage"}) {
        const auto kernel = locate_kernel(path(name), {});
        ASSERT_TRUE(kernel) << kernel.error().message;
        EXPECT_EQ(kernel->release, "7.0.0-mine");
        EXPECT_EQ(kernel->image, path("linux/arch/x86/boot/bzImage"));
        EXPECT_EQ(kernel->config, path("linux/.config"));
        EXPECT_TRUE(kernel->built);
        ASSERT_EQ(kernel->files.size(), 3U);
        EXPECT_EQ(kernel->files[0].from, path("linux/drivers/a/b.ko"));
        EXPECT_EQ(kernel->files[0].to, "kernel/drivers/a/b.ko");
        EXPECT_EQ(kernel->files[1].to, "modules.builtin");
    }
}

TEST_F(OwnKernelTest, InstalledModulesAreFoundInEachOfTheirForms) {
    write("image", image_of("7.0.0-mine"));
    write("root/lib/modules/7.0.0-mine/modules.builtin", "");
    write("root/lib/modules/7.0.0-mine/kernel/x.ko.xz", "module");
    write("root/lib/modules/7.0.0-mine/config", "CONFIG_PCI=y\n");
    for (const auto* name : {"root", "root/lib/modules", "root/lib/modules/7.0.0-mine"}) {
        const auto kernel = locate_kernel(path("image"), path(name));
        ASSERT_TRUE(kernel) << kernel.error().message;
        ASSERT_EQ(kernel->files.size(), 2U);
        EXPECT_EQ(kernel->files[0].to, "kernel/x.ko.xz");
        EXPECT_EQ(kernel->config, path("root/lib/modules/7.0.0-mine/config"));
        EXPECT_FALSE(kernel->built);
    }
}

TEST_F(OwnKernelTest, WhatIsMissingIsASentence) {
    EXPECT_THAT(why_not("absent"), HasSubstr("absent: No such file"));
    write("empty/file", "");
    EXPECT_THAT(why_not("empty"), HasSubstr("it has no arch/x86/boot/bzImage"));
    EXPECT_THAT(why_not("empty/file"), HasSubstr("no kernel image"));
    write("image", image_of("7.0.0-mine"));
    EXPECT_THAT(why_not("image"), HasSubstr("--kernel-modules"));
    EXPECT_THAT(why_not("image", path("empty")), HasSubstr("no modules of 7.0.0-mine"));
    write("other/6.6.6/modules.builtin", "");
    EXPECT_THAT(why_not("image", path("other/6.6.6")), HasSubstr("no modules of 7.0.0-mine"));
    write("odd", image_of("../../etc"));
    EXPECT_THAT(why_not("odd", path("empty")), HasSubstr("\"../../etc\", which is none"));
}

TEST_F(OwnKernelTest, ATreeThatIsNotWholeIsASentence) {
    make_tree();
    write("linux/include/config/kernel.release", "7.0.1-mine\n");
    EXPECT_THAT(why_not("linux"), HasSubstr("its image is 7.0.0-mine, its tree 7.0.1-mine"));
    write("linux/include/config/kernel.release", "7.0.0-mine\n");
    fs::remove(path("linux/drivers/a/b.ko"));
    EXPECT_THAT(why_not("linux"), HasSubstr("drivers/a/b.ko"));
    fs::remove(path("linux/modules.order"));
    EXPECT_THAT(why_not("linux"), HasSubstr("make bzImage modules"));
}

// depmod does not mind a module that is none when nobody asks for its symbols; its judgement of an
// empty list is enough here, and real modules are in the functional tests.
TEST_F(OwnKernelTest, TheStageIsAFolderForTheGuestsRootAndFollowsItsSource) {
    write("image", image_of("7.0.0-mine"));
    write("root/lib/modules/7.0.0-mine/modules.builtin", "kernel/fs/9p/9p.ko\n");
    const auto stage = [&] {
        const auto kernel = locate_kernel(path("image"), path("root"));
        return stage_kernel(kernel.value(), path("cache"), -1).value();
    };
    const auto staged = stage();
    EXPECT_EQ(staged.release, "7.0.0-mine");
    EXPECT_EQ(fs::canonical(staged.layer / "lib/modules/7.0.0-mine"), staged.modules);
    EXPECT_EQ(read_file(staged.modules / "modules.builtin").value(), "kernel/fs/9p/9p.ko\n");
    EXPECT_TRUE(fs::exists(staged.modules / "modules.dep"));
    EXPECT_EQ(staged.guest_modules(), "/lib/modules/7.0.0-mine");
    const auto made = fs::last_write_time(staged.modules / "modules.dep");
    EXPECT_EQ(fs::last_write_time(stage().modules / "modules.dep"), made);
    write("root/lib/modules/7.0.0-mine/modules.builtin", "kernel/fs/9p/9p.ko\nkernel/x.ko\n");
    EXPECT_EQ(read_file(stage().modules / "modules.builtin").value(),
              "kernel/fs/9p/9p.ko\nkernel/x.ko\n");
}

} // namespace
} // namespace ipu3::vm
