// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/microcode.hpp"

#include <algorithm>
#include <string>

namespace ipu3::imgu {

namespace {

constexpr std::string_view device = "imgu";

// States of the bootloader: enum imgu_abi_bl_swstate.
constexpr std::uint32_t bootloader_ok = 0x100;
constexpr std::uint32_t bootloader_error = 0x102;

// A command of the bootloader's list: struct imgu_abi_bl_dma_cmd_entry.
struct LoadCommand {
    std::uint32_t source;
    std::uint32_t size;
    std::uint32_t type;
    std::uint32_t target;
};
constexpr std::uint32_t type_sp_pmem = 1;
constexpr std::uint32_t commands_at_most = 16;

// What an SP is told at its start: struct imgu_abi_sp_init_dmem_cfg.
struct InitialData {
    std::uint32_t data_source;
    std::uint32_t data_target;
    std::uint32_t bss_target;
    std::uint32_t data_size;
    std::uint32_t bss_size;
    std::uint32_t sp;
};

// host_sp_com: IMGU_ABI_SP_COMM_COMMAND and its values.
constexpr std::uint32_t command_at = 0;
constexpr std::uint32_t command_terminate = 4;

bool overlaps(std::uint64_t at, std::uint64_t from, std::uint64_t size) {
    return from <= at && at - from < size;
}

} // namespace

Microcode::Microcode(const Firmware& firmware, MappedMemory& memory, LocalMemory& isp_dmem,
                     std::array<LocalMemory, sps>& sp_dmem, sim::Trace& trace)
    : firmware_{firmware}, memory_{memory}, isp_dmem_{isp_dmem}, sp_dmem_{sp_dmem}, trace_{trace},
      queues_{sp_dmem.at(0), firmware.sp(0).host_sp_queue} {}

bool Microcode::refuse(std::string_view why) {
    trace_.emit(device, "program-refused", {{"why", std::string{why}}});
    return false;
}

bool Microcode::load_text(unsigned command) {
    const auto at = std::uint64_t{firmware_.bootloader().dma_cmd_list} +
                    std::uint64_t{command} * sizeof(LoadCommand);
    if (!LocalMemory::contains(at, sizeof(LoadCommand))) {
        return refuse("the bootloader's list does not lie in the ISP's memory");
    }
    const auto load = isp_dmem_.load<LoadCommand>(at);
    for (unsigned sp = 0; sp < sps; ++sp) {
        if (load.type != type_sp_pmem || load.target != reg::sp_pmem(sp)) {
            continue;
        }
        const auto wanted = firmware_.text(firmware_.sp(sp).blob);
        if (load.size != wanted.size()) {
            return refuse("a program of the wrong size");
        }
        loaded_.at(sp) = is_at(Address{load.source}, wanted);
        return loaded_.at(sp) || refuse("a program whose text is not the firmware file's");
    }
    return refuse("a command that loads nothing that is known");
}

bool Microcode::is_at(Address address, std::span<const std::byte> wanted) {
    std::vector<std::byte> found(wanted.size());
    return memory_.read(address, found) && std::ranges::equal(found, wanted);
}

bool Microcode::boot(std::uint32_t entry, Address program) {
    const auto& bootloader = firmware_.bootloader();
    if (entry != bootloader.entry || !is_at(program, firmware_.body(bootloader.blob))) {
        return refuse("the ISP is started with something else than the bootloader");
    }
    const auto commands = isp_dmem_.load<std::uint32_t>(firmware_.bootloader().num_dma_cmds);
    if (commands > commands_at_most) {
        return refuse("too many commands for the bootloader");
    }
    for (std::uint32_t command = 0; command < commands; ++command) {
        if (!load_text(command)) {
            return false;
        }
    }
    return true;
}

void Microcode::start_isp(std::uint32_t entry, Address program) {
    loaded_ = {};
    const bool good = boot(entry, program);
    trace_.emit(device, "bootloader", {{"ok", good}});
    isp_dmem_.store(firmware_.bootloader().sw_state, good ? bootloader_ok : bootloader_error);
}

bool Microcode::start_sp(unsigned number, std::uint32_t entry, Address program) {
    const auto& sp = firmware_.sp(number);
    auto& dmem = sp_dmem_.at(number);
    if (!loaded_.at(number) || entry != sp.entry) {
        return refuse("an SP whose program was not loaded");
    }
    if (!LocalMemory::contains(sp.init_dmem_data, sizeof(InitialData))) {
        return refuse("no room for the initial data's place");
    }
    const auto initial = dmem.load<InitialData>(sp.init_dmem_data);
    if (initial.sp != number || initial.data_target != sp.blob.data_target ||
        initial.data_size != sp.blob.data_size || initial.bss_target != sp.blob.bss_target ||
        initial.bss_size != sp.blob.bss_size ||
        initial.data_source != static_cast<std::uint32_t>(program) + sp.blob.data_source) {
        return refuse("initial data that is not the firmware file's");
    }
    if (!is_at(program, firmware_.body(sp.blob))) {
        return refuse("a program that is not the firmware file's");
    }
    // The driver has written this one already, although it lies in what is about to be zeroed.
    const auto group = dmem.load<std::uint32_t>(sp.per_frame_data);
    const auto invalidate = dmem.load<std::uint32_t>(sp.invalidate_tlb);
    dmem.fill_zero(initial.bss_target, initial.bss_size);
    dmem.write(initial.data_target, firmware_.data(sp.blob));
    if (number == 0) {
        dmem.store(sp.per_frame_data, group);
        if (invalidate != 0) {
            (void)memory_.mmu().write(mmu::reg::TlbInvalidate::offset, 1);
        }
        queues_.initialize();
    }
    set_state(number, State::initialized);
    trace_.emit(device, "sp-start", {{"sp", std::uint64_t{number}}});
    return true;
}

bool Microcode::told_to_end(unsigned number, std::uint64_t from, std::uint64_t size) {
    const auto at = std::uint64_t{firmware_.sp(number).host_sp_com} + command_at;
    return overlaps(at, from, size) &&
           sp_dmem_.at(number).load<std::uint32_t>(at) == command_terminate;
}

void Microcode::ended(unsigned number) {
    set_state(number, State::terminated);
    trace_.emit(device, "sp-end", {{"sp", std::uint64_t{number}}});
}

void Microcode::set_state(unsigned number, State state) {
    sp_dmem_.at(number).store(firmware_.sp(number).sw_state, static_cast<std::uint32_t>(state));
}

Address Microcode::group() const {
    return Address{sp_dmem_.at(0).load<std::uint32_t>(firmware_.sp(0).per_frame_data)};
}

void Microcode::reset() {
    loaded_ = {};
}

} // namespace ipu3::imgu
