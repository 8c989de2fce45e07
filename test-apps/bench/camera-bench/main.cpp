// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-camera-bench: what a CIO2 driver costs, counted in the virtual machine. Works with the
// project's driver and with the kernel's own; bench/camera runs it with both.
#include "apps/ipu3-capture/media_device.hpp"
#include "bench/camera-bench/machine_counters.hpp"
#include "bench/camera-bench/measure.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <string>

namespace {

using namespace ipu3;
using camera_bench::Rows;

struct Options {
    std::string function{"0000:00:14.3"};
    std::string sensor;
    std::uint32_t width{0};
    std::uint32_t height{0};
    std::uint32_t frames{100};
    std::int64_t blanking{0};
    bool stream_only{false};
};

void declare(CLI::App& app, Options& options) {
    app.add_option("--function", options.function, "PCI function of the CIO2")
        ->capture_default_str();
    app.add_option("--sensor", options.sensor,
                   "beginning of its entity's name (default: the first)");
    app.add_option("--width", options.width, "pixels")->required();
    app.add_option("--height", options.height, "pixels")->required();
    app.add_option("--frames", options.frames, "of each stream that is measured")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--vertical-blanking", options.blanking,
                   "the sensor's control, in lines, for less frames a second; 0: as it is")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_flag(
        "--stream-only", options.stream_only,
        "stream and do nothing else, so that the device's own counts of two runs differ by "
        "frames only");
}

base::Result<void> print(base::Result<Rows> rows) {
    if (!rows) {
        return tl::unexpected{rows.error()};
    }
    for (const auto& [name, value] : *rows) {
        fmt::print("{}\t{:.6g}\n", name, value);
    }
    return {};
}

base::Result<void> measure(const Options& options) {
    if (auto checked = camera_bench::check_counters(); !checked) {
        return checked;
    }
    const auto device = camera_bench::find_device(options.function);
    if (!device) {
        return tl::unexpected{device.error()};
    }
    if (auto rests = camera_bench::check_rest(*device); !rests) {
        return rests;
    }
    capture::Options wanted;
    wanted.sensor = options.sensor;
    wanted.size = frames::Size{options.width, options.height};
    if (options.blanking != 0) {
        wanted.controls = {{"vertical_blanking", options.blanking}};
    }
    auto pipeline = capture::MediaDevice::open("").and_then([&](const capture::MediaDevice& media) {
        return capture::set_up(media, wanted, [](const std::string&) {});
    });
    if (!pipeline) {
        return tl::unexpected{pipeline.error()};
    }
    if (options.stream_only) {
        return print(camera_bench::measure_stream(*pipeline, *device, options.frames));
    }
    return print(camera_bench::measure_buffers(*pipeline, 4))
        .and_then([&] { return print(camera_bench::measure_buffers(*pipeline, 32)); })
        .and_then(
            [&] { return print(camera_bench::measure_stream(*pipeline, *device, options.frames)); })
        .and_then([&] {
            return print(camera_bench::measure_completion(*pipeline, *device, options.frames));
        })
        .and_then([&] { return print(camera_bench::measure_reading(*pipeline)); });
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app{"Counts what a CIO2 driver costs: a line for each figure, its name and its value. "
                 "Wants a virtual machine of one processor with ipu3-count-plugin.so, and to be a "
                 "real-time task.",
                 "ipu3-camera-bench"};
    declare(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (auto measured = measure(options); !measured) {
        fmt::print(stderr, "ipu3-camera-bench: {}\n", measured.error().message);
        return 1;
    }
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        (void)std::fputs("ipu3-camera-bench: ", stderr);
        (void)std::fputs(error.what(), stderr);
        (void)std::fputs("\n", stderr);
        return 1;
    }
}
