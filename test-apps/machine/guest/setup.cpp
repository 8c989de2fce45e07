// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest/setup.hpp"

#include "machine/vm/patience.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <linux/i2c-dev.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <vector>

namespace ipu3::guest {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::vector<char*> c_strings(const std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (const auto& text : strings) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): exec*() only reads through it
        pointers.push_back(const_cast<char*>(text.c_str()));
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// Runs a program of the tree to its end; its output goes to the kernel's log.
Status run(const std::vector<std::string>& words) {
    const auto child = ::fork();
    if (child < 0) {
        return base::fail_errno(errno, "cannot start {}", words.front());
    }
    if (child == 0) {
        const int log = ::open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
        (void)::dup2(log, STDOUT_FILENO);
        (void)::dup2(log, STDERR_FILENO);
        auto arguments = c_strings(words);
        ::execv(arguments.front(), arguments.data());
        ::_exit(127);
    }
    int status = 0;
    if (base::retry([&] { return ::waitpid(child, &status, 0); }) < 0) {
        return base::fail_errno(errno, "cannot wait for {}", words.front());
    }
    if (status != 0) {
        return base::fail("{} failed ({})", words.front(),
                          WIFEXITED(status) ? fmt::format("exit status {}", WEXITSTATUS(status))
                                            : fmt::format("signal {}", WTERMSIG(status)));
    }
    return {};
}

/// Offers every device on @p bus that has no driver to the drivers once more and waits for the
/// answer. A probe that was deferred is tried again by a work item of the kernel's, some time after
/// udev is idle; the write takes the device's lock, so that it also waits for a probe under way.
void probe_waiting(std::string_view bus) {
    const auto folder = fs::path{"/sys/bus"} / bus;
    std::error_code error;
    std::vector<std::string> names;
    for (fs::directory_iterator entry{folder / "devices", error}, end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (!fs::exists(entry->path() / "driver", ignored)) {
            names.push_back(entry->path().filename().string());
        }
    }
    std::ranges::sort(names);
    for (const auto& name : names) {
        // EINVAL says that no driver took it, which is the device's affair.
        (void)write_file(folder / "drivers_probe", name);
    }
}

/// Lets drivers wait longer for the I2C controllers. A second is more than enough on a laptop; an
/// emulated processor on a busy host was seen to answer an interrupt that late, and a sensor's
/// driver gives up then.
Status make_i2c_patient(double slowness) {
    const auto patience = // in 10 ms, as I2C_TIMEOUT has it
        static_cast<unsigned long>(vm::patient(10s, slowness) / 10ms);
    std::error_code error;
    std::vector<std::string> nodes;
    for (fs::directory_iterator entry{"/sys/bus/i2c/devices", error}, end; !error && entry != end;
         entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (name.starts_with("i2c-") && name.find(':') == std::string::npos) {
            nodes.push_back("/dev/" + name);
        }
    }
    if (nodes.empty()) {
        return {};
    }
    if (auto done = run({"/usr/sbin/modprobe", "i2c-dev"}); !done) {
        return done;
    }
    for (const auto& node : nodes) {
        const base::UniqueFd bus{::open(node.c_str(), O_RDWR | O_CLOEXEC)};
        if (!bus || ::ioctl(bus.get(), I2C_TIMEOUT, patience) != 0) {
            return base::fail_errno(errno, "cannot set the timeout of {}", node);
        }
    }
    return {};
}

} // namespace

Status set_up_network() {
    constexpr std::string_view name = "ipu3-vm";
    if (::sethostname(name.data(), name.size()) != 0) {
        return base::fail_errno(errno, "cannot set the host name");
    }
    const base::UniqueFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    ifreq request{};
    std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
    if (!socket || ::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0) {
        return base::fail_errno(errno, "cannot find the loopback interface");
    }
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) {
        return base::fail_errno(errno, "cannot bring the loopback interface up");
    }
    return {};
}

Status load_drivers(double slowness, const std::function<void(std::string_view)>& reached) {
    const std::vector<std::string> settle{
        "/usr/bin/udevadm", "settle",
        fmt::format("--timeout={}", vm::patient(120s, slowness).count())};
    // udev kills a worker whose modprobe is not done by then; 180 s is its own default.
    const std::vector<std::string> daemon{
        "/usr/lib/systemd/systemd-udevd", "--daemon",
        fmt::format("--event-timeout={}", vm::patient(180s, slowness).count())};
    // Only PCI: the other thousand events (ttys, memory blocks, processors and their ciphers, the
    // speaker) cost seconds of an emulated processor. What the drivers make reaches udev by itself.
    const std::vector<std::string> trigger{"/usr/bin/udevadm", "trigger", "--action=add",
                                           "--subsystem-match=pci"};
    if (auto done = run(daemon); !done) {
        return done;
    }
    reached("udev started");
    if (auto done = run(trigger); !done) {
        return done;
    }
    reached("devices announced");
    if (auto done = run(settle); !done) {
        return done;
    }
    reached("drivers loaded");
    if (auto done = make_i2c_patient(slowness); !done) {
        return done;
    }
    probe_waiting("pci");
    probe_waiting("i2c");
    if (auto done = run(settle); !done) {
        return done;
    }
    reached("devices settled");
    return {};
}

int become(const agent::RunRequest& request) {
    if (::chdir(request.directory.c_str()) != 0) {
        fmt::print(stderr, "ipu3-vm: cannot enter {}: {}\n", request.directory,
                   std::strerror(errno));
        return 126;
    }
    auto arguments = c_strings(request.arguments);
    auto environment = c_strings(request.environment);
    for (const auto& variable : request.environment) {
        // execvpe() looks for the program along the PATH of this process, so that must be the new
        // one.
        if (variable.starts_with("PATH=")) {
            (void)::setenv("PATH", variable.c_str() + std::strlen("PATH="), 1);
        }
    }
    ::execvpe(arguments.front(), arguments.data(), environment.data());
    const int reason = errno;
    fmt::print(stderr, "ipu3-vm: cannot run {} in the guest: {}\n", request.arguments.front(),
               std::strerror(reason));
    return reason == ENOENT ? 127 : 126;
}

} // namespace ipu3::guest
