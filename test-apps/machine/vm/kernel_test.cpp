// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/kernel.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

std::vector<Kernel> three() {
    return {{"6.12.9+deb13-amd64", {}, {}},
            {"6.12.107+deb13-amd64", {}, {}},
            {"7.3.4+deb13-amd64", {}, {}}};
}

TEST(Kernel, ReleasesOrderByNumber) {
    EXPECT_TRUE(compare_releases("6.12.9", "6.12.107") < 0);
    EXPECT_TRUE(compare_releases("6.9.1", "6.12.1") < 0);
    EXPECT_TRUE(compare_releases("10.0", "9.9") > 0);
    EXPECT_TRUE(compare_releases("6.12.1", "6.12.01") == 0);
    EXPECT_TRUE(compare_releases("6.12", "6.12.1") < 0);
}

TEST(Kernel, StableIsTheNewestOfTheOldestSeries) {
    EXPECT_EQ(find_kernel(three(), "stable").value().release, "6.12.107+deb13-amd64");
    EXPECT_EQ(find_kernel(three(), "newest").value().release, "7.3.4+deb13-amd64");
}

TEST(Kernel, PrefixesMatchWholeNumbers) {
    EXPECT_EQ(find_kernel(three(), "7").value().release, "7.3.4+deb13-amd64");
    EXPECT_EQ(find_kernel(three(), "6.12.").value().release, "6.12.107+deb13-amd64");
    EXPECT_EQ(find_kernel(three(), "6.12.9").value().release, "6.12.9+deb13-amd64");
    EXPECT_EQ(find_kernel(three(), "6.12.9+deb13-amd64").value().release, "6.12.9+deb13-amd64");
    EXPECT_FALSE(find_kernel(three(), "6.1"));
    EXPECT_FALSE(find_kernel(three(), ""));
    EXPECT_FALSE(find_kernel({}, "newest"));
}

TEST(Kernel, AnErrorListsWhatIsThere) {
    const auto error = find_kernel(three(), "5.10").error().message;
    EXPECT_NE(error.find("5.10"), std::string::npos);
    EXPECT_NE(error.find("6.12.107+deb13-amd64"), std::string::npos);
    EXPECT_NE(error.find("7.3.4+deb13-amd64"), std::string::npos);
}

TEST(Kernel, AnImageWithoutModulesIsNoKernel) {
    const auto folder = std::filesystem::path{testing::TempDir()} / "ipu3-kernel-test";
    std::filesystem::create_directories(folder / "boot");
    std::filesystem::create_directories(folder / "modules/2.0");
    for (const auto* name :
         {"boot/vmlinuz-1.0", "boot/vmlinuz-2.0", "boot/config-2.0", "modules/2.0/modules.dep"}) {
        const std::ofstream made{folder / name};
        ASSERT_TRUE(made);
    }
    const auto found = installed_kernels(folder / "boot", folder / "modules");
    std::filesystem::remove_all(folder);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].release, "2.0");
    EXPECT_TRUE(installed_kernels(folder / "absent", folder / "modules").empty());
}

} // namespace
} // namespace ipu3::vm
