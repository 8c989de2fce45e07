// SPDX-License-Identifier: GPL-2.0-or-later
// For tests: a guest, and a driver that starts the ImgU as Linux does.
#pragma once

#include "machine/virtual-ipu3/dmatest/test_bench.hpp"
#include "machine/virtual-ipu3/imgu/imgu.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ipu3::imgu::test {

/// The stand-in, parsed.
[[nodiscard]] Firmware firmware();
/// Puts the word @p value at byte @p at of @p file.
void poke(std::vector<std::byte>& file, std::size_t at, std::uint32_t value);
/// The device, a guest with page tables, the programs in its memory.
class Machine {
  public:
    /// @p other: who makes the frames, outlives the machine; null: the machine itself, at once.
    explicit Machine(Sabotage sabotage = Sabotage::none, sim::Worker* other = nullptr,
                     std::vector<sim::FaultSpec> specs = {});

    [[nodiscard]] std::uint32_t read(std::uint64_t offset);
    [[nodiscard]] std::uint8_t read_byte(std::uint64_t offset);
    void write(std::uint64_t offset, std::uint32_t value);
    void write_byte(std::uint64_t offset, std::uint8_t value);
    template <typename R>
    [[nodiscard]] R get() {
        return R::from(read(R::offset));
    }
    /// Offset in the BAR of a variable in SP @p number's memory.
    [[nodiscard]] static std::uint64_t sp(unsigned number, std::uint32_t variable) {
        return reg::memory::sp_dmem + reg::memory::bytes * number + variable;
    }

    // The driver's steps.
    void power_up();
    void set_up_mmu();
    /// Tells where the programs are.
    void set_programs();
    /// The bootloader's state afterwards.
    std::uint32_t boot();
    void write_initial_data(unsigned number);
    /// SP @p number's state afterwards.
    std::uint32_t run_sp(unsigned number);
    std::uint32_t start_sp(unsigned number);
    void enable_interrupts();
    /// All of it.
    void start();
    /// False when the queue is full.
    bool queue_event(std::uint32_t event);
    bool queue_buffer(unsigned thread, unsigned queue, std::uint32_t value);
    std::optional<std::uint32_t> dequeue_buffer(unsigned queue);
    /// Also tells SP0 that it was taken, as Linux does.
    std::optional<std::uint32_t> dequeue_event();

    /// Maps new pages at @p address, a page's start.
    void map(std::uint32_t address, std::size_t bytes);
    /// The guest's accesses to what is mapped at @p address.
    void put(std::uint32_t address, std::span<const std::byte> bytes);
    template <typename T>
    void put(std::uint32_t address, const T& value) {
        put(address, std::as_bytes(std::span{&value, 1}));
    }
    [[nodiscard]] std::vector<std::byte> get(std::uint32_t address, std::size_t bytes);

    sim::ManualScheduler clock;
    std::vector<std::string> lines;
    sim::Trace trace{clock, [this](std::string_view line) { lines.emplace_back(line); }};
    dmatest::test::Guest guest;
    dmatest::test::Tables tables{guest};
    sim::InlineWorker worker{clock};
    sim::FaultPlan faults;
    Imgu device;
    /// Addresses of the programs' bodies: SP0, SP1, bootloader.
    std::array<std::uint32_t, 3> programs{0x10000000, 0x20000000, 0x30000000};
    /// Where the first page of each is in the guest's memory.
    std::array<std::uint32_t, 3> first_pages{};

  private:
    void place(unsigned number, std::span<const std::byte> body);
    Firmware firmware_{firmware()};
    std::map<std::uint32_t, std::uint32_t> pages_; ///< page frame numbers by page of the ImgU's
};

} // namespace ipu3::imgu::test
