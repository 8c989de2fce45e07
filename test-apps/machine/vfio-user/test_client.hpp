// SPDX-License-Identifier: GPL-2.0-or-later
// A minimal vfio-user client for tests: composes messages, sends and receives them on a socket.
#pragma once

#include "lib/base/unique_fd.hpp"
#include "machine/vfio-user/wire.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <utility>
#include <vector>

namespace vfio_user::test {

using Bytes = std::vector<std::byte>;

/// The bytes of @p objects one after the other.
template <typename... Ts>
Bytes pack(const Ts&... objects) {
    Bytes bytes;
    const auto append = [&](std::span<const std::byte> more) {
        bytes.insert(bytes.end(), more.begin(), more.end());
    };
    (append(wire::bytes_of(objects)), ...);
    return bytes;
}

inline Bytes operator+(Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

inline Bytes text(std::string_view characters) {
    const auto bytes = std::as_bytes(std::span{characters});
    return {bytes.begin(), bytes.end()};
}

/// A whole message.
inline Bytes message(wire::Command command, const Bytes& payload = {}, std::uint32_t flags = 0,
                     std::uint16_t id = 1) {
    return pack(wire::Header{id, static_cast<std::uint16_t>(command),
                             static_cast<std::uint32_t>(sizeof(wire::Header) + payload.size()),
                             flags, 0}) +
           payload;
}

inline constexpr std::string_view qemu_capabilities =
    R"({"capabilities": {"migration": {"pgsize": 4096, "max_bitmap_size": 268435456}, "max_msg_fds": 16,)"
    R"( "max_data_xfer_size": 1048576, "pgsizes": 4096, "max_dma_maps": 65535, "write_multiple": true}})";

inline Bytes version_payload(std::string_view json = qemu_capabilities, std::uint16_t major = 0) {
    auto payload = pack(wire::Version{major, 0});
    return json.empty() ? payload : payload + text(json) + Bytes{std::byte{0}};
}

/// A memfd of @p size bytes, sealed against shrinking unless told.
inline base::UniqueFd memory(std::uint64_t size, bool sealed = true) {
    base::UniqueFd fd{::memfd_create("guest", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0 ||
        (sealed && ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK) != 0)) {
        throw std::system_error{errno, std::generic_category(), "memfd"};
    }
    return fd;
}

inline base::UniqueFd duplicate(const base::UniqueFd& fd) {
    return base::UniqueFd{::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0)};
}

/// A reply: its header, payload and descriptors.
struct Answer {
    wire::Header header;
    Bytes payload;
    std::vector<base::UniqueFd> fds;

    [[nodiscard]] int error() const {
        return (header.flags & wire::flag_error) != 0 ? static_cast<int>(header.error) : 0;
    }
    template <typename T>
    [[nodiscard]] T as(std::size_t offset = 0) const {
        return wire::load<T>(std::span{payload}.subspan(offset)).value();
    }
};

class Client {
  public:
    /// Connects to @p path. @p serve lets the server, which is on the same thread, do what it can
    /// do.
    Client(const std::filesystem::path& path, std::function<void()> serve)
        : socket_{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)},
          serve_{std::move(serve)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.native().copy(address.sun_path, sizeof(address.sun_path) - 1);
        if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof(address)) != 0) {
            throw std::system_error{errno, std::generic_category(), "connect"};
        }
        serve_();
    }

    /// Sends @p bytes with descriptors at the first one, and lets the server see them; how many
    /// went out.
    std::size_t send(std::span<const std::byte> bytes, const std::vector<int>& fds = {}) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): sendmsg only reads through msg_iov
        iovec data{const_cast<std::byte*>(bytes.data()), bytes.size()};
        msghdr header{};
        header.msg_iov = &data;
        header.msg_iovlen = 1;
        std::vector<std::byte> control(CMSG_SPACE(fds.size() * sizeof(int)));
        header.msg_control = control.data();
        header.msg_controllen = fds.empty() ? 0 : control.size();
        if (auto* part = CMSG_FIRSTHDR(&header); part != nullptr) {
            part->cmsg_level = SOL_SOCKET;
            part->cmsg_type = SCM_RIGHTS;
            part->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
            std::memcpy(CMSG_DATA(part), fds.data(), fds.size() * sizeof(int));
        }
        const auto sent = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL);
        serve_();
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }

    /// The next whole reply, if the server has sent one.
    std::optional<Answer> receive() {
        Answer answer{};
        auto header = std::as_writable_bytes(std::span{&answer.header, 1});
        if (!fill(header, answer.fds)) {
            return std::nullopt;
        }
        answer.payload.resize(answer.header.size - sizeof(wire::Header));
        if (!fill(answer.payload, answer.fds)) {
            throw std::runtime_error{"a reply that is cut short"};
        }
        return answer;
    }

    /// Sends a command and returns its reply.
    Answer call(wire::Command command, const Bytes& payload = {},
                const std::vector<int>& fds = {}) {
        const auto bytes = message(command, payload, 0, ++id_);
        send(bytes, fds);
        auto answer = receive();
        if (!answer) {
            throw std::runtime_error{"no reply"};
        }
        if (answer->header.id != id_ ||
            answer->header.command != static_cast<std::uint16_t>(command) ||
            (answer->header.flags & wire::type_mask) != wire::type_reply) {
            throw std::runtime_error{"a reply to something else"};
        }
        return std::move(*answer);
    }

    Answer negotiate() { return call(wire::Command::version, version_payload()); }

    template <typename T>
    T read(std::uint32_t region, std::uint64_t offset) {
        const auto answer =
            call(wire::Command::region_read, pack(wire::RegionAccess{offset, region, sizeof(T)}));
        if (answer.error() != 0) {
            throw std::system_error{answer.error(), std::generic_category(), "region read"};
        }
        return answer.as<T>(sizeof(wire::RegionAccess));
    }
    template <typename T>
    void write(std::uint32_t region, std::uint64_t offset, T value) {
        const auto answer = call(wire::Command::region_write,
                                 pack(wire::RegionAccess{offset, region, sizeof(T)}) + pack(value));
        if (answer.error() != 0) {
            throw std::system_error{answer.error(), std::generic_category(), "region write"};
        }
    }

    /// The server has closed the connection (and everything it sent is read).
    [[nodiscard]] bool disconnected() {
        std::byte byte{};
        return ::recv(socket_.get(), &byte, 1, MSG_PEEK) == 0;
    }
    void close() {
        socket_.reset();
        serve_();
    }
    [[nodiscard]] int fd() const { return socket_.get(); }

  private:
    bool fill(std::span<std::byte> to, std::vector<base::UniqueFd>& fds) {
        while (!to.empty()) {
            iovec data{to.data(), to.size()};
            alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int) * 4)> control{};
            msghdr header{};
            header.msg_iov = &data;
            header.msg_iovlen = 1;
            header.msg_control = control.data();
            header.msg_controllen = control.size();
            const auto got = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC);
            if (got <= 0) {
                return false;
            }
            if (const auto* part = CMSG_FIRSTHDR(&header); part != nullptr) {
                for (std::size_t i = 0; i < (part->cmsg_len - CMSG_LEN(0)) / sizeof(int); ++i) {
                    int fd = -1;
                    std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
                    fds.emplace_back(fd);
                }
            }
            to = to.subspan(static_cast<std::size_t>(got));
            serve_();
        }
        return true;
    }

    base::UniqueFd socket_;
    std::function<void()> serve_;
    std::uint16_t id_{0};
};

} // namespace vfio_user::test
