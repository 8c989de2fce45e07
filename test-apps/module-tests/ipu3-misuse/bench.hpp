// SPDX-License-Identifier: GPL-2.0-or-later
// A sensor's port, and calls on its nodes of which only the errno is of interest.
#pragma once

#include "apps/ipu3-capture/media_device.hpp"
#include "apps/ipu3-capture/pipeline.hpp"
#include "apps/ipu3-capture/topology.hpp"
#include "apps/ipu3-capture/video_node.hpp"
#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "lib/v4l2/system_call.hpp"
#include "module-tests/misuse/backend_counters.hpp"
#include "module-tests/misuse/verdict.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <linux/v4l2-subdev.h>
#include <linux/videodev2.h>
#include <string>
#include <string_view>

namespace ipu3::misuse {

using capture::VideoNode;
using frames::Size;
using v4l2::errno_of;
using v4l2::Verdict;

inline constexpr std::uint32_t capture_type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
/// Two modes of the sensor.
inline constexpr Size mode{1296, 972};
inline constexpr Size other_mode{2592, 1944};

/// What the program works at: the first sensor's port.
struct Bench {
    capture::MediaDevice device;
    capture::Port port;
    capture::Sensor sensor;
    capture::Port empty_port; ///< one without a sensor
    base::UniqueFd sensor_fd;
    base::UniqueFd receiver_fd;
    std::string backend; ///< the backend's name of the device

    [[nodiscard]] static base::Result<Bench> open();
    /// The node of @p port, opened once more.
    [[nodiscard]] static base::Result<VideoNode> open_node(const capture::Port& port);
    /// The node, with the sensor, the receiver and the node set to @ref mode.
    [[nodiscard]] base::Result<capture::Pipeline> set_up() const;
    /// What the backend holds. With another driver, which has no backend, nothing that can be seen.
    [[nodiscard]] v4l2::BackendCounters counters() const;
    /// Opens or closes the sensor's link; the errno.
    [[nodiscard]] int set_link(bool enabled) const;
};

/// What there is of @p wanted, an active format unless @p which is another: the errno.
[[nodiscard]] int set_pad(const base::UniqueFd& subdevice, std::uint32_t pad,
                          const v4l2_mbus_framefmt& wanted,
                          std::uint32_t which = V4L2_SUBDEV_FORMAT_ACTIVE);
[[nodiscard]] base::Result<v4l2_mbus_framefmt>
get_pad(const base::UniqueFd& subdevice, std::uint32_t pad,
        std::uint32_t which = V4L2_SUBDEV_FORMAT_ACTIVE);

/// The errno of VIDIOC_S_FMT; the driver may make something else of the format.
[[nodiscard]] int set_format(const VideoNode& node, std::uint32_t pixelformat, Size size);
/// The errno of VIDIOC_REQBUFS.
[[nodiscard]] int request(const VideoNode& node, std::uint32_t memory, std::uint32_t count);
/// The errno of VIDIOC_CREATE_BUFS of one MMAP buffer, for the node's format but with @p size.
[[nodiscard]] int create(const VideoNode& node, std::uint32_t size);

/// A v4l2_buffer of one plane, to be changed before its use; stays where it is.
class PlanarBuffer {
  public:
    explicit PlanarBuffer(std::uint32_t memory, std::uint32_t index = 0) {
        buffer.type = capture_type;
        buffer.memory = memory;
        buffer.index = index;
        buffer.m.planes = &plane;
        buffer.length = 1;
    }
    PlanarBuffer(const PlanarBuffer&) = delete;
    PlanarBuffer& operator=(const PlanarBuffer&) = delete;
    PlanarBuffer(PlanarBuffer&&) = delete;
    PlanarBuffer& operator=(PlanarBuffer&&) = delete;
    ~PlanarBuffer() = default;

    [[nodiscard]] int call(const VideoNode& node, unsigned long request) {
        return errno_of(node.fd(), request, buffer);
    }

    v4l2_plane plane{};
    v4l2_buffer buffer{};
};

/// Requests MMAP buffers, queues them and starts: the errno of the first call that failed.
[[nodiscard]] int start(VideoNode& node);
/// The same with a node that has no sensor but the format of its receiver.
[[nodiscard]] int start_empty(VideoNode& node);
/// Takes @p frames frames of MMAP buffers and queues them again: the errno; EBADMSG for one that is
/// damaged, ETIME when none comes.
[[nodiscard]] int receive(VideoNode& node, unsigned frames);
/// Ends streaming and frees the buffers: the errno.
[[nodiscard]] int stop(VideoNode& node);

/// Makes a call that must fail with @p wanted, or succeed if that is 0, and ends what it may have
/// begun; says so when the errno is another one or something is left.
template <typename Call>
void try_call(Verdict& verdict, const Bench& bench, VideoNode& node, std::string_view what,
              int wanted, Call call) {
    v4l2::expect_nothing_left(
        verdict, what, wanted, call, [&] { return stop(node); }, [&] { return bench.counters(); });
}

} // namespace ipu3::misuse
