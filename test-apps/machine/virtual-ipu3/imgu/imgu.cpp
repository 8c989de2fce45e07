// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/imgu.hpp"

#include "machine/vfio-user/word_access.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace ipu3::imgu {

namespace {

constexpr std::string_view device = "imgu";
using vfio_user::word_bytes;
constexpr std::array bars{vfio_user::BarSpec{.index = 0, .size = reg::bar_size}};

/// Identity as `lspci -nn` of Skylake-U tablets shows it; where its capabilities are is assumed.
vfio_user::PciConfigSpec pci_spec() {
    return {
        .identity = {.vendor = 0x8086,
                     .device = 0x1919,
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

// An event of the driver's: what in the highest byte, then thread or pipe, then queue.
enum class HostEvent : std::uint8_t {
    buffer_enqueued = 0,
    buffer_dequeued = 1,
    event_dequeued = 2,
    start_stream = 3,
    stop_stream = 4,
};

} // namespace

Imgu::Imgu(Firmware firmware, sim::Scheduler& clock, sim::Worker& worker, sim::Trace& trace,
           sim::FaultPlan& faults, Sabotage sabotage)
    : firmware_{std::move(firmware)}, trace_{trace}, faults_{faults, trace}, config_{pci_spec()},
      interrupts_{[this] {
          if (upstream_ != nullptr) {
              trace_.count(device, "msi");
              upstream_->raise_msi(0);
          }
      }},
      memory_{[this](std::string_view text) {
          trace_.emit(device, "access-fault", {{"what", std::string{text}}});
      }},
      microcode_{firmware_, memory_, isp_dmem_, sp_dmem_, trace},
      gdc_lut_(reg::memory::gdc_lut_bytes / word_bytes) {
    const PipeContext context{.clock = clock,
                              .worker = worker,
                              .trace = trace,
                              .memory = memory_,
                              .queues = microcode_.queues(),
                              .faults = faults_,
                              .interrupt = [this] { interrupts_.software_pin(0); },
                              .spurious =
                                  [this] {
                                      if (upstream_ != nullptr) {
                                          upstream_->raise_msi(0);
                                      }
                                  },
                              .off_bus = [this] { off_bus_ = true; },
                              .frequency = [this] { return power_.frequency(); },
                              .sabotage = sabotage};
    pipes_.reserve(Queues::threads); // they must not move once they have timers
    for (unsigned thread = 0; thread < Queues::threads; ++thread) {
        pipes_.emplace_back(thread, context);
    }
}

void Imgu::attach(vfio_user::Upstream& upstream) {
    upstream_ = &upstream;
    memory_.attach(upstream);
}

// ---- registers ----

std::optional<Imgu::Window> Imgu::window(std::uint64_t offset, std::uint64_t size) {
    const auto in = [&](std::uint64_t base) {
        return offset >= base && LocalMemory::contains(offset - base, size);
    };
    for (unsigned number = 0; number < sps; ++number) {
        const auto base = reg::memory::sp_dmem + reg::memory::bytes * number;
        if (in(base)) {
            return Window{.memory = sp_dmem_.at(number), .at = offset - base, .sp = number};
        }
    }
    if (in(reg::memory::isp_dmem)) {
        return Window{.memory = isp_dmem_, .at = offset - reg::memory::isp_dmem, .sp = {}};
    }
    return std::nullopt;
}

void Imgu::bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) {
    std::ranges::fill(data, std::byte{0});
    if (bar != 0) {
        return;
    }
    trace_.count(device, "mmio-read");
    if (off_bus_) {
        std::ranges::fill(data, std::byte{0xff});
        return;
    }
    if (const auto at = window(offset, data.size())) {
        at->memory.read(at->at, data);
        return;
    }
    vfio_user::read_words(offset, data, [this](std::uint64_t word) {
        const auto value = read_word(word);
        if (!value) {
            unknown(word, false);
        }
        return value.value_or(0);
    });
}

void Imgu::bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) {
    if (bar != 0) {
        return;
    }
    trace_.count(device, "mmio-write");
    if (off_bus_) {
        return;
    }
    if (observer_ != nullptr) {
        observer_->written(offset, data);
    }
    if (const auto at = window(offset, data.size())) {
        at->memory.write(at->at, data);
        written(*at, data.size());
        return;
    }
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

std::optional<std::uint32_t> Imgu::read_word(std::uint64_t offset) const {
    using namespace reg::cell;
    if (offset >= isp_base && offset < isp_base + stride) {
        return isp_.read(offset - isp_base);
    }
    if (offset >= sp_base && offset < sp_base + stride * sps) {
        return sp_.at((offset - sp_base) / stride).read((offset - sp_base) % stride);
    }
    if (offset >= reg::memory::gdc_lut &&
        offset < reg::memory::gdc_lut + reg::memory::gdc_lut_bytes) {
        return gdc_lut_.at((offset - reg::memory::gdc_lut) / word_bytes);
    }
    switch (offset) {
    case reg::GpStarving::offset:
    case reg::GpWorkload::offset:
    case reg::Sp1StreamMonitor::offset:
    case reg::Sp2StreamMonitor::offset:
    case reg::IspStreamMonitor::offset:
    case reg::ModStreamMonitor::offset:
        return 0; // nothing is ever stuck on its way
    default:
        break;
    }
    if (const auto value = power_.read(offset, idle(), memory_.mmu().halted())) {
        return value;
    }
    if (const auto value = interrupts_.read(offset)) {
        return value;
    }
    return memory_.mmu().read(offset);
}

bool Imgu::write_word(std::uint64_t offset, std::uint32_t value) {
    using namespace reg::cell;
    if (offset >= isp_base && offset < sp_base + stride * sps) {
        return write_cell(offset, value);
    }
    if (offset >= reg::memory::gdc_lut &&
        offset < reg::memory::gdc_lut + reg::memory::gdc_lut_bytes) {
        gdc_lut_.at((offset - reg::memory::gdc_lut) / word_bytes) = value;
        return true;
    }
    if (const auto effect = power_.write(offset, value)) {
        if (*effect == Power::Effect::reset) {
            trace_.emit(device, "forced-reset");
            reset_processors();
        }
        return true;
    }
    return interrupts_.write(offset, value) || write_mmu(offset, value);
}

bool Imgu::write_mmu(std::uint64_t offset, std::uint32_t value) {
    const bool closes =
        offset == mmu::reg::GateHalt::offset && mmu::reg::GateHalt::Halt::get(value) != 0;
    return (closes && faults_.strike(sim::FaultKind::imgu_no_halt)) ||
           memory_.mmu().write(offset, value);
}

bool Imgu::write_cell(std::uint64_t offset, std::uint32_t value) {
    using namespace reg::cell;
    if (offset < isp_base + stride) {
        const auto effect = isp_.write(offset - isp_base, value);
        if (effect == Cell::Effect::start) {
            if (observer_ != nullptr) {
                observer_->isp_starts(memory_, Address{isp_.program()});
            }
            // The bootloader is done before the driver can look.
            microcode_.start_isp(isp_.entry(), Address{isp_.program()});
        }
        return effect.has_value();
    }
    const auto number = static_cast<unsigned>((offset - sp_base) / stride);
    auto& cell = sp_.at(number);
    const auto effect = cell.write((offset - sp_base) % stride, value);
    if (effect == Cell::Effect::start) {
        if (observer_ != nullptr) {
            observer_->sp_starts(memory_, number, Address{cell.program()});
        }
        const bool fails = number == 0 && faults_.strike(sim::FaultKind::imgu_no_boot);
        if (!fails && microcode_.start_sp(number, cell.entry(), Address{cell.program()})) {
            cell.run();
        }
    }
    return effect.has_value();
}

void Imgu::unknown(std::uint64_t offset, bool write) {
    trace_.count(device, "unknown-register-access");
    if (unknown_.insert(offset).second) {
        trace_.emit(device, "unknown-register", {{"offset", offset}, {"write", write}});
    }
}

// ---- what the programs do ----

void Imgu::written(const Window& window, std::uint64_t size) {
    if (!window.sp || !sp_.at(*window.sp).running()) {
        return;
    }
    if (microcode_.told_to_end(*window.sp, window.at, size)) {
        if (!faults_.strike(sim::FaultKind::imgu_no_idle)) {
            end_programs();
        }
    } else if (*window.sp == 0 && microcode_.queues().is_doorbell(window.at, size)) {
        serve_events();
    }
}

bool Imgu::idle() const {
    return std::ranges::none_of(pipes_, &Pipe::busy);
}

void Imgu::serve_events() {
    while (const auto word = microcode_.queues().take_event()) {
        event(*word);
    }
}

void Imgu::event(std::uint32_t word) {
    const auto what = static_cast<HostEvent>(word >> 24U);
    const auto thread = (word >> 16U) & 0xffU;
    const auto queue = static_cast<BufferQueue>((word >> 8U) & 0xffU);
    switch (what) {
    case HostEvent::buffer_enqueued: {
        const auto buffer = microcode_.queues().take(thread, queue);
        if (!buffer) {
            trace_.emit(device, "empty-queue", {{"event", std::uint64_t{word}}});
            return;
        }
        trace_.count(device, "buffer");
        if (observer_ != nullptr) {
            observer_->enqueued(memory_, thread, microcode_.group(), queue, Address{*buffer});
        }
        pipes_.at(thread).enqueue(queue, *buffer);
        return;
    }
    case HostEvent::start_stream:
        trace_.emit(device, "start-stream", {{"pipe", std::uint64_t{thread}}});
        if (thread < pipes_.size()) {
            if (observer_ != nullptr) {
                observer_->stream_starts(memory_, thread, microcode_.group());
            }
            pipes_.at(thread).start(microcode_.group());
        }
        return;
    case HostEvent::stop_stream:
        // It does not say which: all stop together.
        trace_.emit(device, "stop-stream");
        stop_pipes();
        return;
    case HostEvent::event_dequeued:
        for (auto& pipe : pipes_) {
            pipe.events_taken();
        }
        return;
    case HostEvent::buffer_dequeued:
        return;
    }
    trace_.emit(device, "unknown-event", {{"event", std::uint64_t{word}}});
}

void Imgu::stop_pipes() {
    for (auto& pipe : pipes_) {
        pipe.stop();
    }
}

void Imgu::end_programs() {
    for (unsigned number = 0; number < sps; ++number) {
        if (sp_.at(number).running()) {
            sp_.at(number).stop();
            microcode_.ended(number);
        }
    }
    stop_pipes();
}

// ---- resets ----

void Imgu::reset_processors() {
    isp_.reset();
    for (auto& cell : sp_) {
        cell.reset();
    }
    microcode_.reset();
    interrupts_.reset();
    stop_pipes();
}

void Imgu::reset() {
    trace_.emit(device, "reset");
    off_bus_ = false;
    reset_processors();
    power_.reset();
    memory_.mmu().reset();
    isp_dmem_ = {};
    sp_dmem_ = {};
    std::ranges::fill(gdc_lut_, 0U);
    config_.reset();
}

void Imgu::power_state(vfio_user::PowerState state) {
    trace_.emit(device, "power", {{"state", "d" + std::to_string(static_cast<unsigned>(state))}});
    if (state != vfio_user::PowerState::d0) {
        end_programs();
    }
}

} // namespace ipu3::imgu
