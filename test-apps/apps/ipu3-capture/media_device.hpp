// SPDX-License-Identifier: GPL-2.0-or-later
// The media device of a CIO2: its graph, its links, its device nodes.
#pragma once

#include "apps/ipu3-capture/topology.hpp"
#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ipu3::capture {

class MediaDevice {
  public:
    /// Opens @p path; with an empty one, the first /dev/media* whose driver is ipu3-cio2. Error:
    /// there is none, it is another driver's, or may not be opened.
    [[nodiscard]] static base::Result<MediaDevice> open(const std::string& path);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const std::string& model() const { return model_; }
    [[nodiscard]] const std::string& bus() const { return bus_; }

    [[nodiscard]] base::Result<Graph> graph() const;
    /// Opens (@p enabled) or closes the link from @p source to @p sink.
    [[nodiscard]] base::Result<void> set_link(PadPlace source, PadPlace sink, bool enabled) const;

  private:
    MediaDevice(base::UniqueFd fd, std::filesystem::path path, std::string model, std::string bus)
        : fd_{std::move(fd)}, path_{std::move(path)}, model_{std::move(model)},
          bus_{std::move(bus)} {}

    base::UniqueFd fd_;
    std::filesystem::path path_;
    std::string model_;
    std::string bus_;
};

/// The node in /dev that has number @p device. Error: the kernel knows no such device, or /dev
/// does not have it.
[[nodiscard]] base::Result<std::filesystem::path> node_path(std::optional<DeviceNumber> device);

} // namespace ipu3::capture
