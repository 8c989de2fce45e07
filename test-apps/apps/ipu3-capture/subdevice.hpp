// SPDX-License-Identifier: GPL-2.0-or-later
// A V4L2 sub-device's node: its formats, sizes and controls.
#pragma once

#include "apps/ipu3-capture/options.hpp"
#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "lib/frames/raw_image.hpp"

#include <cstdint>
#include <filesystem>
#include <linux/v4l2-subdev.h>
#include <string>
#include <vector>

namespace ipu3::capture {

/// Sizes that a pad offers: one, or all between two.
struct SizeRange {
    frames::Size smallest;
    frames::Size largest;
};

/// "2592x1944", or "16x16-2592x1944"
[[nodiscard]] std::string size_range_text(const SizeRange& range);

/// The name that v4l2-ctl has for the control @p name: "Analogue Gain" is analogue_gain.
[[nodiscard]] std::string control_word(const std::string& name);

class Subdevice {
  public:
    [[nodiscard]] static base::Result<Subdevice> open(const std::filesystem::path& path);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Media bus codes that pad @p pad offers, in the driver's order.
    [[nodiscard]] base::Result<std::vector<std::uint32_t>> bus_codes(std::uint32_t pad) const;
    /// Sizes of @p bus_code, in the driver's order; none if the driver does not tell.
    [[nodiscard]] base::Result<std::vector<SizeRange>> sizes(std::uint32_t pad,
                                                             std::uint32_t bus_code) const;
    /// Sets the format of @p pad to @p wanted, and returns what the driver made of the rest of it.
    /// Error: the driver changed code, width or height; both are named.
    [[nodiscard]] base::Result<v4l2_mbus_framefmt>
    set_format(std::uint32_t pad, const v4l2_mbus_framefmt& wanted) const;
    /// Sets a control. Error: there is none of this name (those that are there are named), it
    /// cannot be written, the value is out of its range, or the driver changed it.
    [[nodiscard]] base::Result<void> set_control(const ControlSetting& setting) const;

  private:
    Subdevice(base::UniqueFd fd, std::filesystem::path path)
        : fd_{std::move(fd)}, path_{std::move(path)} {}

    base::UniqueFd fd_;
    std::filesystem::path path_;
};

} // namespace ipu3::capture
