// SPDX-License-Identifier: GPL-2.0-or-later
// The ImgU's firmware file: what its header says of the programs, and their bodies.
//
// The program itself cannot be run here. What a model of it must know is where it keeps the
// variables by which it talks to the driver, and the header says that.
#pragma once

#include "lib/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ipu3::imgu {

/// Where the parts of a program are, bytes.
struct Blob {
    std::uint32_t offset{0}; ///< of the body in the file
    std::uint32_t size{0};   ///< of the body
    std::uint32_t text_source{0};
    std::uint32_t text_size{0};
    std::uint32_t data_source{0};
    std::uint32_t data_target{0}; ///< in the processor's memory
    std::uint32_t data_size{0};
    std::uint32_t bss_target{0};
    std::uint32_t bss_size{0};
};

/// An SP's program. Variables are offsets in that SP's memory.
struct SpProgram {
    Blob blob;
    std::uint32_t init_dmem_data{0};
    std::uint32_t per_frame_data{0};
    std::uint32_t output{0};
    std::uint32_t host_sp_queue{0};
    std::uint32_t host_sp_com{0};
    std::uint32_t isp_started{0};
    std::uint32_t sw_state{0};
    std::uint32_t queues_initialized{0};
    std::uint32_t sleep_mode{0};
    std::uint32_t invalidate_tlb{0};
    std::uint32_t entry{0};
};

/// The ISP's first program. Variables are offsets in the ISP's memory.
struct Bootloader {
    Blob blob;
    std::uint32_t num_dma_cmds{0};
    std::uint32_t dma_cmd_list{0};
    std::uint32_t sw_state{0};
    std::uint32_t entry{0};
};

/// Facts: struct imgu_fw_info and its parts in Linux ipu3-css-fw.h and ipu3-abi.h, as a 64-bit
/// compiler lays them out.
class Firmware {
  public:
    /// Error: a sentence that says what is wrong with @p bytes.
    [[nodiscard]] static base::Result<Firmware> parse(std::vector<std::byte> bytes);
    /// Error: also the reason why @p file cannot be read.
    [[nodiscard]] static base::Result<Firmware> load(const std::filesystem::path& file);

    [[nodiscard]] const std::string& version() const { return version_; }
    [[nodiscard]] const SpProgram& sp(unsigned number) const { return sps_.at(number); }
    [[nodiscard]] const Bootloader& bootloader() const { return bootloader_; }
    /// A program as it stands in the file: all of it, the part that the bootloader loads, and its
    /// initial data.
    [[nodiscard]] std::span<const std::byte> body(const Blob& blob) const;
    [[nodiscard]] std::span<const std::byte> text(const Blob& blob) const;
    [[nodiscard]] std::span<const std::byte> data(const Blob& blob) const;
    /// The word at byte @p at of the file; nothing beyond it.
    [[nodiscard]] std::optional<std::uint32_t> word(std::uint32_t at) const;

  private:
    std::vector<std::byte> bytes_;
    std::string version_;
    std::array<SpProgram, 2> sps_{};
    Bootloader bootloader_{};
};

} // namespace ipu3::imgu
