// SPDX-License-Identifier: GPL-2.0-or-later
// The same user memory in many buffers: each has addresses of its own, and memory is not short.
#include "lib/v4l2/memory.hpp"
#include "module-tests/ipu-dmatest/misuse/bench.hpp"
#include "module-tests/ipu-dmatest/misuse/tests.hpp"

namespace ipu3::dmatest::misuse {

namespace {

constexpr Layout layout{.width = 8192, .height = 8192};
constexpr std::uint32_t frame = 64U << 20;
constexpr std::uint32_t most_buffers = 32;
constexpr std::uint64_t space = std::uint64_t{1} << 32U;

} // namespace

base::Result<void> try_full_space(Verdict& verdict) {
    auto capture = open_node(0, false, layout);
    auto output = open_node(0, true, layout);
    const auto memory = v4l2::Mapping::anonymous(frame);
    if (!capture || !output) {
        return tl::unexpected{(capture ? output : capture).error()};
    }
    if (!memory) {
        return tl::unexpected{memory.error()};
    }
    const auto before = all_counters();
    std::uint64_t queued = 0;
    int failed = 0;
    for (auto* node : {&*capture, &*output}) {
        verdict.expect_errno(request(*node, V4L2_MEMORY_USERPTR, most_buffers), 0,
                             "VIDIOC_REQBUFS of many");
        for (std::uint32_t index = 0; index < most_buffers && failed == 0; ++index) {
            v4l2_buffer buffer{};
            buffer.index = index;
            buffer.memory = V4L2_MEMORY_USERPTR;
            buffer.m.userptr = reinterpret_cast<std::uintptr_t>(memory->bytes().data());
            buffer.length = frame;
            buffer.bytesused = frame;
            failed = errno_of(node->queue(buffer));
            queued += failed == 0 ? 1 : 0;
        }
    }
    verdict.expect_errno(failed, ENOMEM, "one buffer too many");
    // The page at address 0 is not given out, so the space is one buffer short of full.
    verdict.expect(queued == space / frame - 1,
                   fmt::format("{} buffers of 64 MiB fit into 4 GiB", queued));
    for (auto* node : {&*capture, &*output}) {
        verdict.expect_errno(request(*node, V4L2_MEMORY_USERPTR, 0), 0, "free");
    }
    const auto after = all_counters();
    verdict.expect(after == before, fmt::format("a full space: left {}", after.text()));
    return {};
}

} // namespace ipu3::dmatest::misuse
