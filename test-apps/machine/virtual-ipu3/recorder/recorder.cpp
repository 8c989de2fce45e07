// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/recorder.hpp"

#include "machine/virtual-ipu3/imgu/acc_param.hpp"
#include "machine/virtual-ipu3/recorder/register_names.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <span>
#include <utility>

namespace ipu3::record {

namespace {

using imgu::Address;
using imgu::operator+; // NOLINT(misc-unused-using-decls): not seen where it is used with a number

// Sizes and places: Linux drivers/staging/media/ipu3/ipu3-abi.h, as gcc lays the structures out.
constexpr std::uint32_t set_bytes = 144;
constexpr std::uint32_t set_obgrid_at = 120; // of two stripes
constexpr std::uint32_t set_acc_at = 128;
constexpr std::uint32_t set_gdc_at = 132;
constexpr std::uint32_t set_output_at = 140;

constexpr std::uint32_t group_bytes = 380;
constexpr std::uint32_t group_pipe_at = 8;
constexpr std::uint32_t group_pipe_bytes = 92;
constexpr std::uint32_t pipe_stage_at = 40;
constexpr std::uint32_t pipe_stages = 3;
constexpr std::uint32_t pipe_lut_at = 52;

constexpr std::uint32_t sp_stage_bytes = 280;
constexpr std::uint32_t sp_stage_isp_stage_at = 260;
constexpr std::uint32_t sp_stage_program_at = 264;
constexpr std::uint32_t sp_stage_map_at = 268;

constexpr std::uint32_t isp_stage_bytes = 912;
constexpr std::uint32_t isp_stage_layout_at = 4;   // offsets in the firmware file, by class
constexpr std::uint32_t isp_stage_size_at = 20;    // of the program
constexpr std::uint32_t isp_stage_width_at = 0xac; // at most, then the height
constexpr std::uint32_t isp_stage_initial_at = 0x2a0;

constexpr std::uint32_t memories = 10;
constexpr std::uint32_t class_configuration = 1;
constexpr std::uint32_t class_state = 2;
constexpr std::uint32_t dmem0 = 1;

// The grid of black levels: a cell for 32x32 pixels and one more, rows of whole vectors' quarters.
constexpr std::uint32_t obgrid_pixels = 32;
constexpr std::uint32_t obgrid_row_cells = 16;
constexpr std::uint32_t obgrid_cell_bytes = 8;

constexpr std::uint32_t descriptor_bytes = 72;
constexpr std::uint32_t descriptor_statistics_at = 20;

constexpr std::uint32_t gdc_block_bytes = 64;
constexpr std::uint32_t gdc_size_at = 0x40; // in the parameters: width, then height
constexpr std::uint32_t dvs_block_width = 64;
constexpr std::uint32_t dvs_block_height = 32;

// Addresses in the configuration of the ISP's program.
constexpr std::uint32_t ref_frames_at = 12; // luma, then chroma
constexpr std::uint32_t ref_frames = 6;
constexpr std::uint32_t tnr3_frames_at = 20;
constexpr std::uint32_t tnr3_frames = 4;

/// A limit for sizes that the driver or the file gives.
constexpr std::uint32_t bytes_at_most = 1U << 20U;

std::string_view queue_name(imgu::BufferQueue queue) {
    switch (queue) {
    case imgu::BufferQueue::parameters:
        return "parameters";
    case imgu::BufferQueue::input:
        return "input";
    case imgu::BufferQueue::output:
        return "output";
    case imgu::BufferQueue::viewfinder:
        return "viewfinder";
    case imgu::BufferQueue::statistics:
        return "statistics";
    case imgu::BufferQueue::unused:
        break;
    }
    return "unused";
}

/// A structure in the data memory of the ISP's program. Where, the file says in a table of pairs of
/// offset and size: struct imgu_fw_config_memory_offsets and imgu_fw_state_memory_offsets.
struct Structure {
    std::uint32_t entry; ///< in the table
    std::string_view name;
};
constexpr std::array configuration{Structure{0, "iterator"}, Structure{1, "dvs"},
                                   Structure{6, "tnr3"}, Structure{7, "ref"}};
constexpr std::array state{Structure{1, "tnr3_state"}, Structure{2, "ref_state"}};
constexpr std::array<std::string_view, memories> memory_names{
    "pmem0",  "dmem0", "vmem0",     "vamem0",    "vamem1",
    "vamem2", "hmem0", "sp0_dmem0", "sp1_dmem0", "ddr"};

constexpr std::uint32_t initial_at(std::uint32_t of_class, std::uint32_t memory) {
    return isp_stage_initial_at + 8 * (memories * of_class + memory);
}

} // namespace

/// What a set of parameters consists of: the program says, not the set.
struct Recorder::Sizes {
    std::array<std::uint32_t, memories> parameters{}; ///< bytes, by memory of the ISP
    std::uint32_t obgrid{0};                          ///< bytes, of a stripe
};

/// One hand-over while its blocks are read.
class Recorder::Reading {
  public:
    Reading(Recorder& recorder, imgu::MappedMemory& memory, std::string_view what, unsigned pipe)
        : recorder_{recorder}, memory_{memory},
          hand_over_{.what = std::string{what}, .pipe = pipe, .parts = {}} {}

    /// Reads @p bytes of a block. What cannot be read is a part without a block, and the result
    /// has nothing.
    std::shared_ptr<Block> block(std::string_view kind, std::uint32_t address,
                                 std::uint32_t bytes) {
        auto made = std::make_shared<Block>();
        made->kind = kind;
        // The size may be the guest's.
        made->bytes.resize(std::min(bytes, bytes_at_most));
        const bool read =
            bytes <= bytes_at_most &&
            memory_.read(Address{address}, std::as_writable_bytes(std::span{made->bytes}));
        hand_over_.parts.push_back({.kind = std::string{kind}, .block = read ? made : nullptr});
        return read ? made : nullptr;
    }

    /// Takes the address at @p at out of the block, and puts its name there; 0 where the block,
    /// whose size may be the guest's, has no such word.
    std::uint32_t follow(Block& block, std::uint32_t at, std::string_view kind) {
        if (std::size_t{at} + sizeof(std::uint32_t) > block.bytes.size()) {
            return 0;
        }
        const auto address = word(block, at);
        std::memset(block.bytes.data() + at, 0, sizeof(address));
        block.pointers.emplace(at, recorder_.symbol(kind, address));
        return address;
    }

    [[nodiscard]] static std::uint32_t word(const Block& block, std::uint32_t at) {
        std::uint32_t value = 0;
        if (std::size_t{at} + sizeof(value) <= block.bytes.size()) {
            std::memcpy(&value, block.bytes.data() + at, sizeof(value));
        }
        return value;
    }

    void done() { recorder_.writer_.add(hand_over_); }

  private:
    Recorder& recorder_;
    imgu::MappedMemory& memory_;
    HandOver hand_over_;
};

std::string Recorder::symbol(std::string_view kind, std::uint32_t address) {
    if (address == 0) {
        return "null";
    }
    auto& addresses = seen_[std::string{kind}];
    auto known = std::ranges::find(addresses, address);
    if (known == addresses.end()) {
        known = addresses.insert(known, address);
    }
    return fmt::format("{}#{}", kind, known - addresses.begin());
}

void Recorder::written(std::uint64_t offset, std::span<const std::byte> data) {
    for (std::size_t done = 0; done < data.size();) {
        const auto at = offset + done;
        const auto size = std::min<std::size_t>(data.size() - done, 4 - at % 4);
        auto name = register_name(at, firmware_);
        Write write{.name = std::move(name.name),
                    .at = at,
                    .size = static_cast<std::uint32_t>(size),
                    .value = 0,
                    .pointer = {}};
        std::memcpy(&write.value, data.subspan(done).data(), size);
        if (!name.leads_to.empty() && size == 4) {
            write.pointer = symbol(name.leads_to, std::exchange(write.value, 0));
        }
        writer_.add(write);
        done += size;
    }
}

void Recorder::isp_starts(imgu::MappedMemory& memory, Address program) {
    Reading reading{*this, memory, "isp", 0};
    (void)reading.block("program", static_cast<std::uint32_t>(program),
                        firmware_.bootloader().blob.size);
    reading.done();
}

void Recorder::sp_starts(imgu::MappedMemory& memory, unsigned sp, Address program) {
    Reading reading{*this, memory, sp == 0 ? "sp0" : "sp1", 0};
    (void)reading.block("program", static_cast<std::uint32_t>(program), firmware_.sp(sp).blob.size);
    reading.done();
}

void Recorder::stream_starts(imgu::MappedMemory& memory, unsigned pipe, Address group) {
    Reading reading{*this, memory, "start", pipe};
    const auto sp_group = reading.block("sp_group", static_cast<std::uint32_t>(group), group_bytes);
    std::uint32_t stage = 0;
    if (sp_group) {
        for (unsigned number = 0; number < imgu::Queues::threads; ++number) {
            const auto at = group_pipe_at + group_pipe_bytes * number;
            for (std::uint32_t index = 0; index < pipe_stages; ++index) {
                const auto address =
                    reading.follow(*sp_group, at + pipe_stage_at + 4 * index, "sp_stage");
                stage = number == pipe && index == 0 ? address : stage;
            }
            (void)reading.follow(*sp_group, at + pipe_lut_at, "scaler_lut");
        }
    }
    const auto sp_stage = stage == 0 ? nullptr : reading.block("sp_stage", stage, sp_stage_bytes);
    if (sp_stage) {
        const auto isp_at = reading.follow(*sp_stage, sp_stage_isp_stage_at, "isp_stage");
        const auto program = reading.follow(*sp_stage, sp_stage_program_at, "program");
        (void)reading.follow(*sp_stage, sp_stage_map_at, "address_map");
        if (const auto isp_stage = reading.block("isp_stage", isp_at, isp_stage_bytes)) {
            (void)reading.block("program", program, Reading::word(*isp_stage, isp_stage_size_at));
            read_binary(reading, *isp_stage);
        }
    }
    reading.done();
}

Recorder::Sizes Recorder::sizes(imgu::MappedMemory& memory, Address group, unsigned pipe) {
    const auto load = [&memory](Address at) {
        std::uint32_t value = 0;
        // What cannot be read is told of where it is recorded.
        (void)memory.read(at, std::as_writable_bytes(std::span{&value, 1}));
        return value;
    };
    const Address stage{
        load(group + group_pipe_at + std::uint64_t{group_pipe_bytes} * pipe + pipe_stage_at)};
    const Address isp_stage{load(stage + sp_stage_isp_stage_at)};
    Sizes sizes;
    for (std::uint32_t number = 0; number < memories; ++number) {
        sizes.parameters.at(number) = load(isp_stage + initial_at(0, number) + 4);
    }
    const auto cells = [&](std::uint32_t at) {
        return load(isp_stage + at) / obgrid_pixels +
               (load(isp_stage + at) % obgrid_pixels == 0 ? 1U : 2U);
    };
    const auto width = cells(isp_stage_width_at) + obgrid_row_cells - 1;
    const auto bytes =
        (width - width % obgrid_row_cells) * cells(isp_stage_width_at + 4) * obgrid_cell_bytes;
    sizes.obgrid = (bytes + mmu::page_size - 1) / mmu::page_size * mmu::page_size;
    return sizes;
}

/// The memories that the ISP's program finds filled at its start.
void Recorder::read_binary(Reading& reading, Block& isp_stage) {
    for (std::uint32_t memory = 0; memory < memories; ++memory) {
        for (const auto of_class : {class_configuration, class_state}) {
            const bool configures = of_class == class_configuration;
            const auto kind = fmt::format("{}.{}", configures ? "configuration" : "state",
                                          memory_names.at(memory));
            const auto at = initial_at(of_class, memory);
            const auto address = reading.follow(isp_stage, at, kind);
            const auto bytes = Reading::word(isp_stage, at + 4);
            const auto block =
                address == 0 || bytes == 0 ? nullptr : reading.block(kind, address, bytes);
            if (!block || memory != dmem0) {
                continue;
            }
            const auto table = Reading::word(isp_stage, isp_stage_layout_at + 4 * of_class);
            for (const auto& [entry, name] : configures ? std::span<const Structure>{configuration}
                                                        : std::span<const Structure>{state}) {
                const auto offset = firmware_.word(table + 8 * entry);
                if (firmware_.word(table + 8 * entry + 4).value_or(0) != 0 && offset &&
                    *offset < bytes) {
                    block->sections.emplace(*offset, name);
                }
            }
            follow_frames(reading, *block);
        }
    }
}

void Recorder::follow_frames(Reading& reading, Block& configured) {
    for (const auto& [offset, name] : configured.sections) {
        const auto follow = [&, start = offset](std::uint32_t at, std::uint32_t count,
                                                std::string_view kind) {
            for (std::uint32_t index = 0; index < count; ++index) {
                (void)reading.follow(configured, start + at + 4 * index, kind);
            }
        };
        if (name == "ref") {
            follow(ref_frames_at, ref_frames, "ref_frame");
        } else if (name == "tnr3") {
            follow(tnr3_frames_at, tnr3_frames, "tnr3_frame");
        }
    }
}

void Recorder::enqueued(imgu::MappedMemory& memory, unsigned pipe, Address group,
                        imgu::BufferQueue queue, Address descriptor) {
    Reading reading{*this, memory, queue_name(queue), pipe};
    const auto at = static_cast<std::uint32_t>(descriptor);
    if (queue == imgu::BufferQueue::parameters) {
        read_parameters(reading, at, sizes(memory, group, pipe));
    } else if (const auto block = reading.block(queue_name(queue), at, descriptor_bytes)) {
        (void)reading.follow(*block, 0, "frame");
        if (queue == imgu::BufferQueue::statistics) {
            (void)reading.follow(*block, descriptor_statistics_at, "frame");
        }
    }
    reading.done();
}

void Recorder::read_parameters(Reading& reading, std::uint32_t at, const Sizes& sizes) {
    const auto set = reading.block("parameter_set", at, set_bytes);
    if (!set) {
        return;
    }
    for (std::uint32_t memory = 0; memory < memories; ++memory) {
        const auto kind = fmt::format("parameters.{}", memory_names.at(memory));
        const auto address = reading.follow(*set, 4 * memory, kind);
        if (address != 0 && sizes.parameters.at(memory) != 0) {
            (void)reading.block(kind, address, sizes.parameters.at(memory));
        }
    }
    for (std::uint32_t stripe = 0; stripe < 2; ++stripe) {
        const auto address = reading.follow(*set, set_obgrid_at + 4 * stripe,
                                            stripe == 0 ? "obgrid" : "obgrid.right");
        (void)reading.block("obgrid", address, sizes.obgrid);
    }
    (void)reading.follow(*set, set_output_at, "frame");
    const auto gdc_at = reading.follow(*set, set_gdc_at, "gdc_table");
    const auto acc = reading.block("acc_param", reading.follow(*set, set_acc_at, "acc_param"),
                                   imgu::acc_param_bytes);
    if (acc && gdc_at != 0) {
        // A block of luma each, and one of chroma for two of those.
        const auto size = Reading::word(*acc, gdc_size_at);
        const auto blocks = [](std::uint32_t pixels, std::uint32_t block) {
            return (pixels + block - 1) / block;
        };
        const auto across = (blocks(size & 0xffffU, dvs_block_width) + 1) / 2;
        const auto down = blocks(size >> 16U, dvs_block_height);
        (void)reading.block("gdc_table", gdc_at, 3 * across * down * gdc_block_bytes);
    }
}

} // namespace ipu3::record
