// SPDX-License-Identifier: GPL-2.0-or-later
// One of SP0's threads: takes buffers, makes frames, gives buffers back.
#pragma once

#include "machine/virtual-ipu3/imgu/acc_param.hpp"
#include "machine/virtual-ipu3/imgu/faults.hpp"
#include "machine/virtual-ipu3/imgu/mapped_memory.hpp"
#include "machine/virtual-ipu3/imgu/processing.hpp"
#include "machine/virtual-ipu3/imgu/queues.hpp"
#include "machine/virtual-ipu3/imgu/sabotage.hpp"
#include "machine/virtual-ipu3/isp/parameters.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"
#include "machine/virtual-ipu3/sim/worker.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace ipu3::imgu {

/// What a pipe works with; outlives it.
struct PipeContext {
    sim::Scheduler& clock;
    sim::Worker& worker; ///< makes the frames
    sim::Trace& trace;
    MappedMemory& memory;
    Queues& queues;
    Faults& faults;
    std::function<void()> interrupt;     ///< events have been given
    std::function<void()> spurious;      ///< an interrupt without a cause
    std::function<void()> off_bus;       ///< registers are not to be read any more
    std::function<unsigned()> frequency; ///< of the processors, MHz
    Sabotage sabotage{Sabotage::none};
};

/// A frame begins when an input buffer and a set of parameters are there, and the pipe is started;
/// it takes one buffer of each other queue that has one, and reads the input. It ends when its time
/// is over and the worker has made it: then what was made is written and all go back in the order
/// of their events, then the pipeline is done. What no frame can be made with is told to the trace;
/// its buffers go back as they are, for the driver waits for each of them.
class Pipe {
  public:
    Pipe(unsigned number, PipeContext context) : number_{number}, context_{std::move(context)} {}

    /// The driver has queued the buffer whose descriptor is at @p descriptor.
    void enqueue(BufferQueue queue, std::uint32_t descriptor);
    /// @p group: where the driver's description of all pipes is.
    void start(Address group);
    /// Forgets all buffers; the driver takes them back. A frame that is stuck is over.
    void stop();
    /// A frame is being made.
    [[nodiscard]] bool busy() const { return busy_; }
    /// There is room again for events.
    void events_taken() { flush(); }

  private:
    struct Set {
        std::uint32_t address{0};
        std::optional<isp::Parameters> parameters; ///< nothing: none to make a frame with
        std::array<std::byte, statistics_config_bytes> statistics{};
    };
    struct Frame {
        std::uint32_t input{0};
        std::optional<std::uint32_t> output;
        std::optional<std::uint32_t> viewfinder;
        std::optional<std::uint32_t> statistics;
    };

    [[nodiscard]] Set read_set(std::uint32_t address);
    void begin();
    void order(const isp::Parameters& parameters, const Set& set);
    [[nodiscard]] std::optional<std::vector<std::byte>>
    read_input(std::uint32_t descriptor, const isp::Parameters& parameters);
    void end_when_made();
    void end();
    void misbehave();
    void write_back(std::optional<std::uint32_t> descriptor,
                    const std::optional<std::vector<std::byte>>& bytes);
    void refuse(std::string_view why);
    void flush(bool with_interrupt = true);

    unsigned number_;
    PipeContext context_;
    std::uint32_t pipe_id_{0};
    bool running_{false};
    bool busy_{false};
    bool counts_awb_{false};
    bool counts_af_{false};
    std::array<std::deque<std::uint32_t>, Queues::buffer_queues> waiting_;
    std::optional<Set> set_;
    Frame frame_;        ///< while busy
    bool making_{false}; ///< the worker has it
    bool waiting_for_time_{false};
    Processed processed_; ///< what the worker made
    struct Given {
        std::optional<BufferQueue> queue; ///< nothing: an event alone
        std::uint32_t descriptor{0};
        std::uint32_t event{0};
    };
    std::deque<Given> owed_; ///< for which there was no room
    sim::Timer timer_;
    sim::Timer work_;
    std::deque<sim::Timer> late_; ///< sabotage: events that are held back
    std::optional<std::vector<std::byte>> previous_statistics_; ///< sabotage
    std::uint64_t frames_{0};                                   ///< sabotage: which event is lost
};

} // namespace ipu3::imgu
