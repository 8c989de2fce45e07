// SPDX-License-Identifier: GPL-2.0-or-later
// A client's socket on the event loop, feeding a Session.
#pragma once

#include "machine/vfio-user/session.hpp"

#include <asio/local/stream_protocol.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <system_error>

namespace vfio_user {

/// Lives as long as its socket or its owner wants it; stop() makes it inert.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    using Socket = asio::local::stream_protocol::socket;

    /// @p closed is called once, from the event loop, when the client has gone or was sent away.
    Connection(Socket socket, Endpoint& endpoint, std::function<void()> closed);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection(Connection&&) = delete;
    Connection& operator=(Connection&&) = delete;
    ~Connection() { endpoint_.on_unmapped({}); }

    void start() { wait(Socket::wait_read); }
    /// Disconnects; @p closed is not called any more.
    void stop();

  private:
    void wait(Socket::wait_type what);
    void serve();
    enum class Io : std::uint8_t { done, later, failed };
    Io receive();
    Io send();
    void close(std::string_view why);
    void ask(Iova address);

    Socket socket_;
    Endpoint& endpoint_;
    Session session_;
    std::function<void()> closed_;
    std::size_t sent_{0}; ///< bytes of the session's reply that are out
};

} // namespace vfio_user
