// SPDX-License-Identifier: GPL-2.0-or-later
// Where things are in the ImgU's firmware file, for those who read one and those who make one.
//
// Facts: struct imgu_fw_header and its parts in Linux ipu3-css-fw.h and ipu3-abi.h, as a 64-bit
// compiler lays them out. All words are little-endian and of 32 bits; places are in bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ipu3::imgu::firmware_layout {

// The file's header: its version, a text with zeros behind it, the number of programs, and the
// header's own size.
inline constexpr std::size_t version_bytes = 64;
inline constexpr std::size_t number_at = 64;
inline constexpr std::size_t header_size_at = 68;
inline constexpr std::size_t header_bytes = 72;

/// Of each program's info; they follow the header.
inline constexpr std::size_t info_bytes = 1200;
/// Where the info of program @p number begins in the file.
[[nodiscard]] constexpr std::size_t info_at(std::size_t number) {
    return header_bytes + info_bytes * number;
}

// Within a program's info.
inline constexpr std::size_t type_at = 8;
inline constexpr std::size_t variables_at = 16; ///< of an SP's program and of the bootloader
inline constexpr std::size_t blob_at = 832;

// NOLINTNEXTLINE(performance-enum-size): it is a word of the file
enum class Type : std::uint32_t { sp = 0, sp1 = 1, isp = 2, bootloader = 3 };

/// Within a program's info: where its body is in the file, and what is where in the body.
namespace blob {
inline constexpr std::size_t offset = blob_at;
inline constexpr std::size_t tables = blob_at + 4; ///< one word for each class of parameters
inline constexpr std::size_t name = blob_at + 16;
inline constexpr std::size_t size = blob_at + 20;
inline constexpr std::size_t padding_size = blob_at + 24;
inline constexpr std::size_t icache_source = blob_at + 28;
inline constexpr std::size_t icache_size = blob_at + 32;
inline constexpr std::size_t text_source = blob_at + 40;
inline constexpr std::size_t text_size = blob_at + 44;
inline constexpr std::size_t data_source = blob_at + 52;
inline constexpr std::size_t data_target = blob_at + 56;
inline constexpr std::size_t data_size = blob_at + 60;
inline constexpr std::size_t bss_target = blob_at + 68;
inline constexpr std::size_t bss_size = blob_at + 72;
} // namespace blob

/// Within the info of a program of the ISP's: what it is for, which the driver chooses it by.
namespace isp {
inline constexpr std::size_t id = 16;
inline constexpr std::size_t mode = 20;
inline constexpr std::size_t pipe_version = 24;
inline constexpr std::size_t input = 48;    ///< width and height at least, at most; source
inline constexpr std::size_t output = 68;   ///< width and height at least, at most
inline constexpr std::size_t internal = 92; ///< width and height at most
inline constexpr std::size_t stripes = 132;
inline constexpr std::size_t block_width = 196;
inline constexpr std::size_t output_block_height = 204;
inline constexpr std::size_t initializers = 208; ///< by class and memory: address, size
// Bytes that are 0 or 1.
inline constexpr std::size_t enable_input_feeder = 448;
inline constexpr std::size_t enable_awb = 459;
inline constexpr std::size_t enable_awb_fr = 460;
inline constexpr std::size_t enable_ae = 471;
inline constexpr std::size_t enable_af = 472;
inline constexpr std::size_t enable_luma_only = 482;
inline constexpr std::size_t enable_input_raw = 484;
inline constexpr std::size_t enable_dvs = 490;
inline constexpr std::size_t enable_params = 505;
inline constexpr std::size_t output_formats = 536;     ///< how many, and behind it up to 29 of them
inline constexpr std::size_t viewfinder_formats = 656; ///< the same
inline constexpr std::size_t output_pins = 776;        ///< a byte
} // namespace isp

// Classes of parameters, and memories of the ISP's.
inline constexpr std::size_t classes = 3; ///< parameters, configuration, state
inline constexpr std::size_t memories = 10;
inline constexpr std::size_t dmem = 1;
inline constexpr std::size_t vmem = 2;
/// Of an entry of a table of places: where a structure is in its memory, and how large it is.
inline constexpr std::size_t place_bytes = 8;
/// How many entries the tables have, by class.
inline constexpr std::array<std::size_t, classes> places{8, 8, 3};

} // namespace ipu3::imgu::firmware_layout
