// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a frame's bytes into the pages of one buffer, through its lists of pages (LOPs).
#pragma once

#include "machine/virtual-ipu3/cio2/bus_master.hpp"
#include "machine/virtual-ipu3/cio2/fbpt.hpp"
#include "machine/virtual-ipu3/cio2/sabotage.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ipu3::cio2 {

/// The pages of one buffer, as its FBPT entry describes them.
struct PageList {
    std::vector<std::uint32_t> lops;    ///< page frame numbers of the LOPs, in order
    std::uint32_t first_page_offset{0}; ///< bytes
    std::uint16_t pages{0};
    std::uint16_t last_page_limit{
        0}; ///< offset of the last byte of the last page that may be written
};

/// A sequential writer. It never writes before the first page's offset, beyond the last page's
/// limit, or outside of the pages that the lists name.
///
/// Reading a list is a read on the bus whose failure the hardware sees: the writer stops. Writes of
/// pixels are posted: their failure is noted, the bytes are lost, and the writer goes on, as a
/// posted write does.
class LopWriter {
  public:
    LopWriter(BusMaster& bus, PageList list, Sabotage sabotage);

    /// Writes @p bytes behind what was written before; bytes that do not fit are dropped.
    void append(std::span<const std::byte> bytes);
    /// The look-ahead that follows a frame: hardware fetches the page pointer behind the last one
    /// it used, and so reads the next list when that one was the last of its list.
    void fetch_ahead();

    [[nodiscard]] std::uint32_t written() const { return written_; } ///< bytes, lost ones included
    [[nodiscard]] bool full() const { return full_; }                ///< some bytes did not fit
    /// Why a list could not be read; the writer has stopped.
    [[nodiscard]] const std::optional<vfio_user::DmaFault>& list_fault() const {
        return list_fault_;
    }
    /// The first page that could not be written, and how many there were.
    [[nodiscard]] const std::optional<vfio_user::DmaFault>& page_fault() const {
        return page_fault_;
    }
    [[nodiscard]] unsigned page_faults() const { return page_faults_; }

  private:
    [[nodiscard]] std::optional<std::uint32_t> page(std::uint64_t index);

    BusMaster& bus_;
    PageList list_;
    Sabotage sabotage_;
    std::uint64_t position_;
    std::uint64_t end_;
    std::optional<std::uint64_t> cached_lop_;
    std::vector<std::uint32_t> pfns_;
    std::uint32_t written_{0};
    bool full_{false};
    std::optional<vfio_user::DmaFault> list_fault_;
    std::optional<vfio_user::DmaFault> page_fault_;
    unsigned page_faults_{0};
};

} // namespace ipu3::cio2
