// SPDX-License-Identifier: GPL-2.0-or-later
// Replays what the fuzzer has found, in every build.
#include "machine/vfio-user/fuzz_message.hpp"
#include "machine/vfio-user/wire.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <vector>

namespace vfio_user::fuzz {
namespace {

TEST(Corpus, EveryScriptEndsWellAndTogetherTheyReachEveryCommand) {
    Outcome all;
    unsigned files = 0;
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator{CORPUS_DIRECTORY}) {
        std::ifstream file{entry.path(), std::ios::binary};
        const std::vector<std::uint8_t> script{std::istreambuf_iterator<char>{file}, {}};
        SCOPED_TRACE(entry.path());
        ASSERT_FALSE(script.empty());
        const auto outcome = play(script);
        for (std::size_t i = 0; i < all.accepted.size(); ++i) {
            all.accepted.at(i) += outcome.accepted.at(i);
        }
        all.refused += outcome.refused;
        all.sessions += outcome.sessions;
        ++files;
        bytes += script.size();
    }
    EXPECT_GT(files, 100U);
    EXPECT_LT(bytes, 100U * 1024);
    EXPECT_GT(all.refused, files / 2);
    EXPECT_GT(all.sessions, files);
    using wire::Command;
    for (const auto command :
         {Command::version, Command::dma_map, Command::dma_unmap, Command::device_get_info,
          Command::device_get_region_info, Command::device_get_irq_info, Command::device_set_irqs,
          Command::region_read, Command::region_write, Command::device_reset,
          Command::region_write_multi}) {
        EXPECT_GT(all.accepted.at(static_cast<std::size_t>(command)), 0U)
            << static_cast<unsigned>(command);
    }
}

} // namespace
} // namespace vfio_user::fuzz
