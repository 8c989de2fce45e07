// SPDX-License-Identifier: GPL-2.0-or-later
// What a server lets its owner see, and what of it the owner may replace.
#pragma once

#include "machine/vfio-user/guest_memory.hpp"
#include "machine/vfio-user/memory_view.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace vfio_user {

/// Callbacks on the event loop's thread; each may be empty. They must not destroy the server.
/// `memory_views`, where there are any, outlive the server.
struct ServerOptions {
    /// One sentence for each request that was refused and each connection that broke. A hostile
    /// client can cause any number of them: whoever logs them limits their rate.
    std::function<void(std::string_view)> on_error{};
    /// Each access of the function's to guest memory that failed; the function gets the fault, too.
    std::function<void(const DmaFault&)> on_dma_fault{};
    /// A client came (true) or went (false).
    std::function<void(bool connected)> on_client{};
    /// Also asks the client to carry out an access that met no window (as a read of four bytes, one
    /// at a time): an IOMMU that the client emulates then reports the fault to its guest. It
    /// reports a read whatever the access was, and nothing of a write to what may be read only.
    /// What the client says is not used.
    bool ask_client{false};
    /// Take over the function's accesses to the files that they cover.
    MemoryViews memory_views{};
};

/// Counters since the server's start.
struct Statistics {
    std::uint64_t requests{0};         ///< whole messages received
    std::uint64_t refused{0};          ///< those answered with an error
    std::uint64_t bar_reads{0};        ///< BAR accesses that reached the function
    std::uint64_t bar_writes{0};       ///< likewise
    std::uint64_t bar_inaccessible{0}; ///< BAR accesses answered for it: D3hot or memory space off
    std::uint64_t config_reads{0};
    std::uint64_t config_writes{0};
    std::uint64_t interrupts{0}; ///< MSI signalled
    std::uint64_t dma_faults{0};
    std::uint64_t clients{0};
};

} // namespace vfio_user
