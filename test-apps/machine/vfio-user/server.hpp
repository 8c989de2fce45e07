// SPDX-License-Identifier: GPL-2.0-or-later
// Serves one PCI function to a virtual machine monitor over a vfio-user socket.
//
// Facts: QEMU docs/interop/vfio-user.rst; what QEMU's client does with them, hw/vfio-user and
// hw/vfio.
//
// - The function is a conventional PCI function: configuration space of 256 bytes (region 7),
//   memory BARs (regions 0 to 5), MSI. INTx and MSI-X exist as types without vectors; no ROM, no
//   VGA, no migration.
// - BARs answer as hardware does: while memory space is disabled or the function is not in D0,
//   reads give all-ones and writes are dropped. QEMU never lets such an access through, other
//   clients might.
// - While Bus Master Enable is off or the function is not in D0, its DMA is a fault (forbidden) and
//   its MSI goes nowhere: hardware could not send them.
// - A malformed or refused request gets an error reply, its descriptors are closed, and the session
//   goes on. Only a message whose size cannot be right (below 16 bytes, or above 1 MiB and headers)
//   and a foreign major version end it, after the error reply.
#pragma once

#include "machine/vfio-user/observer.hpp"
#include "machine/vfio-user/pci_function.hpp"

#include <filesystem>
#include <memory>

namespace asio {
class io_context; // NOLINT(readability-identifier-naming): Asio's name
}

namespace vfio_user {

class Server {
  public:
    /// Listens on a new local socket at @p socket, which only this user may connect to, and
    /// attaches to @p function. One client at a time; the next one is served after it has
    /// disconnected, and finds the function's state as it was, without DMA windows and eventfds. A
    /// socket file that nobody listens on is replaced. Both @p loop and @p function outlive the
    /// server, which is used on the loop's thread only. Throws std::system_error, and
    /// std::invalid_argument for a function's wrong mappable area.
    Server(asio::io_context& loop, std::filesystem::path socket, PciFunction& function,
           ServerOptions options = {});
    /// Disconnects the client and removes the socket file.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    Server(Server&&) = delete;
    Server& operator=(Server&&) = delete;

    [[nodiscard]] bool connected() const;
    [[nodiscard]] const Statistics& statistics() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace vfio_user
