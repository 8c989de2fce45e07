// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-cells/cell.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace imgu_cells {
namespace {

class CellFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "cells-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::filesystem::path path() const { return folder_ / "cells"; }
    void write(const std::vector<std::uint8_t>& bytes) const {
        std::ofstream file{path(), std::ios::binary};
        file.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
    [[nodiscard]] std::vector<std::uint8_t> bytes() const {
        std::ifstream file{path(), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

  private:
    std::filesystem::path folder_;
};

std::vector<Cell> two_cells() {
    const CellPipe first{.pipe = 0,
                         .video = false,
                         .fourcc = 0x62337069,
                         .in = {1296, 972},
                         .crop = {1296, 970},
                         .bds = {648, 485},
                         .gdc = {640, 480},
                         .out = {320, 240},
                         .vf = {160, 120},
                         .sets = {{1, 2, 3}, {}, {255}}};
    auto second = first;
    second.pipe = 1;
    second.sets.clear();
    return {{.name = "one", .pipes = {first}}, {.name = "both", .pipes = {first, second}}};
}

TEST_F(CellFile, HoldsWhatWasWritten) {
    ASSERT_TRUE(write_cells(path(), two_cells()));
    const auto cells = read_cells(path());
    ASSERT_TRUE(cells) << cells.error().message;
    EXPECT_EQ(*cells, two_cells());
}

TEST_F(CellFile, ThatIsCutOffIsRefused) {
    ASSERT_TRUE(write_cells(path(), two_cells()));
    const auto whole = bytes();
    std::size_t refused = 0;
    for (std::size_t size = 1; size < whole.size(); ++size) {
        write({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        const auto cells = read_cells(path());
        refused += cells ? 0U : 1U;
        // Between the cells it is a file of one.
        ASSERT_TRUE(!cells || cells->size() == 1) << size;
    }
    EXPECT_EQ(refused, whole.size() - 2);
}

TEST_F(CellFile, WithoutAPipeIsRefused) {
    write(nlohmann::json::to_cbor({{"name", "none"}, {"pipes", nlohmann::json::array()}}));
    const auto cells = read_cells(path());
    ASSERT_FALSE(cells);
    EXPECT_NE(cells.error().message.find("cell 0"), std::string::npos) << cells.error().message;
}

TEST_F(CellFile, WithAPipeThatThereIsNotIsRefused) {
    auto cells = two_cells();
    cells[1].pipes[1].pipe = 2;
    ASSERT_TRUE(write_cells(path(), cells));
    const auto read = read_cells(path());
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("no pipe 2"), std::string::npos) << read.error().message;
}

TEST_F(CellFile, ThatIsNotThereIsSaid) {
    const auto cells = read_cells(path());
    ASSERT_FALSE(cells);
    EXPECT_NE(cells.error().message.find("cannot read"), std::string::npos);
    EXPECT_FALSE(write_cells(path() / "no" / "such", {}));
}

} // namespace
} // namespace imgu_cells
