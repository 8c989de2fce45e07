// SPDX-License-Identifier: GPL-2.0-or-later
// Writes down what a driver tells the ImgU.
#pragma once

#include "machine/virtual-ipu3/imgu/firmware.hpp"
#include "machine/virtual-ipu3/imgu/observer.hpp"
#include "machine/virtual-ipu3/recorder/recording.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::record {

/// Reads each block when the firmware would, and follows the addresses in it. Which block an
/// address leads to is written by name, so that recordings can be compared whose memory lay
/// elsewhere.
class Recorder final : public imgu::Observer {
  public:
    /// @p writer outlives it; the programs are where @p firmware says.
    Recorder(Writer& writer, imgu::Firmware firmware)
        : writer_{writer}, firmware_{std::move(firmware)} {}

    void written(std::uint64_t offset, std::span<const std::byte> data) override;
    void isp_starts(imgu::MappedMemory& memory, imgu::Address program) override;
    void sp_starts(imgu::MappedMemory& memory, unsigned sp, imgu::Address program) override;
    void stream_starts(imgu::MappedMemory& memory, unsigned pipe, imgu::Address group) override;
    void enqueued(imgu::MappedMemory& memory, unsigned pipe, imgu::Address group,
                  imgu::BufferQueue queue, imgu::Address descriptor) override;

  private:
    class Reading;
    struct Sizes;
    [[nodiscard]] static Sizes sizes(imgu::MappedMemory& memory, imgu::Address group,
                                     unsigned pipe);
    void read_binary(Reading& reading, Block& isp_stage);
    static void follow_frames(Reading& reading, Block& configured);
    static void read_parameters(Reading& reading, std::uint32_t at, const Sizes& sizes);
    [[nodiscard]] std::string symbol(std::string_view kind, std::uint32_t address);

    Writer& writer_;
    imgu::Firmware firmware_;
    std::map<std::string, std::vector<std::uint32_t>, std::less<>> seen_; ///< addresses by kind
};

} // namespace ipu3::record
