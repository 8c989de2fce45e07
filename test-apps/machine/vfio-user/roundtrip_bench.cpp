// SPDX-License-Identifier: GPL-2.0-or-later
// Measures one register read through the socket: client and server on threads of their own, as with
// a VMM.
//
//     vfio_user_roundtrip [READS]
#include "machine/vfio-user/example_device.hpp"
#include "machine/vfio-user/server.hpp"
#include "machine/vfio-user/test_client.hpp"

#include <asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fmt/format.h>
#include <poll.h>
#include <string>
#include <thread>

namespace {

/// Wall and processor time since its start, both in microseconds an event.
class Stopwatch {
  public:
    void print(const char* what, unsigned events) const {
        const std::chrono::duration<double, std::micro> wall =
            std::chrono::steady_clock::now() - wall_;
        const double processor =
            1e6 * static_cast<double>(std::clock() - processor_) / CLOCKS_PER_SEC;
        fmt::print("{}: {:.2f} us a read, {:.2f} us of processor time\n", what,
                   wall.count() / events, processor / events);
    }

  private:
    std::chrono::steady_clock::time_point wall_{std::chrono::steady_clock::now()};
    std::clock_t processor_{std::clock()};
};

} // namespace

int main(int argc, char** argv) {
    using namespace vfio_user;
    try {
        const auto reads = static_cast<unsigned>(argc > 1 ? std::stoul(argv[1]) : 100000);
        const auto path = fmt::format("/tmp/vfio-user-roundtrip-{}.sock", ::getpid());
        asio::io_context loop;
        ExampleDevice device;
        const Server server{loop, path, device};

        // Without a thread switch: what the server and the system calls cost.
        {
            test::Client client{path, [&] { loop.poll(); }};
            (void)client.negotiate();
            client.write(wire::config_region, 4, std::uint16_t{6});
            const Stopwatch watch;
            for (unsigned i = 0; i < reads; ++i) {
                (void)client.read<std::uint32_t>(0, 0);
            }
            watch.print("one thread", reads);
        }
        loop.poll();
        // With one: what a VMM sees.
        const std::jthread thread{[&] { loop.run(); }};
        {
            bool waiting = false;
            int fd = -1;
            test::Client client{path, [&] {
                                    if (waiting) {
                                        pollfd ready{fd, POLLIN, 0};
                                        (void)::poll(&ready, 1, -1);
                                        waiting = false;
                                    }
                                }};
            fd = client.fd();
            waiting = true;
            (void)client.negotiate();
            const Stopwatch watch;
            for (unsigned i = 0; i < reads; ++i) {
                waiting = true;
                (void)client.read<std::uint32_t>(0, 0);
            }
            watch.print("two threads", reads);
        }
        loop.stop();
        return 0;
    } catch (const std::exception& error) {
        (void)std::fprintf(stderr, "vfio_user_roundtrip: %s\n", error.what());
        return 1;
    }
}
