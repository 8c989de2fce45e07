// SPDX-License-Identifier: GPL-2.0-or-later
// The one channel between the launcher and the agent in the guest: typed, length-prefixed frames
// over a virtio-serial port. Both sides distrust what they read: a frame is bounded, and so is
// every field in it.
//
// On the wire a frame is: type (1 byte), 3 zero bytes, payload length (32 bits, little endian),
// payload.
#pragma once

#include "lib/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::agent {

/// Name of the virtio-serial port, as /sys/class/virtio-ports/*/name shows it.
inline constexpr std::string_view port_name = "ipu3.agent";

/// Sent in `hello`; both sides are built together, so a difference means a stale program.
inline constexpr std::uint32_t protocol_version = 1;

inline constexpr std::size_t header_size = 8;
/// Bytes of payload in one frame. A command line of the size that Linux accepts at most by default
/// fits.
inline constexpr std::size_t max_payload = std::size_t{4} << 20U;
/// Bytes of stream data that a sender puts into one frame.
inline constexpr std::size_t max_chunk = std::size_t{32} << 10U;
/// Bytes of standard input that may be under way before the guest has passed some on.
inline constexpr std::size_t stdin_window = std::size_t{256} << 10U;

enum class FrameType : std::uint8_t {
    hello = 1,     ///< guest: u32 protocol version
    run,           ///< host: RunRequest
    phase,         ///< guest: Phase
    stdin_data,    ///< host: bytes
    stdin_end,     ///< host: nothing follows
    stdin_credit,  ///< guest: u32 bytes passed on to the command
    stdout_data,   ///< guest: bytes
    stderr_data,   ///< guest: bytes
    output_closed, ///< host: u32 1 (standard output) or 2: nobody reads it any more
    window,        ///< host: WindowSize
    kernel_log,    ///< guest: one record as /dev/kmsg gives it
    exit,          ///< guest: u32 exit status of the command, 128 + n after signal n
    failed,        ///< guest: a sentence: the machine could not run the command
    power_off,     ///< host: exit or failed has arrived, nothing more is wanted
    last = power_off
};

struct Frame {
    FrameType type{FrameType::hello};
    std::string payload;
};

struct WindowSize {
    std::uint16_t rows{24};
    std::uint16_t columns{80};
    bool operator==(const WindowSize&) const = default;
};

/// What the guest is to run, and how.
struct RunRequest {
    std::vector<std::string> arguments{};   ///< at least one; found through PATH
    std::vector<std::string> environment{}; ///< NAME=VALUE
    std::string directory{};                ///< working directory in the guest
    bool terminal{false};                   ///< give the command a terminal of its own
    WindowSize window{};
    bool operator==(const RunRequest&) const = default;
};

/// A step on the way to the command, with the guest's clock since its kernel started.
struct Phase {
    std::string name;
    std::uint32_t milliseconds{0};
    bool operator==(const Phase&) const = default;
};

/// A frame's bytes on the wire. @p payload must not exceed max_payload (cut up streams first).
[[nodiscard]] std::string encode(FrameType type, std::string_view payload);

[[nodiscard]] std::string encode_number(std::uint32_t value);
[[nodiscard]] base::Result<std::uint32_t> decode_number(std::string_view payload);

[[nodiscard]] std::string encode_window(WindowSize window);
[[nodiscard]] base::Result<WindowSize> decode_window(std::string_view payload);

[[nodiscard]] std::string encode_phase(const Phase& phase);
[[nodiscard]] base::Result<Phase> decode_phase(std::string_view payload);

[[nodiscard]] std::string encode_run(const RunRequest& request);
/// Error: truncated, trailing bytes, more than 65536 strings in a list, no argument, an embedded
/// NUL.
[[nodiscard]] base::Result<RunRequest> decode_run(std::string_view payload);

/// Cuts a byte stream into frames. It never holds more than one frame of the largest size and what
/// the last feed() brought.
class FrameReader {
  public:
    void feed(std::string_view bytes);
    /// The next whole frame, or none yet. After an error (unknown type, non-zero reserved byte, too
    /// long) the stream is lost: every later call gives the error again.
    [[nodiscard]] base::Result<std::optional<Frame>> next();

  private:
    std::string buffer_;
    std::size_t position_{0};
    std::optional<base::Error> broken_;
};

} // namespace ipu3::agent
