// SPDX-License-Identifier: GPL-2.0-or-later
// Sizes of a pipe by chance: mostly such that go together.
#pragma once

#include "module-tests/imgu/differential/random.hpp"
#include "module-tests/imgu/geometry/pure.hpp"

#include <string>

namespace geometry {

using differential::Random;

/// The programs that are known, and one of a single stripe, which the code would do as well.
[[nodiscard]] imgu_program program(std::uint8_t stripes);

/// A camera's usual sizes: 2592x1944 to 1296x972, its middle in 1280x720, a viewfinder of half
/// that. Completed and right.
[[nodiscard]] imgu_geometry usual();

/// Completed; at least every second one is accepted.
[[nodiscard]] imgu_geometry random_geometry(Random& random);

/// For messages.
[[nodiscard]] std::string text(const imgu_geometry& geometry);

} // namespace geometry
