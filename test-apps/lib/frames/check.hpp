// SPDX-License-Identifier: GPL-2.0-or-later
// Recomputes the frames of a `counter` dump and compares them bit by bit.
#pragma once

#include "lib/base/result.hpp"
#include "lib/frames/fourcc.hpp"
#include "lib/frames/raw_image.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace frames {

/// Where a frame's number does not follow its predecessor's.
struct Gap {
    std::uint64_t index;  ///< of the later frame in the stream, from 0
    std::uint32_t before; ///< number of the frame before
    std::uint32_t after;  ///< number of the later frame
};

/// A sample that is not what the pattern says.
struct BadPixel {
    std::uint64_t index;  ///< of the frame in the stream, from 0
    std::uint32_t number; ///< of the frame, the pattern's
    unsigned x;
    unsigned y;
    std::uint16_t expected;
    std::uint16_t found;
    std::size_t byte; ///< of the frame, from 0, in which the sample begins

    /// Bytes that processors' caches and the device exchange with memory at once, on x86.
    static constexpr std::size_t cache_line_bytes = 64;
    /// Of the frame, from 0. Buffers begin at the beginning of a page, and so of a line.
    [[nodiscard]] std::size_t cache_line() const { return byte / cache_line_bytes; }
};

/// A frame that is not what it should be, and where.
struct BadFrame {
    static constexpr std::size_t page_bytes = 4096;

    std::uint64_t index;            ///< of the frame in the stream, from 0
    std::optional<BadPixel> first;  ///< none: each pixel is right, but for a frame that came before
    std::vector<std::size_t> pages; ///< those of the frame, from 0, that have bad pixels, or all
};

/// What a stream of frames held. Numbers compare modulo 2^32, as the counter wraps.
struct CheckReport {
    /// The lists below stop here, the counts go on: a broken dump of any length needs little
    /// memory.
    static constexpr std::size_t longest_list = 100;

    std::uint64_t frames{0};
    std::optional<std::uint32_t> first; ///< number of the first frame; none without any frame
    std::optional<std::uint32_t> last;
    std::vector<Gap> gaps; ///< places where numbers are missing
    std::uint64_t gap_count{0};
    std::uint64_t missing{0}; ///< numbers left out by all gaps together
    std::vector<std::uint64_t>
        repeated; ///< stream indices of frames with their predecessor's number
    std::uint64_t repeated_count{0};
    std::vector<Gap> backwards; ///< places where the number goes down
    std::uint64_t backwards_count{0};
    std::uint64_t unreadable_numbers{
        0};                      ///< frames whose header is broken; compared as the next in turn
    std::uint64_t bad_frames{0}; ///< frames with a bad pixel
    std::uint64_t bad_pixels{0};
    std::optional<BadPixel> first_bad;
    std::vector<BadFrame> bad;      ///< those with bad pixels, and those that are old ones
    std::size_t truncated_bytes{0}; ///< behind the last whole frame

    /// At least one frame, and nothing wrong at all.
    [[nodiscard]] bool clean() const;
};

/// How frames follow each other in a dump.
struct DumpLayout {
    RawFormat format;
    Size size;
    std::size_t bytes_per_line{0};
    std::size_t frame_bytes{0}; ///< from one frame to the next

    /// The layout with the driver's defaults for whatever is not given: bytes per line as
    /// RawFormat::bytes_per_line(), frame bytes as that times the height.
    /// Error: no pixels, more than a frame may reasonably have, or strides that are too short.
    static base::Result<DumpLayout> make(const RawFormat& format, Size size,
                                         std::optional<std::size_t> bytes_per_line = {},
                                         std::optional<std::size_t> frame_bytes = {});
};

/// Checks a stream frame by frame, in the memory of one frame.
class CounterChecker {
  public:
    explicit CounterChecker(const DumpLayout& layout) : layout_{layout} {}

    /// The next frame's bytes, layout.frame_bytes of them. Error: fewer bytes than that.
    [[nodiscard]] base::Result<void> frame(std::span<const std::byte> bytes);
    /// The stream ended in the middle of a frame, @p bytes into it (0: it did not).
    void truncated(std::size_t bytes) { report_.truncated_bytes = bytes; }

    [[nodiscard]] const CheckReport& report() const { return report_; }

  private:
    /// Whether @p number is none that may follow the last one, repeated or lower.
    bool follow(std::uint32_t number);

    DumpLayout layout_;
    RawImage image_;
    CheckReport report_;
};

} // namespace frames
