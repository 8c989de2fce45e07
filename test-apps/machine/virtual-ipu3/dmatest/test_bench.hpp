// SPDX-License-Identifier: GPL-2.0-or-later
// For tests: a guest with memory and an interrupt, page tables in it, and the device.
#pragma once

#include "lib/base/unique_fd.hpp"
#include "machine/virtual-ipu3/dmatest/dma_test.hpp"
#include "machine/virtual-ipu3/dmatest/mmu_registers.hpp"

#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <span>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace ipu3::dmatest::test {

inline constexpr std::uint64_t page_size = mmu::page_size;

/// Guest memory from a page frame number that is not 0, handed out downwards, so that neighbours in
/// a buffer are never neighbours in memory in the same order.
class Guest final : public vfio_user::Upstream {
  public:
    static constexpr std::uint32_t first_pfn = 0x100000;
    static constexpr std::uint32_t pages = 2048;

    Guest() {
        constexpr std::uint64_t size = pages * page_size;
        base::UniqueFd fd{::memfd_create("guest", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
        if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0 ||
            ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK) != 0 ||
            !memory_.map(address(first_pfn), size, {.readable = true, .writable = true},
                         std::move(fd), 0)) {
            throw std::runtime_error{"no guest memory"};
        }
    }

    [[nodiscard]] vfio_user::GuestMemory& memory() override { return memory_; }
    void raise_msi(unsigned /*vector*/) override { ++messages; }

    [[nodiscard]] static vfio_user::Iova address(std::uint32_t pfn) {
        return vfio_user::Iova{std::uint64_t{pfn} * page_size};
    }
    /// A page of zeroes.
    [[nodiscard]] std::uint32_t allocate() {
        if (next_ == 0) {
            throw std::runtime_error{"the test's guest is out of memory"};
        }
        return first_pfn + --next_;
    }
    [[nodiscard]] std::vector<std::byte> read(vfio_user::Iova from, std::size_t size) const {
        std::vector<std::byte> bytes(size);
        if (!memory_.read(from, bytes)) {
            throw std::runtime_error{"the test's own access failed"};
        }
        return bytes;
    }
    void write(vfio_user::Iova to, std::span<const std::byte> bytes) {
        if (!memory_.write(to, bytes)) {
            throw std::runtime_error{"the test's own access failed"};
        }
    }
    void poke(vfio_user::Iova to, std::uint32_t value) {
        write(to, std::as_bytes(std::span{&value, 1}));
    }

    unsigned messages{0};

  private:
    vfio_user::GuestMemory memory_;
    std::uint32_t next_{pages};
};

/// Page tables as software makes them: every entry leads to a dummy.
class Tables {
  public:
    explicit Tables(Guest& guest)
        : guest_{guest}, dummy_{guest.allocate()}, empty_{table(dummy_)}, l1_{table(empty_)} {}

    [[nodiscard]] std::uint32_t l1() const { return l1_; }
    [[nodiscard]] std::uint32_t dummy() const { return dummy_; }

    /// Maps page @p page of the device's addresses to @p pfn.
    void map(std::uint32_t page, std::uint32_t pfn) {
        auto& l2 = l2_.at(page / entries);
        if (l2 == 0) {
            l2 = table(dummy_);
            guest_.poke(Guest::address(l1_) + std::uint64_t{page / entries} * 4, l2);
        }
        guest_.poke(Guest::address(l2) + std::uint64_t{page % entries} * 4, pfn);
    }
    void unmap(std::uint32_t page) { map(page, dummy_); }

  private:
    static constexpr std::uint32_t entries = 1024;
    [[nodiscard]] std::uint32_t table(std::uint32_t entry) {
        const auto pfn = guest_.allocate();
        const std::vector<std::uint32_t> all(entries, entry);
        guest_.write(Guest::address(pfn), std::as_bytes(std::span{all}));
        return pfn;
    }

    Guest& guest_;
    std::uint32_t dummy_;
    std::uint32_t empty_;
    std::uint32_t l1_;
    std::array<std::uint32_t, entries> l2_{};
};

/// The device on virtual time.
struct Bench {
    Bench() : trace{clock, [this](std::string_view line) { lines.emplace_back(line); }} {
        device.attach(guest);
    }

    [[nodiscard]] std::uint32_t read(std::uint64_t offset) {
        std::uint32_t value = 0;
        device.bar_read(0, offset, std::as_writable_bytes(std::span{&value, 1}));
        return value;
    }
    void write(std::uint64_t offset, std::uint32_t value) {
        device.bar_write(0, offset, std::as_bytes(std::span{&value, 1}));
    }
    template <typename R>
    [[nodiscard]] R get() {
        return R::from(read(R::offset));
    }
    [[nodiscard]] static std::uint64_t slot_at(unsigned channel, unsigned slot) {
        return reg::slot::base + channel * reg::slot::channel_stride + slot * reg::slot::stride;
    }
    [[nodiscard]] static std::uint64_t channel_at(unsigned channel) {
        return reg::channel::base + channel * reg::channel::stride;
    }
    template <typename R>
    [[nodiscard]] std::uint32_t slot(unsigned channel, unsigned slot_number) {
        return read(slot_at(channel, slot_number) + R::offset);
    }
    [[nodiscard]] reg::slot::State state(unsigned channel, unsigned slot_number) {
        return static_cast<reg::slot::State>(
            reg::slot::Result::State::get(slot<reg::slot::Result>(channel, slot_number)));
    }
    [[nodiscard]] reg::slot::Code code(unsigned channel, unsigned slot_number) {
        return static_cast<reg::slot::Code>(
            reg::slot::Result::Code::get(slot<reg::slot::Result>(channel, slot_number)));
    }

    /// Rings the doorbell for @p command.
    void ring(unsigned channel, unsigned slot_number, const Command& command) {
        using namespace reg::slot;
        const auto at = slot_at(channel, slot_number);
        const auto low = [](Address address) {
            return static_cast<std::uint32_t>(static_cast<std::uint64_t>(address));
        };
        const auto high = [](Address address) {
            return static_cast<std::uint32_t>(static_cast<std::uint64_t>(address) >> 32U);
        };
        write(at + reg::slot::Command::offset, command.command.raw);
        write(at + AddressLow::offset, low(command.address));
        write(at + AddressHigh::offset, high(command.address));
        write(at + SourceLow::offset, low(command.source));
        write(at + SourceHigh::offset, high(command.source));
        write(at + LineBytes::offset, command.line_bytes);
        write(at + Lines::offset, command.lines);
        write(at + Stride::offset, command.stride);
        write(at + Frame::offset, command.frame);
        write(at + Delay::offset, command.delay_us);
        write(at + Beyond::offset, command.beyond);
        write(at + Doorbell::offset, 1);
    }
    /// Runs the device until nothing is due within @p longest.
    void settle(sim::Duration longest = std::chrono::seconds{20}) { clock.advance(longest); }
    [[nodiscard]] std::uint64_t counted(std::string_view event) const {
        return trace.counted("dmatest0", event);
    }

    sim::ManualScheduler clock;
    std::vector<std::string> lines;
    sim::Trace trace;
    Guest guest;
    Tables tables{guest};
    DmaTest device{0, clock, trace};
};

/// A command with the usual parameters.
[[nodiscard]] inline Command command(reg::slot::Operation operation, Address address,
                                     std::uint32_t bytes, std::uint32_t frame = 0) {
    Command made;
    made.command = reg::slot::Command{}.with<reg::slot::Command::Operation>(
        static_cast<std::uint32_t>(operation));
    made.address = address;
    made.line_bytes = bytes;
    made.lines = 1;
    made.stride = bytes;
    made.frame = frame;
    return made;
}

} // namespace ipu3::dmatest::test
