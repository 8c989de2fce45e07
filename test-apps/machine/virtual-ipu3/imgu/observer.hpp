// SPDX-License-Identifier: GPL-2.0-or-later
// Whoever wants to know what a driver tells the ImgU.
#pragma once

#include "machine/virtual-ipu3/imgu/mapped_memory.hpp"
#include "machine/virtual-ipu3/imgu/queues.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace ipu3::imgu {

/// Each is called before the effect, when the firmware would read what is handed over.
class Observer {
  public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    Observer(Observer&&) = delete;
    Observer& operator=(Observer&&) = delete;
    virtual ~Observer() = default;

    /// @p offset in BAR0; a word, or a part of one.
    virtual void written(std::uint64_t offset, std::span<const std::byte> data) = 0;
    /// The bootloader starts; @p program: where the driver says that it is.
    virtual void isp_starts(MappedMemory& memory, Address program) = 0;
    virtual void sp_starts(MappedMemory& memory, unsigned sp, Address program) = 0;
    /// @p group: where the driver's description of all pipes is.
    virtual void stream_starts(MappedMemory& memory, unsigned pipe, Address group) = 0;
    /// @p descriptor: of a buffer, or of a set of parameters. Parameters come before the stream
    /// starts, too.
    virtual void enqueued(MappedMemory& memory, unsigned pipe, Address group, BufferQueue queue,
                          Address descriptor) = 0;
};

} // namespace ipu3::imgu
