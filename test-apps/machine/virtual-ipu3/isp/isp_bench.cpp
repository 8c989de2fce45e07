// SPDX-License-Identifier: GPL-2.0-or-later
// Time per stage of the image processor, at the sizes that libcamera chooses with an ov5693. The
// first row of each, a copy of the sensor's packed bytes, is what the others are compared with.
#include "machine/virtual-ipu3/isp/bayer_frame.hpp"
#include "machine/virtual-ipu3/isp/develop.hpp"
#include "machine/virtual-ipu3/isp/focus.hpp"
#include "machine/virtual-ipu3/isp/output.hpp"
#include "machine/virtual-ipu3/isp/statistics.hpp"

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace ipu3::isp;

struct Sizes {
    const char* name{nullptr};
    Size frame;
    Size bds;
    Size picture;
    Grid awb;
    Grid af;
};

constexpr std::array all_sizes{
    Sizes{.name = "640x480",
          .frame = {1296, 972},
          .bds = {768, 576},
          .picture = {640, 480},
          .awb = {.width = 24, .height = 18, .block_width_log2 = 5, .block_height_log2 = 5},
          .af = {.width = 16, .height = 16, .block_width_log2 = 5, .block_height_log2 = 5}},
    Sizes{.name = "1280x720",
          .frame = {2592, 1464},
          .bds = {1296, 732},
          .picture = {1280, 720},
          .awb = {.width = 40, .height = 22, .block_width_log2 = 5, .block_height_log2 = 5},
          .af = {.width = 16, .height = 16, .block_width_log2 = 5, .block_height_log2 = 5}},
};

Parameters parameters(const Sizes& sizes) {
    Parameters made;
    made.effective = sizes.frame;
    made.bds = sizes.bds;
    made.gdc = sizes.picture;
    made.black = {.gr = 64, .r = 64, .b = 64, .gb = 64};
    made.gain = {.gr = 0, .r = 4000, .b = 6000, .gb = 0};
    for (std::size_t i = 0; i < 3; ++i) {
        made.ccm.row.at(i).at(i) = 8192;
    }
    made.csc.row = {{{4898, 9617, 1867}, {-2410, -4732, 7143}, {10076, -8437, -1638}}};
    made.gamma.emplace();
    for (std::size_t i = 0; i < made.gamma->size(); ++i) {
        made.gamma->at(i) = static_cast<std::uint16_t>(32 * (i + 1) - 1);
    }
    made.awb_threshold = {.gr = 8191, .r = 8191, .b = 8191, .gb = 8191};
    made.awb = sizes.awb;
    made.af = sizes.af;
    // With a tap everywhere.
    made.af_filters.rates = {.gr = 8, .r = 8, .b = 8, .gb = 8};
    for (auto* const filter : {&made.af_filters.coarse, &made.af_filters.fine}) {
        filter->shift = 7;
        for (auto& row : filter->taps) {
            row.fill(3);
        }
    }
    made.out = Output{.size = sizes.picture, .stride = sizes.picture.width};
    made.viewfinder = Output{.size = {sizes.picture.width / 2, sizes.picture.height / 2},
                             .stride = sizes.picture.width / 2,
                             .step = 4096};
    return made;
}

/// Noise in the sensor's format, and each stage's result, the next one's input.
struct Frames {
    explicit Frames(const Sizes& sizes)
        : set{parameters(sizes)}, row_bytes{packed_bytes(set.effective.width)},
          packed(row_bytes * set.effective.height), raw{set.effective} {
        std::mt19937 random{1};
        for (auto& byte : packed) {
            byte = static_cast<std::byte>(random());
        }
        unpack();
        darken();
        scaled = scale_bayer(light, set.bds);
        developed = develop(scaled, set);
    }
    void unpack() {
        for (std::size_t y = 0; y < set.effective.height; ++y) {
            unpack_row(std::span{packed}.subspan(y * row_bytes, row_bytes), 0, raw.row(y));
        }
    }
    void darken() {
        light = raw;
        subtract_black(light, set.black);
    }

    Parameters set;
    std::size_t row_bytes;
    std::vector<std::byte> packed;
    BayerFrame raw;
    BayerFrame light{Size{}};
    BayerFrame scaled{Size{}};
    YuvFrame developed{Size{}};
};

void declare(const Sizes& sizes) {
    const auto frames = std::make_shared<Frames>(sizes);
    const auto stage = [&](const char* name, const std::function<void(Frames&)>& work) {
        benchmark::RegisterBenchmark(fmt::format("{}/{}", sizes.name, name),
                                     [frames, work](benchmark::State& state) {
                                         for (auto _ : state) {
                                             work(*frames);
                                             benchmark::ClobberMemory();
                                         }
                                     })
            ->Unit(benchmark::kMillisecond);
    };
    stage("copy of the packed frame", [](Frames& f) {
        auto copy = f.packed;
        benchmark::DoNotOptimize(copy.data());
    });
    stage("unpack", [](Frames& f) { f.unpack(); });
    stage("black level", [](Frames& f) {
        // On what is black after a while: the time does not depend on the values.
        subtract_black(f.light, f.set.black);
    });
    stage("Bayer scaler",
          [](Frames& f) { benchmark::DoNotOptimize(scale_bayer(f.light, f.set.bds)); });
    stage("AWB grid", [](Frames& f) {
        benchmark::DoNotOptimize(count_awb(f.scaled, f.set.awb, f.set.awb_threshold, false));
    });
    stage("AF grid", [](Frames& f) {
        benchmark::DoNotOptimize(count_af(f.scaled, f.set.af, f.set.af_filters));
    });
    stage("demosaic to YUV", [](Frames& f) { benchmark::DoNotOptimize(develop(f.scaled, f.set)); });
    stage("crop and output", [](Frames& f) {
        const auto picture = crop_centre(f.developed, f.set.gdc);
        benchmark::DoNotOptimize(make_nv12(picture, *f.set.out));
    });
    stage("viewfinder",
          [](Frames& f) { benchmark::DoNotOptimize(make_nv12(f.developed, *f.set.viewfinder)); });
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    for (const auto& sizes : all_sizes) {
        declare(sizes);
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
