// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/irq.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <poll.h>
#include <string_view>
#include <unistd.h>

namespace vfio_user {
namespace {

/// Whether @p fd is an eventfd: a write of 8 bytes to anything else could block, signal or change a
/// file.
bool is_eventfd(int fd) {
    std::array<char, 32> target{};
    const auto path = fmt::format("/proc/self/fd/{}", fd);
    const auto length = ::readlink(path.c_str(), target.data(), target.size());
    return length > 0 && std::string_view{target.data(), static_cast<std::size_t>(length)} ==
                             "anon_inode:[eventfd]";
}

/// Adds 1 to the eventfd. A counter that is full has the interrupt pending already, and one without
/// EFD_NONBLOCK would block then, so look first.
void signal(int fd) {
    pollfd ready{fd, POLLOUT, 0};
    if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) {
        return;
    }
    const std::uint64_t one = 1;
    while (::write(fd, &one, sizeof(one)) < 0 && errno == EINTR) {
    }
}

} // namespace

Checked<std::uint32_t> Interrupts::count(std::uint32_t index) const {
    if (index >= irq_types) {
        const bool known_elsewhere = index == wire::error_index || index == wire::request_index;
        return tl::unexpected{
            Rejection{EINVAL, "there is no such interrupt type", known_elsewhere}};
    }
    return index == wire::msi_index ? static_cast<std::uint32_t>(vectors_.size()) : 0;
}

Checked<void> Interrupts::set(const SetIrqsRequest& request, std::vector<base::UniqueFd> fds) {
    const auto vectors = count(request.index);
    if (!vectors) {
        return tl::unexpected{vectors.error()};
    }
    if (request.start > *vectors || request.count > *vectors - request.start) {
        return tl::unexpected{Rejection{EINVAL, "SET_IRQS beyond the last vector"}};
    }
    if (!std::ranges::all_of(fds, [](const auto& fd) { return is_eventfd(fd.get()); })) {
        return tl::unexpected{Rejection{EINVAL, "SET_IRQS with a descriptor that is no eventfd"}};
    }
    if (*vectors == 0) {
        return {}; // switching off a type without vectors
    }
    if (request.count == 0) {
        clear();
        return {};
    }
    for (std::uint32_t i = 0; i < request.count; ++i) {
        auto& vector = vectors_.at(request.start + i);
        if (request.data == IrqData::eventfd) {
            vector.eventfd = i < fds.size() ? std::move(fds.at(i)) : base::UniqueFd{};
            vector.pending = vector.pending && vector.eventfd.valid();
            continue;
        }
        if (request.data == IrqData::boolean && request.booleans[i] == std::byte{0}) {
            continue;
        }
        switch (request.action) {
        case IrqAction::mask:
            vector.masked = true;
            break;
        case IrqAction::unmask:
            vector.masked = false;
            if (std::exchange(vector.pending, false)) {
                (void)raise(request.start + i);
            }
            break;
        case IrqAction::trigger:
            (void)raise(request.start + i);
            break;
        }
    }
    return {};
}

bool Interrupts::raise(unsigned number) {
    if (number >= vectors_.size() || !vectors_.at(number).eventfd) {
        return false;
    }
    auto& vector = vectors_.at(number);
    vector.pending = vector.masked;
    if (!vector.masked) {
        signal(vector.eventfd.get());
    }
    return !vector.masked;
}

void Interrupts::reset() {
    for (auto& vector : vectors_) {
        vector.pending = false;
    }
}

void Interrupts::clear() {
    for (auto& vector : vectors_) {
        vector = Vector{};
    }
}

} // namespace vfio_user
