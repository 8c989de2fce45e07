// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/register_names.hpp"

#include "machine/virtual-ipu3/dmatest/mmu_registers.hpp"
#include "machine/virtual-ipu3/imgu/queues.hpp"
#include "machine/virtual-ipu3/imgu/registers.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <utility>

namespace ipu3::record {

namespace {

using namespace imgu::reg;

struct Named {
    std::uint64_t at;
    std::string_view name;
};

constexpr std::array general{
    Named{PmCtrl::offset, "pm_ctrl"},
    Named{SystemReq::offset, "system_req"},
    Named{IntStatus::offset, "int_status"},
    Named{IntEnable::offset, "int_enable"},
    Named{GpBusy::offset, "gp_busy"},
    Named{mmu::reg::TlbInvalidate::offset, "mmu.tlb_invalidate"},
    Named{mmu::reg::L1Base::offset, "mmu.l1_base"},
    Named{mmu::reg::GateHalt::offset, "mmu.halt"},
};

constexpr std::array of_a_controller{
    Named{irq::Edge::offset, "edge"},
    Named{irq::Mask::offset, "mask"},
    Named{irq::Status::offset, "status"},
    Named{irq::Clear::offset, "clear"},
    Named{irq::Enable::offset, "enable"},
    Named{irq::EdgeNotPulse::offset, "edge_not_pulse"},
    Named{irq::StrOutEnable::offset, "str_out_enable"},
};

constexpr std::array<std::string_view, irq::controllers> controllers{"main", "sp0", "sp1"};

template <std::size_t Size>
std::optional<std::string_view> find(const std::array<Named, Size>& names, std::uint64_t at) {
    for (const auto& entry : names) {
        if (entry.at == at) {
            return entry.name;
        }
    }
    return std::nullopt;
}

std::optional<RegisterName> of_cell(std::string_view cell, std::uint64_t at, bool isp) {
    const auto icache = isp ? cell::IspIcacheAddress::offset : cell::SpIcacheAddress::offset;
    if (at == icache) {
        return RegisterName{.name = fmt::format("{}.icache", cell), .leads_to = "program"};
    }
    if (at == cell::Ctrl::offset) {
        return RegisterName{.name = fmt::format("{}.ctrl", cell), .leads_to = {}};
    }
    if (at == cell::StartAddress::offset) {
        return RegisterName{.name = fmt::format("{}.entry", cell), .leads_to = {}};
    }
    return std::nullopt;
}

/// A variable of a program: where, how large, and what leads somewhere in it.
struct Variable {
    std::uint64_t at;
    std::uint64_t bytes;
    std::string_view name;
    std::string_view leads_to; ///< of each `period` bytes the first word
    std::uint64_t period{4};
};

std::optional<RegisterName> find(std::string_view processor, std::span<const Variable> variables,
                                 std::uint64_t at) {
    for (const auto& variable : variables) {
        if (at < variable.at || at - variable.at >= variable.bytes) {
            continue;
        }
        const auto offset = at - variable.at;
        return RegisterName{
            .name = variable.bytes == 4 ? fmt::format("{}.{}", processor, variable.name)
                                        : fmt::format("{}.{}+{}", processor, variable.name, offset),
            .leads_to = offset % variable.period == 0 ? variable.leads_to : std::string_view{}};
    }
    return std::nullopt;
}

std::optional<RegisterName> of_sp(unsigned number, std::uint64_t at,
                                  const imgu::Firmware& firmware) {
    constexpr std::uint64_t initial_bytes = 24;        // struct imgu_abi_sp_init_dmem_cfg
    constexpr std::uint64_t communication_bytes = 120; // a command, then masks of events
    const auto& sp = firmware.sp(number);
    const std::array variables{
        Variable{sp.init_dmem_data, initial_bytes, "init_dmem_data", "program", initial_bytes},
        Variable{sp.sw_state, 4, "sw_state", {}},
        Variable{sp.host_sp_com, communication_bytes, "host_sp_com", {}},
        // SP1 has none of these.
        Variable{sp.per_frame_data, 4, "per_frame_data", "sp_group"},
        Variable{sp.host_sp_queue, imgu::Queues::bytes, "queues", {}},
        Variable{sp.isp_started, 4, "isp_started", {}},
        Variable{sp.queues_initialized, 4, "queues_initialized", {}},
        Variable{sp.sleep_mode, 4, "sleep_mode", {}},
        Variable{sp.invalidate_tlb, 4, "invalidate_tlb", {}},
    };
    const std::span<const Variable> all{variables};
    return number == 0 ? find("sp0", all, at) : find("sp1", all.first(3), at);
}

std::optional<RegisterName> of_isp(std::uint64_t at, const imgu::Firmware& firmware) {
    constexpr std::uint64_t command_bytes = 16; // struct imgu_abi_bl_dma_cmd_entry
    const auto& bootloader = firmware.bootloader();
    const std::array variables{
        Variable{bootloader.num_dma_cmds, 4, "num_dma_cmds", {}},
        Variable{bootloader.dma_cmd_list, command_bytes * cell::sps, "dma_cmd_list", "program",
                 command_bytes},
        Variable{bootloader.sw_state, 4, "sw_state", {}},
    };
    return find("isp", variables, at);
}

std::optional<RegisterName> find(std::uint64_t at, const imgu::Firmware& firmware) {
    if (const auto name = find(general, at)) {
        return RegisterName{.name = std::string{*name}, .leads_to = {}};
    }
    if (at >= cell::isp_base && at < cell::isp_base + cell::stride) {
        return of_cell("isp", at - cell::isp_base, true);
    }
    if (at >= cell::sp_base && at < cell::sp_base + cell::stride * cell::sps) {
        const auto within = at - cell::sp_base;
        return of_cell(within < cell::stride ? "sp0" : "sp1", within % cell::stride, false);
    }
    if (at >= irq::base && at < irq::base + irq::stride * irq::controllers) {
        const auto name = find(of_a_controller, (at - irq::base) % irq::stride);
        if (name) {
            const auto controller = controllers.at((at - irq::base) / irq::stride);
            return RegisterName{.name = fmt::format("irq.{}.{}", controller, *name),
                                .leads_to = {}};
        }
    }
    for (unsigned sp = 0; sp < cell::sps; ++sp) {
        const auto base = memory::sp_dmem + memory::bytes * sp;
        if (at >= base && at < base + memory::bytes) {
            return of_sp(sp, at - base, firmware);
        }
    }
    if (at >= memory::isp_dmem && at < memory::isp_dmem + memory::bytes) {
        return of_isp(at - memory::isp_dmem, firmware);
    }
    if (at >= memory::gdc_lut && at < memory::gdc_lut + memory::gdc_lut_bytes) {
        return RegisterName{.name = fmt::format("gdc_lut[{}]", (at - memory::gdc_lut) / 4),
                            .leads_to = {}};
    }
    return std::nullopt;
}

} // namespace

RegisterName register_name(std::uint64_t at, const imgu::Firmware& firmware) {
    if (auto found = find(at, firmware)) {
        return std::move(*found);
    }
    return {.name = fmt::format("{:#x}", at), .leads_to = {}};
}

} // namespace ipu3::record
