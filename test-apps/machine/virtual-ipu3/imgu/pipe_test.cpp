// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/pipe.hpp"

#include "machine/virtual-ipu3/imgu/statistics_buffer.hpp"
#include "machine/virtual-ipu3/imgu/test_machine.hpp"
#include "machine/virtual-ipu3/sim/lazy_worker.hpp"

#include <algorithm>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <utility>

namespace ipu3::imgu::test {
namespace {

using testing::ElementsAre;

constexpr std::uint32_t width = 100;
constexpr std::uint32_t height = 32;
constexpr std::uint32_t row_stride = 128; // 100 pixels in two words of 64 bytes

// Addresses of the ImgU's.
constexpr std::uint32_t group = 0x40000000;
constexpr std::uint32_t stage = 0x40001000;
constexpr std::uint32_t isp_stage = 0x40002000;
constexpr std::uint32_t set_info = 0x40003000;
constexpr std::uint32_t acc = 0x41000000;
constexpr std::uint32_t obgrid = 0x42000000;
constexpr std::uint32_t input = 0x50000000;
constexpr std::uint32_t out = 0x51000000;
constexpr std::uint32_t viewfinder = 0x52000000;
constexpr std::uint32_t statistics = 0x53000000;
constexpr std::uint32_t descriptors = 0x60000000; // one a page

constexpr unsigned queue_input = 2;
constexpr unsigned queue_out = 3;
constexpr unsigned queue_viewfinder = 4;
constexpr unsigned queue_statistics = 5;

// Events, without their pipe.
constexpr std::uint32_t out_done = 0;
constexpr std::uint32_t viewfinder_done = 2;
constexpr std::uint32_t statistics_done = 4;
constexpr std::uint32_t pipeline_done = 6;
constexpr std::uint32_t input_done = 8;

void poke16(std::vector<std::byte>& bytes, std::size_t at, std::uint16_t value) {
    std::memcpy(std::span{bytes}.subspan(at, 2).data(), &value, 2);
}

/// The whole frame as it is: out 96x32, viewfinder 48x16, one cell of statistics for 8x8 pixels.
std::vector<std::byte> parameters() {
    std::vector<std::byte> bytes(acc_param_bytes);
    poke16(bytes, 0x5c, 96);
    poke16(bytes, 0x40, 96);
    poke16(bytes, 0x42, height);
    poke(bytes, 0x80, row_stride);
    poke(bytes, 0x84, 0);
    poke(bytes, 0x88, 2); // the first two columns are left out
    for (std::size_t i = 0; i < 3; ++i) {
        poke16(bytes, 0x180 + 8 * i + 2 * i, 8192);
    }
    const std::array<std::int16_t, 12> csc{4898, 9617, 1867,  0,     -2410, -4732,
                                           7143, 0,    10076, -8437, -1638, 0};
    std::memcpy(std::span{bytes}.subspan(0x3c0, sizeof(csc)).data(), csc.data(), sizeof(csc));
    poke(bytes, 0x44588, height);
    poke(bytes, 0x447c4, 96 | height << 16U);
    bytes.at(0x450c8) = std::byte{10}; // cells
    bytes.at(0x450c9) = std::byte{4};
    poke16(bytes, 0x450ca, 3 | 3U << 3U);
    for (std::size_t i = 0; i < 4; ++i) {
        poke16(bytes, 0x450c0 + 2 * i, 8191);
    }
    bytes.at(0x44f20) = std::byte{2};
    bytes.at(0x44f21) = std::byte{2};
    poke16(bytes, 0x44f22, 2 | 1U << 3U);
    poke(bytes, 0x455c0 + 192, 1024); // the viewfinder is half as large
    const auto frame = [&](std::size_t at, std::uint32_t w, std::uint32_t h, std::uint32_t stride,
                           bool scaled) {
        poke(bytes, at, 1);
        poke(bytes, at + 0x14, w);
        poke(bytes, at + 0x18, h);
        poke(bytes, at + 0x1c, stride);
        poke(bytes, at + 0x20, scaled ? 1 : 0);
    };
    frame(0x457c0, 48, 16, 64, true);
    frame(0x457c0 + 64, 96, 32, 128, false);
    return bytes;
}

/// Ten bits for all pixels of a packed row but those that are said.
std::vector<std::byte> packed_frame(std::uint16_t value) {
    std::vector<std::byte> bytes(std::size_t{row_stride} * height);
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            for (unsigned bit = 0; bit < 10; ++bit) {
                const auto at = y * row_stride * 8 + x / 25 * 256 + x % 25 * 10 + bit;
                if ((value >> bit & 1U) != 0) {
                    bytes.at(at / 8) |= std::byte{1} << (at % 8);
                }
            }
        }
    }
    return bytes;
}

class Stream : public testing::Test {
  protected:
    explicit Stream(Sabotage sabotage = Sabotage::none, sim::Worker* worker = nullptr,
                    std::vector<sim::FaultSpec> faults = {})
        : machine{sabotage, worker, std::move(faults)} {}
    void SetUp() override {
        for (const auto address : {group, stage, isp_stage, set_info, obgrid}) {
            machine.map(address, 4096);
        }
        machine.map(acc, acc_param_bytes);
        machine.map(input, std::size_t{row_stride} * height);
        machine.map(out, 128UL * 48);
        machine.map(viewfinder, 64UL * 24);
        machine.map(statistics, statistics_bytes);
        machine.map(descriptors, 8 * 4096UL);
        machine.put(group + 8, std::uint32_t{1}); // pipe_id
        machine.put(group + 8 + 40, stage);
        machine.put(stage + 260, isp_stage);
        machine.put(isp_stage + 0x60 + 0x1bb, std::uint8_t{1});
        machine.put(isp_stage + 0x60 + 0x1c8, std::uint8_t{1});
        machine.put(set_info + 0x78, obgrid);
        machine.put(set_info + 0x80, acc);
        machine.put(acc, std::span<const std::byte>{parameters()});
        machine.put(input, std::span<const std::byte>{packed_frame(400)});
        machine.start();
        // Where the driver says it before SP0 starts; SP0 looks when a stream does.
        machine.write(Machine::sp(0, 0x23c8), group);
    }
    void queue(unsigned queue, std::uint32_t buffer) {
        const auto descriptor = descriptors + 4096 * queue;
        machine.put(descriptor, buffer);
        ASSERT_TRUE(machine.queue_buffer(0, queue, descriptor));
        ASSERT_TRUE(machine.queue_event(queue << 8U));
    }
    void set_parameters() {
        ASSERT_TRUE(machine.queue_buffer(0, 0, set_info));
        ASSERT_TRUE(machine.queue_event(0));
    }
    void start_stream() { ASSERT_TRUE(machine.queue_event(3U << 24U)); }
    std::vector<std::uint32_t> events() {
        std::vector<std::uint32_t> all;
        while (const auto event = machine.dequeue_event()) {
            EXPECT_EQ(*event >> 16U & 0xffU, 1U); // the pipe's id
            all.push_back(*event & 0xffffU);
        }
        return all;
    }
    std::uint8_t byte(std::uint32_t address) {
        return std::to_integer<std::uint8_t>(machine.get(address, 1).front());
    }

    Machine machine;
};

TEST_F(Stream, GivesEachBufferBackInOrder) {
    set_parameters();
    start_stream();
    queue(queue_statistics, statistics);
    queue(queue_viewfinder, viewfinder);
    queue(queue_out, out);
    EXPECT_THAT(events(), ElementsAre());
    queue(queue_input, input);
    // It takes its time.
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Idle>(), 0U);
    EXPECT_THAT(events(), ElementsAre());
    EXPECT_EQ(machine.guest.messages, 0U);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_EQ(machine.guest.messages, 1U);
    EXPECT_EQ(machine.dequeue_buffer(queue_out), descriptors + 4096 * queue_out);
    EXPECT_EQ(machine.dequeue_buffer(queue_viewfinder), descriptors + 4096 * queue_viewfinder);
    EXPECT_EQ(machine.dequeue_buffer(queue_statistics), descriptors + 4096 * queue_statistics);
    EXPECT_EQ(machine.dequeue_buffer(queue_input), descriptors + 4096 * queue_input);
    EXPECT_THAT(events(),
                ElementsAre(out_done, viewfinder_done, statistics_done, input_done, pipeline_done));
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Idle>(), 1U);
    EXPECT_EQ(machine.trace.counted("imgu", "frame-refused"), 0U);
    EXPECT_EQ(machine.trace.counted("imgu", "access-fault"), 0U);
}

TEST_F(Stream, MakesPicturesAndStatistics) {
    set_parameters();
    start_stream();
    queue(queue_statistics, statistics);
    queue(queue_viewfinder, viewfinder);
    queue(queue_out, out);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    // 400 of 1023, everywhere the same grey.
    for (const auto at :
         {out, out + 95, out + 128 * 31 + 50, viewfinder + 47, viewfinder + 64 * 15}) {
        EXPECT_NEAR(byte(at), 100, 1) << std::hex << at;
    }
    EXPECT_EQ(byte(out + 96), 0); // beside the picture
    for (const auto at : {out + 128 * 32, out + 128 * 32 + 95, viewfinder + 64 * 16 + 1}) {
        EXPECT_NEAR(byte(at), 128, 1) << std::hex << at;
    }
    // A row of cells is as long as the next multiple of four.
    for (const auto at : {statistics, statistics + 8 * (12 * 3 + 9) + 2}) {
        EXPECT_EQ(byte(at), 100) << std::hex << at;
    }
    EXPECT_EQ(byte(statistics + 8 * 10), 0);
    EXPECT_EQ(byte(statistics + 0x1ea60), 1);
    EXPECT_EQ(byte(statistics + 0x1ea60 + 0x20), 0);
    EXPECT_EQ(byte(statistics + 0x1ea60 + 0x40), 1);
    EXPECT_EQ(byte(statistics + 0x1e680 + 8), 10);
}

TEST_F(Stream, UsesTheBlackLevelOfTheTable) {
    machine.put(obgrid, std::array<std::uint16_t, 4>{200, 200, 200, 200});
    set_parameters();
    start_stream();
    queue(queue_out, out);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_NEAR(byte(out + 40), 50, 1);
}

TEST_F(Stream, CountsSaturationByColour) {
    // The thresholds' order is Gr, R, Gb, B, that of black levels Gr, R, B, Gb: only samples of the
    // second green ones are above theirs, and those are black.
    auto changed = parameters();
    poke16(changed, 0x450c4, 0);
    machine.put(acc, std::span<const std::byte>{changed});
    machine.put(obgrid, std::array<std::uint16_t, 4>{0, 0, 0, 400});
    set_parameters();
    start_stream();
    queue(queue_statistics, statistics);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_EQ(byte(statistics + 2), 100); // blue
    EXPECT_EQ(byte(statistics + 3), 0);   // green beside it
    EXPECT_EQ(byte(statistics + 4), 0);
    poke16(changed, 0x450c4, 8191);
    poke16(changed, 0x450c6, 0); // now the blue ones', a quarter of all
    machine.put(acc, std::span<const std::byte>{changed});
    set_parameters();
    queue(queue_statistics, statistics);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_EQ(byte(statistics + 4), 255 / 4);
    EXPECT_EQ(byte(statistics + 2), 0); // they are left out of the mean
    // What stands above the threshold's 13 bits is no threshold: count, and leave nothing out.
    poke16(changed, 0x450c6, 0xc000);
    machine.put(acc, std::span<const std::byte>{changed});
    set_parameters();
    queue(queue_statistics, statistics);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_EQ(byte(statistics + 4), 255 / 4);
    EXPECT_EQ(byte(statistics + 2), 100);
}

TEST_F(Stream, FocusIsThroughTheFiltersThatItWasGiven) {
    // libcamera's fine filter sums up to zero: nothing on a flat frame. The coarse one is the
    // driver's default, brightness itself.
    auto changed = parameters();
    const auto put = [&](std::size_t at, std::initializer_list<unsigned> bytes) {
        for (const auto byte : bytes) {
            changed.at(at++) = static_cast<std::byte>(byte);
        }
    };
    put(0x44ee0, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 0, 0, 0, 0});
    put(0x44ef0, {0, 1, 6, 6, 13, 25, 3, 0, 25, 3, 117, 254, 0x72, 0xca, 0x53, 0x4e});
    put(0x44f00, {8, 8, 8, 8, 0, 7, 9, 0});
    machine.put(acc, std::span<const std::byte>{changed});
    set_parameters();
    start_stream();
    queue(queue_statistics, statistics);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    const auto half = [&](std::uint32_t at) { return byte(at) | byte(at + 1) << 8U; };
    EXPECT_EQ(half(statistics + 0x17180), 400 << 3U);
    EXPECT_EQ(half(statistics + 0x17180 + 2), 0);
    // A sign that is another one, and it does not any more.
    put(0x44efc, {0x73});
    changed.at(0x44ef0) = std::byte{100};
    machine.put(acc, std::span<const std::byte>{changed});
    set_parameters();
    queue(queue_statistics, statistics);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_GT(half(statistics + 0x17180 + 2), 0);
}

TEST_F(Stream, KeepsTheParametersThatItWasGiven) {
    set_parameters();
    machine.put(acc + 0x80, std::uint32_t{1}); // the driver uses the memory for something else
    machine.put(acc + 0x457c0 + 64, std::uint32_t{0});
    start_stream();
    queue(queue_out, out);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_NEAR(byte(out + 40), 100, 1);
}

TEST_F(Stream, WaitsForItsStartAndForParameters) {
    queue(queue_out, out);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_THAT(events(), ElementsAre());
    start_stream();
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_THAT(events(), ElementsAre());
    set_parameters();
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
}

TEST_F(Stream, LosesNoEventOfADriverThatIsSlow) {
    set_parameters();
    start_stream();
    constexpr unsigned frames = 20;
    for (unsigned i = 0; i < frames; ++i) {
        queue(queue_out, out);
        queue(queue_input, input);
        machine.clock.advance(std::chrono::milliseconds{100});
    }
    unsigned outputs = 0;
    unsigned events = 0;
    while (const auto event = machine.dequeue_event()) {
        ++events;
        if ((*event & 0xffU) == out_done) {
            ASSERT_TRUE(machine.dequeue_buffer(queue_out));
            ++outputs;
        } else if ((*event & 0xffU) == input_done) {
            ASSERT_TRUE(machine.dequeue_buffer(queue_input));
        }
    }
    EXPECT_EQ(events, 3 * frames);
    EXPECT_EQ(outputs, frames);
}

TEST_F(Stream, GivesBuffersBackThatItCannotFill) {
    auto bad = parameters();
    poke(bad, 0x447c4, 5000 | 5000U << 16U);
    machine.put(acc, std::span<const std::byte>{bad});
    set_parameters();
    start_stream();
    queue(queue_out, out);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
    EXPECT_GT(machine.trace.counted("imgu", "frame-refused"), 0U);
}

TEST_F(Stream, RefusesParametersOfEveryKindThatIsWrong) {
    struct Wrong {
        std::size_t at;
        std::uint32_t value;
    };
    for (const auto& wrong : {Wrong{0x88, 50}, Wrong{0x80, 0xffffffff}, Wrong{0x44588, 0},
                              Wrong{0x447c4, 97 | 32U << 16U}, Wrong{0x40, 0},
                              Wrong{0x457c0 + 64 + 0x1c, 10}, Wrong{0x457c0 + 64 + 0x14, 0x10000},
                              Wrong{0x45840 + 0x38 + 4, 0x7fffffff}, Wrong{0x450c8, 0xffffffff},
                              Wrong{0x44f00, 0xffffffff}, Wrong{0x455c0 + 192, 0xffffffff}}) {
        auto bad = parameters();
        poke(bad, wrong.at, wrong.value);
        machine.put(acc, std::span<const std::byte>{bad});
        set_parameters();
        start_stream();
        queue(queue_viewfinder, viewfinder);
        queue(queue_out, out);
        queue(queue_input, input);
        machine.clock.advance(std::chrono::milliseconds{100});
        EXPECT_THAT(events(), ElementsAre(out_done, viewfinder_done, input_done, pipeline_done))
            << std::hex << wrong.at;
        for (const auto queue : {queue_input, queue_out, queue_viewfinder, 0U}) {
            (void)machine.dequeue_buffer(queue);
        }
        EXPECT_GT(machine.trace.counted("imgu", "frame-refused") +
                      machine.trace.counted("imgu", "access-fault"),
                  0U)
            << std::hex << wrong.at;
    }
}

/// The host needs longer for a frame than the ImgU would.
class SlowHost : public Stream {
  protected:
    SlowHost() : SlowHost{std::make_unique<sim::LazyWorker>()} {}
    explicit SlowHost(std::unique_ptr<sim::LazyWorker> worker)
        : Stream{Sabotage::none, worker.get()}, lazy{std::move(worker)} {}
    void frame() {
        queue(queue_out, out);
        queue(queue_input, input);
        machine.clock.advance(std::chrono::milliseconds{100});
    }

    std::unique_ptr<sim::LazyWorker> lazy;
};

TEST_F(SlowHost, AFrameEndsWhenItIsMade) {
    set_parameters();
    start_stream();
    frame();
    EXPECT_THAT(events(), ElementsAre());
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Idle>(), 0U);
    EXPECT_EQ(byte(out + 40), 0) << "nothing is written before";
    // What it is made with was read when it began.
    machine.put(input, std::span<const std::byte>{packed_frame(800)});
    machine.put(set_info + 0x80, std::uint32_t{1});
    set_parameters();
    lazy->work();
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
    EXPECT_NEAR(byte(out + 40), 100, 1);
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Idle>(), 1U);
}

TEST_F(SlowHost, AFrameThatIsMadeTooSoonWaitsForItsTime) {
    set_parameters();
    start_stream();
    queue(queue_out, out);
    queue(queue_input, input);
    lazy->work();
    EXPECT_THAT(events(), ElementsAre());
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
}

TEST_F(SlowHost, AStopForgetsTheFrameInTheMaking) {
    set_parameters();
    start_stream();
    frame();
    ASSERT_TRUE(machine.queue_event(4U << 24U));
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Idle>(), 1U);
    lazy->work(); // it had begun
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_THAT(events(), ElementsAre());
    EXPECT_EQ(byte(out + 40), 0) << "the driver has its buffers back";
    // One that nothing is made for, and one that is made, afterwards.
    start_stream();
    machine.put(acc + 0x40, std::uint32_t{0});
    set_parameters();
    frame();
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
    machine.put(acc, std::span<const std::byte>{parameters()});
    set_parameters();
    frame();
    EXPECT_THAT(events(), ElementsAre());
    lazy->work();
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
    EXPECT_NEAR(byte(out + 40), 100, 1);
}

class Spoiled : public Stream {
  protected:
    void frame() {
        queue(queue_statistics, statistics);
        queue(queue_viewfinder, viewfinder);
        queue(queue_out, out);
        queue(queue_input, input);
        machine.clock.advance(std::chrono::milliseconds{100});
    }
    using Stream::Stream;
};

class SpoiledStatistics : public Spoiled {
  protected:
    SpoiledStatistics() : Spoiled{Sabotage::previous_statistics} {}
};

TEST_F(SpoiledStatistics, AreThoseOfTheFrameBefore) {
    set_parameters();
    start_stream();
    frame();
    EXPECT_EQ(byte(statistics), 100);
    machine.put(input, std::span<const std::byte>{packed_frame(800)});
    frame();
    EXPECT_EQ(byte(statistics), 100);
    EXPECT_NEAR(byte(out + 40), 200, 1);
    frame();
    EXPECT_EQ(byte(statistics), 200);
}

class LostEvent : public Spoiled {
  protected:
    LostEvent() : Spoiled{Sabotage::lost_event} {}
};

TEST_F(LostEvent, IsThePicturesInEachFourthFrame) {
    set_parameters();
    start_stream();
    for (unsigned number = 1; number <= 4; ++number) {
        frame();
        EXPECT_EQ(machine.dequeue_buffer(queue_out).has_value(), number != 4) << number;
        EXPECT_EQ(events().size(), number == 4 ? 4U : 5U) << number;
    }
}

class LateEvent : public Spoiled {
  protected:
    LateEvent() : Spoiled{Sabotage::late_event} {}
};

TEST_F(LateEvent, ComesASecondAfterTheRest) {
    set_parameters();
    start_stream();
    frame();
    EXPECT_THAT(events(), ElementsAre(viewfinder_done, statistics_done, input_done, pipeline_done));
    frame(); // Linux's driver has up to three on their way
    EXPECT_THAT(events(), ElementsAre(viewfinder_done, statistics_done, input_done, pipeline_done));
    machine.clock.advance(std::chrono::seconds{1});
    EXPECT_EQ(machine.dequeue_buffer(queue_out), descriptors + 4096 * queue_out);
    EXPECT_EQ(machine.dequeue_buffer(queue_out), descriptors + 4096 * queue_out);
    EXPECT_THAT(events(), ElementsAre(out_done, out_done));
}

TEST_F(Stream, ToneCurvesAndMatricesMayBeOfAnyNumbers) {
    auto wild = parameters();
    poke(wild, 0x1a0, 1);
    std::fill_n(wild.begin() + 0x1c0, 512, std::byte{0xff});
    for (std::size_t i = 0; i < 12; ++i) {
        poke16(wild, 0x180 + 2 * i, 0x7fff);
        poke16(wild, 0x3c0 + 2 * i, 0x7fff);
    }
    machine.put(acc, std::span<const std::byte>{wild});
    set_parameters();
    start_stream();
    queue(queue_out, out);
    queue(queue_input, input);
    machine.clock.advance(std::chrono::milliseconds{100}); // UBSan looks on
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
    EXPECT_EQ(byte(out + 40), 255);
}

TEST_F(Stream, ForgetsItsBuffersWhenItIsStopped) {
    set_parameters();
    start_stream();
    queue(queue_out, out);
    queue(queue_input, input);
    ASSERT_TRUE(machine.queue_event(4U << 24U));
    machine.clock.advance(std::chrono::milliseconds{100});
    EXPECT_THAT(events(), ElementsAre());
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Idle>(), 1U);
}

// ---- faults ----

/// The fault in the second frame.
template <sim::FaultKind kind>
class FaultyStream : public Stream {
  protected:
    FaultyStream()
        : Stream{Sabotage::none,
                 nullptr,
                 {{.kind = kind, .frame = 1, .probability = {}, .port = {}}}} {}
    void SetUp() override {
        Stream::SetUp();
        set_parameters();
        start_stream();
        frame();
        ASSERT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
        ASSERT_EQ(machine.trace.counted("imgu", "fault"), 0U);
        messages = machine.guest.messages;
        clear_interrupt();
        frame();
        ASSERT_EQ(machine.trace.counted("imgu", "fault"), 1U);
    }
    void frame() {
        queue(queue_out, out);
        queue(queue_input, input);
        machine.clock.advance(std::chrono::milliseconds{100});
    }
    void clear_interrupt() {
        machine.write(reg::IntStatus::offset, reg::IntStatus{}.with<reg::IntStatus::Css>(1).raw);
    }
    [[nodiscard]] unsigned new_messages() const { return machine.guest.messages - messages; }
    std::vector<std::uint32_t> raw_events() {
        std::vector<std::uint32_t> all;
        while (const auto event = machine.dequeue_event()) {
            all.push_back(*event);
        }
        return all;
    }
    /// The third frame is as ever.
    void expect_next_frame() {
        frame();
        EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
    }

  private:
    unsigned messages{0};
};

using StuckFrame = FaultyStream<sim::FaultKind::imgu_stuck_frame>;
TEST_F(StuckFrame, NeverEnds) {
    machine.clock.advance(std::chrono::minutes{10});
    EXPECT_THAT(events(), ElementsAre());
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Idle>(), 0U);
    frame(); // none after it, either
    EXPECT_THAT(events(), ElementsAre());
}
TEST_F(StuckFrame, IsOverWithTheStream) {
    ASSERT_TRUE(machine.queue_event(4U << 24U));
    start_stream();
    set_parameters();
    expect_next_frame();
}

using HalfFrame = FaultyStream<sim::FaultKind::imgu_half_frame>;
TEST_F(HalfFrame, GivesBackItsPictureAlone) {
    EXPECT_THAT(events(), ElementsAre(out_done));
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Idle>(), 0U);
    frame();
    EXPECT_THAT(events(), ElementsAre());
    ASSERT_TRUE(machine.queue_event(4U << 24U));
    start_stream();
    set_parameters();
    expect_next_frame();
}

using BadEvent = FaultyStream<sim::FaultKind::imgu_bad_event>;
TEST_F(BadEvent, ComesBeforeTheFrames) {
    const auto all = raw_events();
    ASSERT_EQ(all.size(), 7U);
    EXPECT_EQ(all[3], ~0U);
    EXPECT_EQ(all[4] & 0xffU, out_done);
    expect_next_frame();
}

using BadBuffer = FaultyStream<sim::FaultKind::imgu_bad_buffer>;
TEST_F(BadBuffer, ComesBackBeforeTheFrames) {
    EXPECT_THAT(events(), ElementsAre(out_done, out_done, input_done, pipeline_done));
    EXPECT_EQ(machine.dequeue_buffer(queue_out), descriptors + 4096 * queue_out); // the first's
    EXPECT_EQ(machine.dequeue_buffer(queue_out), 0xdeadbeefU);
    EXPECT_EQ(machine.dequeue_buffer(queue_out), descriptors + 4096 * queue_out);
}

using Assertion = FaultyStream<sim::FaultKind::imgu_assert>;
TEST_F(Assertion, TellsItsPlace) {
    const auto all = raw_events();
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all[0], 0x1200340fU);
}

using EventFlood = FaultyStream<sim::FaultKind::imgu_event_flood>;
TEST_F(EventFlood, LeavesNoRoomAndLosesNothing) {
    EXPECT_EQ(new_messages(), 1U);
    const auto all = raw_events();
    // As many as there is room for, then what is the frame's.
    ASSERT_EQ(all.size(), 23U + 3U);
    EXPECT_EQ(all[0], 12U);
    EXPECT_EQ(all[22], 12U);
    EXPECT_EQ(all[23] & 0xffU, out_done);
    expect_next_frame();
}

using BadRing = FaultyStream<sim::FaultKind::imgu_bad_ring>;
TEST_F(BadRing, HasAnIndexThatItDoesNotHave) {
    EXPECT_EQ(new_messages(), 1U);
    constexpr std::uint32_t end_of_events = 1127; // struct imgu_abi_queues
    EXPECT_EQ(machine.read_byte(Machine::sp(0, firmware().sp(0).host_sp_queue + end_of_events)),
              0xff);
}

using LostInterrupt = FaultyStream<sim::FaultKind::imgu_lost_irq>;
TEST_F(LostInterrupt, LeavesTheEvents) {
    EXPECT_EQ(new_messages(), 0U);
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
    expect_next_frame();
    EXPECT_EQ(new_messages(), 1U);
}

using SpuriousInterrupt = FaultyStream<sim::FaultKind::imgu_spurious_irq>;
TEST_F(SpuriousInterrupt, IsOneMore) {
    EXPECT_EQ(new_messages(), 2U);
    EXPECT_THAT(events(), ElementsAre(out_done, input_done, pipeline_done));
}

using OffBus = FaultyStream<sim::FaultKind::imgu_off_bus>;
TEST_F(OffBus, ReadsAsOnesUntilAReset) {
    EXPECT_EQ(machine.read(reg::State::offset), ~0U);
    EXPECT_EQ(machine.read(Machine::sp(0, 0)), ~0U);
    machine.write(reg::SystemReq::offset, 5);
    machine.device.reset();
    EXPECT_NE(machine.read(reg::State::offset), ~0U);
    EXPECT_EQ(machine.read(reg::SystemReq::offset), 0U);
}

// Those of its start and end, each on the first occasion.
std::vector<sim::FaultSpec> at_first(sim::FaultKind kind) {
    return {{.kind = kind, .frame = 0, .probability = {}, .port = {}}};
}

TEST(FaultyBoot, DoesNotBegin) {
    Machine machine{Sabotage::none, nullptr, at_first(sim::FaultKind::imgu_no_boot)};
    machine.power_up();
    machine.set_up_mmu();
    machine.set_programs();
    (void)machine.boot();
    EXPECT_EQ(machine.start_sp(0), 0U);
    EXPECT_EQ(machine.trace.counted("imgu", "sp-start"), 0U);
    EXPECT_NE(machine.start_sp(0), 0U); // the second time
}

TEST(FaultyEnd, DoesNotComeWhenItIsAskedFor) {
    Machine machine{Sabotage::none, nullptr, at_first(sim::FaultKind::imgu_no_idle)};
    machine.start();
    const auto runs = [&] {
        using namespace reg::cell;
        return Ctrl::from(machine.read(sp_base + Ctrl::offset)).get<Ctrl::Idle>() == 0;
    };
    const auto command = Machine::sp(0, firmware().sp(0).host_sp_com);
    ASSERT_TRUE(runs());
    machine.write(command, 4);
    EXPECT_TRUE(runs());
    machine.write(command, 4);
    EXPECT_FALSE(runs());
}

TEST(FaultyGate, StaysOpen) {
    Machine machine{Sabotage::none, nullptr, at_first(sim::FaultKind::imgu_no_halt)};
    machine.power_up();
    machine.write(mmu::reg::GateHalt::offset, 1);
    EXPECT_EQ(machine.get<mmu::reg::GateHalted>().get<mmu::reg::GateHalted::Halted>(), 0U);
    machine.write(mmu::reg::GateHalt::offset, 1);
    EXPECT_EQ(machine.get<mmu::reg::GateHalted>().get<mmu::reg::GateHalted::Halted>(), 1U);
}

} // namespace
} // namespace ipu3::imgu::test
