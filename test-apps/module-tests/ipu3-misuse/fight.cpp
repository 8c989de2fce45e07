// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu3-misuse/tests.hpp"

#include <cerrno>
#include <chrono>
#include <thread>

namespace ipu3::misuse {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds{120};

} // namespace

base::Result<void> fight(Verdict& verdict, const Bench& bench, unsigned rounds) {
    auto node = Bench::open_node(bench.port);
    if (!node) {
        return tl::unexpected{node.error()};
    }
    const auto until = Clock::now() + patience;
    unsigned refused = 0;
    for (unsigned streams = 0; streams < rounds;) {
        // Who gets buffers has the node; all that follows must then succeed.
        const auto failed = request(*node, V4L2_MEMORY_MMAP, 4);
        if (failed == EBUSY && Clock::now() < until) {
            ++refused;
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
            continue;
        }
        verdict.expect_errno(failed, 0, "VIDIOC_REQBUFS");
        verdict.expect_errno(start(*node), 0, "a stream");
        verdict.expect_errno(receive(*node, 1), 0, "a frame");
        verdict.expect_errno(stop(*node), 0, "its end");
        ++streams;
        std::this_thread::sleep_for(std::chrono::milliseconds{1}); // it is the others' turn
    }
    fmt::print("refused={}\n", refused);
    return {};
}

} // namespace ipu3::misuse
