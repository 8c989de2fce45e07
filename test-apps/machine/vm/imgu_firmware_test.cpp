// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/imgu_firmware.hpp"

#include "machine/virtual-ipu3/imgu/stand_in.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

/// A root tree, and a folder to write into.
class Tree {
  public:
    Tree() {
        fs::create_directories(root() / "lib/firmware/intel/ipu");
        fs::create_directories(folder());
    }
    ~Tree() {
        std::error_code ignored;
        fs::remove_all(top_, ignored);
    }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    Tree(Tree&&) = delete;
    Tree& operator=(Tree&&) = delete;

    [[nodiscard]] fs::path root() const { return top_ / "root"; }
    [[nodiscard]] fs::path folder() const { return top_ / "run"; }
    /// Makes a file in Intel's folder of firmware; its path.
    [[nodiscard]] fs::path make(const char* name) const {
        auto file = root() / "lib/firmware/intel" / name;
        std::ofstream{file} << "x";
        return file;
    }

  private:
    fs::path top_{fs::path{testing::TempDir()} / ("imgu-firmware-" + std::to_string(::getpid()))};
};

constexpr const char* first_name = "ipu/irci_irci_ecr-master_20161208_0213_20170112_1500.bin";

TEST(ImguFirmware, IsTheFirstThatTheDriverWouldTake) {
    const Tree tree;
    const auto none = find_imgu_firmware(tree.root());
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("firmware-intel-graphics"), std::string::npos);
    const auto last = tree.make("ipu3-fw.bin");
    EXPECT_EQ(find_imgu_firmware(tree.root()).value(), last);
    const auto first = tree.make(first_name);
    EXPECT_EQ(find_imgu_firmware(tree.root()).value(), first);
}

TEST(ImguFirmware, OfTheTreeNeedsNothingInTheGuest) {
    const Tree tree;
    const auto file = tree.make(first_name);
    for (const auto wanted : {ImguFirmware::automatic, ImguFirmware::debian}) {
        const auto provided = provide_imgu_firmware(wanted, tree.folder(), tree.root());
        ASSERT_TRUE(provided) << provided.error().message;
        EXPECT_EQ(provided->file, file);
        EXPECT_FALSE(provided->overlay);
    }
    EXPECT_TRUE(fs::is_empty(tree.folder()));
}

void expect_stand_in(ImguFirmware wanted, const Tree& tree) {
    const auto provided = provide_imgu_firmware(wanted, tree.folder(), tree.root());
    ASSERT_TRUE(provided) << provided.error().message;
    const auto bytes = imgu::stand_in_firmware();
    EXPECT_EQ(read_file(provided->file).value(),
              std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    ASSERT_TRUE(provided->overlay);
    EXPECT_EQ(provided->overlay->from, provided->file);
    EXPECT_EQ(provided->overlay->to, fs::path{"/usr/lib/firmware/intel"} / first_name);
}

TEST(ImguFirmware, IsAStandInWhereTheTreeHasNone) {
    const Tree tree;
    expect_stand_in(ImguFirmware::automatic, tree);
    const auto none = provide_imgu_firmware(ImguFirmware::debian, tree.folder(), tree.root());
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("firmware-intel-graphics"), std::string::npos);
}

TEST(ImguFirmware, IsAStandInWhereOneIsAskedFor) {
    const Tree tree;
    (void)tree.make(first_name);
    expect_stand_in(ImguFirmware::stand_in, tree);
    EXPECT_FALSE(
        provide_imgu_firmware(ImguFirmware::stand_in, tree.folder() / "none", tree.root()));
}

} // namespace
} // namespace ipu3::vm
