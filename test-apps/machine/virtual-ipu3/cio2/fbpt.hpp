// SPDX-License-Identifier: GPL-2.0-or-later
// The frame buffer pointer table (FBPT) as it lies in guest memory.
//
// An entry describes one buffer and is made of 16-byte sub-entries, each of which points at one
// list of pages (LOP): 1024 page frame numbers of 32 bits. The first two sub-entries carry more.
// Source: Linux ipu3-cio2.h, struct cio2_fbpt_entry.
#pragma once

#include "lib/base/registers.hpp"

#include <cstddef>
#include <cstdint>

namespace ipu3::cio2::fbpt {

/// The entry's control and status word.
struct Control : base::Register<Control, 0x0> {
    using Valid = Bits<0>;   ///< the buffer belongs to the DMA
    using Ioc = Bits<1>;     ///< interrupt on completion
    using Ios = Bits<2>;     ///< interrupt on start
    using Success = Bits<3>; ///< written back
    using Code = Bits<7, 4>; ///< written back: completion code, 0 is success
};

struct FirstSubEntry {
    std::uint32_t control;
    std::uint16_t line;              ///< written back: lines written to memory
    std::uint16_t frame_number;      ///< written back: the CSI-2 frame number
    std::uint32_t first_page_offset; ///< where the frame begins in the first page, bytes
    std::uint32_t lop_pfn;
};
struct SecondSubEntry {
    std::uint32_t timestamp;       ///< written back
    std::uint32_t bytes;           ///< written back: payload
    std::uint16_t last_page_limit; ///< offset of the last byte of the last page that may be written
    std::uint16_t pages;           ///< pages of the buffer
    std::uint32_t lop_pfn;
};
inline constexpr std::size_t sub_entry_bytes = 16;
inline constexpr unsigned sub_entries_per_width = 4; ///< CDMAC0's FBPT_WIDTH counts these
inline constexpr std::size_t lop_entries = 1024;

static_assert(sizeof(FirstSubEntry) == sub_entry_bytes &&
              sizeof(SecondSubEntry) == sub_entry_bytes);
static_assert(offsetof(FirstSubEntry, lop_pfn) == 12 && offsetof(SecondSubEntry, lop_pfn) == 12);

} // namespace ipu3::cio2::fbpt
