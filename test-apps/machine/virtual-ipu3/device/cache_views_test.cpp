// SPDX-License-Identifier: GPL-2.0-or-later
// Which of a function's accesses go to DRAM and which to the caches, through its DMA windows.
#include "machine/virtual-ipu3/device/cache_views.hpp"

#include "machine/cache-model/test_machine.hpp"
#include "machine/virtual-ipu3/dmatest/ipu_mmu.hpp"

#include <gmock/gmock.h>

namespace ipu3::device {
namespace {

using cache::FunctionSpec;
using cache::page_size;
using cache::TestMachine;
using testing::HasSubstr;
using vfio_user::Iova;

constexpr std::array board{BoardFunction{"cio2", nullptr}, BoardFunction{"imgu", nullptr}};
const FunctionSpec imgu_tables{.name = "imgu", .tables = true, .buffers = false};
const FunctionSpec imgu_buffers{.name = "imgu", .tables = false, .buffers = true};

/// A guest whose ImgU has page tables that lead to one page as they are in memory, and to another
/// as they are in the caches.
class Guest {
  public:
    explicit Guest(const FunctionSpec& imgu, bool ddio = false)
        : machine{{.ddio = ddio, .functions = {imgu}}, "imgu"},
          views_{cache::must(CacheViews::make(machine.state_fd(), machine.ram_fd(), board))} {
        store_word(l1, l2 / page_size);
        store_word(l2, page_in_dram);
        machine.flush(l1);
        machine.flush(l2);
        store_word(l2, page_in_caches);
    }

    [[nodiscard]] vfio_user::GuestMemory memory_of(std::string_view function) {
        vfio_user::GuestMemory memory;
        memory.set_views(views_->of(function));
        EXPECT_TRUE(memory.map(Iova{0}, machine.model().ram_size(),
                               {.readable = true, .writable = true},
                               base::UniqueFd{::fcntl(machine.ram_fd(), F_DUPFD_CLOEXEC, 0)}, 0));
        return memory;
    }
    /// Where the first page of the function's addresses leads.
    [[nodiscard]] std::uint64_t walk(std::string_view function) {
        mmu::IpuMmu mmu;
        mmu.write(mmu::reg::L1Base::offset, l1 / page_size);
        return value(mmu.translate(mmu::Virtual{0}, memory_of(function)).value()) / page_size;
    }
    [[nodiscard]] std::string read(std::string_view function, std::uint64_t at, std::size_t size) {
        std::string bytes(size, '\0');
        EXPECT_TRUE(memory_of(function).read(Iova{at}, std::as_writable_bytes(std::span{bytes})));
        return bytes;
    }
    void write(std::string_view function, std::uint64_t at, std::string_view bytes) {
        EXPECT_TRUE(memory_of(function).write(Iova{at}, std::as_bytes(std::span{bytes})));
    }

    static constexpr std::uint64_t page_in_dram = 4;
    static constexpr std::uint64_t page_in_caches = 5;
    static constexpr std::uint64_t buffer = 6 * page_size;

    TestMachine machine;

  private:
    static constexpr std::uint64_t l1 = page_size;
    static constexpr std::uint64_t l2 = 2 * page_size;

    void store_word(std::uint64_t at, std::uint64_t word) {
        const auto entry = static_cast<std::uint32_t>(word);
        std::string bytes(sizeof(entry), '\0');
        std::memcpy(bytes.data(), &entry, sizeof(entry));
        machine.store(at, bytes);
    }

    std::unique_ptr<CacheViews> views_;
};

/// A buffer that is "mem" in memory and "cpu" in the caches.
void make_dirty(Guest& guest) {
    guest.machine.store(Guest::buffer, "mem");
    guest.machine.flush(Guest::buffer);
    guest.machine.store(Guest::buffer, "cpu");
}

TEST(CacheViews, AllOfAFunctionMayLookPastTheCaches) {
    for (const bool ddio : {false, true}) {
        Guest guest{{.name = "imgu"}, ddio};
        make_dirty(guest);
        EXPECT_EQ(guest.walk("imgu"), Guest::page_in_dram);
        EXPECT_EQ(guest.read("imgu", Guest::buffer, 3), "mem");
        guest.write("imgu", Guest::buffer, "dev");
        EXPECT_EQ(guest.machine.load(Guest::buffer, 3), "cpu");
        EXPECT_EQ(guest.machine.device_read(Guest::buffer, 3), "dev");
    }
}

TEST(CacheViews, TheWalkerAloneMay) {
    for (const bool ddio : {false, true}) {
        Guest guest{imgu_tables, ddio};
        make_dirty(guest);
        EXPECT_EQ(guest.walk("imgu"), Guest::page_in_dram);
        EXPECT_EQ(guest.read("imgu", Guest::buffer, 3), "cpu");
        guest.write("imgu", Guest::buffer, "dev");
        EXPECT_EQ(guest.machine.load(Guest::buffer, 3), "dev");
        EXPECT_EQ(guest.machine.device_read(Guest::buffer, 3), ddio ? "mem" : "dev");
    }
}

TEST(CacheViews, AllButTheWalkerMay) {
    for (const bool ddio : {false, true}) {
        Guest guest{imgu_buffers, ddio};
        make_dirty(guest);
        EXPECT_EQ(guest.walk("imgu"), Guest::page_in_caches);
        EXPECT_EQ(guest.read("imgu", Guest::buffer, 3), "mem");
        guest.write("imgu", Guest::buffer, "dev");
        EXPECT_EQ(guest.machine.load(Guest::buffer, 3), "cpu");
    }
}

TEST(CacheViews, WhatOtherFunctionsWriteReachesMemory) {
    Guest guest{{.name = "imgu"}};
    EXPECT_EQ(guest.walk("cio2"), Guest::page_in_caches);
    guest.write("cio2", Guest::buffer, "raw");
    EXPECT_EQ(guest.machine.load(Guest::buffer, 3), "raw");
    EXPECT_EQ(guest.read("cio2", Guest::buffer, 3), "raw");
    EXPECT_EQ(guest.read("imgu", Guest::buffer, 3), "raw");
    EXPECT_EQ(guest.machine.camera().stale_reads, 0U);
    EXPECT_EQ(guest.machine.camera().poison_reads, 0U);
}

TEST(CacheViews, OrStaysInTheCaches) {
    Guest guest{{.name = "imgu"}, true};
    guest.machine.flush(Guest::buffer);
    guest.write("cio2", Guest::buffer, "raw");
    EXPECT_EQ(guest.machine.load(Guest::buffer, 3), "raw");
    EXPECT_EQ(guest.read("cio2", Guest::buffer, 3), "raw");
    EXPECT_EQ(guest.read("imgu", Guest::buffer, 3), std::string(3, '\0'));
    EXPECT_EQ(guest.machine.camera().stale_reads, 1U);
    guest.machine.flush(Guest::buffer);
    EXPECT_EQ(guest.read("imgu", Guest::buffer, 3), "raw");
}

TEST(CacheViews, AFunctionThatTheBoardDoesNotHaveIsRefused) {
    const TestMachine machine{{.functions = {{.name = "dmatest0"}}}, "dmatest0"};
    EXPECT_THAT(CacheViews::make(machine.state_fd(), machine.ram_fd(), board).error().message,
                HasSubstr("no function dmatest0"));
    EXPECT_FALSE(CacheViews::make(-1, machine.ram_fd(), board));
}

} // namespace
} // namespace ipu3::device
