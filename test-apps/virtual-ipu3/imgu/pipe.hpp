// SPDX-License-Identifier: GPL-2.0-or-later
// One of SP0's threads: takes buffers, makes frames, gives buffers back.
#pragma once

#include "virtual-ipu3/imgu/acc_param.hpp"
#include "virtual-ipu3/imgu/mapped_memory.hpp"
#include "virtual-ipu3/imgu/queues.hpp"
#include "virtual-ipu3/isp/parameters.hpp"
#include "virtual-ipu3/sim/scheduler.hpp"
#include "virtual-ipu3/sim/trace.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace ipu3::imgu {

/// What a pipe works with; outlives it.
struct PipeContext {
    sim::Scheduler& clock;
    sim::Trace& trace;
    MappedMemory& memory;
    Queues& queues;
    std::function<void()> interrupt;     ///< events have been given
    std::function<unsigned()> frequency; ///< of the processors, MHz
};

/// A frame begins when an input buffer and a set of parameters are there, and the pipe is started;
/// it takes one buffer of each other queue that has one. When it ends, all go back in the order of
/// their events, then the pipeline is done. What no frame can be made with is told to the trace;
/// its buffers go back as they are, for the driver waits for each of them.
class Pipe {
  public:
    Pipe(unsigned number, const PipeContext& context) : number_{number}, context_{context} {}

    /// The driver has queued the buffer whose descriptor is at @p descriptor.
    void enqueue(BufferQueue queue, std::uint32_t descriptor);
    /// @p group: where the driver's description of all pipes is.
    void start(Address group);
    /// Forgets all buffers; the driver takes them back.
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
    void end(const Frame& frame);
    void make(const Frame& frame, const isp::Parameters& parameters);
    void write_picture(std::uint32_t descriptor, std::span<const std::byte> picture);
    void refuse(std::string_view why);
    void flush();

    unsigned number_;
    PipeContext context_;
    std::uint32_t pipe_id_{0};
    bool running_{false};
    bool busy_{false};
    bool counts_awb_{false};
    bool counts_af_{false};
    std::array<std::deque<std::uint32_t>, Queues::buffer_queues> waiting_;
    std::optional<Set> set_;
    struct Given {
        std::optional<BufferQueue> queue; ///< nothing: an event alone
        std::uint32_t descriptor;
        std::uint32_t event;
    };
    std::deque<Given> owed_; ///< for which there was no room
    sim::Timer timer_;
};

} // namespace ipu3::imgu
