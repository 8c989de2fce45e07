// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/word_access.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

namespace vfio_user {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(WordAccess, ReadsAnyBytesAndEachWordOnce) {
    std::vector<std::uint64_t> words;
    const auto read_word = [&](std::uint64_t offset) {
        words.push_back(offset);
        return static_cast<std::uint32_t>(0x03020100 + 0x01010101 * offset);
    };
    std::array<std::byte, 7> data{};
    read_words(6, data, read_word);
    EXPECT_THAT(data, ElementsAre(std::byte{6}, std::byte{7}, std::byte{8}, std::byte{9},
                                  std::byte{10}, std::byte{11}, std::byte{12}));
    EXPECT_THAT(words, ElementsAre(4U, 8U, 12U));
    words.clear();
    read_words(5, std::span{data}.first(1), read_word);
    EXPECT_EQ(data[0], std::byte{5});
    read_words(8, std::span{data}.first(0), read_word);
    EXPECT_THAT(words, ElementsAre(4U));
}

TEST(WordAccess, WritesWholeWordsOnly) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> written;
    const auto write_word = [&](std::uint64_t offset, std::uint32_t value) {
        written.emplace_back(offset, value);
    };
    const std::array data{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4},
                          std::byte{5}, std::byte{6}, std::byte{7}, std::byte{8}};
    EXPECT_TRUE(write_words(16, data, write_word));
    EXPECT_THAT(written, ElementsAre(Pair(16U, 0x04030201U), Pair(20U, 0x08070605U)));
    written.clear();
    EXPECT_FALSE(write_words(18, data, write_word));
    EXPECT_FALSE(write_words(16, std::span{data}.first(6), write_word));
    EXPECT_THAT(written, IsEmpty());
}

} // namespace
} // namespace vfio_user
