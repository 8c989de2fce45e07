// SPDX-License-Identifier: GPL-2.0-or-later
// Processors and devices at the same time, and one that dies in the middle.
#include "machine/cache-model/page_lock.hpp"
#include "machine/cache-model/test_machine.hpp"

#include <atomic>
#include <sys/wait.h>
#include <thread>
#include <vector>

namespace ipu3::cache {
namespace {

/// Stores and flushes of one processor to its own word of a line that others flush all the time.
void expect_own_stores_in_dram(TestMachine& machine, CacheModel model, std::uint64_t at,
                               int rounds) {
    auto* word = reinterpret_cast<std::uint64_t*>(model.ram().data() + at);
    for (int round = 1; round <= rounds; ++round) {
        // Every second store changes nothing, so that only its report makes the line dirty.
        const auto number = static_cast<std::uint64_t>(round / 2);
        std::atomic_ref{*word}.store(number);
        model.store(RamOffset{at}, sizeof(number));
        (void)model.flush(RamOffset{at}, Flush::invalidate);
        std::uint64_t in_dram = 0;
        model.device_read(machine.device(), RamOffset{at},
                          std::as_writable_bytes(std::span{&in_dram, 1}));
        ASSERT_EQ(in_dram, number);
        ASSERT_EQ(std::atomic_ref{*word}.load(), number);
    }
}

void run_race(const ModelSpec& spec) {
    TestMachine machine{spec};
    constexpr int rounds = 20000;
    std::atomic<bool> stop{false};
    std::vector<std::thread> others;
    others.emplace_back([&] {
        auto model = machine.attach();
        while (!stop) {
            (void)model.flush(RamOffset{0}, Flush::invalidate);
            (void)model.flush(RamOffset{8}, Flush::keep);
        }
    });
    others.emplace_back([&] {
        // A device that is busy in the same page, with lines of its own.
        auto model = machine.attach();
        const std::vector<std::byte> frame(page_size - line_size, std::byte{'d'});
        while (!stop) {
            model.device_write(machine.device(), RamOffset{line_size}, frame);
        }
    });
    others.emplace_back([&] {
        // One that snoops, and writes beside the processors' words in their line.
        auto model = machine.attach();
        const std::vector<std::byte> word(8, std::byte{'s'});
        while (!stop) {
            model.snooped_write(RamOffset{32}, word);
        }
    });
    std::thread first{[&] { expect_own_stores_in_dram(machine, machine.attach(), 0, rounds); }};
    std::thread second{[&] { expect_own_stores_in_dram(machine, machine.attach(), 8, rounds); }};
    first.join();
    second.join();
    stop = true;
    for (auto& other : others) {
        other.join();
    }
}

TEST(Race, NoStoreIsEverTakenForClean) {
    run_race({});
}

TEST(Race, NorWithEvictions) {
    run_race({.evict = 5});
}

TEST(Race, AFullFlushAmongOthersHarmsNobody) {
    TestMachine machine;
    std::atomic<bool> stop{false};
    std::thread flusher{[&] {
        auto model = machine.attach();
        while (!stop) {
            model.flush_all(Flush::invalidate);
        }
    }};
    expect_own_stores_in_dram(machine, machine.attach(), 16, 5000);
    stop = true;
    flusher.join();
}

TEST(Race, AProcessThatDiesWithALockStopsNobody) {
    TestMachine machine;
    machine.store(0, "one");
    machine.flush(0);
    auto* header =
        static_cast<shared::Header*>(::mmap(nullptr, sizeof(shared::Header), PROT_READ | PROT_WRITE,
                                            MAP_SHARED, machine.state_fd(), 0));
    ASSERT_NE(header, MAP_FAILED);
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const PageLock held{header->locks.at(0)};
        ::_exit(0); // no destructor runs
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    (void)::munmap(header, sizeof(shared::Header));
    EXPECT_EQ(machine.device_read(0, 3), "one");
    EXPECT_EQ(machine.cpu().dead_lock_owners, 1U);
    machine.flush(0);
    EXPECT_EQ(machine.cpu().dead_lock_owners, 1U); // told once
}

} // namespace
} // namespace ipu3::cache
