// SPDX-License-Identifier: GPL-2.0-or-later
// Frames to files: their bytes one behind the other, and pictures.
#pragma once

#include "apps/ipu3-capture/options.hpp"
#include "apps/ipu3-capture/output.hpp"
#include "apps/ipu3-capture/video_node.hpp"
#include "lib/base/result.hpp"
#include "lib/frames/fourcc.hpp"
#include "lib/frames/raw_image.hpp"

#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
#include <span>

namespace ipu3::capture {

/// Takes a frame in two steps, so that its buffer is free again after the first. Pictures take
/// longer than frames: one at a time is made beside the stream.
class Writer {
  public:
    /// Makes the files and folders that @p options ask for. @p options and @p stop outlive it.
    [[nodiscard]] static base::Result<Writer> make(const Options& options, const Layout& layout,
                                                   const StopSignal& stop);

    /// Whether frame @p index (from 0) is to be written.
    [[nodiscard]] bool wants(std::uint64_t index, bool damaged) const;

    /// Writes the frame's bytes, and keeps what a picture needs. A damaged frame that is short is
    /// filled up with zeroes, so that those behind it stay in their places.
    [[nodiscard]] base::Result<void> take(std::span<const std::byte> bytes);
    /// Begins the picture of the frame that was taken last, when the one before is done. Error:
    /// that one's.
    [[nodiscard]] base::Result<void> develop(std::uint64_t index);

    /// Waits for the last picture and closes the files. Error: what went wrong only now.
    [[nodiscard]] base::Result<void> close();

  private:
    [[nodiscard]] base::Result<void> finish_picture();

    Writer(const Options& options, const Layout& layout, const frames::RawFormat& format)
        : options_{&options}, layout_{layout}, format_{format} {}

    const Options* options_;
    Layout layout_;
    frames::RawFormat format_;
    std::optional<Output> raw_;
    frames::RawImage image_;
    std::future<base::Result<void>> picture_; ///< that is being made
};

} // namespace ipu3::capture
