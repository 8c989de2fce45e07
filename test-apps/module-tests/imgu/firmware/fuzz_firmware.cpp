// SPDX-License-Identifier: GPL-2.0-or-later
// Firmware files by chance: bytes as they are, or the stand-in with words changed, so that rules
// behind the first ones are reached. What is accepted is read as the driver reads it, and a pipe is
// started with it.
#include "module-tests/imgu/firmware/fuzz.hpp"

#include "module-tests/imgu/firmware/file.hpp"

#include "machine/virtual-ipu3/imgu/firmware_layout.hpp"

#include <cstring>
#include <vector>

namespace {

using firmware::File;

/// Takes numbers from the input; zeroes behind its end.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : bytes_{data, size} {}

    [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
    [[nodiscard]] std::span<const std::uint8_t> rest() const { return bytes_; }
    template <typename Number>
    Number take() {
        Number number{0};
        const auto count = std::min(sizeof(number), bytes_.size());
        if (count > 0) {
            std::memcpy(&number, bytes_.data(), count);
        }
        bytes_ = bytes_.subspan(count);
        return number;
    }

  private:
    std::span<const std::uint8_t> bytes_;
};

File make_file(Input& input) {
    static const File stand_in;
    if (input.take<std::uint8_t>() % 2 == 0) {
        std::vector<std::byte> bytes(input.rest().size());
        if (!bytes.empty()) {
            std::memcpy(bytes.data(), input.rest().data(), bytes.size());
        }
        return File{std::move(bytes)};
    }
    File file = stand_in;
    // The infos, and behind them the first tables.
    constexpr auto words = ipu3::imgu::firmware_layout::info_at(firmware::programs + 2) / 4;
    while (!input.is_empty()) {
        const auto at = input.take<std::uint16_t>() % words * 4;
        file.put(at, input.take<std::uint32_t>());
    }
    return file;
}

void start(const imgu_firmware& firmware, std::uint32_t mode) {
    const auto sizes = firmware::usual_sizes();
    imgu_firmware_program chosen{};
    if (imgu_firmware_choose(&firmware, mode, &sizes, &chosen) != IMGU_OK) {
        return;
    }
    const auto& in = imgu_firmware_get_info(&firmware, chosen.number)->isp.program.initializers.in;
    std::vector<std::uint8_t> config(in[IMGU_CLASS_CONFIG][IMGU_MEMORY_DMEM0].size);
    std::vector<std::uint8_t> state(in[IMGU_CLASS_STATE][IMGU_MEMORY_DMEM0].size);
    const imgu_stage_memory memory{};
    imgu_isp_stage isp{};
    imgu_sp_stage sp{};
    imgu_sp_group group{};
    imgu_stage_config(&sizes, &firmware, &chosen, &memory, config.data());
    imgu_stage_state(&firmware, &chosen, state.data());
    imgu_stage_isp(&firmware, &chosen, &memory, &isp);
    imgu_stage_sp(&sizes, &firmware, &chosen, &memory, &sp);
    imgu_stage_pipe(&firmware, &chosen, 1, 0, &group);
    const auto ends = [](std::uint32_t at, std::size_t size, std::uint32_t memory_size) {
        if (at != IMGU_LATE_ABSENT && at + size > memory_size) {
            __builtin_trap();
        }
    };
    ends(chosen.late.vmem_lin, sizeof(ipu3_uapi_isp_lin_vmem_params), chosen.late.vmem_size);
    ends(chosen.late.vmem_tnr3, sizeof(ipu3_uapi_isp_tnr3_vmem_params), chosen.late.vmem_size);
    ends(chosen.late.vmem_xnr3, sizeof(ipu3_uapi_isp_xnr3_vmem_params), chosen.late.vmem_size);
    ends(chosen.late.dmem_tnr3, sizeof(ipu3_uapi_isp_tnr3_params), chosen.late.dmem_size);
    ends(chosen.late.dmem_xnr3, sizeof(ipu3_uapi_isp_xnr3_params), chosen.late.dmem_size);
    if (chosen.program.stripes < 1 || chosen.program.stripes > 2 || chosen.obgrid_cells == 0 ||
        isp.name[IMGU_PROGRAM_NAME - 1] != 0) {
        __builtin_trap();
    }
}

} // namespace

namespace firmware {

void fuzz_file(const std::uint8_t* data, std::size_t size) {
    Input input{data, size};
    const auto file = make_file(input);
    const auto verdict = firmware::judge(file);
    if (verdict.reason == IMGU_OK) {
        firmware::read_everything(verdict.firmware);
        start(verdict.firmware, IMGU_MODE_VIDEO);
        start(verdict.firmware, IMGU_MODE_STILL);
    }
}

} // namespace firmware
