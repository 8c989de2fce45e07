// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/server.hpp"

#include "machine/vfio-user/connection.hpp"
#include "machine/vfio-user/endpoint.hpp"

#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <utility>

namespace vfio_user {
namespace {

using Protocol = asio::local::stream_protocol;

/// How long to wait before accepting again after a failure, e.g. for want of file descriptors.
constexpr std::chrono::milliseconds accept_pause{100};

[[noreturn]] void fail(int code, const std::filesystem::path& socket) {
    throw std::system_error{code, std::generic_category(),
                            fmt::format("socket {}", socket.string())};
}

/// Device and inode number of the file at @p path, so that only our own socket file is removed
/// later.
std::pair<dev_t, ino_t> identity(const std::filesystem::path& path) {
    struct stat status{};
    return ::lstat(path.c_str(), &status) == 0 ? std::pair{status.st_dev, status.st_ino}
                                               : std::pair{dev_t{0}, ino_t{0}};
}

/// Removes a socket file that a server which is gone has left behind.
void remove_stale(asio::io_context& loop, const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_socket(path, error)) {
        return;
    }
    Protocol::socket probe{loop};
    probe.connect(Protocol::endpoint{path.string()}, error);
    if (error == asio::error::connection_refused) {
        std::filesystem::remove(path);
    }
}

Protocol::acceptor listen(asio::io_context& loop, const std::filesystem::path& path) {
    if (path.native().size() >= sizeof(sockaddr_un::sun_path)) {
        fail(ENAMETOOLONG, path);
    }
    try {
        remove_stale(loop, path);
        Protocol::acceptor acceptor{loop};
        acceptor.open();
        acceptor.bind(Protocol::endpoint{path.string()});
        // Nobody can connect before listen(), so there is no moment at which others may.
        std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                               std::filesystem::perms::owner_write);
        acceptor.listen();
        return acceptor;
    } catch (const std::system_error& error) {
        fail(error.code().value(), path);
    }
}

} // namespace

class Server::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& loop, std::filesystem::path path, PciFunction& function,
         ServerOptions options)
        : path_{std::move(path)}, endpoint_{function, std::move(options)},
          acceptor_{listen(loop, path_)}, identity_{identity(path_)}, pause_{loop} {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    Impl(Impl&&) = delete;
    Impl& operator=(Impl&&) = delete;
    ~Impl() {
        if (connection_) {
            connection_->stop();
        }
        if (identity(path_) == identity_) {
            std::error_code ignored; // someone else may remove it at the same time
            std::filesystem::remove(path_, ignored);
        }
    }

    void accept() {
        acceptor_.async_accept(
            [weak = weak_from_this()](const std::error_code& error, Protocol::socket socket) {
                if (const auto self = weak.lock()) {
                    self->accepted(error, std::move(socket));
                }
            });
    }

    [[nodiscard]] bool connected() const { return connection_ != nullptr; }
    [[nodiscard]] const Statistics& statistics() const { return endpoint_.statistics(); }

  private:
    void accepted(const std::error_code& error, Protocol::socket socket) {
        if (error) {
            endpoint_.report(fmt::format("cannot accept a client: {}", error.message()));
            pause_.expires_after(accept_pause);
            pause_.async_wait([weak = weak_from_this()](const std::error_code& aborted) {
                const auto self = weak.lock();
                if (self && !aborted) {
                    self->accept();
                }
            });
            return;
        }
        connection_ = std::make_shared<Connection>(std::move(socket), endpoint_, [this] {
            connection_.reset();
            accept();
        });
        connection_->start();
    }

    std::filesystem::path path_;
    Endpoint endpoint_;
    Protocol::acceptor acceptor_;
    std::pair<dev_t, ino_t> identity_;
    asio::steady_timer pause_;
    std::shared_ptr<Connection> connection_;
};

Server::Server(asio::io_context& loop, std::filesystem::path socket, PciFunction& function,
               ServerOptions options)
    : impl_{std::make_shared<Impl>(loop, std::move(socket), function, std::move(options))} {
    impl_->accept();
}

Server::~Server() = default;

bool Server::connected() const {
    return impl_->connected();
}

const Statistics& Server::statistics() const {
    return impl_->statistics();
}

} // namespace vfio_user
