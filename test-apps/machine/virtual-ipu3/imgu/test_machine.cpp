// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/test_machine.hpp"

#include "machine/virtual-ipu3/imgu/stand_in.hpp"

#include <cstring>
#include <stdexcept>

namespace ipu3::imgu::test {

void poke(std::vector<std::byte>& file, std::size_t at, std::uint32_t value) {
    std::memcpy(std::span{file}.subspan(at, sizeof(value)).data(), &value, sizeof(value));
}

Firmware firmware() {
    auto parsed = Firmware::parse(stand_in_firmware());
    if (!parsed) {
        throw std::runtime_error{parsed.error().message};
    }
    return std::move(*parsed);
}

Machine::Machine(Sabotage sabotage, sim::Worker* other, std::vector<sim::FaultSpec> specs)
    : faults{std::move(specs), 1},
      device{firmware(), clock, other != nullptr ? *other : worker, trace, faults, sabotage} {
    device.attach(guest);
    place(0, firmware_.body(firmware_.sp(0).blob));
    place(1, firmware_.body(firmware_.sp(1).blob));
    place(2, firmware_.body(firmware_.bootloader().blob));
}

void Machine::place(unsigned number, std::span<const std::byte> body) {
    constexpr auto page = mmu::page_size;
    for (std::size_t done = 0; done < body.size(); done += page) {
        const auto pfn = guest.allocate();
        if (done == 0) {
            first_pages.at(number) = pfn;
        }
        tables.map(static_cast<std::uint32_t>((programs.at(number) + done) / page), pfn);
        guest.write(dmatest::test::Guest::address(pfn),
                    body.subspan(done, std::min<std::size_t>(page, body.size() - done)));
    }
}

std::uint32_t Machine::read(std::uint64_t offset) {
    std::uint32_t value = 0;
    device.bar_read(0, offset, std::as_writable_bytes(std::span{&value, 1}));
    return value;
}

std::uint8_t Machine::read_byte(std::uint64_t offset) {
    std::uint8_t value = 0;
    device.bar_read(0, offset, std::as_writable_bytes(std::span{&value, 1}));
    return value;
}

void Machine::write(std::uint64_t offset, std::uint32_t value) {
    device.bar_write(0, offset, std::as_bytes(std::span{&value, 1}));
}

void Machine::write_byte(std::uint64_t offset, std::uint8_t value) {
    device.bar_write(0, offset, std::as_bytes(std::span{&value, 1}));
}

void Machine::power_up() {
    write(reg::GpBusy::offset, 0);
    write(reg::PmCtrl::offset, read(reg::PmCtrl::offset) | reg::PmCtrl::ForceReset::mask);
    write(reg::PmCtrl::offset, reg::PmCtrl::RaceToHalt::mask | reg::PmCtrl::Start::mask);
    write(reg::SystemReq::offset, 200 / 25);
    write(reg::PmCtrl::offset, read(reg::PmCtrl::offset) | reg::PmCtrl::ForceHalt::mask);
    write(reg::PmCtrl::offset, read(reg::PmCtrl::offset) | reg::PmCtrl::Start::mask);
    write(reg::PmCtrl::offset, read(reg::PmCtrl::offset) | reg::PmCtrl::ForceUnhalt::mask);
}

void Machine::set_up_mmu() {
    write(mmu::reg::GateHalt::offset, 1);
    write(mmu::reg::L1Base::offset, tables.l1());
    write(mmu::reg::TlbInvalidate::offset, 1);
    write(mmu::reg::GateHalt::offset, 0);
}

void Machine::set_programs() {
    for (unsigned number = 0; number < 2; ++number) {
        write(reg::cell::sp_base + reg::cell::stride * number + reg::cell::SpIcacheAddress::offset,
              programs.at(number));
    }
    write(reg::cell::isp_base + reg::cell::IspIcacheAddress::offset, programs[2]);
}

std::uint32_t Machine::boot() {
    const auto& bootloader = firmware_.bootloader();
    const auto isp = [](std::uint32_t at) { return reg::memory::isp_dmem + at; };
    write(isp(bootloader.sw_state), 0x101);
    write(isp(bootloader.num_dma_cmds), 2);
    for (std::uint32_t command = 0; command < 2; ++command) {
        const auto number = 1 - command; // SP1 first
        const auto& blob = firmware_.sp(number).blob;
        const auto at = isp(bootloader.dma_cmd_list + 16 * command);
        write(at, programs.at(number) + blob.text_source);
        write(at + 4, blob.text_size);
        write(at + 8, 1);
        write(at + 12, reg::sp_pmem(number));
    }
    const auto ctrl = reg::cell::isp_base + reg::cell::Ctrl::offset;
    write(reg::cell::isp_base + reg::cell::StartAddress::offset, bootloader.entry);
    write(ctrl, read(ctrl) | reg::cell::Ctrl::Start::mask | reg::cell::Ctrl::Run::mask);
    return read(isp(bootloader.sw_state));
}

void Machine::write_initial_data(unsigned number) {
    const auto& program = firmware_.sp(number);
    const std::array words{programs.at(number) + program.blob.data_source,
                           program.blob.data_target,
                           program.blob.bss_target,
                           program.blob.data_size,
                           program.blob.bss_size,
                           std::uint32_t{number}};
    for (std::uint32_t i = 0; i < words.size(); ++i) {
        write(sp(number, program.init_dmem_data + 4 * i), words.at(i));
    }
}

std::uint32_t Machine::run_sp(unsigned number) {
    const auto& program = firmware_.sp(number);
    const auto base = reg::cell::sp_base + reg::cell::stride * number;
    write(sp(number, program.sw_state), 0);
    write(base + reg::cell::StartAddress::offset, program.entry);
    const auto ctrl = base + reg::cell::Ctrl::offset;
    write(ctrl, read(ctrl) | reg::cell::Ctrl::Start::mask | reg::cell::Ctrl::Run::mask);
    return read(sp(number, program.sw_state));
}

std::uint32_t Machine::start_sp(unsigned number) {
    write_initial_data(number);
    return run_sp(number);
}

void Machine::enable_interrupts() {
    constexpr auto causes =
        reg::irq::sp1 | reg::irq::sp2 | reg::irq::software_pin(0) | reg::irq::software_pin(1);
    write(reg::IntEnable::offset, reg::IntEnable::Css::mask);
    write(reg::IntStatus::offset, reg::IntStatus::Css::mask);
    for (unsigned number = 0; number < reg::irq::controllers; ++number) {
        const auto at = reg::irq::base + reg::irq::stride * number;
        write(at + reg::irq::EdgeNotPulse::offset, ~0U);
        write(at + reg::irq::Mask::offset, 0);
        write(at + reg::irq::Edge::offset, causes);
        write(at + reg::irq::Enable::offset, causes);
        write(at + reg::irq::Clear::offset, causes);
        write(at + reg::irq::Mask::offset, causes);
    }
}

void Machine::start() {
    power_up();
    set_up_mmu();
    set_programs();
    if (boot() != 0x100 || start_sp(0) != 1 || start_sp(1) != 1) {
        throw std::runtime_error{"the test's ImgU does not start"};
    }
    enable_interrupts();
}

bool Machine::queue_event(std::uint32_t event) {
    const auto info = sp(0, firmware_.sp(0).host_sp_queue + 800);
    const auto size = read_byte(info);
    const auto end = read_byte(info + 3);
    const auto next = static_cast<std::uint8_t>((end + 1) % size);
    if (next == read_byte(info + 2)) {
        return false;
    }
    write(info + 4 + std::uint64_t{4} * end, event);
    write_byte(info + 3, next);
    return true;
}

std::optional<std::uint32_t> Machine::dequeue_event() {
    const auto info = sp(0, firmware_.sp(0).host_sp_queue + 1124);
    const auto start = read_byte(info + 2);
    if (start == read_byte(info + 3)) {
        return std::nullopt;
    }
    const auto event = read(info + 4 + std::uint64_t{4} * start);
    write_byte(info + 2, static_cast<std::uint8_t>((start + 1) % read_byte(info)));
    (void)queue_event(2U << 24U);
    return event;
}

void Machine::map(std::uint32_t address, std::size_t bytes) {
    for (std::size_t done = 0; done < bytes; done += mmu::page_size) {
        const auto page = static_cast<std::uint32_t>((address + done) / mmu::page_size);
        pages_[page] = guest.allocate();
        tables.map(page, pages_[page]);
    }
}

void Machine::put(std::uint32_t address, std::span<const std::byte> bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const auto at = address + done;
        const auto within = at % mmu::page_size;
        const auto part = std::min<std::size_t>(bytes.size() - done, mmu::page_size - within);
        const auto page = pages_.at(static_cast<std::uint32_t>(at / mmu::page_size));
        guest.write(dmatest::test::Guest::address(page) + within, bytes.subspan(done, part));
        done += part;
    }
}

std::vector<std::byte> Machine::get(std::uint32_t address, std::size_t bytes) {
    std::vector<std::byte> all;
    while (all.size() < bytes) {
        const auto at = address + all.size();
        const auto within = at % mmu::page_size;
        const auto part = std::min<std::size_t>(bytes - all.size(), mmu::page_size - within);
        const auto page = pages_.at(static_cast<std::uint32_t>(at / mmu::page_size));
        const auto read = guest.read(dmatest::test::Guest::address(page) + within, part);
        all.insert(all.end(), read.begin(), read.end());
    }
    return all;
}

bool Machine::queue_buffer(unsigned thread, unsigned queue, std::uint32_t value) {
    const auto base = sp(0, firmware_.sp(0).host_sp_queue);
    const auto number = 8 * thread + queue;
    const auto info = base + std::uint64_t{4} * number;
    const auto size = read_byte(info);
    const auto end = read_byte(info + 3);
    const auto next = static_cast<std::uint8_t>((end + 1) % size);
    if (next == read_byte(info + 2)) {
        return false;
    }
    write(base + 128 + std::uint64_t{12} * number + std::uint64_t{4} * end, value);
    write_byte(info + 3, next);
    return true;
}

std::optional<std::uint32_t> Machine::dequeue_buffer(unsigned queue) {
    const auto base = sp(0, firmware_.sp(0).host_sp_queue);
    const auto info = base + 512 + std::uint64_t{4} * queue;
    const auto start = read_byte(info + 2);
    if (start == read_byte(info + 3)) {
        return std::nullopt;
    }
    const auto value = read(base + 544 + std::uint64_t{32} * queue + std::uint64_t{4} * start);
    write_byte(info + 2, static_cast<std::uint8_t>((start + 1) % read_byte(info)));
    return value;
}

} // namespace ipu3::imgu::test
