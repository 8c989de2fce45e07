// SPDX-License-Identifier: GPL-2.0-or-later
// The device as a driver sees it.
#include "machine/virtual-ipu3/cio2/cio2.hpp"
#include "machine/virtual-ipu3/cio2/test_machine.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <stdexcept>

namespace ipu3::cio2::test {
namespace {

constexpr unsigned seed = 3; // the same bits in every run

using reg::port::ReceiverError;
using sim::FaultKind;
using sim::FaultSpec;

constexpr frames::Size small{.width = 130, .height = 60}; // 192 bytes a line, 3 pages
constexpr std::uint32_t bit(ReceiverError error) {
    return 1U << static_cast<unsigned>(error);
}

FaultSpec at_frame(FaultKind kind, std::uint64_t frame) {
    return {.kind = kind, .frame = frame, .probability = {}, .port = {}};
}

std::uint32_t config_word(Cio2& device, std::uint64_t offset) {
    std::uint32_t value = 0;
    device.config().read(offset, std::as_writable_bytes(std::span{&value, 1}));
    return value;
}

/// Sends frames and lets the driver handle interrupts at the start and the end of each.
void stream(Machine& machine, Driver& driver, unsigned port, std::uint64_t first,
            std::uint64_t count, frames::Size size = small) {
    for (std::uint64_t index = first; index < first + count; ++index) {
        const auto frame = make_frame(index, size);
        machine.device.port(port).frame_start(frame.start);
        driver.service();
        machine.device.port(port).frame_end(frame);
        driver.service();
    }
}

TEST(Cio2Pci, LooksLikeTheFunctionInATablet) {
    Machine machine;
    EXPECT_EQ(config_word(machine.device, 0x00), 0x9d328086U);
    EXPECT_EQ(config_word(machine.device, 0x08), 0x04800001U);
    EXPECT_EQ(config_word(machine.device, 0x2c), 0x72708086U);
    EXPECT_EQ(machine.device.config().bar_size(0), 0x10000U);
    EXPECT_EQ(config_word(machine.device, 0x10) & 0xfU, 0x4U) << "64-bit, not prefetchable";
    EXPECT_EQ(config_word(machine.device, 0x90) & 0xffU, 0x05U) << "MSI";
    EXPECT_EQ(config_word(machine.device, 0xd0) & 0xffU, 0x01U) << "power management";
    EXPECT_EQ(config_word(machine.device, 0xd4) & 0x8U, 0x8U) << "NoSoftRst+";
    EXPECT_EQ(machine.device.config().msi_vectors(), 1U);
}

class Cio2Port : public testing::TestWithParam<unsigned> {};

TEST_P(Cio2Port, DeliversEveryPixelAndWrapsAroundTheTable) {
    Machine machine;
    constexpr frames::Size size{.width = 1296, .height = 20};
    Driver driver{machine, GetParam(), size};
    for (int count = 0; count < 4; ++count) {
        driver.queue(driver.allocate());
    }
    driver.start();
    std::uint64_t delivered = 0;
    for (std::uint64_t index = 0; index < 80; ++index) {
        const auto frame = make_frame(index, size);
        send(machine.device.port(GetParam()), frame);
        driver.service();
        while (!driver.done.empty()) {
            const auto done = driver.done.front();
            driver.done.pop_front();
            EXPECT_EQ(done.bytes, driver.image_bytes());
            EXPECT_EQ(done.first.line, size.height);
            EXPECT_EQ(done.first.frame_number, frame.start.number);
            EXPECT_EQ(driver.bad_pixels(done, frame), 0U) << "frame " << index;
            driver.queue(done.buffer);
            ++delivered;
        }
    }
    EXPECT_EQ(driver.starts, 80U);
    EXPECT_EQ(driver.unclaimed, 0U);
    // The first entries are the driver's dummies: it queues two behind the read pointer.
    EXPECT_EQ(driver.dummies, 2U);
    EXPECT_EQ(delivered, 78U);
    EXPECT_EQ(machine.counted("frame-dropped"), 0U);
    EXPECT_TRUE(driver.stop());
}

INSTANTIATE_TEST_SUITE_P(AllPorts, Cio2Port, testing::Values(0U, 1U, 2U, 3U));

TEST(Cio2, FillsABufferOfTwoPageLists) {
    Machine machine;
    constexpr frames::Size size{.width = 2592, .height = 1944}; // 1580 pages
    Driver driver{machine, 1, size};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 1, 0, 3, size);
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.done[0].bytes, 3328U * 1944U);
    EXPECT_EQ(driver.bad_pixels(driver.done[0], make_frame(2, size)), 0U);
    EXPECT_EQ(machine.counted("dma-fault"), 0U);
}

TEST(Cio2, HonoursTheFirstPagesOffsetAndTheLastPagesLimit) {
    Machine machine;
    Driver driver{machine, 0, small};
    const auto buffer = driver.allocate(1000, std::byte{0xa5});
    driver.queue(buffer);
    driver.start();
    stream(machine, driver, 0, 0, 3);
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.bad_pixels(driver.done[0], make_frame(2, small)), 0U);
    const auto first = machine.guest.bytes(buffer.pages.front());
    const auto last = machine.guest.bytes(buffer.pages.back());
    for (std::size_t at = 0; at < 1000; ++at) {
        ASSERT_EQ(first[at], std::byte{0xa5}) << at;
    }
    for (auto at = (driver.image_bytes() + 1000) % page_size; at < page_size; ++at) {
        ASSERT_EQ(last[at], std::byte{0xa5}) << at;
    }
}

TEST(Cio2, NeverWritesBehindABufferThatIsTooSmall) {
    Machine machine;
    Driver driver{machine, 0, small};
    const auto buffer = driver.allocate(5000, 0, std::byte{0xa5});
    driver.queue(buffer);
    driver.start();
    stream(machine, driver, 0, 0, 3);
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.done[0].bytes, 5000U);
    EXPECT_EQ(machine.counted("buffer-full"), 1U);
    const auto last = machine.guest.bytes(buffer.pages.back());
    for (std::size_t at = 5000 % page_size; at < page_size; ++at) {
        ASSERT_EQ(last[at], std::byte{0xa5}) << at;
    }
}

TEST(Cio2, HasRoomWhileThreeBuffersWait) {
    Machine machine;
    const auto& port = machine.device.port(1);
    Driver driver{machine, 1, small};
    EXPECT_TRUE(port.has_room()) << "nothing to wait for before the channel runs";
    for (int count = 0; count < 4; ++count) {
        driver.queue(driver.allocate());
    }
    driver.start();
    EXPECT_TRUE(port.has_room());
    // Two go to the dummies before the first buffer, see DeliversEveryPixelAndWrapsAroundTheTable.
    stream(machine, driver, 1, 0, 3);
    EXPECT_TRUE(port.has_room()) << "three left";
    stream(machine, driver, 1, 3, 1);
    EXPECT_FALSE(port.has_room()) << "two left: dummies do not count";
    driver.queue(driver.allocate());
    EXPECT_TRUE(port.has_room());
}

TEST(Cio2, AFrameThatFindsNoValidBufferIsDroppedAndHaltsTheChannel) {
    Machine machine;
    Driver driver{machine, 2, small};
    driver.start();
    stream(machine, driver, 2, 0, 1);
    machine.guest.poke(driver.entry(1), std::uint32_t{0});
    stream(machine, driver, 2, 1, 2);
    EXPECT_EQ(driver.dummies, 1U);
    EXPECT_EQ(driver.output_errors, 1U);
    EXPECT_EQ(machine.traced("no valid buffer"), 1U);
    EXPECT_EQ(machine.traced("dma halted"), 1U);
    EXPECT_NE(machine.read(reg::dma::base + reg::dma::CdmaC0::offset) &
                  reg::dma::CdmaC0::Halted::mask,
              0U);

    EXPECT_TRUE(driver.stop());
    driver.start();
    driver.queue(driver.allocate());
    stream(machine, driver, 2, 0, 3);
    EXPECT_EQ(driver.done.size(), 1U) << "a restart gets it going again";
}

TEST(Cio2, StopInMidFrameHaltsAtOnceAndLeavesTheBufferToSoftware) {
    Machine machine;
    Driver driver{machine, 1, small};
    driver.start();
    machine.device.port(1).frame_start({.number = 1, .index = 0});
    EXPECT_NE(machine.read(reg::PbmFopnAbort::offset) & reg::PbmFopnAbort::frame_open(1), 0U);
    EXPECT_TRUE(driver.stop());
    EXPECT_EQ(machine.read(reg::PbmFopnAbort::offset) & reg::PbmFopnAbort::frame_open(1), 0U);
    machine.device.port(1).frame_end(make_frame(0, small));
    EXPECT_NE(machine.guest.peek<std::uint32_t>(driver.entry(0)) & fbpt::Control::Valid::mask, 0U);
    EXPECT_EQ(machine.counted("frame-end"), 0U);

    driver.start();
    driver.queue(driver.allocate());
    stream(machine, driver, 1, 0, 3);
    ASSERT_EQ(driver.done.size(), 1U) << "the second stream starts with the table's first entry";
    EXPECT_EQ(driver.bad_pixels(driver.done[0], make_frame(2, small)), 0U);
}

TEST(Cio2, TwoPortsStreamOnTwoChannelsAtOnce) {
    Machine machine;
    Driver left{machine, 0, small, 0};
    Driver right{machine, 3, small, 3};
    left.queue(left.allocate());
    right.queue(right.allocate());
    left.start();
    right.start();
    for (std::uint64_t index = 0; index < 3; ++index) {
        auto other = make_frame(index + 100, small);
        machine.device.port(0).frame_start({.number = 1, .index = index});
        machine.device.port(3).frame_start(other.start);
        left.service();
        machine.guest.messages = 1;
        right.service();
        machine.device.port(3).frame_end(other);
        right.service();
        machine.device.port(0).frame_end(make_frame(index, small));
        left.service();
    }
    ASSERT_EQ(left.done.size(), 1U);
    ASSERT_EQ(right.done.size(), 1U);
    EXPECT_EQ(left.bad_pixels(left.done[0], make_frame(2, small)), 0U);
    EXPECT_EQ(right.bad_pixels(right.done[0], make_frame(102, small)), 0U);
}

TEST(Cio2, TwoPortsOnOneChannelDoNotMix) {
    Machine machine;
    Driver first{machine, 0, small, 0};
    Driver second{machine, 1, small, 0};
    second.start();
    first.start();
    machine.device.port(0).frame_start({.number = 1, .index = 0});
    machine.device.port(1).frame_start({.number = 1, .index = 0});
    EXPECT_EQ(machine.traced("dma busy"), 1U);
}

struct ReceptionCase {
    const char* name;
    std::uint64_t offset;
    std::uint32_t value;
    const char* reason;
};
class Cio2Reception : public testing::TestWithParam<ReceptionCase> {};

TEST_P(Cio2Reception, TakesNoFrameAndCountsIt) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    machine.write(GetParam().offset, GetParam().value);
    stream(machine, driver, 0, 0, 2);
    EXPECT_EQ(machine.counted("frame-dropped"), 2U);
    EXPECT_EQ(machine.traced(GetParam().reason), 2U) << GetParam().reason;
    EXPECT_EQ(driver.starts, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, Cio2Reception,
    testing::Values(
        ReceptionCase{"ReceiverOff", reg::port::CsirxEnable::offset, 0, "receiver disabled"},
        ReceptionCase{"BackEndOff", reg::port::MipibeEnable::offset, 0, "back end disabled"},
        ReceptionCase{"NoLanes", reg::port::CsirxNofEnabledLanes::offset, 0, "no lanes enabled"},
        ReceptionCase{"FiveLanes", reg::port::CsirxNofEnabledLanes::offset, 5, "no lanes enabled"},
        ReceptionCase{"NoSettle", 0x30, 0, "settle time is zero"},
        ReceptionCase{"NoLookup", reg::port::MipibeLpLutEntry::offset, 1, "no lookup entry"},
        ReceptionCase{"MapperAbort", reg::pxm::base + reg::pxm::FrfCfg::offset, 4, "aborted"},
        ReceptionCase{"BufferAbort", reg::PbmFopnAbort::offset, 1, "aborted"},
        ReceptionCase{"NoSuchChannel", reg::pxm::base + reg::pxm::Sid2Bid::offset, 31,
                      "no such dma channel"},
        ReceptionCase{"DmaOff", reg::dma::base + reg::dma::CdmaC0::offset, 0, "dma disabled"},
        ReceptionCase{"Sleeping", reg::D0i3c::offset, reg::D0i3c::I3::mask, "asleep"}),
    [](const auto& reception) { return std::string{reception.param.name}; });

TEST(Cio2, PacketsThatMatchNoLookupEntryAreThrownAwayOrStallThePort) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    machine.write(reg::port::MipibeLpLutEntry::offset, 0x2aU << 7U); // RAW8, the sensor sends RAW10
    stream(machine, driver, 0, 0, 1);
    EXPECT_EQ(machine.counted("payload-discarded"), 1U);
    EXPECT_EQ(driver.dummies, 1U) << "an empty frame";
    EXPECT_EQ(driver.receiver_errors, 0U);

    machine.write(reg::port::MipibeGlobalLutDisregard::offset, 0);
    stream(machine, driver, 0, 1, 2);
    EXPECT_EQ(driver.receiver_errors, bit(ReceiverError::long_packet_stalled));
    EXPECT_EQ(machine.read(reg::port::MipibePktStallStatus::offset), 1U);
    EXPECT_EQ(machine.traced("back end stalled"), 1U);
}

TEST(Cio2, AFormatThatIsNotPackedTenBitGivesNoPixels) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    machine.write(reg::pxm::base + reg::pxm::PxfFmtCfg::offset, 0);
    stream(machine, driver, 0, 0, 1);
    EXPECT_EQ(machine.traced("unsupported pixel format"), 1U);
}

TEST(Cio2, AShortFrameIsAShortPayload) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 0, 0, 2);
    auto frame = make_frame(2, small);
    frame.lines_sent = 17;
    send(machine.device.port(0), frame);
    driver.service();
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.done[0].bytes, 17U * driver.line_bytes());
    EXPECT_EQ(driver.done[0].first.line, 17U);
}

// ---- faults on demand
// -----------------------------------------------------------------------------------

TEST(Cio2Fault, CsiCrcIsReportedByReceiverAndPortAndTheFrameArrives) {
    Machine machine{{at_frame(FaultKind::csi_crc, 2)}};
    Driver driver{machine, 1, small};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 1, 0, 2);
    EXPECT_EQ(driver.receiver_errors, 0U);
    stream(machine, driver, 1, 2, 1);
    EXPECT_EQ(driver.receiver_errors, bit(ReceiverError::payload_crc));
    EXPECT_EQ(driver.input_errors, 0x8800U) << "CRC error and IRQ of port 1";
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.done[0].bytes, driver.image_bytes());
    EXPECT_EQ(driver.done[0].first.control & fbpt::Control::Success::mask, 0U);
    EXPECT_EQ(machine.counted("fault"), 1U);
}

TEST(Cio2Fault, ASensorsOwnCrcErrorIsTheSame) {
    Machine machine;
    Driver driver{machine, 3, small};
    driver.start();
    auto frame = make_frame(0, small);
    frame.crc_error = true;
    send(machine.device.port(3), frame);
    driver.service();
    EXPECT_EQ(driver.receiver_errors, bit(ReceiverError::payload_crc));
    EXPECT_EQ(driver.input_errors, 0x88000000U);
}

TEST(Cio2Fault, FifoOverflowLosesLines) {
    Machine machine{{at_frame(FaultKind::fifo_overflow, 2)}};
    Driver driver{machine, 1, small};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 1, 0, 3);
    EXPECT_EQ(driver.receiver_errors, bit(ReceiverError::fifo_overflow));
    EXPECT_EQ(driver.output_errors, 1U << 25U) << "OES of port 1";
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.done[0].bytes, driver.image_bytes() / 2);
}

TEST(Cio2Fault, AFrameWithoutEndIsClosedByTheNextStart) {
    Machine machine{{at_frame(FaultKind::no_frame_end, 2)}};
    Driver driver{machine, 0, small};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 0, 0, 3);
    EXPECT_EQ(driver.starts, 3U);
    EXPECT_TRUE(driver.done.empty());
    machine.device.port(0).frame_start(make_frame(3, small).start);
    driver.service();
    EXPECT_EQ(driver.receiver_errors, bit(ReceiverError::frame_sync));
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.bad_pixels(driver.done[0], make_frame(2, small)), 0U);
    EXPECT_EQ(driver.starts, 4U);
}

TEST(Cio2Fault, ASpuriousInterruptComesWhenNothingIsPending) {
    Machine machine{{at_frame(FaultKind::spurious_irq, 1)}};
    Driver driver{machine, 0, small};
    driver.start();
    stream(machine, driver, 0, 0, 1);
    machine.scheduler.advance(std::chrono::milliseconds{10});
    driver.service();
    EXPECT_EQ(driver.unclaimed, 0U) << "it strikes frame 1, not frame 0";
    stream(machine, driver, 0, 1, 1);
    EXPECT_EQ(driver.unclaimed, 0U);
    machine.scheduler.advance(std::chrono::milliseconds{10});
    driver.service();
    EXPECT_EQ(driver.unclaimed, 1U);
    EXPECT_EQ(machine.counted("fault"), 1U);
}

TEST(Cio2Fault, AResetForgetsTheSpuriousInterrupt) {
    Machine machine{{at_frame(FaultKind::spurious_irq, 0)}};
    Driver driver{machine, 0, small};
    driver.start();
    stream(machine, driver, 0, 0, 1);
    machine.device.reset();
    machine.scheduler.advance(std::chrono::milliseconds{10});
    EXPECT_EQ(machine.guest.messages, 0U);
}

TEST(Cio2Fault, ALostInterruptIsFoundWithTheNextOne) {
    Machine machine{{at_frame(FaultKind::lost_irq, 2)}};
    Driver driver{machine, 0, small};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 0, 0, 3);
    EXPECT_TRUE(driver.done.empty());
    EXPECT_EQ(machine.guest.messages, 0U);
    EXPECT_NE(machine.read(reg::IntSts::offset) & reg::IntSts::completion(0), 0U);
    machine.device.port(0).frame_start(make_frame(3, small).start);
    driver.service();
    EXPECT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.starts, 4U);
}

TEST(Cio2Fault, AStuckQueueNeitherMovesNorHaltsUntilItIsEnabledAnew) {
    Machine machine{{at_frame(FaultKind::stuck_dma, 3)}};
    Driver driver{machine, 0, small};
    driver.start();
    stream(machine, driver, 0, 0, 8);
    EXPECT_EQ(driver.dummies, 3U);
    EXPECT_EQ(machine.traced("dma stuck"), 5U);
    EXPECT_EQ(machine.read(reg::dma::base + reg::dma::CdmaRi::offset), 3U);
    EXPECT_FALSE(driver.stop()) << "never reports that it halted";
    driver.start();
    stream(machine, driver, 0, 0, 2);
    EXPECT_EQ(driver.dummies, 5U);
}

// ---- bad addresses
// --------------------------------------------------------------------------------------

TEST(Cio2BadAddress, AnUnmappedTableHaltsTheChannel) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    machine.write(reg::dma::base + reg::dma::CdmaBa::offset, Guest::unmapped_pfn);
    stream(machine, driver, 0, 0, 2);
    EXPECT_EQ(machine.traced("buffer table read"), 1U);
    EXPECT_EQ(driver.output_errors, 1U);
    EXPECT_EQ(machine.counted("frame-dropped"), 2U);
}

TEST(Cio2BadAddress, ATableThatEndsWithinAnEntryHaltsTheChannel) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    // The last page of memory holds entry 31 in full only as long as entries are 128 bytes.
    const auto last = static_cast<std::uint32_t>(Guest::base / page_size) + Guest::pages - 1;
    machine.guest.poke(page_address(last), std::uint32_t{0x7});
    using reg::dma::CdmaC0;
    auto control = CdmaC0::from(machine.read(reg::dma::base + CdmaC0::offset));
    machine.write(reg::dma::base + reg::dma::CdmaBa::offset, last);
    machine.write(reg::dma::base + CdmaC0::offset, control.with<CdmaC0::FbptWidth>(255).raw);
    stream(machine, driver, 0, 0, 1);
    EXPECT_EQ(machine.traced("buffer table read"), 1U);
}

TEST(Cio2BadAddress, AnEntryWithoutWidthHaltsTheChannel) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    using reg::dma::CdmaC0;
    auto control = CdmaC0::from(machine.read(reg::dma::base + CdmaC0::offset));
    machine.write(reg::dma::base + CdmaC0::offset, control.with<CdmaC0::FbptWidth>(0).raw);
    stream(machine, driver, 0, 0, 1);
    EXPECT_EQ(driver.output_errors, 1U);
}

TEST(Cio2BadAddress, AnUnmappedPageListDropsTheFrameAndHalts) {
    Machine machine;
    Driver driver{machine, 0, small};
    auto buffer = driver.allocate();
    buffer.lops[0] = Guest::unmapped_pfn;
    driver.queue(buffer);
    driver.start();
    stream(machine, driver, 0, 0, 4);
    EXPECT_TRUE(driver.done.empty());
    EXPECT_EQ(machine.traced("page list read"), 1U);
    EXPECT_EQ(machine.counted("frame-dropped"), 2U);
    EXPECT_EQ(driver.output_errors, 1U);
}

TEST(Cio2BadAddress, AWildPageLosesItsBytesOnly) {
    Machine machine;
    Driver driver{machine, 0, small};
    const auto buffer = driver.allocate(0, std::byte{0xa5});
    machine.guest.poke(page_address(buffer.lops[0]) + 4, std::uint32_t{0xffffffff});
    driver.queue(buffer);
    driver.start();
    stream(machine, driver, 0, 0, 3);
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.done[0].bytes, driver.image_bytes()) << "posted writes do not fail";
    EXPECT_GT(driver.bad_pixels(driver.done[0], make_frame(2, small)), 0U);
    EXPECT_EQ(machine.traced("pixel write"), 1U);
    EXPECT_EQ(machine.guest.bytes(buffer.pages[1]),
              std::vector<std::byte>(page_size, std::byte{0xa5}));
}

TEST(Cio2BadAddress, TheLookAheadBehindAFullPageListReadsTheNextOne) {
    Machine machine;
    constexpr frames::Size size{.width = 3200, .height = 1024}; // 1024 pages to the byte
    Driver driver{machine, 0, size};
    auto buffer = driver.allocate();
    ASSERT_EQ(buffer.pages.size(), 1024U);
    buffer.lops.push_back(Guest::unmapped_pfn);
    driver.queue(buffer);
    driver.start();
    stream(machine, driver, 0, 0, 3, size);
    EXPECT_EQ(machine.traced("page list read"), 1U);
}

TEST(Cio2BadAddress, WithoutBusMasteringNothingLeavesTheDevice) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    machine.command(0x0402);
    stream(machine, driver, 0, 0, 2);
    EXPECT_EQ(machine.guest.messages, 0U);
    EXPECT_EQ(machine.traced("buffer table read"), 1U);
    EXPECT_NE(machine.guest.peek<std::uint32_t>(driver.entry(0)) & fbpt::Control::Valid::mask, 0U);
}

// ---- power and reset
// ------------------------------------------------------------------------------------

TEST(Cio2Power, D3StopsFramesAndInterruptsAndKeepsTheRegisters) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    machine.device.port(0).frame_start({.number = 1, .index = 0});
    driver.service();
    machine.power(vfio_user::PowerState::d3hot);
    machine.device.port(0).frame_end(make_frame(0, small));
    send(machine.device.port(0), make_frame(1, small));
    EXPECT_EQ(machine.guest.messages, 0U);
    EXPECT_EQ(machine.traced("asleep"), 2U);
    machine.power(vfio_user::PowerState::d0);
    stream(machine, driver, 0, 2, 1);
    EXPECT_EQ(driver.dummies, 1U) << "No_Soft_Reset: the stream goes on";
}

TEST(Cio2Power, RestoreRequiredIsSetByPowerOnAndClearedByOne) {
    Machine machine;
    EXPECT_EQ(machine.read(reg::D0i3c::offset), 0U);
    machine.device.reset();
    EXPECT_EQ(machine.read(reg::D0i3c::offset), reg::D0i3c::RestoreRequired::mask);
    machine.write(reg::D0i3c::offset, reg::D0i3c::I3::mask);
    EXPECT_EQ(machine.read(reg::D0i3c::offset),
              reg::D0i3c::RestoreRequired::mask | reg::D0i3c::I3::mask);
}

TEST(Cio2Reset, ForgetsEverything) {
    Machine machine;
    Driver driver{machine, 1, small};
    driver.start();
    stream(machine, driver, 1, 0, 2);
    machine.device.port(1).frame_start({.number = 1, .index = 2});
    machine.device.reset();
    machine.guest.messages = 0;
    machine.device.port(1).frame_end(make_frame(2, small));
    send(machine.device.port(1), make_frame(3, small));
    EXPECT_EQ(machine.guest.messages, 0U);
    EXPECT_EQ(machine.read(reg::IntSts::offset), 0U);
    EXPECT_EQ(machine.read(reg::IntEn::offset), 0U);
    EXPECT_EQ(machine.read(reg::dma::base), 0U);
    EXPECT_EQ(machine.read(0x400 + reg::port::CsirxEnable::offset), 0U);
    EXPECT_EQ(machine.read(0x400 + 0x30), 0x570U);
    EXPECT_FALSE(machine.device.config().bus_master());
}

TEST(Cio2Reset, ASoftwareResetKeepsTheConfigurationSpace) {
    Machine machine;
    Driver driver{machine, 1, small};
    driver.start();
    machine.write(reg::Swreset::offset, 1);
    EXPECT_EQ(machine.read(reg::Swreset::offset), 0U);
    EXPECT_EQ(machine.read(reg::IntEn::offset), 0U);
    EXPECT_TRUE(machine.device.config().bus_master());
    driver.start();
    stream(machine, driver, 1, 0, 2);
    EXPECT_EQ(driver.dummies, 2U);
}

// ---- registers
// ------------------------------------------------------------------------------------------

TEST(Cio2Registers, UnknownOnesReadZeroAndAreReportedOnce) {
    Machine machine;
    machine.write(0x8000, 0xdeadbeef);
    EXPECT_EQ(machine.read(0x8000), 0U);
    EXPECT_EQ(machine.read(0xfffc), 0U);
    EXPECT_EQ(machine.read(0x30c), 0U) << "IRQCTRL_CLEAR is known and reads 0";
    EXPECT_EQ(machine.counted("unknown-register"), 2U);
    EXPECT_EQ(machine.counted("unknown-register-access"), 3U);
}

TEST(Cio2Registers, ReadsOfAnySizeGiveTheirBytesAndNarrowWritesAreRefused) {
    Machine machine;
    machine.write(reg::LtrVal23::offset, 0x11223344);
    machine.write(reg::LtrVal01::offset, 0x55667788);
    std::array<std::byte, 8> wide{};
    machine.device.bar_read(0, reg::LtrVal23::offset, wide);
    EXPECT_EQ(wide[0], std::byte{0x44});
    EXPECT_EQ(wide[7], std::byte{0x55});
    std::array<std::byte, 1> narrow{};
    machine.device.bar_read(0, reg::LtrVal23::offset + 2, narrow);
    EXPECT_EQ(narrow[0], std::byte{0x22});
    machine.device.bar_write(0, reg::LtrVal23::offset, narrow);
    EXPECT_EQ(machine.read(reg::LtrVal23::offset), 0x11223344U);
    EXPECT_EQ(machine.counted("partial-write"), 1U);
    machine.device.bar_write(0, reg::LtrVal23::offset, std::array<std::byte, 8>{});
    EXPECT_EQ(machine.read(reg::LtrVal01::offset), 0U);
}

TEST(Cio2Registers, TheTimestampCounterRunsAtTwentyFourMegahertz) {
    Machine machine;
    machine.scheduler.advance(std::chrono::milliseconds{2});
    EXPECT_EQ(machine.read(reg::PbmTsCount::offset), 48000U);
    machine.write(reg::PbmWmctrl1::offset, reg::PbmWmctrl1::TsCountDisable::mask);
    EXPECT_EQ(machine.read(reg::PbmTsCount::offset), 0U);
}

TEST(Cio2Registers, HighSpeedStatusShowsTheLanesInUseUntilCleared) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    stream(machine, driver, 0, 0, 1);
    EXPECT_EQ(machine.read(reg::port::CsirxStatusDlaneHs::offset), 0x3U);
    machine.write(reg::port::CsirxStatusDlaneHs::offset, 0xff);
    EXPECT_EQ(machine.read(reg::port::CsirxStatusDlaneHs::offset), 0U);
}

TEST(Cio2Registers, TheLineInterruptSharesTheStartsBit) {
    Machine machine;
    Driver driver{machine, 0, small};
    driver.start();
    machine.write(reg::dma::base + reg::dma::CdmaC1::offset, 30);
    stream(machine, driver, 0, 0, 1);
    EXPECT_EQ(driver.starts, 2U);
}

TEST(Cio2, ThereAreFourPorts) {
    Machine machine;
    EXPECT_THROW((void)machine.device.port(4), std::out_of_range);
}

/// Whatever a guest writes, the device stays in one piece: the sanitizers and the bounded loops
/// judge.
TEST(Cio2Hostile, RandomRegisterWritesAndTablesNeverBreakIt) {
    Machine machine;
    Driver driver{machine, 0, small};
    std::mt19937 engine{seed};
    const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
    const auto garbage = machine.guest.allocate();
    for (unsigned round = 0; round < 2000; ++round) {
        if (round % 50 == 0) {
            machine.command(0x0406);
            machine.write(reg::D0i3c::offset, 8);
            driver.start();
        }
        std::vector<std::uint32_t> words(page_size / 4);
        for (auto& word : words) {
            word = random() % 4 == 0 ? random() : garbage;
        }
        machine.guest.fill(page_address(garbage), std::as_bytes(std::span{words}));
        const auto offset = random() % 0x1800 / 4 * 4;
        const auto value = random() % 2 == 0 ? garbage : random() ^ (random() << 16U);
        machine.write(offset, value);
        machine.write(reg::dma::base, garbage);
        (void)machine.read(random() % 0x10000 & ~3U);
        const auto port = random() % 4;
        auto frame = make_frame(round, small);
        frame.lines_sent = random() % 100;
        frame.end_missing = random() % 4 == 0;
        send(machine.device.port(port), frame);
    }
    EXPECT_GT(machine.counted("mmio-write"), 4000U);
    machine.device.reset();
    machine.command(0x0406);
    machine.guest.messages = 0;
    Driver after{machine, 0, small};
    after.start();
    stream(machine, after, 0, 0, 2);
    EXPECT_EQ(after.dummies, 2U);
}

// ---- negative controls: what these tests compare would show a wrong device
// ----------------------------------

TEST(Cio2Sabotage, OneWrongBitInPackingIsOneWrongPixel) {
    Machine machine{{}, Sabotage::packing_bit};
    Driver driver{machine, 0, small};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 0, 0, 3);
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_EQ(driver.bad_pixels(driver.done[0], make_frame(2, small)), 1U);
}

TEST(Cio2Sabotage, AWrongStepInThePageListIsWrongPixels) {
    Machine machine{{}, Sabotage::lop_step};
    Driver driver{machine, 0, small};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 0, 0, 3);
    ASSERT_EQ(driver.done.size(), 1U);
    EXPECT_GT(driver.bad_pixels(driver.done[0], make_frame(2, small)), 1000U);
}

TEST(Cio2Sabotage, AWrongStatusBitIsAFrameThatNeverArrives) {
    Machine machine{{}, Sabotage::int_status_bit};
    Driver driver{machine, 0, small};
    driver.queue(driver.allocate());
    driver.start();
    stream(machine, driver, 0, 0, 5);
    EXPECT_TRUE(driver.done.empty());
    EXPECT_EQ(driver.dummies, 0U);
    EXPECT_EQ(driver.statuses & reg::IntSts::completion(0), 0U);
}

} // namespace
} // namespace ipu3::cio2::test
