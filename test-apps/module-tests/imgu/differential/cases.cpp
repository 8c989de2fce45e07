// SPDX-License-Identifier: GPL-2.0-or-later
#include "cases.hpp"

#include "random.hpp"
#include "reserved.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <iterator>

namespace differential {

namespace {

constexpr std::uint32_t bds_steps = 32;
constexpr std::uint32_t bds_factors = 97;
constexpr Size largest{4224, 3136};

std::uint32_t down(std::uint32_t value, std::uint32_t multiple) {
    return value / multiple * multiple;
}
std::uint32_t up(std::uint32_t value, std::uint32_t multiple) {
    return down(value + multiple - 1, multiple);
}

// ---- sizes ----

/// A length before the Bayer scaler that makes @p bds at @p factor (in 32nds), a multiple of @p
/// multiple.
std::uint32_t before_scaling(Random& random, std::uint32_t bds, std::uint32_t factor,
                             std::uint32_t multiple) {
    const auto least = up((bds * factor + bds_steps - 1) / bds_steps, multiple);
    const auto most = (bds * (factor + 1) - 1) / bds_steps;
    return random.chance(70) || most < least ? least : down(random.between(least, most), multiple);
}

std::uint32_t factor(Random& random) {
    switch (random.below(5)) {
    case 0:
        return bds_steps;
    case 1:
        return bds_steps + random.pick({32, 64, 96, 1, 31, 33, 63, 65, 95});
    default:
        return bds_steps + random.below(bds_factors);
    }
}

/// Viewfinder sizes for each way of scaling, all about as likely.
Size viewfinder(Random& random, Size gdc) {
    const auto part = [&](std::uint32_t length, std::uint32_t low, std::uint32_t high) {
        return std::max(32U, down(random.between(length * low / 64, length * high / 64), 2));
    };
    const auto shaped_like = [&](std::uint32_t width) {
        auto height = down(gdc.height * width / gdc.width, 2);
        if (random.chance(40)) {
            height = down(random.between(32, gdc.height), 2);
        }
        return Size{std::min(width, gdc.width), std::clamp(height, 32U, down(gdc.height, 2))};
    };
    switch (random.below(6)) {
    case 0:
        return gdc;
    case 1:
        return {gdc.width, down(random.between(32, gdc.height), 2)};
    case 2:
        return shaped_like(part(gdc.width, 56, 64));
    case 3:
        return shaped_like(part(gdc.width, 32, 56));
    case 4:
        return shaped_like(part(gdc.width, 8, 32));
    default:
        return shaped_like(std::max(32U, down(gdc.width * random.pick({1, 2, 3, 4, 7, 8}) / 8, 2)));
    }
}

Choice obeying(Random& random, bool edge) {
    Choice choice;
    const auto scale = factor(random);
    const Size most{std::min(largest.width * bds_steps / scale, largest.width),
                    std::min(largest.height * bds_steps / scale, largest.height)};
    const auto small = random.chance(50);
    choice.bds.width =
        down(random.between(64, small ? std::min(most.width, 1400U) : most.width), 4);
    choice.bds.height = random.between(134, small ? std::min(most.height, 1100U) : most.height);
    if (random.chance(80)) {
        choice.bds.height = down(choice.bds.height, 2);
    }
    if (edge) {
        // Around the unit of 128 pixels that stripes overlap by, and that of blocks.
        const auto unit = random.pick({128, 256, 64});
        const auto middle = up(choice.bds.width, unit);
        choice.bds.width =
            std::clamp(middle + 4 * random.between(0, 8) - 16, 64U, down(most.width, 4));
        choice.bds.height =
            std::clamp(up(choice.bds.height, 32) + random.between(0, 8) - 4, 134U, most.height);
    }
    if (random.chance(1)) { // where the default grids do not fit
        choice.bds.height = random.between(64, 133);
    }
    choice.crop = {before_scaling(random, choice.bds.width, scale, 2),
                   before_scaling(random, choice.bds.height, scale, random.chance(80) ? 2 : 1)};
    choice.crop = {std::min(choice.crop.width, largest.width),
                   std::min(choice.crop.height, largest.height)};
    const auto room = [&](std::uint32_t length, std::uint32_t most_length) {
        const auto most_more = most_length - std::min(length, most_length);
        std::uint32_t more = 0;
        if (!random.chance(30)) {
            more = random.between(0, random.chance(50) ? std::min(most_more, 40U) : most_more);
        }
        return std::min(up(length + more, 2), most_length);
    };
    choice.in = {room(choice.crop.width, largest.width), room(choice.crop.height, largest.height)};
    choice.bayer = random.below(4);
    const auto inner = [&](std::uint32_t length, std::uint32_t multiple) {
        const auto filter = random.chance(80) ? 8U : random.below(8);
        const auto top = std::max(length - std::min(filter, length), 32U);
        const auto low = random.chance(60) ? top * 3 / 4 : 32U;
        const auto made = random.chance(30) ? top : random.between(low, top);
        return std::max(down(made, multiple), 32U);
    };
    choice.gdc = {inner(choice.bds.width, 8), inner(choice.bds.height, 4)};
    choice.out = choice.gdc;
    if (random.chance(50)) {
        choice.out = {std::max(down(random.between(32, choice.gdc.width), 8), 32U),
                      std::max(down(random.between(32, choice.gdc.height), 4), 32U)};
    }
    choice.vf = viewfinder(random, choice.gdc);
    return choice;
}

/// Libcamera's choices for all modes and streams, once.
const std::vector<Choice>& from_libcamera() {
    static const auto all = [] {
        std::vector<Choice> choices;
        for (const auto& mode : sensor_modes()) {
            for (const auto& streams : streams_of(mode.size)) {
                const auto considered =
                    libcamera_choices(mode.size, streams.main, streams.viewfinder);
                if (!considered.empty()) {
                    choices.push_back(libcamera_choice(considered));
                    choices.back().bayer = mode.bayer;
                    choices.push_back(considered[considered.size() / 2]);
                    choices.back().bayer = mode.bayer;
                }
            }
        }
        return choices;
    }();
    return all;
}

void break_a_rule(Random& random, Choice& choice) {
    switch (random.below(12)) {
    case 0:
        choice.crop.width = choice.in.width + 2 * random.between(1, 400);
        break;
    case 1:
        choice.crop.height = choice.in.height + random.between(1, 400);
        break;
    case 2:
        choice.gdc.width = up(choice.bds.width + 8 * random.between(1, 100), 8);
        break;
    case 3:
        choice.gdc.height = up(choice.bds.height + 4 * random.between(1, 100), 4);
        break;
    case 4:
        choice.vf.width = choice.gdc.width + 2 * random.between(1, 500);
        break;
    case 5:
        choice.vf.height = choice.gdc.height + 2 * random.between(1, 500);
        break;
    case 6:
        choice.out.width = choice.gdc.width + 8 * random.between(1, 50);
        break;
    case 7:
        choice.bds.height = random.between(32, 133);
        choice.crop.height = choice.bds.height * 2;
        choice.gdc.height = std::min(choice.gdc.height, down(choice.bds.height, 4));
        choice.out.height = std::min(choice.out.height, choice.gdc.height);
        choice.vf.height = std::min(choice.vf.height, choice.gdc.height);
        break;
    case 8:
        choice.bds.width = down(choice.bds.width * 2, 4);
        break;
    case 9:
        choice.bds.height = choice.bds.height * random.between(2, 12) / 2;
        break;
    case 10:
        choice.gdc = {choice.gdc.width + 2 * random.below(4), choice.gdc.height + random.below(4)};
        break;
    default:
        // What the subdevice's pads take.
        choice.crop = {random.between(32, 5120), random.between(32, 38404)};
        choice.bds = {random.between(32, 5120), random.between(32, 38404)};
        break;
    }
}

// ---- settings ----

/// A grid's description in the interface.
struct Grid {
    std::uint32_t most_width, most_height;
    std::uint32_t least_log2, most_log2;
    std::uint32_t delay; ///< lines that must be left below
};
constexpr Grid awb{80, 60, 3, 6, 0};
constexpr Grid af{32, 24, 3, 6, 4};
constexpr Grid awb_fr{32, 24, 3, 6, 4};
constexpr Grid ae{32, 24, 3, 7, 0};

struct Cells {
    std::uint32_t width, height, width_log2, height_log2, x_start, y_start;
};

/// One direction: a start, and cells that fit behind it.
void along(Random& random, std::uint32_t length, std::uint32_t most, std::uint32_t least_log2,
           std::uint32_t most_log2, std::uint32_t& start, std::uint32_t& cells,
           std::uint32_t& log2) {
    log2 = random.between(least_log2, most_log2);
    while (log2 > least_log2 && (length >> log2) == 0) {
        --log2;
    }
    const auto room = std::max(length >> log2, 1U);
    switch (random.below(4)) {
    case 0: // as much as there is
        cells = std::min(room, most);
        break;
    case 1:
        cells = random.between(1, std::min(room, most));
        break;
    default: // what the interface gives as least, where it fits
        cells = std::min(room, random.between(16, most));
        break;
    }
    const auto rest = length - std::min(cells << log2, length);
    switch (random.below(4)) {
    case 0:
        start = 0;
        break;
    case 1:
        start = down(rest / 2, 2);
        break;
    case 2:
        start = rest;
        break;
    default:
        start = random.between(0, rest);
        break;
    }
    start = std::min(start, 4095U);
}

Cells legal(Random& random, const Grid& grid, const reference_pipe& pipe) {
    Cells cells{};
    const auto lines = pipe.bds.height - std::min(grid.delay, pipe.bds.height);
    along(random, pipe.bds.width, grid.most_width, grid.least_log2, grid.most_log2, cells.x_start,
          cells.width, cells.width_log2);
    along(random, lines, grid.most_height, grid.least_log2, grid.most_log2, cells.y_start,
          cells.height, cells.height_log2);
    // The widest rows make slices of a row each, and there are lists of thirty of them.
    return cells;
}

void spoil(Random& random, Cells& cells) {
    switch (random.below(8)) {
    case 0:
        cells.width = 0;
        break;
    case 1:
        cells.height = 0;
        break;
    case 2:
        cells.width = random.between(33, 255);
        break;
    case 3:
        cells.height = random.between(25, 255);
        break;
    case 4:
        cells.y_start = random.between(0, 65535);
        break;
    case 5:
        cells.x_start = random.between(0, 65535);
        break;
    case 6:
        cells.width_log2 = random.below(8);
        break;
    default:
        cells.height_log2 = random.below(8);
        break;
    }
}

template <class Config>
void put(Config& config, const Cells& cells, std::uint32_t y_flag, Random& random) {
    config.width = static_cast<std::uint8_t>(cells.width);
    config.height = static_cast<std::uint8_t>(cells.height);
    config.block_width_log2 = cells.width_log2 & 7U;
    config.block_height_log2 = cells.height_log2 & 7U;
    config.x_start = static_cast<std::uint16_t>(cells.x_start);
    config.y_start = static_cast<std::uint16_t>(cells.y_start | y_flag);
    config.x_end = static_cast<std::uint16_t>(random.next());
    config.y_end = static_cast<std::uint16_t>(random.next());
}

Cells cells_for(Random& random, const Grid& grid, const reference_pipe& pipe, bool wrong) {
    auto cells = legal(random, grid, pipe);
    if (wrong) {
        spoil(random, cells);
    }
    return cells;
}

void put_shading(Random& random, ipu3_uapi_shd_config& shading, const reference_pipe& pipe,
                 bool wrong) {
    constexpr std::uint32_t cells_of_a_set = 146;
    constexpr std::uint32_t sets = 28;
    auto& grid = shading.shd.grid;
    // Slices that are high enough for the frame to need no more sets than there are.
    std::uint32_t width = 0;
    std::uint32_t log2 = 0;
    const auto are_too_low = [&] {
        return pipe.bds.height / ((cells_of_a_set / width) << log2) + 2 > sets;
    };
    while (width == 0 || (!wrong && pipe.bds.height < 8000 && are_too_low())) {
        width = random.between(1, random.chance(70) ? 73 : cells_of_a_set);
        log2 = random.between(3, 7);
    }
    grid.width = static_cast<std::uint8_t>(width);
    grid.height = static_cast<std::uint8_t>(random.between(1, 255));
    grid.block_width_log2 = random.between(3, 7) & 7U;
    grid.block_height_log2 = log2 & 7U;
    const auto start = [&] {
        return static_cast<std::int16_t>(
            random.chance(40) ? 0 : -static_cast<int>(random.between(0, 4096)));
    };
    grid.x_start = start();
    grid.y_start = start();
    if (wrong) {
        switch (random.below(5)) {
        case 0:
            grid.width = static_cast<std::uint8_t>(random.pick({0, 147, 255}));
            break;
        case 1:
            grid.y_start = static_cast<std::int16_t>(random.next());
            break;
        case 2:
            grid.x_start = static_cast<std::int16_t>(random.next());
            break;
        default:
            grid.block_height_log2 = random.below(3) & 7U;
            break;
        }
    }
}

void set_flag(ipu3_uapi_params& params, const Flag& flag) {
    auto* const words = reinterpret_cast<std::uint32_t*>(&params.use);
    words[flag.word] |= 1U << flag.bit;
}

void choose_flags(Random& random, ipu3_uapi_params& params) {
    const auto style = random.below(10);
    for (const auto& flag : flags) {
        if (style == 0 || (style < 6 && random.chance(40)) || (style < 9 && random.chance(12))) {
            set_flag(params, flag);
        }
    }
    if (style == 9) {
        set_flag(params, flags[random.below(static_cast<std::uint32_t>(flags.size()))]);
    }
    if (random.chance(1)) {
        set_flag(params, flag_dpc);
    }
    if (random.chance(10)) { // which nobody obeys
        params.use.gdc = random.below(2) & 1U;
        params.use.obgrid = random.below(2) & 1U;
        params.use.acc_ytm = random.below(2) & 1U;
        params.use.acc_bds = random.below(2) & 1U;
        params.use.reserved5 = random.below(1U << 25U) & 0x1ffffffU;
    }
}

void make_params(Random& random, reference_set& set, const reference_pipe& pipe) {
    auto& params = *reinterpret_cast<ipu3_uapi_params*>(set.params);
    switch (random.below(8)) {
    case 0:
        std::memset(set.params, 0, sizeof(set.params));
        break;
    case 1:
        std::memset(set.params, 0xff, sizeof(set.params));
        break;
    default:
        random.fill(set.params);
        break;
    }
    std::memset(&params.use, 0, sizeof(params.use));
    choose_flags(random, params);
    if (!random.chance(10)) {
        clear_reserved(params);
    }
    const auto wrong = [&] { return random.chance(1); };
    const auto flag = [&] { return random.chance(80) ? IPU3_UAPI_GRID_Y_START_EN : 0U; };
    auto& acc = params.acc_param;
    put(acc.awb.config.grid, cells_for(random, awb, pipe, wrong()), 0, random);
    // One number after the other: the order of a call's arguments is the compiler's choice.
    const auto of_af = cells_for(random, af, pipe, wrong());
    put(acc.af.grid_cfg, of_af, flag(), random);
    const auto of_awb_fr = cells_for(random, awb_fr, pipe, wrong());
    put(acc.awb_fr.grid_cfg, of_awb_fr, flag(), random);
    put(acc.ae.grid_cfg, cells_for(random, ae, pipe, wrong()), 0, random);
    put_shading(random, acc.shd, pipe, wrong());
    if (random.chance(50)) { // both sides of where the reset is clamped
        // Signed fields of 13 bits, in words of 16.
        const auto reset = [&](std::size_t at) {
            const auto value = static_cast<std::uint16_t>(random.below(1U << 13U));
            std::memcpy(reinterpret_cast<std::uint8_t*>(&params) + at, &value, sizeof(value));
        };
        constexpr auto x_reset = offsetof(ipu3_uapi_params, acc_param.anr.transform.sqrt_lut) +
                                 std::size_t{2} * IPU3_UAPI_ANR_LUT_SIZE;
        reset(x_reset);
        reset(x_reset + 2);
    }
}

std::string shape(const reference_size& size) {
    return fmt::format("{}x{}", size.width, size.height);
}

} // namespace

Scaling scaling_of(const reference_pipe& pipe) {
    const std::uint64_t in_width = pipe.gdc.width;
    const std::uint64_t in_height = pipe.gdc.height;
    std::uint64_t target = pipe.vf.width;
    if (in_height != 0 && pipe.vf.height * in_width > target * in_height) {
        target = (pipe.vf.height * in_width + in_height - 1) / in_height;
    }
    if (pipe.vf.width == in_width && pipe.vf.height == in_height) {
        return Scaling::none;
    }
    if (target == in_width) {
        return Scaling::crop;
    }
    if (target > in_width * 7 / 8) {
        return Scaling::above_7_8;
    }
    return target < in_width / 2 ? Scaling::below_1_2 : Scaling::above_1_2;
}

bool uses(const reference_set& set, const Flag& flag) {
    std::uint32_t word = 0;
    std::memcpy(&word, set.params + std::size_t{4} * flag.word, sizeof(word));
    return set.given != 0 && ((word >> flag.bit) & 1U) != 0;
}

namespace {

reference_pipe make_pipe(Random& random, Origin& origin) {
    const auto kind = random.below(100);
    origin = Origin::illegal;
    if (kind < 30) {
        origin = Origin::libcamera;
    } else if (kind < 66) {
        origin = Origin::random;
    } else if (kind < 97) {
        origin = Origin::edge;
    }
    const Program program{.video = !random.chance(15), .stripes = random.chance(85) ? 2U : 1U};
    Choice choice;
    if (origin == Origin::libcamera) {
        const auto& choices = from_libcamera();
        choice = choices[random.below(static_cast<std::uint32_t>(choices.size()))];
    } else {
        choice = obeying(random, origin == Origin::edge);
        if (origin == Origin::illegal) {
            break_a_rule(random, choice);
        }
    }
    return origin == Origin::illegal ? unshaped(choice, program) : shaped(choice, program);
}

} // namespace

reference_pipe make_pipe(std::uint64_t seed, std::uint64_t number) {
    Random random{seed, number};
    Origin origin{};
    return make_pipe(random, origin);
}

Case make_case(std::uint64_t seed, std::uint64_t number, reference_exchange& exchange) {
    Random random{seed, number};
    Case made{.seed = seed, .number = number};
    exchange.pipe = make_pipe(random, made.origin);
    exchange.want_warp =
        exchange.pipe.gdc.width <= 4480 && exchange.pipe.gdc.height <= 3264 ? 1 : 0;
    exchange.sets = random.chance(55) ? random.between(2, REFERENCE_SETS) : 1;
    for (std::uint32_t i = 0; i < exchange.sets; ++i) {
        auto& set = exchange.set[i];
        // What the driver makes itself of a stream's start.
        set.given = i == 0 && random.chance(exchange.sets == 1 ? 5 : 50) ? 0 : 1;
        if (set.given != 0) {
            make_params(random, set, exchange.pipe);
        }
    }
    return made;
}

std::string describe(const Case& made, const reference_exchange& exchange) {
    const auto& pipe = exchange.pipe;
    auto text =
        fmt::format("case {} of seed {} ({}): in {} order {} crop {} bds {} envelope {} gdc {} out "
                    "{} vf {} ref {}, {} stripes, {}\n",
                    made.number, made.seed, origin_names[static_cast<std::size_t>(made.origin)],
                    shape(pipe.in), pipe.bayer, shape(pipe.crop), shape(pipe.bds),
                    shape(pipe.envelope), shape(pipe.gdc), shape(pipe.out), shape(pipe.vf),
                    shape(pipe.ref), pipe.stripes, pipe.video != 0 ? "video" : "still");
    const auto out = std::back_inserter(text);
    for (std::uint32_t i = 0; i < exchange.sets; ++i) {
        const auto& set = exchange.set[i];
        fmt::format_to(out, "  set {}:", i);
        if (set.given == 0) {
            fmt::format_to(out, " the driver's own\n");
            continue;
        }
        for (const auto& flag : flags) {
            if (uses(set, flag)) {
                fmt::format_to(out, " {}", flag.name);
            }
        }
        if (uses(set, flag_dpc)) {
            fmt::format_to(out, " {}", flag_dpc.name);
        }
        fmt::format_to(out, "\n");
        const auto& acc = reinterpret_cast<const ipu3_uapi_params*>(set.params)->acc_param;
        const auto grid = [&](std::string_view name, const auto& config) {
            fmt::format_to(out, "    {} {}x{} cells of 2^{} by 2^{} from {}, {:#x}\n", name,
                           static_cast<unsigned>(config.width),
                           static_cast<unsigned>(config.height),
                           static_cast<unsigned>(config.block_width_log2),
                           static_cast<unsigned>(config.block_height_log2),
                           static_cast<int>(config.x_start), static_cast<int>(config.y_start));
        };
        grid("awb", acc.awb.config.grid);
        grid("af", acc.af.grid_cfg);
        grid("awb_fr", acc.awb_fr.grid_cfg);
        grid("ae", acc.ae.grid_cfg);
        grid("shd", acc.shd.shd.grid);
    }
    return text;
}

} // namespace differential
