// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/camera-bench/completion.hpp"

#include <gmock/gmock.h>

namespace ipu3::camera_bench {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(CompletionTimes, AreFromTheLastInterruptToTheFrame) {
    constexpr std::string_view trace =
        "# tracer: nop\n"
        "          <idle>-0       [000] d.h1.    12.000100: irq_handler_entry: irq=27 name=cio2\n"
        "          <idle>-0       [000] d.h1.    12.010000: irq_handler_entry: irq=27 name=cio2\n"
        "          <idle>-0       [000] d.h1.    12.010020: irq_handler_entry: irq=28 name=disk\n"
        "    camera-bench-99      [000] .....    12.010150: v4l2_dqbuf: minor = 1, index = 0\n"
        "          <idle>-0       [000] d.h1.    12.030000: irq_handler_entry: irq=27 name=cio2\n"
        "    camera-bench-99      [000] .....    12.030300: v4l2_dqbuf: minor = 1, index = 1\n"
        "    camera-bench-99      [000] .....    12.040000: v4l2_dqbuf: minor = 1, index = 2\n";
    EXPECT_THAT(completion_times(trace, 27),
                ElementsAre(DoubleNear(150e-6, 1e-9), DoubleNear(300e-6, 1e-9)));
}

TEST(CompletionTimes, AreNoneOfAnotherInterrupt) {
    EXPECT_THAT(completion_times("x-1 [000] d.h1. 1.0: irq_handler_entry: irq=2 name=y\n"
                                 "x-1 [000] ..... 1.1: v4l2_dqbuf: minor = 1\n",
                                 27),
                IsEmpty());
    EXPECT_THAT(completion_times("", 27), IsEmpty());
}

TEST(InterruptCount, IsTheSumOfAllProcessors) {
    constexpr std::string_view interrupts = "           CPU0       CPU1\n"
                                            "  2:        900          0   IO-APIC 2 timer\n"
                                            " 27:         10         32   PCI-MSI 1-edge cio2\n"
                                            "NMI:          0          1   Non-maskable\n";
    EXPECT_EQ(interrupt_count(interrupts, 27), 42U);
    EXPECT_EQ(interrupt_count(interrupts, 7), 0U);
    EXPECT_EQ(interrupt_count("", 7), 0U);
}

} // namespace
} // namespace ipu3::camera_bench
