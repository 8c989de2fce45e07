// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest/port.hpp"

#include "machine/vm/agent_protocol.hpp"
#include "machine/vm/patience.hpp"

#include <array>
#include <fstream>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

namespace ipu3::guest {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds wait_limit{30000};

/// The port's folder in sysfs; empty while there is none.
fs::path find_port() {
    std::error_code error;
    for (fs::directory_iterator entry{"/sys/class/virtio-ports", error}, end;
         !error && entry != end; entry.increment(error)) {
        std::ifstream file{entry->path() / "name"};
        std::string name;
        if (std::getline(file, name) && name == agent::port_name) {
            return entry->path();
        }
    }
    return {};
}

} // namespace

base::Result<base::UniqueFd> open_port(double slowness) {
    const auto limit = static_cast<int>(vm::patient(wait_limit, slowness).count());
    // The kernel's announcements, subscribed to before the first look so that none can be missed.
    const base::UniqueFd events{
        ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT)};
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = 1;
    if (!events ||
        ::bind(events.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return base::fail_errno(errno, "cannot listen to the kernel's device events");
    }
    while (true) {
        if (const auto found = find_port(); !found.empty()) {
            const auto path = "/dev" / found.filename();
            base::UniqueFd port{::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK)};
            if (port) {
                return port;
            }
            if (errno != ENOENT) { // the node may lag behind the sysfs entry
                return base::fail_errno(errno, "cannot open {}", path.string());
            }
        }
        pollfd waiting{events.get(), POLLIN, 0};
        const auto ready = base::retry([&] { return ::poll(&waiting, 1, limit); });
        if (ready <= 0) {
            return base::fail("the launcher's virtio-serial port did not appear");
        }
        std::array<char, 8192> event{};
        while (::recv(events.get(), event.data(), event.size(), 0) > 0) {
        }
    }
}

base::Result<base::UniqueFd> reopen_port(double slowness) {
    std::error_code error;
    const auto device = fs::canonical(find_port() / "device", error).filename().string();
    if (error) {
        return base::fail("the launcher's virtio-serial port is gone");
    }
    for (const auto* action : {"unbind", "bind"}) {
        const auto file = fs::path{"/sys/bus/virtio/drivers/virtio_console"} / action;
        if (auto done = write_file(file, device); !done) {
            return tl::unexpected<base::Error>{done.error()};
        }
    }
    return open_port(slowness);
}

} // namespace ipu3::guest
