// SPDX-License-Identifier: GPL-2.0-or-later
// For tests: a guest with memory and an interrupt around the device, and a small driver that
// programs the device in the order in which Linux's ipu3-cio2.c does.
#pragma once

#include "machine/virtual-ipu3/cio2/cio2.hpp"
#include "machine/virtual-ipu3/cio2/fbpt.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::cio2::test {

/// Guest memory behind one memfd, whose pages are handed out in a shuffled order, and the MSI
/// counter.
class Guest final : public vfio_user::Upstream {
  public:
    static constexpr std::uint64_t base = 0x1'0000'0000; ///< guest-physical address of the memory
    static constexpr std::uint32_t pages = 6144;
    /// A page frame number that nothing is mapped at.
    static constexpr std::uint32_t unmapped_pfn = 0x7ff'fff0;

    Guest();

    [[nodiscard]] vfio_user::GuestMemory& memory() override { return memory_; }
    void raise_msi(unsigned vector) override;

    /// A page filled with @p fill.
    [[nodiscard]] std::uint32_t allocate(std::byte fill = std::byte{0});
    [[nodiscard]] std::vector<std::byte> bytes(std::uint32_t pfn) const;
    template <typename T>
    [[nodiscard]] T peek(vfio_user::Iova at) const {
        return memory_.load<T>(at).value();
    }
    template <typename T>
    void poke(vfio_user::Iova at, const T& value) {
        must(memory_.store(at, value));
    }

    /// Guest memory at @p at, which must be there.
    void fill(vfio_user::Iova at, std::span<const std::byte> bytes) {
        must(memory_.write(at, bytes));
    }

    unsigned messages{0};

  private:
    template <typename E>
    static void must(const tl::expected<void, E>& done) {
        if (!done) {
            throw std::runtime_error{"the test's own access to guest memory failed"};
        }
    }

    vfio_user::GuestMemory memory_;
    std::vector<std::uint32_t> free_;
};

/// The device with everything that it needs.
class Machine {
  public:
    explicit Machine(std::vector<sim::FaultSpec> fault_specs = {},
                     Sabotage sabotage = Sabotage::none);

    [[nodiscard]] std::uint32_t read(std::uint64_t offset);
    void write(std::uint64_t offset, std::uint32_t value);
    /// Configuration writes, as software makes them.
    void command(std::uint16_t value);
    void power(vfio_user::PowerState state);
    /// Trace lines that contain @p text.
    [[nodiscard]] std::size_t traced(std::string_view text) const;
    [[nodiscard]] std::uint64_t counted(std::string_view event) const {
        return trace.counted("cio2", event);
    }

    sim::ManualScheduler scheduler;
    std::vector<std::string> lines;
    sim::Trace trace;
    sim::FaultPlan faults;
    Guest guest;
    Cio2 device;
};

/// A frame whose pixels follow from its index.
[[nodiscard]] Frame make_frame(std::uint64_t index, frames::Size size);
/// Sends @p frame from start to end.
void send(Receiver& port, const Frame& frame);

/// Memory for one frame.
struct Buffer {
    std::vector<std::uint32_t> pages;
    std::vector<std::uint32_t> lops;
    std::size_t size{0};
    std::uint32_t offset{0};
};

/// What the driver saw of a buffer that came back.
struct Done {
    Buffer buffer;
    std::uint32_t bytes;
    fbpt::FirstSubEntry first;
    fbpt::SecondSubEntry second;
};

/// One stream on one port and DMA channel.
class Driver {
  public:
    static constexpr unsigned entries = 32;
    static constexpr unsigned sub_entries = 8;

    Driver(Machine& machine, unsigned port, frames::Size size, unsigned channel = 0);

    [[nodiscard]] Buffer allocate(std::uint32_t offset = 0, std::byte fill = std::byte{0});
    [[nodiscard]] Buffer allocate(std::size_t size, std::uint32_t offset, std::byte fill);
    void queue(const Buffer& buffer);
    void start();
    /// Whether the DMA channel reported that it halted.
    [[nodiscard]] bool stop();
    /// Runs the interrupt handler for every message that arrived.
    void service();

    /// The pixels of @p done_buffer that differ from @p frame's, by a bitwise reading of the packed
    /// lines.
    [[nodiscard]] std::size_t bad_pixels(const Done& done_buffer, const Frame& frame) const;
    [[nodiscard]] std::vector<std::byte> content(const Buffer& buffer) const;

    [[nodiscard]] vfio_user::Iova entry(unsigned index) const;
    [[nodiscard]] std::size_t line_bytes() const {
        return (std::size_t{size_.width} + 49) / 50 * 64;
    }
    [[nodiscard]] std::size_t image_bytes() const { return line_bytes() * size_.height; }

    std::deque<Done> done;
    unsigned dummies{0};       ///< frames that went to the dummy buffer
    unsigned starts{0};        ///< frame-start events
    unsigned unclaimed{0};     ///< interrupts with no status
    std::uint32_t statuses{0}; ///< all INT_STS bits seen
    std::uint32_t output_errors{0};
    std::uint32_t input_errors{0};
    std::uint32_t receiver_errors{0};

  private:
    [[nodiscard]] std::uint64_t port_register(std::uint64_t offset) const;
    [[nodiscard]] std::uint64_t channel_register(std::uint64_t offset) const;
    void set_dummy(unsigned index);
    void interrupt();
    void buffers_done();

    Machine& machine_;
    unsigned port_;
    frames::Size size_;
    unsigned channel_;
    std::uint32_t table_;
    std::uint32_t dummy_page_;
    std::uint32_t dummy_lop_;
    std::map<unsigned, Buffer> queued_;
    unsigned first_{0};
    unsigned next_{0};
};

} // namespace ipu3::cio2::test
