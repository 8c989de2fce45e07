// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/helper_program.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/base/unique_fd.hpp"

namespace ipu3::vm {
namespace {

TEST(HelperProgram, GivesItsOutputWhole) {
    const auto output = run_helper({"sh", "-c", "head -c 300000 /dev/zero; echo noise >&2"}, -1);
    ASSERT_TRUE(output) << output.error().message;
    EXPECT_EQ(*output, std::string(300000, '\0'));
}

TEST(HelperProgram, AFailureQuotesItsLastWords) {
    const auto failed =
        run_helper({"sh", "-c", "echo first >&2; echo the reason >&2; echo >&2; exit 3"}, -1);
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("exit status 3"), std::string::npos);
    EXPECT_TRUE(failed.error().message.ends_with(": the reason")) << failed.error().message;
}

TEST(HelperProgram, ASignalEndsIt) {
    const base::UniqueFd signals{
        ::eventfd(1, EFD_CLOEXEC)}; // readable, as a signalfd with a signal is
    const auto ended = run_helper({"sleep", "1000"}, signals.get());
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().message, "interrupted");
}

} // namespace
} // namespace ipu3::vm
