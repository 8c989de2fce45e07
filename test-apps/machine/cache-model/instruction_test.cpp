// SPDX-License-Identifier: GPL-2.0-or-later
// The decoder, against encodings that GNU as made.
#include "machine/cache-model/instruction.hpp"

#include <gtest/gtest.h>
#include <string_view>
#include <vector>

namespace ipu3::cache {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Every register has a value of its own, which shows in a sum.
RegisterValues registers() {
    RegisterValues values;
    for (std::size_t i = 0; i < register_count; ++i) {
        values.general.at(i) = 0xffff'8880'0000'0000 + (std::uint64_t{1} << (2 * i));
    }
    values.fs_base = 0x7000'0000'0000;
    values.gs_base = 0x7100'0000'0000;
    return values;
}
std::uint64_t reg(std::size_t number) {
    return registers().general.at(number);
}
constexpr std::uint64_t next = 0xffff'ffff'8100'0000;

struct LineCase {
    std::string_view text;
    Bytes bytes;
    CacheOperation operation;
    std::uint64_t address;
};

class LineInstruction : public testing::TestWithParam<LineCase> {};

TEST_P(LineInstruction, IsDecodedWithItsAddress) {
    const auto& [text, bytes, operation, address] = GetParam();
    const auto found = decode(bytes);
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(found->operation, operation) << text;
    EXPECT_EQ(effective_address(found->operand, registers(), next), address) << text;
}

// AT&T syntax, as objdump shows them.
INSTANTIATE_TEST_SUITE_P(
    All, LineInstruction,
    testing::Values(
        LineCase{"clflush (%rax)", {0x0f, 0xae, 0x38}, CacheOperation::flush_line, reg(0)},
        LineCase{"clflush (%rdi)", {0x0f, 0xae, 0x3f}, CacheOperation::flush_line, reg(7)},
        LineCase{"clflushopt (%rdi)", {0x66, 0x0f, 0xae, 0x3f}, CacheOperation::flush_line, reg(7)},
        LineCase{"clwb (%rdi)", {0x66, 0x0f, 0xae, 0x37}, CacheOperation::clean_line, reg(7)},
        LineCase{"clflush 0x10(%rbx)",
                 {0x0f, 0xae, 0x7b, 0x10},
                 CacheOperation::flush_line,
                 reg(3) + 0x10},
        LineCase{"clflush -0x80(%rbp)",
                 {0x0f, 0xae, 0x7d, 0x80},
                 CacheOperation::flush_line,
                 reg(5) - 0x80},
        LineCase{"clflush 0x12345678(%rsi)",
                 {0x0f, 0xae, 0xbe, 0x78, 0x56, 0x34, 0x12},
                 CacheOperation::flush_line,
                 reg(6) + 0x12345678},
        LineCase{"clflush (%rsp)", {0x0f, 0xae, 0x3c, 0x24}, CacheOperation::flush_line, reg(4)},
        LineCase{"clflush 0x8(%rsp)",
                 {0x0f, 0xae, 0x7c, 0x24, 0x08},
                 CacheOperation::flush_line,
                 reg(4) + 8},
        LineCase{
            "clflush (%r12)", {0x41, 0x0f, 0xae, 0x3c, 0x24}, CacheOperation::flush_line, reg(12)},
        LineCase{"clflush 0x0(%r13)",
                 {0x41, 0x0f, 0xae, 0x7d, 0x00},
                 CacheOperation::flush_line,
                 reg(13)},
        LineCase{"clflushopt (%r8,%r9,8)",
                 {0x66, 0x43, 0x0f, 0xae, 0x3c, 0xc8},
                 CacheOperation::flush_line,
                 reg(8) + 8 * reg(9)},
        LineCase{"clflushopt 0x40(%rax,%rcx,2)",
                 {0x66, 0x0f, 0xae, 0x7c, 0x48, 0x40},
                 CacheOperation::flush_line,
                 reg(0) + 2 * reg(1) + 0x40},
        LineCase{"clwb -0x1000(%r15,%r14,4)",
                 {0x66, 0x43, 0x0f, 0xae, 0xb4, 0xb7, 0x00, 0xf0, 0xff, 0xff},
                 CacheOperation::clean_line,
                 reg(15) + 4 * reg(14) - 0x1000},
        LineCase{"clflush (,%rdx,8)",
                 {0x0f, 0xae, 0x3c, 0xd5, 0x00, 0x00, 0x00, 0x00},
                 CacheOperation::flush_line,
                 8 * reg(2)},
        LineCase{"clflush 0x1000",
                 {0x0f, 0xae, 0x3c, 0x25, 0x00, 0x10, 0x00, 0x00},
                 CacheOperation::flush_line,
                 0x1000},
        LineCase{"clflush 0x10(%rip)",
                 {0x0f, 0xae, 0x3d, 0x10, 0x00, 0x00, 0x00},
                 CacheOperation::flush_line,
                 next + 0x10},
        LineCase{"clflush %fs:(%rax)",
                 {0x64, 0x0f, 0xae, 0x38},
                 CacheOperation::flush_line,
                 0x7000'0000'0000 + reg(0)},
        LineCase{"clflush %gs:0x20",
                 {0x65, 0x0f, 0xae, 0x3c, 0x25, 0x20, 0x00, 0x00, 0x00},
                 CacheOperation::flush_line,
                 0x7100'0000'0020},
        LineCase{"clflush (%eax)",
                 {0x67, 0x0f, 0xae, 0x38},
                 CacheOperation::flush_line,
                 reg(0) & 0xffff'ffff},
        LineCase{"clflushopt (%rax,%r12,1)",
                 {0x66, 0x42, 0x0f, 0xae, 0x3c, 0x20},
                 CacheOperation::flush_line,
                 reg(0) + reg(12)},
        // What the kernel's alternatives leave where there is no clflushopt.
        LineCase{
            "ds clflush (%rdi)", {0x3e, 0x0f, 0xae, 0x3f}, CacheOperation::flush_line, reg(7)}));

TEST(Instruction, OfTheWholeCacheAreDecoded) {
    EXPECT_EQ(decode(Bytes{0x0f, 0x09}).value().operation, CacheOperation::flush_all);
    EXPECT_EQ(decode(Bytes{0xf3, 0x0f, 0x09}).value().operation, CacheOperation::clean_all);
    EXPECT_EQ(decode(Bytes{0x0f, 0x08}).value().operation, CacheOperation::discard_all);
}

TEST(Instruction, OthersAreNot) {
    const std::vector<std::pair<std::string_view, Bytes>> others{
        {"sfence", {0x0f, 0xae, 0xf8}},
        {"mfence", {0x0f, 0xae, 0xf0}},
        {"lfence", {0x0f, 0xae, 0xe8}},
        {"xsaveopt (%rdi)", {0x0f, 0xae, 0x37}},
        {"xsave (%rdi)", {0x0f, 0xae, 0x27}},
        {"fxsave (%rdi)", {0x0f, 0xae, 0x07}},
        {"cldemote (%rdi)", {0x0f, 0x1c, 0x07}},
        {"clrssbsy (%rdi)", {0xf3, 0x0f, 0xae, 0x37}},
        {"mov %rax,(%rdi)", {0x48, 0x89, 0x07}},
        {"nop", {0x90}},
        {"nothing", {}},
        {"clflush without its operand", {0x0f, 0xae}},
        {"clflush without its displacement", {0x0f, 0xae, 0xbe, 0x78, 0x56}},
        {"clflush with a byte too many", {0x0f, 0xae, 0x38, 0x90}},
        {"prefixes only", {0x66, 0x66, 0x0f}},
    };
    for (const auto& [text, bytes] : others) {
        EXPECT_FALSE(decode(bytes)) << text;
    }
}

} // namespace
} // namespace ipu3::cache
