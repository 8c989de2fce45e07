// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/cio2.hpp"

#include "machine/vfio-user/word_access.hpp"
#include "machine/virtual-ipu3/cio2/ip3_pack.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace ipu3::cio2 {

namespace {

constexpr std::string_view device = "cio2";
// An interrupt has no cause when nothing is pending: the completion's was served long before.
constexpr std::chrono::milliseconds spurious_delay{5};
constexpr std::array bars{vfio_user::BarSpec{.index = 0, .size = 0x10000}};

/// Identity, BAR and capabilities as `lspci -vv` shows them on Skylake-U tablets.
vfio_user::PciConfigSpec pci_spec() {
    return {
        .identity = {.vendor = 0x8086,
                     .device = 0x9d32,
                     .subsystem_vendor = 0x8086,
                     .subsystem = 0x7270,
                     .class_code = 0x048000,
                     .revision = 0x01},
        .bars = bars,
        .msi = vfio_user::MsiSpec{.vectors = 1, .wide = true},
        .power_management = true,
        .no_soft_reset = true,
        .pm_offset = 0xd0,
        .msi_offset = 0x90,
    };
}

/// A register block that repeats: which one @p offset falls into, and where.
struct BlockOffset {
    unsigned block;
    std::uint64_t offset;
};
std::optional<BlockOffset> locate(std::uint64_t offset, std::uint64_t base, std::uint64_t stride,
                                  unsigned blocks) {
    if (offset < base || offset >= base + stride * blocks) {
        return std::nullopt;
    }
    return BlockOffset{static_cast<unsigned>((offset - base) / stride), (offset - base) % stride};
}
std::optional<BlockOffset> locate_port(std::uint64_t offset) {
    return locate(offset, reg::port::base, reg::port::stride, reg::ports);
}
std::optional<BlockOffset> locate_channel(std::uint64_t offset) {
    return locate(offset, reg::dma::base, reg::dma::stride, reg::dma_channels);
}
std::optional<BlockOffset> locate_mapper(std::uint64_t offset) {
    return locate(offset, reg::pxm::base, reg::pxm::stride, reg::ports);
}

} // namespace

/// The far end of a sensor's link.
class Cio2::Link final : public Receiver {
  public:
    Link(Cio2& owner, unsigned port) : owner_{owner}, port_{port} {}
    [[nodiscard]] bool has_room() const override { return owner_.has_room(port_); }
    void frame_start(const FrameStart& start) override { owner_.frame_start(port_, start); }
    void frame_end(const Frame& frame) override { owner_.frame_end(port_, frame); }

  private:
    Cio2& owner_;
    unsigned port_;
};

Cio2::Cio2(sim::Scheduler& scheduler, sim::Trace& trace, sim::FaultPlan& faults, Sabotage sabotage)
    : scheduler_{scheduler}, trace_{trace}, faults_{faults}, sabotage_{sabotage},
      config_{pci_spec()}, bus_{config_},
      interrupts_{[this] { trace_.count(device, bus_.interrupt() ? "msi" : "msi-blocked"); },
                  sabotage} {
    for (unsigned number = 0; number < reg::ports; ++number) {
        csi_.emplace_back(number, interrupts_);
        mappers_.emplace_back();
        links_.push_back(std::make_unique<Link>(*this, number));
    }
    for (unsigned number = 0; number < reg::dma_channels; ++number) {
        channels_.emplace_back(number, bus_);
    }
    common_.declare<reg::GpregSrst>({.writable = reg::GpregSrst::Blocks::mask});
    common_.declare<reg::FbHpllFreq>();
    common_.declare<reg::IsclkRatio>();
    common_.declare<reg::Cgc>();
    common_.declare<reg::D0i3c>(
        {.writable = reg::D0i3c::InterruptRequest::mask | reg::D0i3c::I3::mask,
         .clear_on_one = reg::D0i3c::RestoreRequired::mask,
         .reset = reg::D0i3c::RestoreRequired::mask});
    common_.declare<reg::Swreset>({.writable = 0});
    common_.declare<reg::SensorActive>();
    common_.declare<reg::DmaDbg>();
    common_.declare<reg::PbmArbCtrl>();
    common_.declare<reg::PbmWmctrl1>();
    common_.declare<reg::PbmWmctrl2>();
    common_.declare<reg::PbmTsCount>({.writable = 0});
    common_.declare<reg::PbmFopnAbort>({.writable = reg::PbmFopnAbort::writable});
    common_.declare<reg::LtrCtrl>();
    common_.declare<reg::LtrVal23>();
    common_.declare<reg::LtrVal01>();
}

Cio2::~Cio2() = default;

Receiver& Cio2::port(unsigned number) {
    return *links_.at(number);
}

// ---- software's side
// ------------------------------------------------------------------------------------

void Cio2::bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) {
    std::ranges::fill(data, std::byte{0});
    if (bar != 0) {
        return;
    }
    trace_.count(device, "mmio-read");
    vfio_user::read_words(offset, data, [this](std::uint64_t word) {
        const auto value = read_word(word);
        if (!value) {
            unknown(word, false);
        }
        return value.value_or(0);
    });
}

void Cio2::bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) {
    if (bar != 0) {
        return;
    }
    trace_.count(device, "mmio-write");
    const bool whole =
        vfio_user::write_words(offset, data, [this](std::uint64_t word, std::uint32_t value) {
            if (!write_word(word, value)) {
                unknown(word, true);
            }
        });
    if (!whole) {
        trace_.emit(device, "partial-write", {{"offset", offset}, {"size", data.size()}});
    }
}

std::optional<std::uint32_t> Cio2::read_word(std::uint64_t offset) const {
    if (const auto at = locate_port(offset)) {
        return csi_[at->block].read(at->offset);
    }
    if (const auto at = locate_channel(offset)) {
        return channels_[at->block].read(at->offset);
    }
    if (const auto at = locate_mapper(offset)) {
        return mappers_[at->block].read(at->offset);
    }
    if (const auto value = interrupts_.read(offset)) {
        return value;
    }
    if (offset == reg::PbmTsCount::offset) {
        return timestamp();
    }
    auto value = common_.read(offset);
    if (value && offset == reg::PbmFopnAbort::offset) {
        for (unsigned port = 0; port < reg::ports; ++port) {
            *value |= open_[port] ? reg::PbmFopnAbort::frame_open(port) : 0;
        }
    }
    return value;
}

bool Cio2::write_word(std::uint64_t offset, std::uint32_t value) {
    if (const auto at = locate_port(offset)) {
        return write_port(at->block, at->offset, value);
    }
    if (const auto at = locate_channel(offset)) {
        const bool known = channels_[at->block].write(at->offset, value);
        for (unsigned port = 0; port < reg::ports; ++port) {
            if (open_[port] && open_[port]->channel == at->block &&
                !channels_[at->block].running()) {
                abandon(port, "dma disabled");
            }
        }
        return known;
    }
    if (const auto at = locate_mapper(offset)) {
        const bool known = mappers_[at->block].write(at->offset, value);
        if (aborting(at->block)) {
            abandon(at->block, "aborted");
        }
        return known;
    }
    return interrupts_.write(offset, value) || write_common(offset, value);
}

bool Cio2::write_port(unsigned port, std::uint64_t offset, std::uint32_t value) {
    auto& csi = csi_[port];
    const bool before = csi.enabled();
    const bool known = csi.write(offset, value);
    if (csi.enabled() != before) {
        trace_.emit(device, before ? "stream-off" : "stream-on",
                    {{"port", std::uint64_t{port}}, {"lanes", std::uint64_t{csi.lanes()}}});
    }
    return known;
}

bool Cio2::write_common(std::uint64_t offset, std::uint32_t value) {
    const bool was_awake = awake();
    if (!common_.write(offset, value)) {
        return false;
    }
    if (offset == reg::Swreset::offset &&
        reg::Swreset::from(value).get<reg::Swreset::Reset>() != 0) {
        trace_.emit(device, "software-reset");
        reset_registers();
    } else if (offset == reg::GpregSrst::offset && (value & reg::GpregSrst::Blocks::mask) != 0) {
        trace_.emit(device, "port-reset");
        abandon_all("reset");
        for (auto& csi : csi_) {
            csi.reset();
        }
    } else if (offset == reg::PbmFopnAbort::offset) {
        for (unsigned port = 0; port < reg::ports; ++port) {
            if (aborting(port)) {
                abandon(port, "aborted");
            }
        }
    } else if (offset == reg::D0i3c::offset && awake() != was_awake) {
        trace_.emit(device, "power", {{"state", std::string{awake() ? "d0" : "d0i3"}}});
        if (!awake()) {
            abandon_all("asleep");
        }
    }
    return true;
}

void Cio2::unknown(std::uint64_t offset, bool write) {
    trace_.count(device, "unknown-register-access");
    if (unknown_.insert(offset).second) {
        trace_.emit(device, "unknown-register", {{"offset", offset}, {"write", write}});
    }
}

void Cio2::reset() {
    trace_.emit(device, "reset");
    reset_registers();
    config_.reset();
}

void Cio2::reset_registers() {
    spurious_.cancel();
    abandon_all("reset");
    for (auto& csi : csi_) {
        csi.reset();
    }
    for (auto& mapper : mappers_) {
        mapper.reset();
    }
    for (auto& channel : channels_) {
        channel.reset();
    }
    interrupts_.reset();
    common_.reset();
}

void Cio2::power_state(vfio_user::PowerState state) {
    trace_.emit(device, "power", {{"state", "d" + std::to_string(static_cast<unsigned>(state))}});
    if (state != vfio_user::PowerState::d0) {
        abandon_all("asleep");
    }
}

bool Cio2::awake() const {
    return config_.power_state() == vfio_user::PowerState::d0 &&
           common_.get<reg::D0i3c>().get<reg::D0i3c::I3>() == 0;
}

bool Cio2::aborting(unsigned port) const {
    constexpr auto abort = reg::PbmFopnAbort::abort;
    constexpr auto force = reg::PbmFopnAbort::force_abort;
    return mappers_[port].aborting() ||
           (common_.get<reg::PbmFopnAbort>().raw & (abort(port) | force(port))) != 0;
}

std::uint32_t Cio2::timestamp() const {
    using Ticks = std::chrono::duration<std::uint64_t, std::ratio<1, 24'000'000>>;
    if (common_.get<reg::PbmWmctrl1>().get<reg::PbmWmctrl1::TsCountDisable>() != 0) {
        return 0;
    }
    const auto now = scheduler_.now().time_since_epoch();
    return static_cast<std::uint32_t>(std::chrono::duration_cast<Ticks>(now).count());
}

// ---- the sensors' side
// ----------------------------------------------------------------------------------

bool Cio2::has_room(unsigned port) const {
    // The stock driver leaves out an entry when it has one buffer or none left, so a channel that
    // waited for its very last one would wait for ever.
    constexpr unsigned enough = 3;
    const auto channel = mappers_[port].channel(0);
    return channel >= channels_.size() || !channels_[channel].running() ||
           channels_[channel].waiting() >= enough;
}

void Cio2::frame_start(unsigned port, const FrameStart& start) {
    if (!awake()) {
        drop(port, start.index, "asleep");
        return;
    }
    const auto stream = csi_[port].frame_start();
    if (!stream) {
        drop(port, start.index, stream.error());
        return;
    }
    if (aborting(port)) {
        drop(port, start.index, "aborted");
        return;
    }
    if (open_[port]) {
        // The last frame's end never came: the new start ends it, and the receiver complains.
        open_[port]->success = false;
        csi_[port].error(reg::port::ReceiverError::frame_sync);
        close(port, Interrupts::Delivery::sent);
    }
    const auto number = mappers_[port].channel(*stream);
    if (number >= channels_.size()) {
        drop(port, start.index, "no such dma channel");
        return;
    }
    auto& channel = channels_[number];
    if (channel.running() && strikes(sim::FaultKind::stuck_dma, start.index, port)) {
        channel.stick();
    }
    auto buffer = channel.open();
    if (!buffer) {
        drop(port, start.index, name(buffer.error().reason));
        if (const auto& fault = buffer.error().fault) {
            record("buffer table read", number, *fault);
        }
        if (buffer.error().reason == Refusal::Reason::invalid_entry ||
            buffer.error().reason == Refusal::Reason::table_fault) {
            interrupts_.dma_error(number);
        }
        return;
    }
    trace_.emit(device, "frame-start",
                {{"port", std::uint64_t{port}},
                 {"frame", start.index},
                 {"channel", std::uint64_t{number}},
                 {"entry", std::uint64_t{buffer->entry}}});
    const bool announce = buffer->control.get<fbpt::Control::Ios>() != 0 &&
                          channel.control().get<reg::dma::CdmaC0::IntrOnFs>() != 0;
    open_[port] = std::make_unique<OpenFrame>();
    open_[port]->start = start;
    open_[port]->stream = *stream;
    open_[port]->channel = number;
    open_[port]->buffer = std::move(*buffer);
    if (announce) {
        interrupts_.frame_started(number);
    }
}

void Cio2::frame_end(unsigned port, const Frame& frame) {
    if (!open_[port]) {
        return; // its start was not received, and counted then
    }
    auto& open = *open_[port];
    const auto width = frame.image.size.width;
    const auto held = width == 0 ? 0 : frame.image.pixels.size() / width;
    auto lines = static_cast<unsigned>(
        std::ranges::min({std::size_t{frame.lines_sent}, std::size_t{frame.image.size.height}, held,
                          std::size_t{0xffff}}));

    const auto index = frame.start.index;
    const bool overflow = strikes(sim::FaultKind::fifo_overflow, index, port);
    const bool bad_crc = strikes(sim::FaultKind::csi_crc, index, port) || frame.crc_error;
    const bool endless = strikes(sim::FaultKind::no_frame_end, index, port) || frame.end_missing;
    if (overflow) {
        lines /= 2;
    }
    if (!receive_payload(port, open, frame, lines)) {
        return;
    }
    if (overflow) {
        open.success = false;
        csi_[port].error(reg::port::ReceiverError::fifo_overflow);
        interrupts_.sram_full(port);
    }
    if (bad_crc) {
        open.success = false;
        csi_[port].error(reg::port::ReceiverError::payload_crc);
        interrupts_.input_error(port, reg::IntStsExtIe::Error::crc);
    }
    using reg::dma::CdmaC1;
    const auto line_interrupt = channels_[open.channel].lines().get<CdmaC1::LineNumInt>();
    if (line_interrupt != 0 && open.lines >= line_interrupt) {
        interrupts_.frame_started(open.channel);
    }
    if (strikes(sim::FaultKind::spurious_irq, index, port)) {
        spurious_ = scheduler_.after(spurious_delay, [this] { interrupts_.spurious(); });
    }
    if (!endless) {
        const bool lost = strikes(sim::FaultKind::lost_irq, index, port);
        close(port, lost ? Interrupts::Delivery::lost : Interrupts::Delivery::sent);
    }
}

/// The frame's long packets. False when the frame ended here, by an error that the DMA engine saw.
bool Cio2::receive_payload(unsigned port, OpenFrame& open, const Frame& frame, unsigned lines) {
    const auto discard = [&](std::string_view reason) {
        trace_.emit(device, "payload-discarded",
                    {{"port", std::uint64_t{port}},
                     {"frame", open.start.index},
                     {"reason", std::string{reason}}});
        open.success = false;
    };
    const auto stream = csi_[port].payload(frame.type);
    if (!stream) {
        discard(stream.error());
        // With the receiver off, the frame-end packet is not received either.
        return csi_[port].enabled();
    }
    const auto alignment = mappers_[port].line_alignment(*stream);
    if (*stream != open.stream || frame.type != DataType::raw10 || !alignment) {
        discard("unsupported pixel format");
        return true;
    }
    return write_pixels(port, open, frame, lines, *alignment);
}

bool Cio2::write_pixels(unsigned port, OpenFrame& open, const Frame& frame, unsigned lines,
                        std::size_t alignment) {
    // A few lines at a time stay in the processor's caches between packing and writing.
    constexpr unsigned batch = 8;
    const auto line_bytes = ip3_line_bytes(frame.image.size.width, alignment);
    packed_.resize(line_bytes * batch);
    LopWriter writer{bus_, open.buffer.pages, sabotage_};
    for (unsigned first = 0; first < lines && !writer.list_fault() && !writer.full();
         first += batch) {
        const auto count = std::min(batch, lines - first);
        for (unsigned line = 0; line < count; ++line) {
            ip3_pack_line(frame.image.line(first + line),
                          std::span{packed_}.subspan(line * line_bytes, line_bytes));
        }
        if (sabotage_ == Sabotage::packing_bit && first == 0) {
            packed_[line_bytes / 2] ^= std::byte{0x10};
        }
        writer.append(std::span{packed_}.first(count * line_bytes));
    }
    writer.fetch_ahead();
    open.bytes = writer.written();
    open.lines = static_cast<std::uint16_t>(open.bytes / line_bytes);
    open.success = open.success && !writer.full();
    if (writer.full()) {
        trace_.emit(device, "buffer-full",
                    {{"port", std::uint64_t{port}},
                     {"frame", open.start.index},
                     {"bytes", std::uint64_t{open.bytes}}});
    }
    if (const auto& fault = writer.page_fault()) {
        trace_.count(device, "lost-page-writes", writer.page_faults());
        record("pixel write", open.channel, *fault);
    }
    if (const auto& fault = writer.list_fault()) {
        const auto channel = open.channel;
        record("page list read", channel, *fault);
        drop(port, open.start.index, "page list unreadable");
        open_[port].reset();
        channels_[channel].halt();
        interrupts_.dma_error(channel);
        return false;
    }
    return true;
}

void Cio2::close(unsigned port, Interrupts::Delivery delivery) {
    const auto frame = std::exchange(open_[port], nullptr);
    const auto& open = *frame;
    auto& channel = channels_[open.channel];
    const Completion completion{.lines = open.lines,
                                .frame_number = open.start.number,
                                .timestamp = timestamp(),
                                .bytes = open.bytes,
                                .success = open.success};
    if (const auto done = channel.complete(open.buffer, completion); !done) {
        record("buffer table write-back", open.channel, done.error());
    }
    trace_.emit(device, "frame-end",
                {{"port", std::uint64_t{port}},
                 {"frame", open.start.index},
                 {"channel", std::uint64_t{open.channel}},
                 {"entry", std::uint64_t{open.buffer.entry}},
                 {"bytes", std::uint64_t{open.bytes}},
                 {"success", open.success}});
    if (open.buffer.control.get<fbpt::Control::Ioc>() != 0 &&
        channel.control().get<reg::dma::CdmaC0::IntrOnFe>() != 0) {
        interrupts_.frame_completed(open.channel, delivery);
    }
}

void Cio2::abandon(unsigned port, std::string_view reason) {
    if (!open_[port]) {
        return;
    }
    channels_[open_[port]->channel].abandon();
    drop(port, open_[port]->start.index, reason);
    open_[port].reset();
}

void Cio2::abandon_all(std::string_view reason) {
    for (unsigned port = 0; port < reg::ports; ++port) {
        abandon(port, reason);
    }
}

void Cio2::drop(unsigned port, std::uint64_t index, std::string_view reason) {
    trace_.emit(device, "frame-dropped",
                {{"port", std::uint64_t{port}}, {"frame", index}, {"reason", std::string{reason}}});
}

bool Cio2::strikes(sim::FaultKind kind, std::uint64_t index, unsigned port) {
    if (!faults_.strikes(kind, index, port)) {
        return false;
    }
    trace_.emit(
        device, "fault",
        {{"kind", std::string{sim::name(kind)}}, {"port", std::uint64_t{port}}, {"frame", index}});
    return true;
}

void Cio2::record(std::string_view access, unsigned channel, const vfio_user::DmaFault& fault) {
    trace_.emit(device, "dma-fault",
                {{"access", std::string{access}},
                 {"channel", std::uint64_t{channel}},
                 {"address", vfio_user::value(fault.address)},
                 {"what", vfio_user::describe(fault)}});
}

} // namespace ipu3::cio2
