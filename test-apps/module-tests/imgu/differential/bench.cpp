// SPDX-License-Identifier: GPL-2.0-or-later
// imgu-params-bench: what parameter sets cost the module and the kernel's own driver, whose code is
// in this program, too, compiled with the same options.
#include "ours.h"
#include "pipes.hpp"
#include "uapi.hpp"

#include <array>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace differential;

struct Free {
    void operator()(ours* object) const { ours_free(object); }
};

struct Acc {
    alignas(64) std::array<std::uint8_t, REFERENCE_ACC_BYTES> bytes;
};

reference_pipe laptop() {
    return shaped(libcamera_choice(libcamera_choices({2592, 1944}, {1280, 720}, {})), {});
}

/// Sets that differ in white balance alone, one after the other; with everything in the first.
std::unique_ptr<reference_set> a_set(bool everything, std::uint16_t gain) {
    auto set = std::make_unique<reference_set>();
    std::memset(set.get(), 0, sizeof(*set));
    set->given = 1;
    auto& params = *reinterpret_cast<ipu3_uapi_params*>(set->params);
    params.acc_param.bnr.wb_gains = {gain, gain, gain, gain};
    params.use.acc_bnr = 1;
    if (everything) {
        auto& acc = params.acc_param;
        acc.shd.shd.grid.width = 40;
        acc.shd.shd.grid.height = 30;
        acc.shd.shd.grid.block_width_log2 = 5;
        acc.shd.shd.grid.block_height_log2 = 5;
        const auto grid = [](auto& config, unsigned log2) {
            config.width = 16;
            config.height = 16;
            config.block_width_log2 = log2 & 7U;
            config.block_height_log2 = log2 & 7U;
        };
        grid(acc.awb.config.grid, 5);
        grid(acc.awb_fr.grid_cfg, 4);
        grid(acc.af.grid_cfg, 4);
        grid(acc.ae.grid_cfg, 5);
        // All sections of the accelerators but that for defects, which is refused.
        auto* const words = reinterpret_cast<std::uint32_t*>(&params.use);
        words[1] = 0x03ffffffU & ~(1U << 19U);
    }
    return set;
}

/// A block is written anew while the device has the one before it: two, in turn.
void theirs(benchmark::State& state, bool everything) {
    const auto pipe = laptop();
    const std::array blocks{std::make_unique<Acc>(), std::make_unique<Acc>()};
    const std::array sets{a_set(everything, 1), a_set(everything, 2)};
    if (reference_acc(&pipe, sets[0].get(), blocks[0]->bytes.data(), nullptr) != 0) {
        throw std::runtime_error{"the kernel's own driver refuses the set"};
    }
    unsigned turn = 0;
    for (auto _ : state) {
        const auto from = turn++ % 2;
        benchmark::DoNotOptimize(reference_acc(&pipe, sets[1 - from].get(),
                                               blocks[1 - from]->bytes.data(),
                                               blocks[from]->bytes.data()));
        benchmark::ClobberMemory();
    }
}

void mine(benchmark::State& state, bool everything) {
    const auto pipe = laptop();
    const std::unique_ptr<ours, Free> subject{ours_new()};
    const std::array sets{a_set(everything, 1), a_set(everything, 2)};
    ours_result result{};
    if (ours_begin(subject.get(), &pipe) != 0) {
        throw std::runtime_error{"the module refuses the sizes"};
    }
    for (const auto& set : sets) {
        ours_acc(subject.get(), set.get(), &result);
        if (result.reason != 0) {
            throw std::runtime_error{ours_reason_text(result.reason)};
        }
    }
    unsigned turn = 0;
    for (auto _ : state) {
        ours_acc(subject.get(), sets[turn++ % 2].get(), &result);
        benchmark::ClobberMemory();
    }
}

/// A stream's first block: all sizes, and the defaults.
void their_sizes(benchmark::State& state) {
    const auto pipe = laptop();
    const auto block = std::make_unique<Acc>();
    const auto set = std::make_unique<reference_set>();
    for (auto _ : state) {
        benchmark::DoNotOptimize(reference_acc(&pipe, set.get(), block->bytes.data(), nullptr));
        benchmark::ClobberMemory();
    }
}

void my_sizes(benchmark::State& state) {
    const auto pipe = laptop();
    const std::unique_ptr<ours, Free> subject{ours_new()};
    const auto set = std::make_unique<reference_set>();
    ours_result result{};
    for (auto _ : state) {
        benchmark::DoNotOptimize(ours_begin(subject.get(), &pipe));
        ours_acc(subject.get(), set.get(), &result);
        benchmark::ClobberMemory();
    }
}

struct Row {
    std::string_view name;
    double aim;
};
constexpr std::array rows{Row{"full set", 0.5}, Row{"white balance only", 0.05}, Row{"sizes", 1.0}};

/// Prints as usual, and keeps the least time of each benchmark.
class Reporter : public benchmark::ConsoleReporter {
  public:
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const auto& run : runs) {
            if (run.run_type == Run::RT_Iteration) {
                const auto name = run.run_name.function_name;
                const auto time = run.GetAdjustedCPUTime();
                const auto [at, fresh] = least_.try_emplace(name, time);
                at->second = fresh ? time : std::min(at->second, time);
            }
        }
        ConsoleReporter::ReportRuns(runs);
    }
    [[nodiscard]] double least(const std::string& name) const { return least_.at(name); }

  private:
    std::map<std::string, double> least_;
};

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    const auto add = [](const char* name, auto... call) {
        benchmark::RegisterBenchmark(name, call...)->Repetitions(5)->ReportAggregatesOnly(false);
    };
    add("full set, theirs", theirs, true);
    add("full set, ours", mine, true);
    add("white balance only, theirs", theirs, false);
    add("white balance only, ours", mine, false);
    add("sizes, theirs", their_sizes);
    add("sizes, ours", my_sizes);
    Reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    fmt::print("\n{:<20} {:>11} {:>11} {:>7} {:>6}\n", "least of five", "theirs, ns", "ours, ns",
               "ratio", "aim");
    for (const auto& row : rows) {
        const auto their = reporter.least(fmt::format("{}, theirs", row.name));
        const auto my = reporter.least(fmt::format("{}, ours", row.name));
        fmt::print("{:<20} {:>11.0f} {:>11.0f} {:>7.3f} {:>6}\n", row.name, their, my, my / their,
                   row.aim);
    }
    return 0;
}
