// SPDX-License-Identifier: GPL-2.0-or-later
// One client's session without its socket: a byte stream in, replies out.
#pragma once

#include "machine/vfio-user/endpoint.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace vfio_user {

/// Takes a client's bytes in any portions and answers each message in order.
///
///     n = recv(session.wanted()); session.received(n, fds);
///     if (!session.reply().empty()) { send all of it; session.reply_sent(); }
///     if (session.closing()) disconnect;
///
/// It wants at most the rest of one message, so that descriptors that come with bytes belong to
/// that message.
class Session {
  public:
    /// A client came to @p endpoint, which outlives the session. Its end: the client has gone.
    explicit Session(Endpoint& endpoint);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    Session(Session&&) = delete;
    Session& operator=(Session&&) = delete;
    ~Session();

    /// Where the next bytes of the client's belong; not empty until closing().
    [[nodiscard]] std::span<std::byte> wanted();

    /// @p size bytes of wanted() were filled, and @p fds came with them; @p fds_lost says that
    /// there were more than could be taken. Not to be called while a reply is waiting.
    void received(std::size_t size, std::vector<base::UniqueFd> fds = {}, bool fds_lost = false);

    /// The reply to send, empty while there is none.
    [[nodiscard]] std::span<const std::byte> reply() const {
        return replying_ ? reply_.bytes() : std::span<const std::byte>{};
    }
    /// The descriptor to send with the reply's first byte, or -1; it is borrowed.
    [[nodiscard]] int reply_fd() const { return reply_.fd(); }
    void reply_sent() {
        replying_ = false;
        reply_.clear();
    }

    /// A DMA_READ was sent to the client, whose reply is to be let pass.
    void asked() { asked_ = true; }
    /// Whether a DMA_READ may be sent now, where no reply is on its way out.
    [[nodiscard]] bool may_ask() const { return negotiated_ && !asked_ && !closing_; }

    /// The stream cannot go on: disconnect once the reply is out.
    [[nodiscard]] bool closing() const { return closing_; }
    /// The client's last message is not whole.
    [[nodiscard]] bool within_message() const { return have_ != 0; }

  private:
    void finish_message();
    [[nodiscard]] bool is_reply() const;
    [[nodiscard]] Checked<void> dispatch(std::span<const std::byte> payload,
                                         std::vector<base::UniqueFd> fds);
    [[nodiscard]] Checked<void> negotiate(const VersionRequest& request);
    void answer(const Checked<void>& result);

    Endpoint& endpoint_;
    wire::Header header_{};
    std::vector<std::byte> payload_; ///< as long as the longest so far
    std::size_t have_{0};            ///< bytes of the current message, header included
    std::vector<base::UniqueFd> fds_;
    bool fds_lost_{false};
    bool negotiated_{false};
    bool takes_fds_{true};
    bool replying_{false};
    bool closing_{false};
    bool asked_{false};
    Reply reply_;
};

} // namespace vfio_user
