// SPDX-License-Identifier: GPL-2.0-or-later
// What travels from a sensor to a receiver over CSI-2, frame by frame.
#pragma once

#include "lib/frames/raw_image.hpp"

#include <cstdint>

namespace ipu3::cio2 {

/// CSI-2 data type codes (MIPI CSI-2 §9).
enum class DataType : std::uint8_t { raw8 = 0x2a, raw10 = 0x2b };

/// The short packet that opens a frame.
struct FrameStart {
    std::uint16_t number{0}; ///< CSI-2 frame number, 1..65535, wraps
    std::uint64_t index{
        0}; ///< frames since STREAMON of this sensor, from 0: what fault specs count
};

/// One frame's payload. `lines_sent` below the image's height is a frame that the sensor cut short.
struct Frame {
    FrameStart start;
    DataType type{DataType::raw10};
    frames::RawImage image;
    unsigned lines_sent{0};
    bool crc_error{false};   ///< a payload checksum is wrong
    bool end_missing{false}; ///< no frame-end short packet follows
};

/// The receiving end of a CSI-2 link, implemented by the CIO2's ports.
class Receiver {
  public:
    Receiver() = default;
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    Receiver(Receiver&&) = delete;
    Receiver& operator=(Receiver&&) = delete;
    virtual ~Receiver() = default;

    /// Whether a frame that began now would find room. No hardware has this: a sensor that paces
    /// itself by it (see SensorContext::paced) waits for a guest that is slow.
    [[nodiscard]] virtual bool has_room() const { return true; }
    /// The frame-start packet arrives.
    virtual void frame_start(const FrameStart& start) = 0;
    /// The last line (and the frame-end packet, unless end_missing) has arrived.
    virtual void frame_end(const Frame& frame) = 0;
};

} // namespace ipu3::cio2
