// SPDX-License-Identifier: GPL-2.0-or-later
// One of the CIO2's DMA channels: its registers and its walk along the frame buffer pointer table.
#pragma once

#include "machine/virtual-ipu3/cio2/bus_master.hpp"
#include "machine/virtual-ipu3/cio2/fbpt.hpp"
#include "machine/virtual-ipu3/cio2/lop_writer.hpp"
#include "machine/virtual-ipu3/cio2/register_bank.hpp"
#include "machine/virtual-ipu3/cio2/registers.hpp"
#include "machine/virtual-ipu3/cio2/sabotage.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

namespace ipu3::cio2 {

/// Why a channel took no frame.
struct Refusal {
    enum class Reason : std::uint8_t {
        disabled,      ///< software has not enabled the channel
        halted,        ///< an earlier error halted it
        stuck,         ///< the injected fault
        busy,          ///< another port's frame is open on it
        invalid_entry, ///< the table entry's valid bit is 0: the channel halts
        table_fault,   ///< the entry could not be read, or has no width: the channel halts
    };
    Reason reason{Reason::disabled};
    std::optional<vfio_user::DmaFault> fault;
};
[[nodiscard]] std::string_view name(Refusal::Reason reason);

/// A buffer that a frame is being written to.
struct OpenBuffer {
    unsigned entry{0};         ///< index into the table
    vfio_user::Iova address{}; ///< of the entry
    fbpt::Control control{};   ///< as software left it
    PageList pages;
};

/// What is written back into the entry when its frame ends.
struct Completion {
    std::uint16_t lines;
    std::uint16_t frame_number;
    std::uint32_t timestamp;
    std::uint32_t bytes;
    bool success;
};

/// The states are: disabled (DMA_EN 0, HALTED reads 1), running, halted by an error (HALTED reads 1
/// though enabled) and stuck (the injected fault: neither moves nor halts until it is enabled
/// anew). The read pointer is 0 whenever the channel is not enabled, so each start begins with the
/// table's first entry.
class DmaChannel {
  public:
    DmaChannel(unsigned number, BusMaster& bus);

    /// Software's accesses, offsets within the channel's 16 bytes; nothing / false where there is
    /// no register.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const;
    bool write(std::uint64_t offset, std::uint32_t value);
    void reset();

    [[nodiscard]] unsigned number() const { return number_; }
    [[nodiscard]] reg::dma::CdmaC0 control() const;
    [[nodiscard]] reg::dma::CdmaC1 lines() const { return bank_.get<reg::dma::CdmaC1>(); }
    [[nodiscard]] bool running() const { return state_ == State::running; }

    /// Takes the table's next buffer for a frame. Errors that the hardware would see halt the
    /// channel.
    [[nodiscard]] tl::expected<OpenBuffer, Refusal> open();
    /// Hands the open buffer back to software and moves on. The write-back is posted: a fault does
    /// not halt.
    [[nodiscard]] tl::expected<void, vfio_user::DmaFault> complete(const OpenBuffer& buffer,
                                                                   const Completion& completion);
    /// How many entries of the table hold a buffer that the channel has yet to fill. Drivers fill
    /// the others with one page over and over, for a frame must go somewhere: an entry whose lists
    /// of pages are all the same list counts as none. 0 for a table that cannot be read.
    [[nodiscard]] unsigned waiting() const;
    /// Forgets the open buffer: its entry stays valid and is the next one again.
    void abandon() { open_ = false; }
    /// Stops on an error; software has to enable the channel anew.
    void halt();
    /// The injected fault.
    void stick();

  private:
    enum class State : std::uint8_t { disabled, running, halted, stuck };

    unsigned number_;
    BusMaster& bus_;
    RegisterBank bank_;
    State state_{State::disabled};
    bool open_{false};
    unsigned read_pointer_{0};
};

} // namespace ipu3::cio2
