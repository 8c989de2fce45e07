// SPDX-License-Identifier: GPL-2.0-or-later
// Plays a client's behaviour, taken from arbitrary bytes, against a whole session with a device
// behind it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace vfio_user::fuzz {

/// What a script led to, so that a test can tell that it reached something.
struct Outcome {
    std::array<unsigned, 32> accepted{}; ///< by command: replies without an error
    unsigned refused{0};                 ///< replies with an error
    unsigned sessions{0};
};

/// The script is a list of steps; the first byte of each says what it is:
///
///     0x00  LENGTH(2) BYTES...                        bytes as they are
///     0x01  COMMAND FLAGS LENGTH(2) PAYLOAD...        one message, with a header that fits
///     0x02  COUNT KIND                                descriptors that go with the next byte
///     0x03                                            the client disconnects, another one connects
///     0x04                                            the version handshake
///
/// Other values count modulo 5; a step that is cut ends the script. Aborts when the session breaks
/// the protocol.
Outcome play(std::span<const std::uint8_t> script);

} // namespace vfio_user::fuzz
