// SPDX-License-Identifier: GPL-2.0-or-later
// Test support: a controller on a bench, a target that writes down what it sees, and a small
// driver.
#pragma once

#include "machine/virtual-ipu3/lpss-i2c/lpss_i2c.hpp"

#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ipu3::i2c::testing {

/// A target with 256 bytes of memory behind a one-byte index, which logs the bus events as text:
/// "S+w" START for writing, "S+r" for reading, "12" a byte in, "(12)" a byte out, "P" STOP.
class RecordingTarget final : public Target {
  public:
    [[nodiscard]] bool start(Direction direction) override {
        log_ += direction == Direction::write ? "S+w " : "S+r ";
        index_expected_ = direction == Direction::write;
        return true;
    }
    [[nodiscard]] bool write(std::uint8_t byte) override {
        log_ += fmt::format("{:02x} ", byte);
        if (refuse_after && bytes_in_++ >= *refuse_after) {
            return false;
        }
        if (index_expected_) {
            index_ = byte;
            index_expected_ = false;
        } else {
            memory.at(index_++) = byte;
        }
        return true;
    }
    [[nodiscard]] std::uint8_t read() override {
        const auto byte = memory.at(index_++);
        log_ += fmt::format("({:02x}) ", byte);
        return byte;
    }
    void stop() override { log_ += "P "; }

    /// What happened since the last call.
    [[nodiscard]] std::string log() {
        auto text = std::exchange(log_, {});
        if (!text.empty()) {
            text.pop_back();
        }
        return text;
    }

    std::array<std::uint8_t, 256> memory{};
    std::optional<unsigned> refuse_after; ///< does not acknowledge data from this byte on

  private:
    std::string log_;
    unsigned bytes_in_{0};
    std::uint8_t index_{0};
    bool index_expected_{true};
};

/// Holds MSIs back until they are taken; like the CPU's, its latch is one bit deep.
class LatchingUpstream final : public vfio_user::Upstream {
  public:
    [[nodiscard]] vfio_user::GuestMemory& memory() override { return memory_; }
    void raise_msi(unsigned vector) override {
        ++raised;
        pending_ = pending_ || (vector == 0 && (!lose_from || raised < *lose_from));
    }
    [[nodiscard]] bool take() { return std::exchange(pending_, false); }

    unsigned raised{0};
    std::optional<unsigned> lose_from; ///< drops the n-th message (from 1) and all after it

  private:
    vfio_user::GuestMemory memory_;
    bool pending_{false};
};

struct Bench {
    explicit Bench(std::vector<sim::FaultSpec> specs = {}, unsigned index = 0)
        : faults{std::move(specs), 1}, device{index, clock, trace, faults} {
        device.attach(upstream);
        device.connect(0x36, target, 1);
    }

    [[nodiscard]] std::uint32_t read(std::uint64_t offset) {
        std::uint32_t value = 0;
        device.bar_read(0, offset, std::as_writable_bytes(std::span{&value, 1}));
        return value;
    }
    void write(std::uint64_t offset, std::uint32_t value) {
        device.bar_write(0, offset, std::as_bytes(std::span{&value, 1}));
    }
    template <typename R>
    [[nodiscard]] R get() {
        return R::from(read(R::offset));
    }
    template <typename R>
    void put(R value) {
        write(R::offset, value.raw);
    }
    [[nodiscard]] std::uint64_t counted(std::string_view event,
                                        std::string_view name = "i2c0") const {
        return trace.counted(name, event);
    }
    /// Takes the device out of reset, as intel-lpss does at probe.
    void deassert_reset() {
        write(lpss::Resets::offset, 0);
        write(lpss::Resets::offset, 7);
    }

    sim::ManualScheduler clock;
    sim::Trace trace{clock};
    sim::FaultPlan faults;
    RecordingTarget target;
    LatchingUpstream upstream;
    LpssI2c device;
};

struct Message {
    bool read{false};
    std::vector<std::uint8_t> bytes; ///< to write, or room for what is read
};

/// Does to the controller, access by access, what a Linux I2C transfer does
/// (i2c-designware-master.c): the first interrupt fills the FIFO, later ones drain, refill and
/// complete.
class MiniDriver {
  public:
    enum class Outcome : std::uint8_t { done, nack, aborted, timeout, failed };

    explicit MiniDriver(Bench& bench) : bench_{bench} {}

    /// The part of the probe that the core's answers decide. False: not a core that the driver
    /// knows.
    [[nodiscard]] bool probe();
    /// Runs one transfer; each message that reads has its bytes filled in.
    [[nodiscard]] Outcome transfer(std::uint8_t address, std::vector<Message>& messages);
    [[nodiscard]] std::uint32_t abort_source() const { return abort_source_; }
    [[nodiscard]] unsigned interrupts() const { return interrupts_; }

    void init();

  private:
    static constexpr std::uint32_t base_mask = 0x244; // RX_FULL, TX_ABRT, STOP_DET
    static constexpr std::uint32_t tx_empty = 0x10;

    void disable();
    void isr();
    void fill();
    void drain();

    Bench& bench_;
    unsigned depth_{0};
    std::vector<Message>* messages_{nullptr};
    std::size_t write_message_{0};
    std::size_t write_byte_{0};
    std::size_t read_message_{0};
    std::size_t read_byte_{0};
    unsigned outstanding_{0};
    bool complete_{false};
    bool aborted_{false};
    std::uint32_t abort_source_{0};
    unsigned interrupts_{0};
};

inline bool MiniDriver::probe() {
    if (bench_.read(dw::CompType::offset) != dw::CompType::value ||
        bench_.read(dw::CompVersion::offset) < 0x3131312a) {
        return false;
    }
    const auto parameters = bench_.get<dw::CompParam1>();
    depth_ = parameters.get<dw::CompParam1::TxDepth>() + 1;
    init();
    bench_.write(dw::IntrMask::offset, 0);
    return parameters.get<dw::CompParam1::RxDepth>() + 1 == depth_;
}

inline void MiniDriver::init() {
    disable();
    bench_.write(dw::SmbusIntrMask::offset, 0);
    bench_.write(dw::SsHigh::offset, 513);
    bench_.write(dw::SsLow::offset, 599);
    bench_.write(dw::FsHigh::offset, 105);
    bench_.write(dw::FsLow::offset, 191);
    bench_.write(dw::SdaHold::offset, 28 | (1 << 16));
    bench_.write(dw::TxThreshold::offset, depth_ / 2);
    bench_.write(dw::RxThreshold::offset, 0);
    bench_.write(dw::Con::offset, 0x65); // master, fast, restart, no slave
}

inline void MiniDriver::disable() {
    const auto raw = bench_.get<dw::RawIntrStat>();
    const auto status = bench_.get<dw::Status>();
    auto enable = bench_.get<dw::Enable>();
    if (raw.get<dw::Interrupts::MasterOnHold>() != 0 ||
        status.get<dw::Status::HoldTxEmpty>() != 0) {
        enable = enable.with<dw::Enable::On>(1);
        bench_.put(enable.with<dw::Enable::Abort>(1));
        complete_ = bench_.get<dw::Enable>().get<dw::Enable::Abort>() == 0;
    }
    bench_.write(dw::Enable::offset, 0);
}

inline MiniDriver::Outcome MiniDriver::transfer(std::uint8_t address,
                                                std::vector<Message>& messages) {
    messages_ = &messages;
    write_message_ = write_byte_ = read_message_ = read_byte_ = 0;
    outstanding_ = 0;
    complete_ = aborted_ = false;
    abort_source_ = 0;
    if (bench_.get<dw::Status>().get<dw::Status::Activity>() != 0) {
        return Outcome::failed;
    }
    disable();
    complete_ = false;
    bench_.write(dw::Target::offset, address);
    bench_.write(dw::IntrMask::offset, 0);
    bench_.write(dw::Enable::offset, 1);
    (void)bench_.read(dw::EnableStatus::offset);
    (void)bench_.read(dw::ClrIntr::offset);
    bench_.write(dw::IntrMask::offset, base_mask | tx_empty);

    while (bench_.upstream.take()) {
        isr();
    }
    if (!complete_) {
        init();
        return Outcome::timeout;
    }
    if (bench_.get<dw::Status>().get<dw::Status::MasterActivity>() != 0) {
        return Outcome::failed;
    }
    bench_.write(dw::Enable::offset, 0);
    if (aborted_) {
        return (abort_source_ & 0x1f) != 0 ? Outcome::nack : Outcome::aborted;
    }
    return read_message_ == messages.size() || outstanding_ == 0 ? Outcome::done : Outcome::failed;
}

inline void MiniDriver::isr() {
    ++interrupts_;
    const bool enabled = bench_.read(dw::Enable::offset) != 0;
    const auto raw = bench_.read(dw::RawIntrStat::offset);
    if (!enabled || (raw & ~std::uint32_t{0x100}) == 0) {
        return; // not ours
    }
    const auto status = dw::Interrupts::from(bench_.read(dw::IntrStat::offset));
    if (status.get<dw::Interrupts::TxAbort>() != 0) {
        abort_source_ = bench_.read(dw::AbortSource::offset);
        (void)bench_.read(dw::ClrTxAbort::offset);
    }
    const bool stopped = status.get<dw::Interrupts::StopDet>() != 0;
    if (stopped && (outstanding_ == 0 || status.get<dw::Interrupts::RxFull>() != 0)) {
        (void)bench_.read(dw::ClrStopDet::offset);
    }
    if (status.get<dw::Interrupts::TxAbort>() != 0) {
        aborted_ = true;
        outstanding_ = 0;
        bench_.write(dw::IntrMask::offset, 0);
    } else {
        if (status.get<dw::Interrupts::RxFull>() != 0) {
            drain();
        }
        if (status.get<dw::Interrupts::TxEmpty>() != 0) {
            fill();
        }
    }
    if ((aborted_ || stopped) && outstanding_ == 0) {
        complete_ = true;
    }
}

inline void MiniDriver::fill() {
    auto& messages = *messages_;
    for (; write_message_ < messages.size(); ++write_message_, write_byte_ = 0) {
        const auto& message = messages[write_message_];
        auto room = depth_ - bench_.read(dw::TxLevel::offset);
        auto receive_room = depth_ - bench_.read(dw::RxLevel::offset);
        while (write_byte_ < message.bytes.size() && room > 0 && receive_room > 0) {
            if (message.read && outstanding_ >= depth_) {
                break;
            }
            auto command = message.read ? dw::DataCmd{}.with<dw::DataCmd::Read>(1)
                                        : dw::DataCmd::from(message.bytes[write_byte_]);
            if (write_message_ > 0 && write_byte_ == 0) {
                command = command.with<dw::DataCmd::Restart>(1);
            }
            if (write_message_ + 1 == messages.size() && write_byte_ + 1 == message.bytes.size()) {
                command = command.with<dw::DataCmd::Stop>(1);
            }
            bench_.put(command);
            if (message.read) {
                --receive_room;
                ++outstanding_;
            }
            --room;
            ++write_byte_;
        }
        if (write_byte_ < message.bytes.size()) {
            bench_.write(dw::IntrMask::offset, base_mask | tx_empty);
            return;
        }
    }
    bench_.write(dw::IntrMask::offset, base_mask);
}

inline void MiniDriver::drain() {
    auto& messages = *messages_;
    for (; read_message_ < messages.size(); ++read_message_, read_byte_ = 0) {
        auto& message = messages[read_message_];
        if (!message.read) {
            continue;
        }
        auto valid = bench_.read(dw::RxLevel::offset);
        for (; read_byte_ < message.bytes.size() && valid > 0; --valid, ++read_byte_) {
            message.bytes[read_byte_] =
                static_cast<std::uint8_t>(bench_.read(dw::DataCmd::offset) & 0xff);
            --outstanding_;
        }
        if (read_byte_ < message.bytes.size()) {
            return;
        }
    }
}

} // namespace ipu3::i2c::testing
