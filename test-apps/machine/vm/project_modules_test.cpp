// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/project_modules.hpp"

#include "machine/vm/initramfs.hpp"
#include "machine/vm/run_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

using namespace std::string_view_literals;

TEST(ProjectModules, TheReleaseIsTheFirstWordOfVermagic) {
    EXPECT_EQ(module_release("\x7f"
                             "ELF..license=GPL\0vermagic=7.0.0-mine SMP preempt\0name=x\0"sv),
              "7.0.0-mine");
    EXPECT_EQ(module_release("vermagic=7.0"sv), "7.0");
    EXPECT_EQ(module_release("no module"sv), "");
    EXPECT_EQ(module_release(""sv), "");
}

TEST(ProjectModules, ThoseOfAnotherBuildAreRefused) {
    const auto folder = RunDirectory::make();
    ASSERT_TRUE(folder);
    ASSERT_TRUE(write_file(folder->path() / "a.ko", "\0vermagic=6.6.6 SMP\0"sv));
    const Kernel kernel{.release = "7.0.0-mine", .image = {}, .modules = "/absent"};
    const auto refused = prefer_modules(kernel, folder->path(), folder->path() / "cache", -1);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message,
                testing::HasSubstr("a.ko is of another build: it is for 6.6.6, the kernel is "
                                   "7.0.0-mine"));
}

} // namespace
} // namespace ipu3::vm
