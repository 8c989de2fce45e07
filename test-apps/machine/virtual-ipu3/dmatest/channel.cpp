// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/dmatest/channel.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ipu3::dmatest {

namespace {

using reg::slot::Code;
using reg::slot::State;

constexpr std::chrono::seconds longest_delay{10};
constexpr std::chrono::microseconds shortest_keep_interval{100};
// By then the interrupt of the completion was served, so that nothing is pending.
constexpr std::chrono::milliseconds spurious_delay{5};
constexpr std::uint32_t none = 0xffffffff;

std::chrono::microseconds delay_of(const Command& command) {
    return std::min<std::chrono::microseconds>(std::chrono::microseconds{command.delay_us},
                                               longest_delay);
}

template <typename Register, typename Registers>
std::uint32_t get(const Registers& registers) {
    return registers[Register::offset / 4];
}
template <typename Register, typename Registers>
void set(Registers& registers, std::uint64_t value) {
    registers[Register::offset / 4] = static_cast<std::uint32_t>(value);
}

template <typename Registers>
Command decode(const Registers& registers) {
    using namespace reg::slot;
    const auto wide = [](std::uint32_t high, std::uint32_t low) {
        return Address{(std::uint64_t{high} << 32U) | low};
    };
    dmatest::Command command;
    command.command = reg::slot::Command::from(get<reg::slot::Command>(registers));
    command.address = wide(get<AddressHigh>(registers), get<AddressLow>(registers));
    command.source = wide(get<SourceHigh>(registers), get<SourceLow>(registers));
    command.line_bytes = get<LineBytes>(registers);
    command.lines = get<Lines>(registers);
    command.stride = get<Stride>(registers);
    command.frame = get<Frame>(registers);
    command.delay_us = get<Delay>(registers);
    command.beyond = get<Beyond>(registers);
    return command;
}

bool is_parameter(std::uint64_t offset) {
    return offset < reg::slot::Doorbell::offset;
}
bool is_register(std::uint64_t offset) {
    return offset <= reg::slot::BeyondUsed::offset;
}

} // namespace

Channel::Channel(unsigned number, const ChannelContext& context)
    : number_{number}, context_{context} {}

std::optional<std::uint32_t> Channel::read_slot(unsigned slot, std::uint64_t offset) const {
    if (!is_register(offset)) {
        return std::nullopt;
    }
    const auto& read = slots_.at(slot);
    if (offset == reg::slot::Result::offset) {
        return reg::slot::Result::from(get<reg::slot::Result>(read.registers))
            .with<reg::slot::Result::State>(static_cast<std::uint32_t>(read.state))
            .raw;
    }
    return read.registers[offset / 4];
}

bool Channel::write_slot(unsigned slot, std::uint64_t offset, std::uint32_t value) {
    if (is_parameter(offset)) {
        slots_.at(slot).registers[offset / 4] = value;
        return true;
    }
    if (offset == reg::slot::Doorbell::offset) {
        ring(slot);
        return true;
    }
    return is_register(offset); // results are read-only
}

std::optional<std::uint32_t> Channel::read(std::uint64_t offset) const {
    using namespace reg::channel;
    switch (offset) {
    case Do::offset:
        return 0;
    case Status::offset:
        return Status{}
            .with<Status::Commands>(static_cast<std::uint32_t>(queue_.size()) +
                                    (running_ ? 1U : 0U))
            .with<Status::Keeping>(kept_ ? 1 : 0)
            .raw;
    case KeepPasses::offset:
        return keep_passes_;
    default:
        return std::nullopt;
    }
}

bool Channel::write(std::uint64_t offset, std::uint32_t value) {
    using namespace reg::channel;
    switch (offset) {
    case Do::offset:
        if (Do::Abort::get(value) != 0) {
            abort();
        }
        if (Do::StopKeep::get(value) != 0) {
            stop_keep();
        }
        return true;
    case Status::offset:
    case KeepPasses::offset:
        return true; // read-only
    default:
        return false;
    }
}

void Channel::ring(unsigned slot) {
    auto& rung = slots_.at(slot);
    if (rung.state == State::queued || rung.state == State::running) {
        context_.trace.count(context_.device, "doorbell-while-busy");
        return;
    }
    rung.command = decode(rung.registers);
    rung.state = State::queued;
    set<reg::slot::Result>(rung.registers, 0);
    queue_.push_back(slot);
    start_next();
}

void Channel::start_next() {
    if (running_ || queue_.empty()) {
        return;
    }
    const auto slot = queue_.front();
    queue_.pop_front();
    auto& started = slots_.at(slot);
    started.state = State::running;
    const auto& command = started.command;
    running_ = Running{slot, context_.clock.now() + delay_of(command), {}, false};
    if (command.command.get<reg::slot::Command::Stuck>() != 0) {
        context_.trace.emit(context_.device, "stuck",
                            {{"channel", std::uint64_t{number_}}, {"slot", std::uint64_t{slot}}});
        return;
    }
    if (command.valid() && command.command.get<reg::slot::Command::Fail>() == 0) {
        running_->transfer.emplace(command);
    }
    // Not from inside of the guest's write: the doorbell does not wait for memory.
    timer_ = context_.clock.after({}, [this] { work(); });
}

/// Moves what may be moved now, and sees to it that the rest follows.
void Channel::work() {
    if (!running_) {
        return; // the timer ends with the command
    }
    auto& running = *running_;
    if (context_.dma.mmu().halted()) {
        stalled_ = true;
        return;
    }
    running.waited = running.waited || context_.clock.now() >= running.end;
    auto& transfer = running.transfer;
    bool moved = true;
    if (transfer) {
        const auto target = running.waited ? transfer->size() : transfer->size() / 2;
        transfer->advance(context_.dma, target);
        moved = transfer->finished() || transfer->done() >= target;
    }
    if (!moved) {
        timer_ = context_.clock.after({}, [this] { work(); });
    } else if (!running.waited) {
        timer_ = context_.clock.at(running.end, [this] { work(); });
    } else {
        complete(running);
    }
}

void Channel::complete(const Running& running) {
    const auto slot = running.slot;
    auto& ended = slots_.at(slot);
    const auto command = ended.command;
    auto code = command.valid() ? Code::injected : Code::invalid;
    if (running.transfer) {
        code = running.transfer->code();
    }
    report(ended, running, code);
    running_.reset(); // and with it what running refers to
    const auto flag = [&command]<typename Field>(Field) {
        return command.command.get<Field>() != 0;
    };
    using Flags = reg::slot::Command;
    if (code == Code::ok && flag(Flags::Keep{})) {
        keep(command);
    }
    start_next();
    if (flag(Flags::LoseIrq{})) {
        context_.trace.count(context_.device, "lost-irq");
    } else {
        context_.interrupts.set(reg::IntStatus::bit(number_, slot));
    }
    if (flag(Flags::SpuriousIrq{})) {
        spurious_ = context_.clock.after(spurious_delay, [this] {
            context_.trace.count(context_.device, "spurious-irq");
            context_.interrupts.spurious();
        });
    }
}

void Channel::report(Slot& slot, const Running& running, Code code) {
    using namespace reg::slot;
    const auto& transfer = running.transfer;
    const auto& difference = transfer ? transfer->difference() : pattern::Difference{};
    auto& registers = slot.registers;
    slot.state = State::done;
    set<Result>(registers, Result{}.with<Result::Code>(static_cast<std::uint32_t>(code)).raw);
    set<Bytes>(registers, transfer ? transfer->done() : 0);
    set<BadBytes>(registers, difference.count);
    set<FirstBad>(registers, difference.first.value_or(none));
    set<FrameFound>(registers, transfer ? transfer->frame() : slot.command.frame);
    set<Sequence>(registers, context_.sequence++);
    set<BeyondUsed>(registers, transfer ? transfer->beyond_used() : 0);
    context_.trace.emit(
        context_.device, "command",
        {{"channel", std::uint64_t{number_}},
         {"slot", std::uint64_t{running.slot}},
         {"operation", static_cast<std::uint64_t>(slot.command.operation())},
         {"code", static_cast<std::uint64_t>(code)},
         {"bytes", transfer ? transfer->done() : std::uint64_t{0}},
         {"frame", std::uint64_t{transfer ? transfer->frame() : slot.command.frame}},
         {"bad", difference.count}});
}

void Channel::gate_opened() {
    if (std::exchange(stalled_, false)) {
        timer_ = context_.clock.after({}, [this] { work(); });
    }
}

void Channel::abort() {
    timer_.cancel();
    stalled_ = false;
    if (running_) {
        slots_.at(running_->slot).state = State::idle;
        running_.reset();
    }
    for (const auto slot : std::exchange(queue_, {})) {
        slots_.at(slot).state = State::idle;
    }
}

void Channel::keep(const Command& command) {
    stop_keep();
    kept_ = command;
    keep_timer_ = context_.clock.after(
        std::max<sim::Duration>(delay_of(command), shortest_keep_interval), [this] { keep_on(); });
}

void Channel::keep_on() {
    if (!kept_) {
        return; // stop_keep() stops the timer, too
    }
    const auto interval = std::max<sim::Duration>(delay_of(*kept_), shortest_keep_interval);
    if (context_.dma.mmu().halted()) {
        keep_timer_ = context_.clock.after(interval, [this] { keep_on(); });
        return;
    }
    auto& pass = keep_pass_ ? *keep_pass_ : keep_pass_.emplace(*kept_);
    pass.advance(context_.dma, pass.size());
    if (!pass.finished()) {
        keep_timer_ = context_.clock.after({}, [this] { keep_on(); });
        return;
    }
    if (pass.code() != Code::ok) {
        context_.trace.count(context_.device, "keep-fault");
    }
    ++keep_passes_;
    keep_pass_.reset();
    keep_timer_ = context_.clock.after(interval, [this] { keep_on(); });
}

void Channel::stop_keep() {
    keep_timer_.cancel();
    kept_.reset();
    keep_pass_.reset();
}

void Channel::reset() {
    abort();
    stop_keep();
    spurious_.cancel();
    keep_passes_ = 0;
    slots_ = {};
}

} // namespace ipu3::dmatest
