// SPDX-License-Identifier: GPL-2.0-or-later
#include "pipes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace differential {

namespace {

constexpr std::uint32_t smallest = 32;
constexpr Size largest_node{4224, 3136};

std::uint32_t up(std::uint32_t value, std::uint32_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

std::uint32_t nearest(std::uint32_t value, std::uint32_t multiple) {
    return (std::max(value, smallest) + multiple / 2) / multiple * multiple;
}

Size nearest(Size size, Size multiple) {
    return {nearest(size.width, multiple.width), nearest(size.height, multiple.height)};
}

/// A node's, even and within what nodes take.
Size of_node(Size size) {
    return {up(std::clamp(size.width, smallest, largest_node.width), 2),
            up(std::clamp(size.height, smallest, largest_node.height), 2)};
}

reference_size plain(Size size) {
    return {size.width, size.height};
}

std::uint32_t envelope(std::uint32_t bds, std::uint32_t gdc) {
    constexpr std::uint32_t least = 4;
    return bds < gdc ? least : std::max((bds - gdc) / 2, least);
}

} // namespace

reference_pipe unshaped(const Choice& choice, const Program& program) {
    constexpr std::uint32_t packed_pixels = 50;
    constexpr std::uint32_t packed_bytes = 64;
    constexpr std::uint32_t block_lines = 32;
    constexpr std::uint32_t margin = 128;
    reference_pipe pipe{};
    pipe.in = plain(choice.in);
    pipe.crop = plain(choice.crop);
    pipe.bds = plain(choice.bds);
    pipe.gdc = plain(choice.gdc);
    pipe.out = plain(choice.out);
    pipe.vf = plain(choice.vf);
    pipe.envelope = {envelope(choice.bds.width, choice.gdc.width),
                     envelope(choice.bds.height, choice.gdc.height)};
    pipe.ref = {up(choice.bds.width, 128) + 2 * margin,
                up(choice.bds.height, block_lines) + 2 * block_lines};
    pipe.in_stride = up(choice.in.width, packed_pixels) / packed_pixels * packed_bytes;
    pipe.out_stride = up(choice.out.width, 64);
    pipe.vf_stride = up(choice.vf.width, 64);
    pipe.bayer = choice.bayer;
    pipe.stripes = program.stripes;
    pipe.block_width = 2;
    pipe.has_af = pipe.has_awb = pipe.has_awb_fr = program.video ? 1 : 0;
    pipe.video = program.video ? 1 : 0;
    return pipe;
}

reference_pipe shaped(const Choice& choice, const Program& program) {
    auto made = choice;
    made.in = of_node(choice.in);
    made.crop = nearest(choice.crop, {2, 1});
    made.bds = nearest(choice.bds, {4, 1});
    made.gdc = nearest(choice.gdc, {8, 4});
    made.out = of_node(nearest(choice.out, {8, 4}));
    made.vf = of_node(nearest(choice.vf, {2, 1}));
    return unshaped(made, program);
}

// ---- libcamera ----

namespace {

constexpr std::uint32_t steps = 32; // of a factor of 1
constexpr std::uint32_t least_factor = steps;
constexpr std::uint32_t most_factor = steps * 5 / 2;
constexpr Size most_cropped{40, 540};
constexpr Size filter{8, 8}; // both sides together

bool same_shape(Size a, Size b) {
    const auto shape = [](Size size) {
        return static_cast<float>(size.width) / static_cast<float>(size.height);
    };
    return std::abs(shape(a) - shape(b)) <= 0.1F;
}

Size gdc_of(Size input, Size main, Size viewfinder) {
    if (viewfinder.width != 0) {
        // As high as the viewfinder's shape asks for.
        return {main.width,
                std::max(main.height, main.width * viewfinder.height / viewfinder.width)};
    }
    if (!same_shape(input, main)) {
        return main;
    }
    // The Bayer scaler is to take a factor of two, the rest, in quarters up to 16, is left to the
    // picture's scaler.
    const auto whole = static_cast<double>(input.width) / main.width;
    const auto rest = whole > 2 ? whole / 2 : whole;
    const auto quarters = std::clamp(std::ceil(rest * 4 - 0.5), 4.0, 64.0);
    return {static_cast<std::uint32_t>(main.width * quarters / 4),
            static_cast<std::uint32_t>(main.height * quarters / 4)};
}

/// @p size after the Bayer scaler at a factor in 32nds, 0 for what is no whole number of pixels.
std::uint32_t scaled(std::uint32_t size, std::uint32_t factor) {
    return size * steps % factor == 0 ? size * steps / factor : 0;
}

class Search {
  public:
    Search(Size input, Size main, Size viewfinder)
        : input_{input}, main_{main}, viewfinder_{viewfinder},
          gdc_{gdc_of(input, main, viewfinder)} {
        if (input.width < most_cropped.width || input.height < most_cropped.height ||
            gdc_.width == 0) {
            return;
        }
        const auto first = std::clamp(input.width * steps / gdc_.width, least_factor, most_factor);
        const Size full{up(input.width, 2), up(input.height, 4)};
        for (auto height = full.height; height + most_cropped.height >= input.height && height >= 4;
             height -= 4) {
            try_factors({full.width, height}, first);
        }
        for (auto width = full.width; width + most_cropped.width >= input.width && width >= 2;
             width -= 2) {
            try_factors({width, full.height}, first);
        }
    }

    [[nodiscard]] std::vector<Choice> take() && { return std::move(found_); }

  private:
    void try_factors(Size crop, std::uint32_t first) {
        for (auto factor = first; factor <= most_factor; ++factor) {
            try_factor(crop, factor);
        }
        for (auto factor = first; factor >= least_factor; --factor) {
            try_factor(crop, factor);
        }
    }

    [[nodiscard]] static bool fits(std::uint32_t height, std::uint32_t factor) {
        const auto bds = scaled(height, factor);
        return bds != 0 && bds % 4 == 0;
    }
    [[nodiscard]] bool high_enough(std::uint32_t height, std::uint32_t factor) const {
        return height * steps >= (gdc_.height + filter.height) * factor;
    }

    void try_factor(Size crop, std::uint32_t factor) {
        const auto width = scaled(crop.width, factor);
        if (width % 2 != 0 || width < gdc_.width + filter.width || !fits(crop.height, factor) ||
            !high_enough(crop.height, factor) || crop.height < most_cropped.height) {
            return;
        }
        const auto least = crop.height - most_cropped.height;
        if (same_shape(input_, gdc_)) {
            for (auto height = up(crop.height, 4);
                 height >= std::max(least, 4U) && high_enough(height, factor); height -= 4) {
                if (fits(height, factor)) {
                    add({crop.width, height}, factor);
                }
            }
            return;
        }
        // From the height of the picture's shape downwards, and, of more weight, upwards.
        const auto wanted = std::clamp(crop.width * gdc_.height / gdc_.width, least, crop.height);
        std::uint32_t best = 0;
        for (auto height = up(wanted, 4);
             height >= std::max(least, 4U) && height <= crop.height && high_enough(height, factor);
             height -= 4) {
            if (fits(height, factor)) {
                best = height;
                break;
            }
        }
        for (auto height = up(wanted, 4); height <= crop.height && high_enough(height, factor);
             height += 4) {
            if (fits(height, factor)) {
                best = height;
                break;
            }
        }
        if (best != 0) {
            add({crop.width, best}, factor);
        }
    }

    void add(Size crop, std::uint32_t factor) {
        found_.push_back({.in = input_,
                          .crop = crop,
                          .bds = {scaled(crop.width, factor), scaled(crop.height, factor)},
                          .gdc = gdc_,
                          .out = main_,
                          // A node that nobody streams from is set like the main one.
                          .vf = viewfinder_.width != 0 ? viewfinder_ : main_});
    }

    Size input_, main_, viewfinder_, gdc_;
    std::vector<Choice> found_;
};

} // namespace

std::vector<Choice> libcamera_choices(Size input, Size main, Size viewfinder) {
    return Search{input, main, viewfinder}.take();
}

Choice libcamera_choice(const std::vector<Choice>& choices) {
    const auto kept = [](const Choice& choice) {
        // Cropped around the scaled picture, in pixels of the input.
        const auto side = [](std::uint32_t crop, std::uint32_t bds, std::uint32_t gdc) {
            return crop - static_cast<double>(bds - gdc) * crop / bds;
        };
        return std::pair{side(choice.crop.width, choice.bds.width, choice.gdc.width),
                         side(choice.crop.height, choice.bds.height, choice.gdc.height)};
    };
    return *std::ranges::max_element(choices, {}, kept);
}

const std::vector<SensorMode>& sensor_modes() {
    // Source: Linux drivers/media/i2c/ov*.c. The firmware calls them INT33BE, INT347A, INT3479,
    // OVTI9734 and INT347E.
    constexpr std::uint32_t grbg = 0;
    constexpr std::uint32_t bggr = 2;
    static const std::vector<SensorMode> modes{
        {"ov5693", {2592, 1944}, bggr}, {"ov5693", {1296, 972}, bggr},
        {"ov8865", {3264, 2448}, bggr}, {"ov8865", {3264, 1836}, bggr},
        {"ov8865", {1632, 1224}, bggr}, {"ov8865", {800, 600}, bggr},
        {"ov5670", {2592, 1944}, grbg}, {"ov5670", {1296, 972}, grbg},
        {"ov5670", {648, 486}, grbg},   {"ov5670", {2560, 1440}, grbg},
        {"ov5670", {1280, 720}, grbg},  {"ov5670", {640, 360}, grbg},
        {"ov9734", {1296, 734}, bggr},  {"ov7251", {640, 480}, bggr},
        {"ov2740", {1932, 1092}, grbg},
    };
    return modes;
}

std::vector<Streams> streams_of(Size input) {
    // Multiples of 64 by 4 with a margin: what the handler makes of a wish. Source: ipu3.cpp,
    // validate().
    constexpr Size margin{64, 32};
    const auto bounded = [&](Size size) {
        const Size most{(input.width - margin.width) / 64 * 64,
                        (input.height - margin.height) / 4 * 4};
        return Size{std::max(std::min(size.width, most.width) / 64 * 64, 64U),
                    std::max(std::min(size.height, most.height) / 4 * 4, smallest)};
    };
    constexpr std::array wishes{
        Streams{{320, 240}, {}},          Streams{{640, 360}, {}},
        Streams{{640, 480}, {}},          Streams{{1024, 768}, {}},
        Streams{{1280, 720}, {}},         Streams{{1920, 1080}, {}},
        Streams{{4224, 3136}, {}},        Streams{{1280, 720}, {640, 360}},
        Streams{{1280, 960}, {320, 240}}, Streams{{1920, 1080}, {1280, 960}},
    };
    std::vector<Streams> streams;
    streams.reserve(wishes.size());
    for (const auto& wish : wishes) {
        streams.push_back(
            {bounded(wish.main), wish.viewfinder.width == 0 ? Size{} : bounded(wish.viewfinder)});
    }
    return streams;
}

} // namespace differential
