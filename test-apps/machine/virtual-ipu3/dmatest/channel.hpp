// SPDX-License-Identifier: GPL-2.0-or-later
// A queue of commands, carried out one after the other.
#pragma once

#include "machine/virtual-ipu3/dmatest/dma.hpp"
#include "machine/virtual-ipu3/dmatest/interrupts.hpp"
#include "machine/virtual-ipu3/dmatest/registers.hpp"
#include "machine/virtual-ipu3/dmatest/transfer.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace ipu3::dmatest {

/// What a channel works with; all of it outlives the channel.
struct ChannelContext {
    sim::Scheduler& clock;
    sim::Trace& trace;
    std::string_view device; ///< its name in the trace
    Dma& dma;
    Interrupts& interrupts;
    std::uint32_t& sequence; ///< completions of the function
};

/// The first half of a command's bytes moves when it starts, the second when its delay is over: the
/// device has the buffer in use all the while.
class Channel {
  public:
    Channel(unsigned number, const ChannelContext& context);

    /// Software's accesses to slot @p slot by offset in it, and to the channel's own registers;
    /// nothing / false where there is none. @p slot is below reg::slots.
    [[nodiscard]] std::optional<std::uint32_t> read_slot(unsigned slot, std::uint64_t offset) const;
    bool write_slot(unsigned slot, std::uint64_t offset, std::uint32_t value);
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const;
    bool write(std::uint64_t offset, std::uint32_t value);

    /// The MMU's gate has opened.
    void gate_opened();
    /// Power-on state: nothing runs.
    void reset();

  private:
    struct Slot {
        std::array<std::uint32_t, reg::slot::stride / 4> registers{};
        Command command; ///< as the doorbell found it
        reg::slot::State state{reg::slot::State::idle};
    };
    /// The command at the head of the queue.
    struct Running {
        unsigned slot;
        sim::TimePoint end;
        std::optional<Transfer> transfer; ///< none for a command that moves nothing
        bool waited{false};               ///< the delay is over
    };

    void ring(unsigned slot);
    void start_next();
    void work();
    void complete(const Running& running);
    void report(Slot& slot, const Running& running, reg::slot::Code code);
    void abort();
    void keep(const Command& command);
    void keep_on();
    void stop_keep();

    unsigned number_;
    ChannelContext context_;
    std::array<Slot, reg::slots> slots_;
    std::deque<unsigned> queue_; ///< behind the running one
    std::optional<Running> running_;
    sim::Timer timer_;
    bool stalled_{false}; ///< waits for the gate

    std::optional<Command> kept_;
    std::optional<Transfer> keep_pass_;
    sim::Timer keep_timer_;
    std::uint32_t keep_passes_{0};

    sim::Timer spurious_;
};

} // namespace ipu3::dmatest
