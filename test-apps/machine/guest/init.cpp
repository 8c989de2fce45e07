// SPDX-License-Identifier: GPL-2.0-or-later
// The guest's init: mounts the root tree, runs the launcher's command, powers the machine off.
#include "machine/guest/kernel_modules.hpp"
#include "machine/guest/mounts.hpp"
#include "machine/guest/port.hpp"
#include "machine/guest/session.hpp"
#include "machine/guest/setup.hpp"
#include "machine/vm/patience.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <sys/reboot.h>

namespace {

using ipu3::guest::Session;
using ipu3::guest::Status;

Status become_the_tree(Session& session) {
    if (auto done = ipu3::guest::load_modules("/modules/order"); !done) {
        return done;
    }
    session.reached("modules of the root");
    if (auto done = ipu3::guest::mount_root(); !done) {
        return done;
    }
    if (auto done = ipu3::guest::enter_root(); !done) {
        return done;
    }
    session.reached("root");
    return ipu3::guest::set_up_network();
}

void serve() {
    // Without a port there is nobody to tell but the console, which the launcher keeps as well.
    if (auto done = ipu3::guest::mount_first(); !done) {
        fmt::print(stderr, "ipu3-init: {}\n", done.error().message);
        return;
    }
    const auto slowness = ipu3::vm::slowness(ipu3::guest::since_boot());
    if (auto done = ipu3::guest::load_modules("/modules/first"); !done) {
        fmt::print(stderr, "ipu3-init: {}\n", done.error().message);
        return;
    }
    auto port = ipu3::guest::open_port(slowness);
    if (!port) {
        fmt::print(stderr, "ipu3-init: {}\n", port.error().message);
        return;
    }
    Session session{std::move(*port), slowness};
    session.reached("init");
    if (auto done = become_the_tree(session); !done) {
        session.fail(done.error().message);
        return;
    }
    if (auto done = session.serve(); !done) {
        session.fail(done.error().message);
    }
}

} // namespace

int main() {
    if (::getpid() != 1) {
        (void)std::fputs("ipu3-init: this is the guest's first process and runs nowhere else\n",
                         stderr);
        return 2;
    }
    sigset_t signals{};
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    (void)::sigprocmask(SIG_BLOCK, &signals, nullptr);
    (void)std::signal(SIGPIPE, SIG_IGN); // cannot fail for this signal
    try {
        serve();
    } catch (const std::exception& error) {
        // Out of memory, say. The console is kept by the launcher, and the machine still ends.
        (void)std::fprintf(stderr, "ipu3-init: %s\n", error.what());
    }
    (void)::kill(-1, SIGKILL);
    ipu3::guest::unmount_share();
    (void)::reboot(RB_POWER_OFF);
    return 1; // a kernel that cannot power off panics over an init that ends, and that ends the
              // machine
}
