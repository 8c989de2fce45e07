// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/fields.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ipu3::record {

namespace {

// Source: Linux drivers/staging/media/ipu3/ipu3-abi.h, as gcc lays the structures out.

constexpr std::array parameter_set{
    Field{0, 4, "isp_mem_param"}, // three classes of ten memories
    Field{120, 4, "obgrid_tbl"},         Field{128, 4, "acc_cluster_params_for_sp"},
    Field{132, 4, "dvs_6axis_params_y"}, Field{136, 4, "isp_parameters_id"},
    Field{140, 4, "output_frame_ptr"},
};

constexpr std::array sp_group{
    Field{0, 1, "config"},
    Field{8, 4, "pipe"}, // four of 23 words
    Field{376, 4, "debug"},
};

constexpr std::array sp_stage{
    Field{0, 1, "num"},
    Field{1, 1, "isp_online"},
    Field{2, 1, "isp_copy_vf"},
    Field{3, 1, "isp_copy_output"},
    Field{4, 1, "sp_enable_xnr"},
    Field{5, 1, "isp_deci_log_factor"},
    Field{6, 1, "isp_vf_downscale_bits"},
    Field{7, 1, "deinterleaved"},
    Field{8, 1, "program_input_circuit"},
    Field{9, 1, "func"},
    Field{10, 1, "stage_type"},
    Field{11, 1, "num_stripes"},
    Field{12, 1, "isp_pipe_version"},
    Field{13, 1, "enable"},
    Field{18, 2, "sp_out_crop_pos"},
    Field{22, 1, "unused"},
    Field{24, 2, "frames.in.info"},
    Field{36, 4, "frames.in.buf_attr"},
    Field{44, 4, "frames.in.planes"},
    Field{68, 2, "frames.out"},
    Field{156, 4, "frames.effective_in_res"},
    Field{164, 2, "frames.out_vf.info"},
    Field{176, 4, "frames.out_vf.buf_attr"},
    Field{184, 4, "frames.out_vf.planes"},
    Field{208, 2, "frames.internal_frame_info"},
    Field{220, 4, "frames.s3a_buf"},
    Field{228, 4, "frames.dvs_buf"},
    Field{236, 4, "frames.lace_buf"},
    Field{244, 4, "dvs_envelope"},
    Field{252, 2, "uds"},
    Field{260, 4, "isp_stage_addr"},
    Field{264, 4, "xmem_bin_addr"},
    Field{268, 4, "xmem_map_addr"},
    Field{272, 2, "top_cropping"},
    Field{274, 2, "row_stripes_height"},
    Field{276, 2, "row_stripes_overlap_lines"},
    Field{278, 1, "if_config_index"},
    Field{279, 1, "unused"},
};

constexpr std::array isp_stage{
    Field{0x0, 4, "blob_info"},
    Field{0x60, 4, "binary_info.id"},
    Field{0x64, 4, "binary_info.pipeline"},
    Field{0x80, 4, "binary_info.input"},
    Field{0x94, 4, "binary_info.output"},
    Field{0xac, 4, "binary_info.internal"},
    Field{0xb4, 4, "binary_info.bds"},
    Field{0xb8, 4, "binary_info.dvs"},
    Field{0xc0, 4, "binary_info.vf_dec"},
    Field{0xc8, 4, "binary_info.s3a"},
    Field{0xd0, 4, "binary_info.dpc_bnr"},
    Field{0xd4, 4, "binary_info.iterator"},
    Field{0xe0, 4, "binary_info.addresses"},
    Field{0xfc, 2, "binary_info.uds"},
    Field{0x114, 4, "binary_info.block"},
    Field{0x120, 4, "binary_info.mem_initializers"},
    Field{0x210, 1, "binary_info.enable"},
    Field{0x253, 1, "binary_info.dma"},
    Field{0x260, 1, "binary_name"},
    Field{0x2a0, 4, "mem_initializers"}, // address and size, three classes of ten memories
};

constexpr std::array frame_buffer{
    Field{0, 4, "payload.frame.frame_data"},
    Field{4, 4, "payload.frame.flashed"},
    Field{8, 4, "payload.frame.exp_id"},
    Field{12, 4, "payload.frame.isp_parameters_id"},
    Field{16, 4, "payload.frame.padded_width"},
    Field{20, 4, "payload"},
    Field{40, 4, "cookie_ptr"},
    Field{48, 4, "kernel_ptr"},
    Field{56, 4, "timing_data"},
    Field{64, 4, "isys_eof_tick"},
    Field{68, 4, "unused"},
};
constexpr std::array statistics_buffer{
    Field{0, 4, "payload"},      Field{40, 4, "cookie_ptr"},    Field{48, 4, "kernel_ptr"},
    Field{56, 4, "timing_data"}, Field{64, 4, "isys_eof_tick"}, Field{68, 4, "unused"},
};

constexpr std::array gdc_table{Field{0, 4, "block"}};
constexpr std::array obgrid{Field{0, 2, "cell"}};

constexpr std::array iterator{
    Field{0, 2, "input_info"}, Field{12, 2, "internal_info"}, Field{24, 2, "output_info"},
    Field{36, 2, "vf_info"},   Field{48, 2, "dvs_envelope"},
};
constexpr std::array ref{
    Field{0, 4, "width_a_over_b"},    Field{4, 2, "port_b"},
    Field{12, 4, "ref_frame_addr_y"}, Field{24, 4, "ref_frame_addr_c"},
    Field{36, 4, "dvs_frame_delay"},
};
constexpr std::array dvs{Field{0, 4, "num_horizontal_blocks"}, Field{4, 4, "num_vertical_blocks"}};
constexpr std::array tnr3{
    Field{0, 4, "width_a_over_b"}, Field{4, 4, "frame_height"}, Field{8, 2, "port_b"},
    Field{16, 4, "delay_frame"},   Field{20, 4, "frame_addr"},
};
constexpr std::array ref_state{Field{0, 4, "ref_in_buf_idx"}, Field{4, 4, "ref_out_buf_idx"}};
constexpr std::array tnr3_state{
    Field{0, 4, "in_bufidx"},           Field{4, 4, "out_bufidx"},
    Field{8, 4, "total_frame_counter"}, Field{12, 4, "buffer_frame_counter"},
    Field{16, 4, "bypass_filter"},
};

struct Structure {
    std::string_view kind;
    std::span<const Field> fields;
};

constexpr std::array structures{
    Structure{"parameter_set", parameter_set},
    Structure{"sp_group", sp_group},
    Structure{"sp_stage", sp_stage},
    Structure{"isp_stage", isp_stage},
    Structure{"input", frame_buffer},
    Structure{"output", frame_buffer},
    Structure{"viewfinder", frame_buffer},
    Structure{"statistics", statistics_buffer},
    Structure{"gdc_table", gdc_table},
    Structure{"obgrid", obgrid},
    Structure{"iterator", iterator},
    Structure{"ref", ref},
    Structure{"dvs", dvs},
    Structure{"tnr3", tnr3},
    Structure{"ref_state", ref_state},
    Structure{"tnr3_state", tnr3_state},
};

/// Where a structure begins in a block, and what it is.
struct Section {
    std::uint32_t at;
    std::string_view name; ///< empty: the block itself
    std::span<const Field> fields;
};

Section section(const Block& block, std::uint32_t at) {
    const auto behind = block.sections.upper_bound(at);
    if (behind == block.sections.begin()) {
        return {.at = 0, .name = {}, .fields = fields(block.kind)};
    }
    const auto& [start, name] = *std::prev(behind);
    return {.at = start, .name = name, .fields = fields(name)};
}

} // namespace

std::span<const Field> fields(std::string_view kind) {
    if (kind == "acc_param") {
        return acc_param_fields();
    }
    const auto* const found = std::ranges::find(structures, kind, &Structure::kind);
    return found == structures.end() ? std::span<const Field>{} : found->fields;
}

Place place(const Block& block, std::uint32_t at) {
    const auto within = section(block, at);
    const auto offset = at - within.at;
    const auto behind = std::ranges::upper_bound(within.fields, offset, {}, &Field::at);
    if (behind == within.fields.begin()) {
        // Nothing is known of it: words.
        return {.name = fmt::format("{}[{}]", within.name, offset / 4),
                .at = at - offset % 4,
                .bytes = 4};
    }
    const auto& field = *std::prev(behind);
    const auto element = (offset - field.at) / field.element;
    const auto bytes_to_next = behind == within.fields.end() ? 0 : behind->at - field.at;
    const auto* const dot = within.name.empty() ? "" : ".";
    return {.name = bytes_to_next == field.element
                        ? fmt::format("{}{}{}", within.name, dot, field.name)
                        : fmt::format("{}{}{}[{}]", within.name, dot, field.name, element),
            .at = within.at + field.at + element * field.element,
            .bytes = field.element};
}

} // namespace ipu3::record
