// SPDX-License-Identifier: GPL-2.0-or-later
// What a well-behaved driver sees.
#include "machine/virtual-ipu3/lpss-i2c/test_bench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

namespace ipu3::i2c {
namespace {

using testing::Bench;
using testing::Message;
using testing::MiniDriver;
using Outcome = MiniDriver::Outcome;

struct ReadyBench : Bench {
    explicit ReadyBench(std::vector<sim::FaultSpec> specs = {}) : Bench{std::move(specs)} {
        deassert_reset();
        EXPECT_TRUE(driver.probe());
    }
    MiniDriver driver{*this};
};

std::vector<std::uint8_t> counting(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
    return bytes;
}

std::uint32_t config_word(LpssI2c& device, std::uint64_t offset) {
    std::uint32_t value = 0;
    device.config().read(offset, std::as_writable_bytes(std::span{&value, 1}));
    return value;
}

TEST(LpssI2c, IsASunrisePointController) {
    Bench first;
    Bench second{{}, 1};
    EXPECT_EQ(config_word(first.device, 0x00), 0x9d608086U);
    EXPECT_EQ(config_word(second.device, 0x00), 0x9d618086U);
    EXPECT_EQ(config_word(first.device, 0x08), 0x11800021U);
    EXPECT_EQ(config_word(first.device, 0x10) & 0xfU, 0x4U); // 64-bit, not prefetchable
    EXPECT_EQ(first.device.config().bar_size(0), 0x1000U);
    EXPECT_EQ(first.device.config().msi_vectors(), 1U);
    EXPECT_EQ(config_word(first.device, 0x0c) & 0x800000U, 0x800000U); // function 0 of several
    EXPECT_THROW((Bench{{}, 2}), std::invalid_argument);
}

TEST(LpssI2c, CapabilitiesSayI2cWithoutDma) {
    Bench bench;
    const auto capabilities = bench.get<lpss::Capabilities>();
    EXPECT_EQ(capabilities.get<lpss::Capabilities::Type>(), 0U);
    EXPECT_EQ(capabilities.get<lpss::Capabilities::NoDma>(), 1U);
    Bench second{{}, 1};
    EXPECT_EQ(second.get<lpss::Capabilities>().get<lpss::Capabilities::Instance>(), 1U);
}

TEST(LpssI2c, CoreIsDeadUntilItsResetIsReleased) {
    Bench bench;
    EXPECT_EQ(bench.read(dw::CompType::offset), 0U);
    bench.write(lpss::Resets::offset, 1); // only one of the two reset bits
    EXPECT_EQ(bench.read(dw::CompType::offset), 0U);
    EXPECT_EQ(bench.counted("in-reset"), 2U);
    bench.deassert_reset();
    EXPECT_EQ(bench.read(dw::CompType::offset), 0x44570140U);
    EXPECT_EQ(bench.get<dw::CompParam1>().get<dw::CompParam1::TxDepth>(), 63U);
}

TEST(LpssI2c, PrivateRegistersKeepWhatTheDriverSaves) {
    Bench bench;
    bench.write(lpss::RemapLow::offset, 0xfeb00000);
    bench.write(lpss::RemapHigh::offset, 0x3);
    bench.write(lpss::ActiveLtr::offset, 0x8c05);
    bench.write(lpss::Scratch::offset + 12, 0x1234);
    bench.write(lpss::Capabilities::offset, 0);
    EXPECT_EQ(bench.read(lpss::RemapLow::offset), 0xfeb00000U);
    EXPECT_EQ(bench.read(lpss::RemapHigh::offset), 0x3U);
    EXPECT_EQ(bench.read(lpss::ActiveLtr::offset), 0x8c05U);
    EXPECT_EQ(bench.read(lpss::Scratch::offset + 12), 0x1234U);
    EXPECT_EQ(bench.read(lpss::Capabilities::offset), 0x100U);
}

TEST(LpssI2c, WritesAMessageWithTwoInterrupts) {
    ReadyBench bench;
    std::vector<Message> messages{{.read = false, .bytes = {0x10, 0xab, 0xcd}}};
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::done);
    EXPECT_EQ(bench.target.log(), "S+w 10 ab cd P");
    // One that the empty FIFO causes and one for the STOP; a third would cost a millisecond each
    // time.
    EXPECT_EQ(bench.driver.interrupts(), 2U);
    EXPECT_EQ(bench.upstream.raised, 2U);
}

TEST(LpssI2c, WritesThenReadsWithARepeatedStart) {
    ReadyBench bench;
    bench.target.memory.at(0x20) = 0x56;
    bench.target.memory.at(0x21) = 0x90;
    std::vector<Message> messages{{.read = false, .bytes = {0x20}},
                                  {.read = true, .bytes = {0, 0}}};
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::done);
    EXPECT_EQ(bench.target.log(), "S+w 20 S+r (56) (90) P");
    EXPECT_THAT(messages[1].bytes, ::testing::ElementsAre(0x56, 0x90));
    EXPECT_EQ(bench.driver.interrupts(), 2U);
}

TEST(LpssI2c, CarriesMessagesLongerThanItsFifos) {
    ReadyBench bench;
    auto bytes = counting(201);
    bytes[0] = 0;
    std::vector<Message> out{{.read = false, .bytes = bytes}};
    ASSERT_EQ(bench.driver.transfer(0x36, out), Outcome::done);
    std::vector<Message> in{{.read = false, .bytes = {0}},
                            {.read = true, .bytes = std::vector<std::uint8_t>(200)}};
    ASSERT_EQ(bench.driver.transfer(0x36, in), Outcome::done);
    EXPECT_TRUE(std::equal(bytes.begin() + 1, bytes.end(), in[1].bytes.begin()));
    EXPECT_EQ(bench.counted("transfer"), 2U);
}

TEST(LpssI2c, ReportsAMissingTarget) {
    ReadyBench bench;
    std::vector<Message> messages{{.read = false, .bytes = {0x10, 0xab, 0xcd}}};
    EXPECT_EQ(bench.driver.transfer(0x37, messages), Outcome::nack);
    EXPECT_EQ(bench.driver.abort_source(), 1U); // 7-bit address not acknowledged
    EXPECT_EQ(bench.target.log(), "");
    // The two bytes after the first must not begin a transfer of their own.
    EXPECT_EQ(bench.counted("transfer"), 1U);
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::done);
}

TEST(LpssI2c, ReportsDataThatIsNotAcknowledged) {
    ReadyBench bench;
    bench.target.refuse_after = 1;
    std::vector<Message> messages{{.read = false, .bytes = {0x10, 0xab, 0xcd}}};
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::nack);
    EXPECT_EQ(bench.driver.abort_source(), 8U);
    EXPECT_EQ(bench.target.log(), "S+w 10 ab P");
}

TEST(LpssI2c, FaultSpoilsTheTransferThatItNames) {
    ReadyBench bench{{{.kind = sim::FaultKind::i2c_nak, .frame = 1, .probability = {}, .port = 1}}};
    std::vector<Message> messages{{.read = false, .bytes = {0x10, 0xab}}};
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::done);
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::nack);
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::done);
    EXPECT_EQ(bench.counted("fault-i2c-nak"), 1U);
}

TEST(LpssI2c, FaultSparesOtherPorts) {
    ReadyBench bench{
        {{.kind = sim::FaultKind::i2c_nak, .frame = {}, .probability = {}, .port = 2}}};
    testing::RecordingTarget other;
    bench.device.connect(0x10, other, 2);
    std::vector<Message> messages{{.read = false, .bytes = {0x10, 0xab}}};
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::done);
    EXPECT_EQ(bench.driver.transfer(0x10, messages), Outcome::nack);
    EXPECT_EQ(other.log(), "");
}

TEST(LpssI2c, ALostInterruptTimesOutAndTheNextTransferWorks) {
    // The negative control of the interrupt tests: they do notice a message that does not arrive.
    ReadyBench bench;
    std::vector<Message> messages{{.read = false, .bytes = {0x10, 0xab}}};
    bench.upstream.lose_from = 2;
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::timeout);
    bench.upstream.lose_from.reset();
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::done);
}

TEST(LpssI2c, D3LosesTheRegistersAndTheDriverBringsThemBack) {
    ReadyBench bench;
    bench.write(lpss::RemapLow::offset, 0xfeb00000);
    std::array<std::uint32_t, lpss::private_size / 4> saved{};
    for (std::size_t i = 0; i < saved.size(); ++i) {
        saved.at(i) = bench.read(lpss::private_offset + (i * 4));
    }
    bench.device.power_state(vfio_user::PowerState::d3hot);
    bench.device.power_state(vfio_user::PowerState::d0);
    EXPECT_EQ(bench.read(lpss::RemapLow::offset), 0U);
    EXPECT_EQ(bench.read(dw::CompType::offset), 0U);

    bench.write(lpss::Resets::offset, 7);
    for (std::size_t i = 0; i < saved.size(); ++i) {
        bench.write(lpss::private_offset + (i * 4), saved.at(i));
    }
    EXPECT_EQ(bench.read(lpss::RemapLow::offset), 0xfeb00000U);
    bench.driver.init();
    std::vector<Message> messages{{.read = false, .bytes = {0x10, 0xab}}};
    EXPECT_EQ(bench.driver.transfer(0x36, messages), Outcome::done);
}

TEST(LpssI2c, FunctionResetEndsATransferInTheMiddle) {
    ReadyBench bench;
    bench.write(dw::Target::offset, 0x36);
    bench.write(dw::Enable::offset, 1);
    bench.write(dw::DataCmd::offset, 0x10);
    EXPECT_EQ(bench.target.log(), "S+w 10");
    bench.device.reset();
    EXPECT_EQ(bench.target.log(), "P");
    EXPECT_EQ(bench.counted("transfer-abandoned"), 1U);
    bench.deassert_reset();
    EXPECT_EQ(bench.get<dw::Status>().get<dw::Status::Activity>(), 0U);
}

TEST(LpssI2c, AnOpenTransferHoldsTheBusUntilItIsAborted) {
    ReadyBench bench;
    bench.write(dw::Target::offset, 0x36);
    bench.write(dw::Enable::offset, 1);
    bench.write(dw::DataCmd::offset, 0x10);
    EXPECT_EQ(bench.get<dw::Status>().get<dw::Status::HoldTxEmpty>(), 1U);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::MasterOnHold>(), 1U);
    bench.write(dw::Enable::offset, 3);
    EXPECT_EQ(bench.read(dw::Enable::offset), 1U); // the abort bit has cleared itself
    EXPECT_EQ(bench.get<dw::AbortSource>().get<dw::AbortSource::User>(), 1U);
    EXPECT_EQ(bench.target.log(), "S+w 10 P");
    EXPECT_EQ(bench.get<dw::Status>().get<dw::Status::MasterActivity>(), 0U);
}

TEST(LpssI2c, DisablingInTheMiddleEndsTheTransferAndEmptiesTheFifos) {
    ReadyBench bench;
    bench.write(dw::Target::offset, 0x36);
    bench.write(dw::Enable::offset, 1);
    bench.write(dw::DataCmd::offset, 0x100);
    EXPECT_EQ(bench.read(dw::RxLevel::offset), 1U);
    bench.write(dw::Enable::offset, 0);
    EXPECT_EQ(bench.target.log(), "S+r (00) P");
    EXPECT_EQ(bench.read(dw::RxLevel::offset), 0U);
    EXPECT_EQ(bench.read(dw::EnableStatus::offset), 0U);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::TxEmpty>(), 0U);
}

TEST(LpssI2c, WithoutRestartADirectionChangeIsTwoTransfers) {
    ReadyBench bench;
    bench.write(dw::Con::offset, 0x45);
    bench.write(dw::Target::offset, 0x36);
    bench.write(dw::Enable::offset, 1);
    bench.write(dw::DataCmd::offset, 0x10);
    bench.write(dw::DataCmd::offset, 0x300);
    EXPECT_EQ(bench.target.log(), "S+w 10 P S+r (00) P");
}

TEST(LpssI2c, AddressFormsThatNoTargetHereHasAreRefusedForTheRightReason) {
    struct Case {
        std::uint32_t con;
        std::uint32_t target;
        std::uint32_t command;
        std::uint32_t source;
    };
    for (const auto& c : {Case{0x65, 0x1036, 0x200, 1 << 1},     // 10-bit address
                          Case{0x45, 0x1036, 0x300, 1 << 10},    // 10-bit read, no restart
                          Case{0x65, 0x0800, 0x206, 1 << 4},     // general call
                          Case{0x65, 0x0800, 0x300, 1 << 5},     // read of a general call
                          Case{0x45, 0x0c36, 0x210, 1 << 9},     // START byte, no restart
                          Case{0x64, 0x0036, 0x210, 1 << 11}}) { // not a master
        ReadyBench bench;
        bench.write(dw::Con::offset, c.con);
        bench.write(dw::Target::offset, c.target);
        bench.write(dw::Enable::offset, 1);
        bench.write(dw::DataCmd::offset, c.command);
        EXPECT_EQ(bench.read(dw::AbortSource::offset), c.source);
        EXPECT_EQ(bench.target.log(), "");
        EXPECT_EQ(bench.read(dw::ClrTxAbort::offset), 1U);
        EXPECT_EQ(bench.read(dw::AbortSource::offset), 0U);
    }
}

TEST(LpssI2c, ConfigurationIsFrozenWhileEnabled) {
    ReadyBench bench;
    bench.write(dw::Target::offset, 0x36);
    bench.write(dw::Enable::offset, 1);
    bench.write(dw::Target::offset, 0x10);
    bench.write(dw::Con::offset, 0);
    bench.write(dw::FsHigh::offset, 500);
    EXPECT_EQ(bench.read(dw::Target::offset), 0x36U);
    EXPECT_EQ(bench.read(dw::Con::offset), 0x65U);
    EXPECT_EQ(bench.read(dw::FsHigh::offset), 105U);
    bench.write(dw::Enable::offset, 0);
    bench.write(dw::FsHigh::offset, 0);
    EXPECT_EQ(bench.read(dw::FsHigh::offset), 6U); // the shortest there is
}

TEST(LpssI2c, PollingNeedsNoInterrupt) {
    ReadyBench bench;
    bench.write(dw::IntrMask::offset, 0);
    bench.write(dw::Target::offset, 0x36);
    bench.write(dw::Enable::offset, 1);
    bench.write(dw::DataCmd::offset, 0x10);
    bench.write(dw::DataCmd::offset, 0x2ab);
    EXPECT_EQ(bench.get<dw::RawIntrStat>().get<dw::Interrupts::StopDet>(), 1U);
    EXPECT_EQ(bench.upstream.raised, 0U);
}

TEST(LpssI2c, ACauseThatIsLeftAloneIsAnnouncedAgain) {
    ReadyBench bench;
    bench.write(dw::IntrMask::offset, 0);
    bench.write(dw::Enable::offset, 1);
    bench.write(dw::IntrMask::offset, 0x10);
    EXPECT_EQ(bench.upstream.raised, 1U);
    (void)bench.read(dw::IntrStat::offset); // a handler that looks and does nothing
    EXPECT_EQ(bench.upstream.raised, 1U);
    bench.clock.advance(LevelMsi::patience);
    EXPECT_EQ(bench.upstream.raised, 2U);
}

} // namespace
} // namespace ipu3::i2c
