// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-cells/choose.hpp"

#include "module-tests/imgu-cells/factors.hpp"
#include "module-tests/imgu/differential/differ.hpp"
#include "module-tests/imgu/differential/libcamera_params.hpp"
#include "module-tests/imgu/differential/random.hpp"
#include "module-tests/imgu/differential/reserved.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <linux/videodev2.h>
#include <optional>
#include <stdexcept>
#include <utility>

namespace imgu_cells {

namespace {

using differential::Choice;
using differential::Random;

enum class Settings : std::uint8_t { none, libcamera, random };
constexpr std::array settings_names{"none", "libcamera", "random"};
/// Of which pipes a cell is, by number.
constexpr std::array pipes_names{"0", "1", "both"};
constexpr std::size_t both_pipes = 2;

constexpr differential::Size largest{4224, 3136};
constexpr std::uint32_t bds_steps = 32;
/// Larger frames than these take seconds each: of them, the largest alone.
constexpr std::uint64_t usual_pixels = 6'000'000;

struct Bayer {
    std::string_view name;
    std::uint32_t fourcc;
};
/// As the firmware numbers them.
constexpr std::array bayers{
    Bayer{"GRBG", v4l2_fourcc('i', 'p', '3', 'G')},
    Bayer{"RGGB", v4l2_fourcc('i', 'p', '3', 'r')},
    Bayer{"BGGR", v4l2_fourcc('i', 'p', '3', 'b')},
    Bayer{"GBRG", v4l2_fourcc('i', 'p', '3', 'g')},
};

template <typename Names>
std::vector<std::string> strings(const Names& names) {
    return {names.begin(), names.end()};
}

std::vector<Factor> factors() {
    std::vector<std::string> orders;
    std::ranges::transform(bayers, std::back_inserter(orders),
                           [](const auto& bayer) { return std::string{bayer.name}; });
    return {
        {.name = "order", .values = orders},
        {.name = "mode", .values = {"video", "still"}},
        {.name = "bayer-scaler", .values = {"1", "to-2", "2", "above-2"}},
        {.name = "viewfinder", .values = strings(differential::scaling_names)},
        {.name = "sizes", .values = {"even", "odd", "largest"}},
        {.name = "parameters", .values = strings(settings_names)},
        {.name = "pipes", .values = strings(pipes_names)},
    };
}

std::size_t bayer_scaling(const reference_pipe& pipe) {
    const auto factor = pipe.crop.width * bds_steps / pipe.bds.width;
    if (factor <= bds_steps) {
        return 0;
    }
    return factor < 2 * bds_steps ? 1 : factor == 2 * bds_steps ? 2 : 3;
}

std::size_t sizes(const reference_pipe& pipe) {
    if (pipe.in.width == largest.width && pipe.in.height == largest.height) {
        return 2;
    }
    return pipe.crop.height % 2 != 0 || pipe.bds.height % 2 != 0 || pipe.crop.width % 4 != 0 ? 1
                                                                                             : 0;
}

differential::Size of(const reference_size& size) {
    return {size.width, size.height};
}

Size plain(const reference_size& size) {
    return {.width = size.width, .height = size.height};
}

/// All of the largest frame.
Choice largest_choice(Random& random) {
    const auto factor = random.pick({32, 48, 64, 80});
    Choice choice;
    choice.in = choice.crop = largest;
    choice.bds = {largest.width * bds_steps / factor / 4 * 4,
                  largest.height * bds_steps / factor / 2 * 2};
    choice.gdc = {(choice.bds.width - 8) / 8 * 8, (choice.bds.height - 8) / 4 * 4};
    choice.out = choice.gdc;
    // One of each way of scaling.
    constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 5> sixteenths{
        {{16, 16}, {16, 9}, {15, 15}, {10, 10}, {4, 4}}};
    const auto [across, down] = sixteenths.at(random.below(sixteenths.size()));
    choice.vf = {choice.gdc.width * across / 16 / 2 * 2, choice.gdc.height * down / 16 / 2 * 2};
    return choice;
}

class Chooser {
  public:
    explicit Chooser(const Choosing& choosing)
        : choosing_{choosing}, differ_{choosing.reference, choosing.differences, ours_} {}

    /// Candidate @p number, or nothing: the drivers do not take it, or say different things of it.
    std::optional<Cell> candidate(std::uint64_t number, std::vector<Pairs::Values>& values);

  private:
    void give(Random& random, Settings settings, reference_exchange& exchange);
    [[nodiscard]] bool is_plain(const differential::Case& made);
    std::optional<CellPipe> pipe(Random& random, std::uint64_t number, Settings settings);

    Choosing choosing_;
    differential::Ours ours_;
    differential::Differ differ_;
};

/// Sets behind the one that the driver makes when the stream starts.
void Chooser::give(Random& random, Settings settings, reference_exchange& exchange) {
    auto& sets = exchange.set;
    const auto made = exchange.sets;
    if (made == 1) {
        sets[1] = sets[0];
    }
    exchange.sets = settings == Settings::none ? 1 : std::max(made, 2U);
    sets[0].given = 0;
    for (std::uint32_t i = 1; i < exchange.sets; ++i) {
        auto& params = *reinterpret_cast<ipu3_uapi_params*>(sets[i].params);
        sets[i].given = 1;
        if (settings == Settings::libcamera) {
            differential::fill_as_libcamera(params, of(exchange.pipe.bds));
            // White balance moves from frame to frame.
            params.acc_param.bnr.wb_gains.r = static_cast<std::uint16_t>(random.between(0, 16383));
            params.acc_param.bnr.wb_gains.b = static_cast<std::uint16_t>(random.between(0, 16383));
        }
        differential::clear_reserved(params);
    }
}

/// Taken by both, and without a difference that depends on sizes or settings.
bool Chooser::is_plain(const differential::Case& made) {
    constexpr std::array of_every_stream{"column-size", "frame-width"};
    const auto before = differ_.differences().counts();
    const auto accepted = differ_.coverage().accepted;
    if (const auto wrong = differ_.run(made); !wrong.empty()) {
        throw std::runtime_error{wrong + "\n" + describe(made, differ_.exchange())};
    }
    const auto after = differ_.differences().counts();
    return differ_.coverage().accepted > accepted &&
           std::ranges::equal(before, after, [&](const auto& was, const auto& is) {
               return was.second == is.second ||
                      std::ranges::find(of_every_stream, is.first) != of_every_stream.end();
           });
}

std::optional<CellPipe> Chooser::pipe(Random& random, std::uint64_t number, Settings settings) {
    auto& exchange = differ_.exchange();
    auto made = differential::make_case(choosing_.seed, number, exchange);
    const auto& shape = exchange.pipe;
    if (made.origin == differential::Origin::illegal) {
        return std::nullopt;
    }
    Choice choice{.in = of(shape.in),
                  .crop = of(shape.crop),
                  .bds = of(shape.bds),
                  .gdc = of(shape.gdc),
                  .out = of(shape.out),
                  .vf = of(shape.vf),
                  .bayer = random.below(static_cast<std::uint32_t>(bayers.size()))};
    if (random.chance(10)) {
        const auto bayer = choice.bayer;
        choice = largest_choice(random);
        choice.bayer = bayer;
    } else if (std::uint64_t{choice.in.width} * choice.in.height > usual_pixels) {
        return std::nullopt;
    }
    // Its programs all work in two stripes.
    exchange.pipe = differential::shaped(choice, {.video = random.chance(50), .stripes = 2});
    exchange.want_warp = 0;
    give(random, settings, exchange);
    CellPipe cell{.pipe = 0,
                  .video = exchange.pipe.video != 0,
                  .fourcc = bayers.at(exchange.pipe.bayer).fourcc,
                  .in = plain(exchange.pipe.in),
                  .crop = plain(exchange.pipe.crop),
                  .bds = plain(exchange.pipe.bds),
                  .gdc = plain(exchange.pipe.gdc),
                  .out = plain(exchange.pipe.out),
                  .vf = plain(exchange.pipe.vf),
                  .sets = {}};
    for (std::uint32_t i = 1; i < exchange.sets; ++i) {
        const auto& params = exchange.set[i].params;
        cell.sets.emplace_back(std::begin(params), std::end(params));
    }
    return is_plain(made) ? std::optional{cell} : std::nullopt;
}

std::optional<Cell> Chooser::candidate(std::uint64_t number, std::vector<Pairs::Values>& values) {
    Random random{choosing_.seed, number};
    const auto where = random.below(pipes_names.size());
    const auto settings = static_cast<Settings>(random.below(settings_names.size()));
    Cell cell;
    values.clear();
    for (unsigned i = 0; i < (where == both_pipes ? 2U : 1U); ++i) {
        auto found = pipe(random, 2 * number + i, settings);
        if (!found) {
            return std::nullopt;
        }
        found->pipe = where == both_pipes ? i : where;
        const auto& shape = differ_.exchange().pipe;
        values.push_back({shape.bayer, shape.video != 0 ? 0U : 1U, bayer_scaling(shape),
                          static_cast<std::size_t>(differential::scaling_of(shape)), sizes(shape),
                          static_cast<std::size_t>(settings), where});
        cell.pipes.push_back(std::move(*found));
    }
    const auto& first = cell.pipes.front();
    cell.name = fmt::format("{}-pipe-{}-{}-{}x{}-{}", number, pipes_names.at(where),
                            first.video ? "video" : "still", first.in.width, first.in.height,
                            settings_names.at(static_cast<std::size_t>(settings)));
    return cell;
}

} // namespace

Chosen choose(const Choosing& choosing) {
    constexpr std::size_t patience = 20'000;
    Chooser chooser{choosing};
    Pairs pairs{factors()};
    Chosen chosen;
    std::vector<Pairs::Values> values;
    const auto all = [&] { return pairs.unmet().empty(); };
    for (; chosen.candidates < patience && (!all() || chosen.cells.size() < choosing.cells);
         ++chosen.candidates) {
        auto cell = chooser.candidate(chosen.candidates, values);
        if (!cell) {
            continue;
        }
        const auto is_new = [&](const auto& one) { return pairs.unmet(one) != 0; };
        if (all() || std::ranges::any_of(values, is_new)) {
            std::ranges::for_each(values, [&](const auto& one) { pairs.meet(one); });
            chosen.cells.push_back(std::move(*cell));
        }
    }
    chosen.pairs = pairs.met();
    chosen.unmet = pairs.unmet();
    // By their links, which the guest sets once for each kind.
    std::ranges::stable_sort(chosen.cells, {}, [](const Cell& cell) {
        return std::pair{-static_cast<int>(cell.pipes.size()), cell.pipes.front().pipe};
    });
    return chosen;
}

} // namespace imgu_cells
