// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/camera-bench/machine_counters.hpp"

#include <unistd.h>

namespace ipu3::camera_bench {

namespace {

constexpr std::uint64_t no_answer = ~std::uint64_t{0};
// Long enough for several ticks of the timer, whose handlers must not count.
constexpr std::uint64_t many_turns = 5'000'000;
constexpr std::uint64_t few_turns = 1000;
constexpr std::uint64_t instructions_a_turn = 2;

/// Instructions of a loop and what is around it.
[[gnu::noinline]] std::uint64_t cost_of_turns(std::uint64_t turns) {
    const auto before = instructions();
    asm volatile("1: dec %0\n\tjnz 1b" : "+r"(turns) : : "cc");
    return instructions() - before;
}

} // namespace

// Without the plugin these do nothing, and RAX stays as it was: see membench/plugin/plugin.cpp.

std::uint64_t instructions() {
    auto rax = no_answer;
    asm volatile("nopl 0x30555049(%%rax)" : "+a"(rax) : : "memory");
    return rax;
}

std::uint64_t all_instructions() {
    auto rax = no_answer;
    asm volatile("nopl 0x32555049(%%rax)" : "+a"(rax) : : "memory");
    return rax;
}

std::uint64_t instructions_in_page(std::uint64_t address) {
    auto rax = address;
    asm volatile("nopl 0x33555049(%%rax)" : "+a"(rax) : : "memory");
    return rax;
}

std::uint64_t instructions_in_piece(std::uint64_t address) {
    auto rax = address;
    asm volatile("nopl 0x34555049(%%rax)" : "+a"(rax) : : "memory");
    return rax;
}

base::Result<void> check_counters() {
    if (instructions() == no_answer) {
        return base::fail("nobody counts instructions: see ipu3-vm --plugin");
    }
    if (::sysconf(_SC_NPROCESSORS_ONLN) != 1) {
        return base::fail("there is more than one processor, and each counts for itself: see "
                          "ipu3-vm --cpus");
    }
    const auto all_before = all_instructions();
    const auto few = cost_of_turns(few_turns);
    const auto many = cost_of_turns(many_turns);
    const auto all = all_instructions() - all_before;
    constexpr auto expected = instructions_a_turn * (many_turns - few_turns);
    if (many - few != expected) {
        return base::fail("{} instructions were counted of a loop that has {}: is there a task of "
                          "a higher priority?",
                          many - few, expected);
    }
    if (all < few + many) {
        return base::fail("{} instructions were counted in all, and {} of them without interrupt "
                          "handlers'",
                          all, few + many);
    }
    return {};
}

} // namespace ipu3::camera_bench
