// SPDX-License-Identifier: GPL-2.0-or-later
// The queues between the driver and SP0's program, in SP0's memory.
#pragma once

#include "machine/virtual-ipu3/imgu/local_memory.hpp"

#include <cstdint>
#include <optional>

namespace ipu3::imgu {

/// What a queue of buffers carries. The first driver's use of them: ipu3-css.c, imgu_css_queues.
enum class BufferQueue : std::uint8_t {
    parameters = 0, ///< A
    unused = 1,     ///< B
    input = 2,      ///< C
    output = 3,     ///< D
    viewfinder = 4, ///< E
    statistics = 5, ///< F
};

/// Rings of words; each has the bytes size, step, start, end before it. The one who takes moves
/// start, the one who gives moves end; a ring with one free word is full. Facts: struct
/// imgu_abi_queues in Linux ipu3-abi.h.
class Queues {
  public:
    static constexpr unsigned threads = 4;
    static constexpr unsigned buffer_queues = 8;
    static constexpr std::uint32_t bytes = 1224; ///< of all

    /// @p at: where SP0's program has them; they lie within @p memory.
    Queues(LocalMemory& memory, std::uint32_t at) : memory_{memory}, at_{at} {}

    /// Makes all of them empty, with the sizes that the driver may use.
    void initialize();

    [[nodiscard]] std::optional<std::uint32_t> take_event();
    /// Nothing also where there is no such thread or queue.
    [[nodiscard]] std::optional<std::uint32_t> take(unsigned thread, BufferQueue queue);
    /// False when it is full.
    [[nodiscard]] bool give_event(std::uint32_t event);
    [[nodiscard]] bool give(BufferQueue queue, std::uint32_t value);
    /// For a program that has gone mad: an index of the ring of events that it does not have.
    void spoil_events();
    /// How many words can still be given.
    [[nodiscard]] unsigned room_for_events() const;

    /// Whether a write of the driver's to [@p from, @p from + @p size) has given an event.
    [[nodiscard]] bool is_doorbell(std::uint64_t from, std::uint64_t size) const;

  private:
    struct Ring {
        std::uint32_t info;
        std::uint32_t words;
        unsigned size; ///< what the driver writes there is not trusted
    };
    [[nodiscard]] Ring to_sp(unsigned thread, unsigned queue) const;
    [[nodiscard]] Ring to_host(unsigned queue) const;
    [[nodiscard]] Ring events_to_sp() const;
    [[nodiscard]] Ring events_to_host() const;
    void make_empty(Ring ring);
    [[nodiscard]] std::optional<std::uint32_t> take(Ring ring);
    [[nodiscard]] bool give(Ring ring, std::uint32_t value);

    LocalMemory& memory_;
    std::uint32_t at_;
};

} // namespace ipu3::imgu
