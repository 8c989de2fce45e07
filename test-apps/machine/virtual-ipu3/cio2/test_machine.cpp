// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/test_machine.hpp"

#include "machine/virtual-ipu3/cio2/registers.hpp"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <numeric>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace ipu3::cio2::test {

using vfio_user::Iova;

namespace {

constexpr std::uint32_t lop_entries = 1024;
constexpr unsigned shuffle_seed = 7; // the same order in every run
constexpr std::uint32_t control_ready =
    fbpt::Control::Valid::mask | fbpt::Control::Ioc::mask | fbpt::Control::Ios::mask;

} // namespace

Guest::Guest() {
    constexpr std::uint64_t size = pages * page_size;
    base::UniqueFd fd{::memfd_create("guest", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0 ||
        ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
        throw std::runtime_error{"no guest memory"};
    }
    must(memory_.map(Iova{base}, size, {.readable = true, .writable = true}, std::move(fd), 0));
    free_.resize(pages);
    std::iota(free_.begin(), free_.end(), static_cast<std::uint32_t>(base / page_size));
    std::ranges::shuffle(free_, std::mt19937{shuffle_seed});
}

void Guest::raise_msi(unsigned vector) {
    EXPECT_EQ(vector, 0U);
    ++messages;
}

std::uint32_t Guest::allocate(std::byte fill) {
    if (free_.empty()) {
        throw std::runtime_error{"the test's guest is out of memory"};
    }
    const auto pfn = free_.back();
    free_.pop_back();
    this->fill(page_address(pfn), std::vector<std::byte>(page_size, fill));
    return pfn;
}

std::vector<std::byte> Guest::bytes(std::uint32_t pfn) const {
    std::vector<std::byte> page(page_size);
    must(memory_.read(page_address(pfn), page));
    return page;
}

Machine::Machine(std::vector<sim::FaultSpec> fault_specs, Sabotage sabotage)
    : trace{scheduler, [this](std::string_view line) { lines.emplace_back(line); }},
      faults{std::move(fault_specs), 1}, device{scheduler, trace, faults, sabotage} {
    device.attach(guest);
    command(0x0406); // memory space, bus master, INTx disabled
    // Runtime resume: leave D0i3 and acknowledge that the registers are to be restored.
    write(reg::D0i3c::offset, reg::D0i3c::RestoreRequired::mask);
}

std::uint32_t Machine::read(std::uint64_t offset) {
    if (device.config().power_state() != vfio_user::PowerState::d0) {
        return 0xffffffff; // as the server answers
    }
    std::uint32_t value = 0;
    device.bar_read(0, offset, std::as_writable_bytes(std::span{&value, 1}));
    return value;
}

void Machine::write(std::uint64_t offset, std::uint32_t value) {
    device.bar_write(0, offset, std::as_bytes(std::span{&value, 1}));
}

void Machine::command(std::uint16_t value) {
    device.config().write(0x04, std::as_bytes(std::span{&value, 1}));
}

void Machine::power(vfio_user::PowerState state) {
    const auto value = static_cast<std::uint16_t>(state);
    device.config().write(0xd4, std::as_bytes(std::span{&value, 1}));
    device.power_state(state);
}

std::size_t Machine::traced(std::string_view text) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        lines, [&](const auto& line) { return line.find(text) != std::string::npos; }));
}

Frame make_frame(std::uint64_t index, frames::Size size) {
    Frame frame;
    frame.start = {.number = static_cast<std::uint16_t>((index % 65535) + 1), .index = index};
    frame.lines_sent = size.height;
    frame.image.size = size;
    frame.image.pixels.resize(std::size_t{size.width} * size.height);
    std::minstd_rand random{static_cast<unsigned>(index + 1)};
    for (auto& pixel : frame.image.pixels) {
        pixel = static_cast<std::uint16_t>((random() >> 8U) & 0x3ffU);
    }
    return frame;
}

void send(Receiver& port, const Frame& frame) {
    port.frame_start(frame.start);
    port.frame_end(frame);
}

Driver::Driver(Machine& machine, unsigned port, frames::Size size, unsigned channel)
    : machine_{machine}, port_{port}, size_{size}, channel_{channel},
      table_{machine.guest.allocate()}, dummy_page_{machine.guest.allocate()},
      dummy_lop_{machine.guest.allocate()} {
    for (std::uint32_t index = 0; index < lop_entries; ++index) {
        machine_.guest.poke(page_address(dummy_lop_) + (std::uint64_t{4} * index), dummy_page_);
    }
    for (unsigned index = 0; index < entries; ++index) {
        set_dummy(index);
    }
}

Iova Driver::entry(unsigned index) const {
    return page_address(table_) + (std::uint64_t{index} * sub_entries * fbpt::sub_entry_bytes);
}

std::uint64_t Driver::port_register(std::uint64_t offset) const {
    return reg::port::base + (port_ * reg::port::stride) + offset;
}

std::uint64_t Driver::channel_register(std::uint64_t offset) const {
    return reg::dma::base + (channel_ * reg::dma::stride) + offset;
}

void Driver::set_dummy(unsigned index) {
    fbpt::FirstSubEntry first{};
    fbpt::SecondSubEntry second{};
    first.lop_pfn = dummy_lop_;
    second.lop_pfn = dummy_lop_;
    second.pages = lop_entries * sub_entries;
    second.last_page_limit = page_size - 1;
    machine_.guest.poke(entry(index) + fbpt::sub_entry_bytes, second);
    for (unsigned sub = 2; sub < sub_entries; ++sub) {
        machine_.guest.poke(entry(index) + fbpt::sub_entry_bytes * sub + 12, dummy_lop_);
    }
    first.control = control_ready;
    machine_.guest.poke(entry(index), first);
}

Buffer Driver::allocate(std::uint32_t offset, std::byte fill) {
    return allocate(image_bytes(), offset, fill);
}

Buffer Driver::allocate(std::size_t size, std::uint32_t offset, std::byte fill) {
    Buffer buffer{.pages = {}, .lops = {}, .size = size, .offset = offset};
    const auto pages = (size + offset + page_size - 1) / page_size;
    for (std::size_t page = 0; page < pages; ++page) {
        if (page % lop_entries == 0) {
            buffer.lops.push_back(machine_.guest.allocate());
        }
        buffer.pages.push_back(machine_.guest.allocate(fill));
        machine_.guest.poke(page_address(buffer.lops.back()) + 4U * (page % lop_entries),
                            buffer.pages.back());
    }
    if (pages % lop_entries != 0) {
        machine_.guest.poke(page_address(buffer.lops.back()) + 4U * (pages % lop_entries),
                            dummy_page_);
    }
    return buffer;
}

void Driver::queue(const Buffer& buffer) {
    const auto pointer = machine_.read(channel_register(reg::dma::CdmaRi::offset)) & 0xffU;
    const auto ahead = (pointer + 1) % entries;
    if (queued_.empty() || ahead == next_) {
        next_ = (ahead + 1) % entries;
    }
    while (queued_.contains(next_)) {
        next_ = (next_ + 1) % entries;
    }
    auto first = machine_.guest.peek<fbpt::FirstSubEntry>(entry(next_));
    auto second = machine_.guest.peek<fbpt::SecondSubEntry>(entry(next_) + fbpt::sub_entry_bytes);
    first.first_page_offset = buffer.offset;
    first.control = control_ready;
    second.pages = static_cast<std::uint16_t>(buffer.pages.size());
    second.last_page_limit =
        static_cast<std::uint16_t>((buffer.size + buffer.offset + page_size - 1) % page_size);
    first.lop_pfn = buffer.lops.at(0);
    if (buffer.lops.size() > 1) {
        second.lop_pfn = buffer.lops[1];
    }
    machine_.guest.poke(entry(next_) + fbpt::sub_entry_bytes, second);
    machine_.guest.poke(entry(next_), first);
    queued_.emplace(next_, buffer);
    next_ = (next_ + 1) % entries;
}

void Driver::start() {
    using namespace reg::port;
    auto& m = machine_;
    const auto mapper = reg::pxm::base + (port_ * reg::pxm::stride);
    for (int lane = -1; lane < 4; ++lane) {
        m.write(port_register(lane_offset(0x02c, lane)), 0);
        m.write(port_register(lane_offset(0x030, lane)), 1320);
    }
    for (unsigned entry_index = 0; entry_index < MipibeLpLutEntry::entries; ++entry_index) {
        m.write(port_register(MipibeLpLutEntry::at(entry_index)),
                MipibeLpLutEntry::Disregard::mask);
    }
    m.write(port_register(MipibeGlobalLutDisregard::offset), 1);
    m.write(reg::IntEnExtIe::offset, 0xffffffff);
    m.write(port_register(IrqctrlMask::offset), reg::port::receiver_errors);
    m.write(port_register(IrqctrlEnable::offset), reg::port::receiver_errors);
    m.write(reg::IntEnExtOe::offset, 0x8f0fffff);
    m.write(reg::IntEn::offset, m.read(reg::IntEn::offset) | reg::IntSts::Ioirq::mask |
                                    reg::IntSts::completion(channel_) |
                                    reg::IntSts::start(channel_));
    m.write(mapper + reg::pxm::PxfFmtCfg::offset, 1U << 2U);
    m.write(port_register(MipibeLpLutEntry::offset), 0x2bU << 7U);
    m.write(mapper + reg::pxm::Sid2Bid::offset, channel_);
    m.write(port_register(CsirxNofEnabledLanes::offset), 2);
    m.write(channel_register(reg::dma::CdmaBa::offset), 0);
    m.write(channel_register(reg::dma::CdmaC0::offset), 0);
    m.write(channel_register(reg::dma::CdmaC1::offset), 0);
    m.write(channel_register(reg::dma::CdmaBa::offset), table_);
    using reg::dma::CdmaC0;
    m.write(channel_register(CdmaC0::offset), CdmaC0{}
                                                  .with<CdmaC0::FbptLen>(entries - 1)
                                                  .with<CdmaC0::FbptWidth>(2)
                                                  .with<CdmaC0::IntrOnFs>(1)
                                                  .with<CdmaC0::IntrOnFe>(1)
                                                  .with<CdmaC0::FbptUpdateFifoFull>(1)
                                                  .with<CdmaC0::En>(1)
                                                  .with<CdmaC0::Halted>(1)
                                                  .raw);
    m.write(channel_register(reg::dma::CdmaC1::offset), 1U << 16U);
    m.write(reg::PbmFopnAbort::offset, 0);
    m.write(mapper + reg::pxm::FrfCfg::offset, (16U << 3U) | 0x700U);
    m.write(port_register(IrqctrlClear::offset), reg::port::receiver_errors);
    m.write(reg::IntStsExtOe::offset, 0xffffffff);
    m.write(reg::IntStsExtIe::offset, 0xffffffff);
    m.write(reg::IntSts::offset, 0xffffffff);
    m.write(port_register(MipibeEnable::offset), 1);
    m.write(port_register(CsirxEnable::offset), 1);
}

bool Driver::stop() {
    using namespace reg::port;
    machine_.write(port_register(IrqctrlMask::offset), 0);
    machine_.write(port_register(IrqctrlEnable::offset), 0);
    machine_.write(port_register(CsirxEnable::offset), 0);
    machine_.write(port_register(MipibeEnable::offset), 0);
    machine_.write(channel_register(reg::dma::CdmaC0::offset), 0);
    const auto control =
        reg::dma::CdmaC0::from(machine_.read(channel_register(reg::dma::CdmaC0::offset)));
    for (unsigned port = 0; port < reg::ports; ++port) {
        const auto frame_control =
            reg::pxm::base + (port * reg::pxm::stride) + reg::pxm::FrfCfg::offset;
        machine_.write(frame_control, machine_.read(frame_control) | reg::pxm::FrfCfg::Abort::mask);
        machine_.write(reg::PbmFopnAbort::offset,
                       machine_.read(reg::PbmFopnAbort::offset) | reg::PbmFopnAbort::abort(port));
    }
    // What a new start finds: an untouched table.
    queued_.clear();
    for (unsigned index = 0; index < entries; ++index) {
        set_dummy(index);
    }
    first_ = 0;
    next_ = 0;
    return control.get<reg::dma::CdmaC0::Halted>() != 0;
}

void Driver::service() {
    while (machine_.guest.messages > 0) {
        machine_.guest.messages = 0; // messages that arrive before the handler runs are one
        interrupt();
    }
}

void Driver::interrupt() {
    auto status = machine_.read(reg::IntSts::offset);
    if (status == 0) {
        ++unclaimed;
        return;
    }
    // A handler that never gets an end to its causes is a failure of the device, not an endless
    // test.
    for (unsigned turn = 0; status != 0; ++turn) {
        ASSERT_LT(turn, 100U) << "INT_STS never becomes 0";
        machine_.write(reg::IntSts::offset, status);
        statuses |= status;
        if ((status & reg::IntSts::Iooe::mask) != 0) {
            const auto errors = machine_.read(reg::IntStsExtOe::offset);
            output_errors |= errors;
            machine_.write(reg::IntStsExtOe::offset, errors);
        }
        if ((status & reg::IntSts::completion(channel_)) != 0) {
            buffers_done();
        }
        if ((status & reg::IntSts::start(channel_)) != 0) {
            ++starts;
        }
        if ((status & (reg::IntSts::Ioie::mask | reg::IntSts::Ioirq::mask)) != 0) {
            const auto errors = machine_.read(reg::IntStsExtIe::offset);
            input_errors |= errors;
            for (unsigned port = 0; port < reg::ports; ++port) {
                if ((errors & reg::IntStsExtIe::irq(port)) != 0) {
                    const auto block = port * reg::port::stride;
                    const auto causes = machine_.read(block + reg::port::IrqctrlStatus::offset);
                    receiver_errors |= causes;
                    machine_.write(block + reg::port::IrqctrlClear::offset, causes);
                }
            }
            machine_.write(reg::IntStsExtIe::offset, errors);
        }
        status = machine_.read(reg::IntSts::offset);
    }
}

void Driver::buffers_done() {
    for (unsigned turn = 0; turn < entries; ++turn) {
        const auto first = machine_.guest.peek<fbpt::FirstSubEntry>(entry(first_));
        if ((first.control & fbpt::Control::Valid::mask) != 0) {
            return;
        }
        const auto second =
            machine_.guest.peek<fbpt::SecondSubEntry>(entry(first_) + fbpt::sub_entry_bytes);
        if (auto buffer = queued_.extract(first_); buffer) {
            done.push_back({std::move(buffer.mapped()), second.bytes, first, second});
        } else {
            ++dummies;
        }
        set_dummy(first_);
        first_ = (first_ + 1) % entries;
    }
}

std::vector<std::byte> Driver::content(const Buffer& buffer) const {
    std::vector<std::byte> all;
    for (const auto pfn : buffer.pages) {
        const auto page = machine_.guest.bytes(pfn);
        all.insert(all.end(), page.begin(), page.end());
    }
    all.erase(all.begin(), all.begin() + buffer.offset);
    all.resize(std::min(all.size(), buffer.size));
    return all;
}

std::size_t Driver::bad_pixels(const Done& done_buffer, const Frame& frame) const {
    const auto packed = content(done_buffer.buffer);
    std::size_t bad = 0;
    for (unsigned y = 0; y < size_.height; ++y) {
        const auto line = frame.image.line(y);
        for (std::size_t x = 0; x < size_.width; ++x) {
            unsigned sample = 0;
            for (std::size_t bit = 0; bit < 10; ++bit) {
                const auto position = (y * line_bytes() * 8) + (x / 25 * 256) + (x % 25 * 10) + bit;
                const auto byte = std::to_integer<unsigned>(packed.at(position / 8));
                sample |= ((byte >> (position % 8)) & 1U) << bit;
            }
            bad += sample != line[x] ? 1U : 0U;
        }
    }
    return bad;
}

} // namespace ipu3::cio2::test
