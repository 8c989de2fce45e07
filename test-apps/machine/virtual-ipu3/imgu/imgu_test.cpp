// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/imgu.hpp"

#include "machine/virtual-ipu3/imgu/test_machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::imgu::test {
namespace {

constexpr std::uint32_t bootloader_ok = 0x100;
constexpr std::uint32_t bootloader_error = 0x102;

// Of SP0's program.
constexpr std::uint32_t per_frame_data = 0x23c8;
constexpr std::uint32_t queues = 0x2d7c;
constexpr std::uint32_t command = 0x2350;
constexpr std::uint32_t sw_state = 0x38d8;

bool idle(Machine& machine, std::uint64_t base) {
    return reg::cell::Ctrl::from(machine.read(base + reg::cell::Ctrl::offset))
               .get<reg::cell::Ctrl::Idle>() != 0;
}

TEST(Power, GoesUpAndHaltsWhenTold) {
    Machine machine;
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::PowerDown>(), 1U);
    machine.power_up();
    const auto state = machine.get<reg::State>();
    EXPECT_EQ(state.get<reg::State::PowerDown>(), 0U);
    EXPECT_EQ(state.get<reg::State::Idle>(), 1U);
    EXPECT_EQ(state.get<reg::State::Halted>(), 0U);
    EXPECT_EQ(machine.get<reg::PmCtrl>().get<reg::PmCtrl::Start>(), 0U);
    EXPECT_EQ(machine.read(reg::SystemReq::offset), 8U);
    machine.write(reg::PmCtrl::offset, reg::PmCtrl::ForceHalt::mask);
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Halted>(), 1U);
    machine.write(reg::PmCtrl::offset, reg::PmCtrl::ForceUnhalt::mask);
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Halted>(), 0U);
    machine.write(mmu::reg::GateHalt::offset, 1);
    EXPECT_EQ(machine.get<reg::State>().get<reg::State::Halted>(), 1U);
}

TEST(Boot, RunsAsLinuxStartsIt) {
    Machine machine;
    machine.start();
    EXPECT_FALSE(idle(machine, 0x4100));
    EXPECT_FALSE(idle(machine, 0x4200));
    EXPECT_TRUE(idle(machine, 0x4000));
    // Sizes that the driver wants to find.
    EXPECT_EQ(machine.read_byte(Machine::sp(0, queues)), 3);
    EXPECT_EQ(machine.read_byte(Machine::sp(0, queues + 512)), 8);
    EXPECT_EQ(machine.read_byte(Machine::sp(0, queues + 800)), 80);
    EXPECT_EQ(machine.read_byte(Machine::sp(0, queues + 1124)), 24);
    EXPECT_EQ(machine.trace.counted("imgu", "unknown-register-access"), 0U);
    EXPECT_EQ(machine.trace.counted("imgu", "access-fault"), 0U);
}

TEST(Boot, KeepsTheOneVariableThatWasWrittenBefore) {
    Machine machine;
    machine.power_up();
    machine.set_up_mmu();
    machine.set_programs();
    ASSERT_EQ(machine.boot(), bootloader_ok);
    machine.write(Machine::sp(0, per_frame_data), 0x12345000);
    machine.write(Machine::sp(0, per_frame_data + 4), 0x55555555);
    ASSERT_EQ(machine.start_sp(0), 1U);
    EXPECT_EQ(machine.read(Machine::sp(0, per_frame_data)), 0x12345000U);
    EXPECT_EQ(machine.read(Machine::sp(0, per_frame_data + 4)), 0U);
}

TEST(Boot, RefusesAProgramThatIsNotTheFiles) {
    for (const unsigned number : {0U, 1U, 2U}) {
        Machine machine;
        // Anywhere in the body, as a line that was not written back would be.
        machine.guest.poke(dmatest::test::Guest::address(machine.first_pages.at(number)) + 64, 0);
        machine.power_up();
        machine.set_up_mmu();
        machine.set_programs();
        EXPECT_EQ(machine.boot(), number == 2 ? bootloader_error : bootloader_ok) << number;
        EXPECT_EQ(machine.start_sp(0), number == 1 ? 1U : 0U) << number;
        EXPECT_EQ(machine.start_sp(1), number == 0 ? 1U : 0U) << number;
        EXPECT_GT(machine.trace.counted("imgu", "program-refused"), 0U) << number;
    }
}

TEST(Boot, RefusesCommandsThatLoadNothing) {
    struct Wrong {
        std::uint32_t at; ///< in the ISP's memory: a word of the first command, or their number
        std::uint32_t value;
    };
    for (const auto& wrong : {Wrong{4, 0x100}, Wrong{8, 2}, Wrong{12, 0x30000}, Wrong{0xa4, 17}}) {
        Machine machine;
        machine.power_up();
        machine.set_up_mmu();
        machine.set_programs();
        ASSERT_EQ(machine.boot(), bootloader_ok);
        machine.write(reg::memory::isp_dmem + wrong.at, wrong.value);
        machine.write(0x4000, reg::cell::Ctrl::Start::mask | reg::cell::Ctrl::Run::mask);
        EXPECT_EQ(machine.read(reg::memory::isp_dmem + 0xa0), bootloader_error) << wrong.at;
        EXPECT_EQ(machine.trace.counted("imgu", "program-refused"), 1U) << wrong.at;
    }
}

TEST(Boot, RefusesInitialDataThatIsNotTheFiles) {
    constexpr std::uint32_t init_dmem_data = 0x38dc;
    for (std::uint32_t word = 0; word < 6; ++word) {
        Machine machine;
        machine.power_up();
        machine.set_up_mmu();
        machine.set_programs();
        ASSERT_EQ(machine.boot(), bootloader_ok);
        machine.write_initial_data(0);
        const auto at = Machine::sp(0, init_dmem_data + 4 * word);
        machine.write(at, machine.read(at) + 4);
        EXPECT_EQ(machine.run_sp(0), 0U) << word;
        EXPECT_TRUE(idle(machine, 0x4100)) << word;
        EXPECT_EQ(machine.trace.counted("imgu", "program-refused"), 1U) << word;
    }
}

TEST(Boot, RefusesToRunWithoutTheBootloader) {
    Machine machine;
    machine.power_up();
    machine.set_up_mmu();
    machine.set_programs();
    EXPECT_EQ(machine.start_sp(0), 0U);
    EXPECT_TRUE(idle(machine, 0x4100));
}

TEST(Boot, IsDeniedMemoryWhileTheGateIsClosed) {
    Machine machine;
    machine.power_up();
    machine.set_up_mmu();
    machine.write(mmu::reg::GateHalt::offset, 1);
    machine.set_programs();
    EXPECT_EQ(machine.boot(), bootloader_error);
    EXPECT_GT(machine.trace.counted("imgu", "access-fault"), 0U);
}

TEST(Boot, HasNothingLeftOfItAfterAForcedReset) {
    Machine machine;
    machine.start();
    machine.write(reg::PmCtrl::offset, reg::PmCtrl::ForceReset::mask);
    EXPECT_TRUE(idle(machine, 0x4100));
    EXPECT_EQ(machine.start_sp(0), 0U);
    machine.start();
    EXPECT_FALSE(idle(machine, 0x4100));
}

TEST(Queue, GivesOldParametersBackWhenThereAreNewOnes) {
    Machine machine;
    machine.start();
    constexpr std::uint32_t enqueued = 0; // thread 0, queue A
    ASSERT_TRUE(machine.queue_buffer(0, 0, 0x1000));
    ASSERT_TRUE(machine.queue_event(enqueued));
    EXPECT_EQ(machine.dequeue_buffer(0), std::nullopt);
    ASSERT_TRUE(machine.queue_buffer(0, 0, 0x2000));
    ASSERT_TRUE(machine.queue_event(enqueued));
    EXPECT_EQ(machine.dequeue_buffer(0), 0x1000U);
    EXPECT_EQ(machine.dequeue_buffer(0), std::nullopt);
}

TEST(Queue, IsServedForEachEventAtOnce) {
    Machine machine;
    machine.start();
    for (unsigned i = 0; i < 300; ++i) {
        ASSERT_TRUE(machine.queue_buffer(1, 2, i)) << i;
        ASSERT_TRUE(machine.queue_event(1U << 16U | 2U << 8U)) << i;
    }
    EXPECT_EQ(machine.trace.counted("imgu", "buffer"), 300U);
}

TEST(Queue, SurvivesADriverThatWritesNonsense) {
    Machine machine;
    machine.start();
    for (unsigned byte = 0; byte < 1224; ++byte) {
        machine.write_byte(Machine::sp(0, queues + byte), 0xff);
        machine.write_byte(Machine::sp(0, queues + 803), static_cast<std::uint8_t>(byte));
    }
    // Threads and queues that there are not, events that there are not.
    for (std::uint32_t event = 0; event < 0x1000; ++event) {
        machine.write(Machine::sp(0, queues + 804), event << 20U | (event & 0xfU) << 8U);
        machine.write_byte(Machine::sp(0, queues + 802), 0);
        machine.write_byte(Machine::sp(0, queues + 803), 1);
    }
    EXPECT_GT(machine.trace.counted("imgu", "unknown-event"), 0U);
    machine.start();
    EXPECT_TRUE(machine.queue_buffer(0, 0, 1));
}

TEST(End, StopsBothProgramsAndSaysSo) {
    Machine machine;
    machine.start();
    machine.write(Machine::sp(0, command), 1); // not that one
    EXPECT_FALSE(idle(machine, 0x4100));
    machine.write(Machine::sp(0, command), 4);
    EXPECT_TRUE(idle(machine, 0x4100));
    EXPECT_TRUE(idle(machine, 0x4000));
    EXPECT_EQ(machine.read(Machine::sp(0, sw_state)), 0U);
    machine.start();
    EXPECT_EQ(machine.read(Machine::sp(0, sw_state)), 1U);
}

TEST(Registers, AreReadAndWrittenInEveryWidth) {
    Machine machine;
    machine.write(0x8004, 0x44332211);
    EXPECT_EQ(machine.read_byte(0x8006), 0x33);
    machine.write_byte(0x8006, 0x99);
    EXPECT_EQ(machine.read(0x8004), 0x44992211U);
    machine.write(reg::memory::gdc_lut + 4, 0x0123);
    EXPECT_EQ(machine.read(reg::memory::gdc_lut + 4), 0x0123U);
    // Across the end of a memory, and where there is nothing.
    std::array<std::byte, 8> wide{};
    machine.device.bar_read(0, 0x13ffc, wide);
    machine.device.bar_write(0, 0x13ffc, wide);
    EXPECT_EQ(machine.read(reg::bar_size - 4), 0U);
    EXPECT_GT(machine.trace.counted("imgu", "unknown-register-access"), 0U);
}

} // namespace
} // namespace ipu3::imgu::test
