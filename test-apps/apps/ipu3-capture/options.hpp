// SPDX-License-Identifier: GPL-2.0-or-later
// What the user asked for.
#pragma once

#include "lib/base/parse_exit.hpp"
#include "lib/frames/raw_image.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace ipu3::capture {

namespace exit_status {
inline constexpr int clean = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int interrupted = 130;
} // namespace exit_status

/// Whose memory frames go to: the driver's, the program's own, or a dma-buf from elsewhere.
enum class Memory : std::uint8_t { mmap, userptr, dmabuf };

/// A control by v4l2-ctl's name for it, and what to set it to.
struct ControlSetting {
    std::string name;
    std::int64_t value{0};
    friend bool operator==(const ControlSetting&, const ControlSetting&) = default;
};

struct Options {
    bool list{false};
    std::string media;                ///< /dev/mediaN; empty: the one of the ipu3-cio2 driver
    std::string sensor;               ///< beginning of the entity's name; empty: the first sensor
    std::optional<frames::Size> size; ///< pixels; none: the sensor's largest
    Memory memory{Memory::mmap};
    std::uint32_t buffers{4};
    std::uint64_t count{30};    ///< frames; 0: until a signal comes
    std::string raw;            ///< file for the frames' bytes; "-" is standard output
    std::string png;            ///< folder for pictures
    std::uint64_t every{1};     ///< write each Nth frame only
    bool export_buffers{false}; ///< read the driver's memory by way of dma-bufs
    bool keep_damaged{false};   ///< write damaged frames, too
    bool json{false};
    bool pages{false};                    ///< tell the physical pages of the buffers
    std::vector<ControlSetting> controls; ///< in the order to set them
    std::chrono::milliseconds timeout{5000};
    bool quiet{false};

    [[nodiscard]] bool raw_to_stdout() const { return raw == "-"; }
    [[nodiscard]] bool writes() const { return !raw.empty() || !png.empty(); }
};

using base::ParseExit;

/// @p arguments without the program's name. Error: --help (status 0), or one sentence (status 2).
[[nodiscard]] tl::expected<Options, ParseExit>
parse_options(std::span<const std::string> arguments);

} // namespace ipu3::capture
