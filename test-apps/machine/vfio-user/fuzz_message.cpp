// SPDX-License-Identifier: GPL-2.0-or-later
// libFuzzer target over the whole connection state machine but its socket: framing, parsing,
// negotiation, regions, DMA windows, interrupts.
//
//     CXX=clang++ cmake -G Ninja -S test-apps -B build-fuzz -DFUZZERS=ON && ninja -C build-fuzz
//     F=build-fuzz/machine/vfio-user/vfio_user_fuzz; mkdir new smaller;
//     build-fuzz/machine/vfio-user/vfio_user_fuzz_seeds new $F -max_len=2048 -max_total_time=300
//     new test-apps/machine/vfio-user/corpus $F -max_len=2048 -merge=1 smaller new && cp smaller/*
//     test-apps/machine/vfio-user/corpus
#include "machine/vfio-user/fuzz_message.hpp"

#include "machine/vfio-user/example_device.hpp"
#include "machine/vfio-user/session.hpp"
#include "machine/vfio-user/test_client.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sys/eventfd.h>

namespace vfio_user::fuzz {
namespace {

/// Ends the process so that the fuzzer keeps the input.
void require(bool holds, const char* what) {
    if (!holds) {
        (void)std::fprintf(stderr, "the session broke the protocol: %s\n", what);
        std::abort();
    }
}

/// Descriptors to send, one of each kind, made once.
const base::UniqueFd& specimen(unsigned kind) {
    static const std::array<base::UniqueFd, 4> all{
        base::UniqueFd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)}, test::memory(0x10000),
        test::memory(0x10000, false),
        base::UniqueFd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)}};
    return all.at(kind % all.size());
}

class Player {
  public:
    explicit Player(std::span<const std::uint8_t> script) : script_{script} { reconnect(); }

    Outcome play() {
        while (!script_.empty()) {
            step(take());
        }
        return outcome_;
    }

  private:
    std::uint8_t take() {
        if (script_.empty()) {
            return 0;
        }
        const auto byte = script_.front();
        script_ = script_.subspan(1);
        return byte;
    }
    std::span<const std::byte> take_many() {
        const auto low = take();
        const std::size_t size = low + take() * 256U;
        const auto bytes = script_.first(std::min(size, script_.size()));
        script_ = script_.subspan(bytes.size());
        return std::as_bytes(bytes);
    }

    void step(std::uint8_t kind) {
        switch (kind % 5) {
        case 0:
            feed(take_many());
            break;
        case 1: {
            const auto command = take();
            const auto flags = take();
            const auto payload = take_many();
            feed(test::message(static_cast<wire::Command>(command),
                               {payload.begin(), payload.end()}, flags, ++id_));
            break;
        }
        case 2: {
            const std::size_t count = take() % 32;
            const auto fd_kind = take();
            for (std::size_t i = 0; i < count; ++i) {
                fds_.push_back(test::duplicate(specimen(fd_kind)));
            }
            break;
        }
        case 3:
            reconnect();
            break;
        default:
            feed(test::message(wire::Command::version, test::version_payload(), 0, ++id_));
        }
    }

    void reconnect() {
        session_.reset();
        session_ = std::make_unique<Session>(endpoint_);
        require(endpoint_.memory().windows() == 0, "a new client found DMA windows");
        ++outcome_.sessions;
    }

    void feed(std::span<const std::byte> bytes) {
        while (!bytes.empty() && !session_->closing()) {
            const auto wanted = session_->wanted();
            require(!wanted.empty(), "an open session wants nothing");
            const auto part = bytes.first(std::min(bytes.size(), wanted.size()));
            std::ranges::copy(part, wanted.begin());
            bytes = bytes.subspan(part.size());
            session_->received(part.size(), std::exchange(fds_, {}));
            check_reply();
        }
        if (session_->closing()) {
            reconnect();
        }
    }

    void check_reply() {
        const auto reply = session_->reply();
        if (reply.empty()) {
            return;
        }
        const auto header = wire::load<wire::Header>(reply);
        require(header.has_value(), "a reply without a header");
        require(header->size == reply.size(), "a reply of another size than it says");
        require(reply.size() <= wire::max_message_size, "a reply that is too large");
        const bool error = (header->flags & wire::flag_error) != 0;
        require((header->flags & ~wire::flag_error) == wire::type_reply, "a reply that is none");
        require(error == (header->error != 0), "an error without a number");
        require(!error || (reply.size() == sizeof(*header) && session_->reply_fd() < 0),
                "an error with a payload");
        if (error) {
            ++outcome_.refused;
        } else {
            ++outcome_.accepted.at(header->command);
        }
        session_->reply_sent();
    }

    std::span<const std::uint8_t> script_;
    ExampleDevice device_;
    Endpoint endpoint_{device_, {}};
    std::unique_ptr<Session> session_;
    std::vector<base::UniqueFd> fds_;
    std::uint16_t id_{0};
    Outcome outcome_;
};

} // namespace

Outcome play(std::span<const std::uint8_t> script) {
    return Player{script}.play();
}

} // namespace vfio_user::fuzz
