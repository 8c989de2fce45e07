// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/dma_channel.hpp"

#include <array>
#include <span>

namespace ipu3::cio2 {

using reg::dma::CdmaBa;
using reg::dma::CdmaC0;
using reg::dma::CdmaC1;
using reg::dma::CdmaRi;

namespace {

tl::unexpected<Refusal> refuse(Refusal::Reason reason,
                               std::optional<vfio_user::DmaFault> fault = std::nullopt) {
    return tl::unexpected{Refusal{reason, fault}};
}

} // namespace

std::string_view name(Refusal::Reason reason) {
    switch (reason) {
    case Refusal::Reason::disabled:
        return "dma disabled";
    case Refusal::Reason::halted:
        return "dma halted";
    case Refusal::Reason::stuck:
        return "dma stuck";
    case Refusal::Reason::busy:
        return "dma busy with another port";
    case Refusal::Reason::invalid_entry:
        return "no valid buffer";
    case Refusal::Reason::table_fault:
        return "buffer table unreadable";
    }
    return "unknown";
}

DmaChannel::DmaChannel(unsigned number, BusMaster& bus) : number_{number}, bus_{bus} {
    bank_.declare<CdmaBa>();
    bank_.declare<CdmaRi>({.writable = 0});
    bank_.declare<CdmaC0>({.writable = ~CdmaC0::Halted::mask});
    bank_.declare<CdmaC1>();
}

std::optional<std::uint32_t> DmaChannel::read(std::uint64_t offset) const {
    if (offset == CdmaRi::offset) {
        return CdmaRi{}.with<CdmaRi::FbptRp>(read_pointer_).raw;
    }
    if (offset == CdmaC0::offset) {
        return control().raw;
    }
    return bank_.read(offset);
}

CdmaC0 DmaChannel::control() const {
    const bool stands = state_ == State::disabled || state_ == State::halted;
    return bank_.get<CdmaC0>().with<CdmaC0::Halted>(stands ? 1 : 0);
}

bool DmaChannel::write(std::uint64_t offset, std::uint32_t value) {
    const bool was_enabled = bank_.get<CdmaC0>().get<CdmaC0::En>() != 0;
    if (!bank_.write(offset, value)) {
        return false;
    }
    if (offset != CdmaC0::offset) {
        return true;
    }
    const auto written = CdmaC0::from(value);
    if (written.get<CdmaC0::En>() == 0) {
        open_ = false;
        read_pointer_ = 0;
        if (state_ != State::stuck) {
            state_ = State::disabled;
        }
    } else if (!was_enabled) {
        state_ = State::running;
        open_ = false;
        read_pointer_ = 0;
    } else if (state_ == State::halted && written.get<CdmaC0::Halted>() != 0) {
        state_ = State::running;
    }
    return true;
}

void DmaChannel::reset() {
    bank_.reset();
    state_ = State::disabled;
    open_ = false;
    read_pointer_ = 0;
}

void DmaChannel::halt() {
    if (state_ == State::running) {
        state_ = State::halted;
    }
    open_ = false;
}

void DmaChannel::stick() {
    state_ = State::stuck;
    open_ = false;
}

tl::expected<OpenBuffer, Refusal> DmaChannel::open() {
    using Reason = Refusal::Reason;
    switch (state_) {
    case State::disabled:
        return refuse(Reason::disabled);
    case State::halted:
        return refuse(Reason::halted);
    case State::stuck:
        return refuse(Reason::stuck);
    case State::running:
        break;
    }
    if (open_) {
        return refuse(Reason::busy);
    }
    const auto sub_entries =
        bank_.get<CdmaC0>().get<CdmaC0::FbptWidth>() * fbpt::sub_entries_per_width;
    if (sub_entries == 0) {
        halt();
        return refuse(Reason::table_fault);
    }
    OpenBuffer buffer{};
    buffer.entry = read_pointer_;
    buffer.address = page_address(bank_.get<CdmaBa>().raw) +
                     std::uint64_t{read_pointer_} * sub_entries * fbpt::sub_entry_bytes;

    const auto failed = [this](const vfio_user::DmaFault& fault) {
        halt();
        return refuse(Reason::table_fault, fault);
    };
    const auto first = bus_.load<fbpt::FirstSubEntry>(buffer.address);
    if (!first) {
        return failed(first.error());
    }
    buffer.control = fbpt::Control::from(first->control);
    if (buffer.control.get<fbpt::Control::Valid>() == 0) {
        halt();
        return refuse(Reason::invalid_entry);
    }
    const auto second = bus_.load<fbpt::SecondSubEntry>(buffer.address + fbpt::sub_entry_bytes);
    if (!second) {
        return failed(second.error());
    }
    buffer.pages.first_page_offset = first->first_page_offset;
    buffer.pages.pages = second->pages;
    buffer.pages.last_page_limit = second->last_page_limit;
    buffer.pages.lops = {first->lop_pfn, second->lop_pfn};
    for (unsigned index = 2; index < sub_entries; ++index) {
        const auto pfn =
            bus_.load<std::uint32_t>(buffer.address + std::uint64_t{index} * fbpt::sub_entry_bytes +
                                     offsetof(fbpt::FirstSubEntry, lop_pfn));
        if (!pfn) {
            return failed(pfn.error());
        }
        buffer.pages.lops.push_back(*pfn);
    }
    open_ = true;
    return buffer;
}

unsigned DmaChannel::waiting() const {
    const auto sub_entries =
        bank_.get<CdmaC0>().get<CdmaC0::FbptWidth>() * fbpt::sub_entries_per_width;
    const auto entries = bank_.get<CdmaC0>().get<CdmaC0::FbptLen>() + 1;
    unsigned count = 0;
    for (unsigned index = 0; sub_entries != 0 && index < entries; ++index) {
        const auto address = page_address(bank_.get<CdmaBa>().raw) +
                             std::uint64_t{index} * sub_entries * fbpt::sub_entry_bytes;
        const auto first = bus_.load<fbpt::FirstSubEntry>(address);
        const auto second = bus_.load<fbpt::SecondSubEntry>(address + fbpt::sub_entry_bytes);
        if (!first || !second) {
            return 0;
        }
        const bool valid = fbpt::Control::from(first->control).get<fbpt::Control::Valid>() != 0;
        if (valid && first->lop_pfn != second->lop_pfn) {
            ++count;
        }
    }
    return count;
}

tl::expected<void, vfio_user::DmaFault> DmaChannel::complete(const OpenBuffer& buffer,
                                                             const Completion& completion) {
    using fbpt::Control;
    open_ = false;
    const auto last = bank_.get<CdmaC0>().get<CdmaC0::FbptLen>();
    read_pointer_ = read_pointer_ >= last ? 0 : read_pointer_ + 1;

    // The second sub-entry goes first: a processor that sees VALID fall finds the entry complete.
    const std::array<std::uint32_t, 2> result{completion.timestamp, completion.bytes};
    auto done =
        bus_.write(buffer.address + fbpt::sub_entry_bytes, std::as_bytes(std::span{result}));
    const auto control = buffer.control.with<Control::Valid>(0)
                             .with<Control::Success>(completion.success ? 1 : 0)
                             .with<Control::Code>(completion.success ? 0 : 1);
    const std::array<std::uint32_t, 2> status{
        control.raw, completion.lines | (std::uint32_t{completion.frame_number} << 16U)};
    const auto stored = bus_.write(buffer.address, std::as_bytes(std::span{status}));
    return done ? stored : done;
}

} // namespace ipu3::cio2
