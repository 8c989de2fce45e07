// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/connection.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <utility>

namespace vfio_user {
namespace {

/// Messages served before other events get their turn.
constexpr int burst = 64;

/// Takes the descriptors out of a received message's control data.
std::vector<base::UniqueFd> take_fds(msghdr& message) {
    std::vector<base::UniqueFd> fds;
    for (auto* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        const auto count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
            fds.emplace_back(fd);
        }
    }
    return fds;
}

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK;
}

} // namespace

Connection::Connection(Socket socket, Endpoint& endpoint, std::function<void()> closed)
    : socket_{std::move(socket)}, endpoint_{endpoint}, session_{endpoint},
      closed_{std::move(closed)} {
    socket_.native_non_blocking(true);
    endpoint_.on_unmapped([this](Iova address) { ask(address); });
}

void Connection::stop() {
    closed_ = {};
    std::error_code ignored; // the descriptor is closed in any case
    socket_.close(ignored);
}

void Connection::wait(Socket::wait_type what) {
    socket_.async_wait(what, [self = weak_from_this()](const std::error_code& error) {
        const auto connection = self.lock();
        if (connection && !error) {
            connection->serve();
        }
    });
}

void Connection::serve() {
    for (int round = 0; round < burst; ++round) {
        switch (session_.reply().empty() ? receive() : send()) {
        case Io::failed:
            return;
        case Io::later:
            // A client that does not read its replies is not served on: one reply is all that piles
            // up.
            wait(session_.reply().empty() ? Socket::wait_read : Socket::wait_write);
            return;
        case Io::done:
            break;
        }
        if (session_.closing() && session_.reply().empty()) {
            close("the message stream cannot be followed");
            return;
        }
    }
    wait(session_.reply().empty() ? Socket::wait_read : Socket::wait_write);
}

Connection::Io Connection::receive() {
    const auto wanted = session_.wanted();
    iovec data{wanted.data(), wanted.size()};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int) * wire::max_msg_fds)> control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto got = ::recvmsg(socket_.native_handle(), &message, MSG_CMSG_CLOEXEC);
    if (got < 0) {
        if (would_block(errno)) {
            return Io::later;
        }
        if (errno == EINTR) {
            return Io::done;
        }
        close(std::generic_category().message(errno));
        return Io::failed;
    }
    auto fds = take_fds(message);
    if (got == 0) {
        close(session_.within_message() ? "the client left in the middle of a message" : "");
        return Io::failed;
    }
    session_.received(static_cast<std::size_t>(got), std::move(fds),
                      (message.msg_flags & MSG_CTRUNC) != 0);
    return Io::done;
}

Connection::Io Connection::send() {
    const auto reply = session_.reply();
    const auto rest = reply.subspan(sent_);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): sendmsg only reads through msg_iov
    iovec data{const_cast<std::byte*>(rest.data()), rest.size()};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
    if (const int fd = session_.reply_fd(); fd >= 0 && sent_ == 0) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        auto* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(fd));
        std::memcpy(CMSG_DATA(part), &fd, sizeof(fd));
    }
    const auto put = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
    if (put < 0) {
        if (would_block(errno)) {
            return Io::later;
        }
        if (errno == EINTR) {
            return Io::done;
        }
        close(std::generic_category().message(errno));
        return Io::failed;
    }
    sent_ += static_cast<std::size_t>(put);
    if (sent_ == reply.size()) {
        sent_ = 0;
        session_.reply_sent();
    }
    return Io::done;
}

/// In the middle of a reply, or before the last question was answered, it is left out: one fault is
/// as good as another.
void Connection::ask(Iova address) {
    if (sent_ != 0 || !session_.may_ask()) {
        return;
    }
    struct {
        wire::Header header;
        wire::DmaAccess access;
    } const question{.header = {.id = 0,
                                .command = static_cast<std::uint16_t>(wire::Command::dma_read),
                                .size = sizeof(question),
                                .flags = wire::type_command,
                                .error = 0},
                     .access = {.address = value(address), .count = sizeof(std::uint32_t)}};
    const auto put =
        ::send(socket_.native_handle(), &question, sizeof(question), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put == static_cast<ssize_t>(sizeof(question))) {
        session_.asked();
    } else if (put > 0) {
        // Half a message: the client cannot follow any more, and is seen to go.
        (void)::shutdown(socket_.native_handle(), SHUT_RDWR);
    }
}

void Connection::close(std::string_view why) {
    if (!why.empty()) {
        endpoint_.report(fmt::format("client disconnected: {}", why));
    }
    const auto closed = std::exchange(closed_, {});
    std::error_code ignored; // the descriptor is closed in any case
    socket_.close(ignored);
    if (closed) {
        closed();
    }
}

} // namespace vfio_user
