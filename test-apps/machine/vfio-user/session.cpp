// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/session.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace vfio_user {
namespace {

constexpr std::uint16_t protocol_major = 0;
constexpr std::uint16_t protocol_minor = 0;

tl::unexpected<Rejection> refuse(int code, std::string_view reason) {
    return tl::unexpected<Rejection>{Rejection{code, reason}};
}

/// This server's capabilities. Twin sockets are declined by not being here.
nlohmann::json own_capabilities() {
    return {{"max_msg_fds", wire::max_msg_fds},
            {"max_data_xfer_size", wire::max_data_xfer_size},
            {"max_dma_maps", wire::max_dma_maps},
            {"pgsizes", wire::page_size},
            {"write_multiple", true}};
}

/// The client's capabilities, an empty object when it proposed none.
Checked<nlohmann::json> proposed(std::string_view text) {
    auto none = nlohmann::json::object();
    if (text.empty()) {
        return none;
    }
    const auto data = nlohmann::json::parse(text, nullptr, false);
    if (!data.is_object()) {
        return refuse(EINVAL, "the version data are no JSON object");
    }
    auto capabilities = data.value("capabilities", none);
    if (!capabilities.is_object()) {
        return refuse(EINVAL, "the capabilities are no JSON object");
    }
    return capabilities;
}

} // namespace

Session::Session(Endpoint& endpoint) : endpoint_{endpoint} {
    endpoint_.client_came();
}

Session::~Session() {
    endpoint_.client_gone();
}

std::span<std::byte> Session::wanted() {
    if (closing_) {
        return {};
    }
    if (have_ < sizeof(header_)) {
        return std::as_writable_bytes(std::span{&header_, 1}).subspan(have_);
    }
    const auto length = header_.size - sizeof(header_);
    return std::span{payload_}.first(length).subspan(have_ - sizeof(header_));
}

void Session::received(std::size_t size, std::vector<base::UniqueFd> fds, bool fds_lost) {
    have_ += size;
    fds_lost_ = fds_lost_ || fds_lost || fds.size() > wire::max_msg_fds - fds_.size();
    if (!fds.empty() && !fds_lost_) {
        std::ranges::move(fds, std::back_inserter(fds_));
    }
    if (have_ < sizeof(header_)) {
        return;
    }
    if (have_ == sizeof(header_)) {
        if (const auto framing = check_framing(header_); !framing) {
            closing_ = true;
            answer(framing);
            return;
        }
        const auto length = header_.size - sizeof(header_);
        if (payload_.size() < length) {
            payload_.resize(length);
        }
    }
    if (have_ == header_.size) {
        finish_message();
    }
}

/// To what was asked.
bool Session::is_reply() const {
    return asked_ && (header_.flags & wire::type_mask) == wire::type_reply &&
           header_.command == static_cast<std::uint16_t>(wire::Command::dma_read);
}

void Session::finish_message() {
    if (is_reply()) {
        asked_ = false;
        have_ = 0;
        fds_.clear();
        fds_lost_ = false;
        return;
    }
    endpoint_.count_request();
    const auto payload = std::span{payload_}.first(header_.size - sizeof(header_));
    have_ = 0;
    answer(dispatch(payload, std::exchange(fds_, {})));
    fds_lost_ = false;
}

Checked<void> Session::dispatch(std::span<const std::byte> payload,
                                std::vector<base::UniqueFd> fds) {
    if (fds_lost_) {
        return refuse(EINVAL, "more descriptors than a message can carry");
    }
    const auto request = parse(header_, payload, fds.size());
    if (!request) {
        return tl::unexpected{request.error()};
    }
    if (!negotiated_) {
        if (const auto* version = std::get_if<VersionRequest>(&*request)) {
            return negotiate(*version);
        }
        return refuse(EINVAL, "the first message is not VERSION");
    }
    return endpoint_.execute(*request, std::move(fds), takes_fds_, reply_);
}

Checked<void> Session::negotiate(const VersionRequest& request) {
    if (request.major != protocol_major) {
        closing_ = true;
        return refuse(ENOTSUP, "unknown major version of the protocol");
    }
    const auto offered = proposed(request.capabilities);
    if (!offered) {
        return tl::unexpected{offered.error()};
    }
    if (const auto fds = offered->find("max_msg_fds"); fds != offered->end()) {
        if (!fds->is_number_unsigned()) {
            return refuse(EINVAL, "max_msg_fds is no number");
        }
        takes_fds_ = *fds != 0U;
    }
    // The reply names only what the client named: the specification asks for a subset, and QEMU
    // takes no reply that is longer than its request (hw/vfio-user/proxy.c).
    auto agreed = nlohmann::json::object();
    const auto own_all = own_capabilities();
    for (const auto& [name, own] : own_all.items()) {
        if (offered->contains(name)) {
            agreed[name] = own;
        }
    }
    reply_.add(wire::Version{protocol_major, std::min(request.minor, protocol_minor)});
    if (!request.capabilities.empty()) {
        const std::string text = nlohmann::json{{"capabilities", agreed}}.dump();
        const auto room = reply_.extend(text.size() + 1);
        std::ranges::copy(std::as_bytes(std::span{text}), room.begin());
    }
    negotiated_ = true;
    return {};
}

void Session::answer(const Checked<void>& result) {
    if (!result) {
        endpoint_.count_refused();
        if (endpoint_.observed() && !result.error().probing) {
            endpoint_.report(fmt::format("command {} refused ({}): {}", header_.command,
                                         std::generic_category().message(result.error().code),
                                         result.error().reason));
        }
    }
    if ((header_.flags & wire::flag_no_reply) != 0) {
        reply_.clear();
        return;
    }
    reply_.finish(header_, result ? 0 : result.error().code);
    replying_ = true;
}

} // namespace vfio_user
