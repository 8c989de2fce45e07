// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu/geometry/random_geometry.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace geometry {

namespace {

constexpr std::uint32_t unit = IMGU_BDS_UNIT;

/// What a dimension must be before the Bayer scaler.
std::uint32_t enlarged(std::uint32_t size, std::uint32_t factor) {
    return (size * factor + unit - 1) / unit;
}

/// From [@p low, @p high], the ends more often than what is between.
std::uint32_t edgy(Random& random, std::uint32_t low, std::uint32_t high) {
    switch (random.below(4)) {
    case 0:
        return low;
    case 1:
        return high;
    default:
        return random.between(low, high);
    }
}

std::uint32_t down(std::uint32_t value, std::uint32_t multiple) {
    return value / multiple * multiple;
}

imgu_size viewfinder(Random& random, imgu_size gdc) {
    switch (random.below(4)) {
    case 0:
        return gdc;
    case 1:
        return {gdc.width, random.between(IMGU_MIN_SIZE, gdc.height)};
    case 2: {
        const auto by = random.between(1, 15);
        return {gdc.width / by, gdc.height / by};
    }
    default:
        return {random.between(IMGU_MIN_SIZE, gdc.width),
                random.between(IMGU_MIN_SIZE, gdc.height)};
    }
}

} // namespace

imgu_program program(std::uint8_t stripes) {
    imgu_program made{};
    made.stripes = stripes;
    made.block_width = 2;
    made.block_height = 32;
    made.has_af = made.has_awb = made.has_awb_fr = made.has_ae = true;
    return made;
}

imgu_geometry usual() {
    imgu_geometry made{};
    made.in = made.crop = {2592, 1944};
    made.bds = {1296, 972};
    made.gdc = made.out = {1280, 720};
    made.vf = {640, 360};
    made.vf_enabled = true;
    imgu_geometry_complete(&made);
    return made;
}

imgu_geometry random_geometry(Random& random) {
    imgu_geometry made{};
    const auto factor =
        random.chance(50) ? random.pick({32, 48, 64, 80, 96, 128}) : random.between(32, 128);
    made.bds.width = down(random.between(IMGU_MIN_SIZE, IMGU_MAX_WIDTH * unit / factor), 4);
    made.bds.height = random.between(IMGU_MIN_SIZE, IMGU_MAX_HEIGHT * unit / factor);
    made.crop = {
        std::min<std::uint32_t>(down(enlarged(made.bds.width, factor) + 1, 2), IMGU_MAX_WIDTH),
        enlarged(made.bds.height, factor)};
    made.in = {edgy(random, made.crop.width, IMGU_MAX_WIDTH),
               edgy(random, made.crop.height, IMGU_MAX_HEIGHT)};
    if (random.chance(30)) { // nothing around it
        made.in = made.crop;
    }
    if (made.in.height == made.crop.height && random.chance(10)) { // libcamera's rounding
        made.in.height -= 2;
    }
    made.bayer = static_cast<imgu_bayer>(random.below(4));
    made.gdc = {down(edgy(random, IMGU_MIN_SIZE, made.bds.width), 8),
                down(edgy(random, IMGU_MIN_SIZE, made.bds.height), 4)};
    made.out = random.chance(40) ? made.gdc
                                 : imgu_size{down(edgy(random, IMGU_MIN_SIZE, made.gdc.width), 8),
                                             down(edgy(random, IMGU_MIN_SIZE, made.gdc.height), 4)};
    made.vf = viewfinder(random, made.gdc);
    made.vf = {down(made.vf.width, 2), down(made.vf.height, 2)};
    made.vf_enabled = !random.chance(5);
    imgu_geometry_complete(&made);
    return made;
}

std::string text(const imgu_geometry& geometry) {
    const auto size = [](imgu_size value) {
        return fmt::format("{}x{}", value.width, value.height);
    };
    return fmt::format("in {} order {} crop {} bds {} gdc {} out {} vf {}", size(geometry.in),
                       static_cast<unsigned>(geometry.bayer), size(geometry.crop),
                       size(geometry.bds), size(geometry.gdc), size(geometry.out),
                       size(geometry.vf));
}

} // namespace geometry
