// SPDX-License-Identifier: GPL-2.0-or-later
// Faults on demand: which misbehaviour fires when.
#pragma once

#include "lib/base/result.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::sim {

/// Each way a device can be told to misbehave.
enum class FaultKind : std::uint8_t {
    csi_crc,       ///< "crc": the receiver reports a payload CRC error for the frame
    fifo_overflow, ///< "fifo-overflow": the receiver's FIFO overflows in the frame
    short_frame,   ///< "short-frame": the sensor sends only some of the frame's lines
    no_frame_end,  ///< "no-frame-end": the frame-end packet is missing
    spurious_irq,  ///< "spurious-irq": an interrupt with no cause
    lost_irq,      ///< "lost-irq": the frame's completion interrupt is not raised
    i2c_nak,       ///< "i2c-nak": the sensor does not acknowledge a transfer
    stuck_dma,     ///< "stuck-dma": from the frame on the DMA queue stops moving
    // Of the image processor; each counts its own occasions from 0.
    imgu_no_boot,      ///< "imgu-no-boot": SP0's program does not begin; N counts starts of it
    imgu_no_idle,      ///< "imgu-no-idle": the programs do not end when told; N counts that
    imgu_no_halt,      ///< "imgu-no-halt": the MMU's gate does not close; N counts that
    imgu_stuck_frame,  ///< "imgu-stuck-frame": a frame never ends
    imgu_half_frame,   ///< "imgu-half-frame": its picture comes back, and nothing more ever
    imgu_bad_event,    ///< "imgu-bad-event": words that are no events come before the frame's
    imgu_bad_buffer,   ///< "imgu-bad-buffer": a buffer comes back that nobody gave
    imgu_bad_ring,     ///< "imgu-bad-ring": the ring of events gets an index that it does not have
    imgu_assert,       ///< "imgu-assert": the firmware gives up before the frame ends
    imgu_event_flood,  ///< "imgu-event-flood": the ring of events is full before the frame's come
    imgu_lost_irq,     ///< "imgu-lost-irq": no interrupt tells of the frame
    imgu_spurious_irq, ///< "imgu-spurious-irq": an interrupt without a cause comes first
    imgu_off_bus,      ///< "imgu-off-bus": from the frame on reads give all ones, until a reset
};

[[nodiscard]] std::string_view name(FaultKind kind);
[[nodiscard]] std::span<const FaultKind> all_fault_kinds();
/// One line for the help text: what the fault does.
[[nodiscard]] std::string_view describe(FaultKind kind);

/// One `--fault` option: KIND[:frame=N][:p=PROBABILITY][:port=P], e.g. "crc:frame=5" or
/// "i2c-nak:p=0.01". With neither frame nor p it fires every time. For i2c-nak, `frame` counts
/// transfers from 0; where the image processor does it in a frame, `port` is the pipe.
struct FaultSpec {
    FaultKind kind{FaultKind::csi_crc};
    std::optional<std::uint64_t> frame;
    std::optional<double> probability;
    std::optional<unsigned> port; ///< CSI-2 port 0..3; none: any
};

/// Error: a sentence that names the bad part and the possible ones.
[[nodiscard]] base::Result<FaultSpec> parse_fault(std::string_view text);

/// Decides, reproducibly by seed, whether a fault fires. The devices ask at the moment of truth.
class FaultPlan {
  public:
    FaultPlan() = default;
    FaultPlan(std::vector<FaultSpec> specs, std::uint64_t seed);

    /// Whether @p kind strikes frame (or transfer) @p number on @p port. Each call draws anew for
    /// specs with a probability, so ask once an occasion.
    [[nodiscard]] bool strikes(FaultKind kind, std::uint64_t number, unsigned port);

  private:
    std::vector<FaultSpec> specs_;
    std::mt19937_64 random_;
};

} // namespace ipu3::sim
