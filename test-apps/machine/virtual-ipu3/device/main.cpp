// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-devices: serves the board's PCI functions to a virtual machine monitor until it is told to
// stop.
#include "lib/base/unique_fd.hpp"
#include "machine/vfio-user/server.hpp"
#include "machine/virtual-ipu3/device/board.hpp"
#include "machine/virtual-ipu3/device/cache_views.hpp"
#include "machine/virtual-ipu3/device/error_log.hpp"
#include "machine/virtual-ipu3/device/trace_file.hpp"
#include "machine/virtual-ipu3/recorder/recorder.hpp"
#include "machine/virtual-ipu3/sim/asio_scheduler.hpp"
#include "machine/virtual-ipu3/sim/asio_worker.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <cerrno>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace ipu3;

struct Options {
    std::filesystem::path socket_dir;
    int ready_fd{-1};
    std::string sensors{"ov5693"};
    std::string scene{"counter"};
    std::uint64_t seed{1};
    std::vector<std::string> faults;
    bool paced{false};
    unsigned slow{1};
    std::string sabotage;
    unsigned dmatest{0};
    std::filesystem::path imgu_firmware;
    std::filesystem::path recording;
    bool iommu{false};
    int cache_state{-1};
    int cache_ram{-1};
    std::filesystem::path trace;
    std::filesystem::path log;
};

void declare(CLI::App& app, Options& options) {
    app.add_option("--socket-dir", options.socket_dir,
                   "Folder for cio2.sock, i2c0.sock and i2c1.sock")
        ->required()
        ->check(CLI::ExistingDirectory);
    app.add_option("--ready-fd", options.ready_fd,
                   "Write \"ready\" to this descriptor once the sockets exist");
    app.add_option("--sensors", options.sensors, "Sensor models, comma-separated, or none")
        ->capture_default_str();
    app.add_option("--scene", options.scene, "counter, bars, room or a PNG file")
        ->capture_default_str();
    app.add_option("--seed", options.seed, "Seed of noise and of faults with a probability")
        ->capture_default_str();
    app.add_option("--fault", options.faults,
                   "KIND[:frame=N][:p=P][:port=N]; may be given more than once")
        ->allow_extra_args(false);
    app.add_flag("--pace", options.paced,
                 "A sensor begins a frame only when the receiver has room for it");
    app.add_option("--slow", options.slow,
                   "Sensors' frames take so many times as long; exposure is as if they did not")
        ->check(CLI::Range(1U, 1000U))
        ->capture_default_str();
    app.add_option("--sabotage", options.sabotage,
                   "Negative control, one deliberate mistake in the models: " +
                       sim::list_mistakes());
    app.add_option("--dmatest", options.dmatest,
                   "DMA test functions, 0 to 2: dmatest0.sock and dmatest1.sock")
        ->check(CLI::Range(0U, dmatest::DmaTest::functions));
    auto* imgu = app.add_option("--imgu", options.imgu_firmware,
                                "An image processor with this firmware file: imgu.sock")
                     ->check(CLI::ExistingFile);
    app.add_option("--record", options.recording,
                   "Record what the driver tells the image processor, for ipu3-record")
        ->needs(imgu);
    app.add_flag(
        "--iommu", options.iommu,
        "An IOMMU stands before the functions: an access that finds no window is put to it, "
        "so that it reports the fault");
    auto* state = app.add_option("--cache-state", options.cache_state,
                                 "Descriptor of a cache model's state: the functions see "
                                 "memory through it");
    auto* ram = app.add_option("--cache-ram", options.cache_ram,
                               "Descriptor of the guest's RAM, for --cache-state");
    state->needs(ram);
    ram->needs(state);
    app.add_option("--trace", options.trace, "Event trace, one JSON object a line");
    app.add_option("--log", options.log, "Log file (default: standard error)");
}

base::Result<device::BoardSpec> board_spec(const Options& options) {
    device::BoardSpec spec;
    auto parsed = sensors::parse_sensors(options.sensors);
    if (!parsed) {
        return tl::unexpected{std::move(parsed.error())};
    }
    spec.sensors = std::move(*parsed);
    spec.scene = options.scene;
    spec.paced = options.paced;
    spec.slow = options.slow;
    spec.dmatest = options.dmatest;
    spec.imgu_firmware = options.imgu_firmware;
    spec.seed = options.seed;
    for (const auto& text : options.faults) {
        auto fault = sim::parse_fault(text);
        if (!fault) {
            return tl::unexpected{std::move(fault.error())};
        }
        spec.faults.push_back(*fault);
    }
    if (!options.sabotage.empty()) {
        auto mistake = sim::parse_mistake(options.sabotage);
        if (!mistake) {
            return tl::unexpected{std::move(mistake.error())};
        }
        spec.sabotage = device::sabotage_of(*mistake);
    }
    return spec;
}

vfio_user::ServerOptions observers(std::string_view name, sim::Trace& trace,
                                   device::ErrorLog& errors) {
    return {
        .on_error =
            [name, &trace, &errors](std::string_view text) {
                trace.count(name, "protocol_error");
                errors.report(name, text);
            },
        .on_dma_fault =
            [name, &trace, &errors](const vfio_user::DmaFault& fault) {
                trace.count(name, "dma_fault");
                errors.report(name, vfio_user::describe(fault));
            },
        .on_client =
            [name, &trace](bool connected) {
                trace.emit(name, connected ? "client" : "client_gone");
                spdlog::info("{}: client {}", name, connected ? "connected" : "gone");
            },
    };
}

double cpu_seconds() {
    rusage usage{};
    (void)::getrusage(RUSAGE_SELF, &usage); // fails only for arguments that these are not
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// What writes down what the driver tells the ImgU.
struct Recording {
    record::Writer writer;
    record::Recorder recorder;

    Recording(record::Writer made, imgu::Firmware firmware)
        : writer{std::move(made)}, recorder{writer, std::move(firmware)} {}
};

/// Nothing where no recording was asked for.
base::Result<std::unique_ptr<Recording>> make_recording(const Options& options) {
    if (options.recording.empty()) {
        return nullptr;
    }
    auto firmware = imgu::Firmware::load(options.imgu_firmware);
    if (!firmware) {
        return tl::unexpected{std::move(firmware.error())};
    }
    auto writer = record::Writer::create(options.recording, firmware->version());
    if (!writer) {
        return tl::unexpected{std::move(writer.error())};
    }
    return std::make_unique<Recording>(std::move(*writer), std::move(*firmware));
}

/// The process's status: 0, or 1 when the recording is not whole.
int finish(Recording* recording) {
    if (recording == nullptr) {
        return 0;
    }
    const auto written = recording->writer.finish();
    if (!written) {
        spdlog::error("{}", written.error().message);
    }
    return written ? 0 : 1;
}

void announce_ready(int fd) {
    if (fd < 0) {
        return;
    }
    const base::UniqueFd ready{fd};
    constexpr std::string_view word{"ready\n"};
    if (::write(ready.get(), word.data(), word.size()) != static_cast<ssize_t>(word.size())) {
        throw std::system_error{errno, std::generic_category(), "cannot write to --ready-fd"};
    }
}

int serve(const Options& options) {
    auto spec = board_spec(options);
    if (!spec) {
        fmt::print(stderr, "ipu3-devices: {}\n", spec.error().message);
        return 2;
    }
    // One thread runs it, as the hint says; the workers' threads only hand over what they made.
    asio::io_context loop{1};
    asio::signal_set signals{loop, SIGINT, SIGTERM};
    sim::AsioScheduler clock{loop};
    device::TraceFile file{options.trace};
    sim::Trace trace{clock, file.sink()};
    auto recording = make_recording(options);
    if (!recording) {
        fmt::print(stderr, "ipu3-devices: {}\n", recording.error().message);
        return 2;
    }
    if (*recording) {
        spec->imgu_observer = &(*recording)->recorder;
    }
    std::unique_ptr<device::Board> board;
    // Behind the board, so that they end before it.
    sim::AsioWorker sensors{loop};
    sim::AsioWorker imgu{loop};
    auto made = device::Board::make(*spec, clock, {.sensors = sensors, .imgu = imgu}, trace);
    if (!made) {
        fmt::print(stderr, "ipu3-devices: {}\n", made.error().message);
        return 2;
    }
    board = std::move(*made);
    std::unique_ptr<device::CacheViews> views;
    if (options.cache_state >= 0) {
        auto model =
            device::CacheViews::make(options.cache_state, options.cache_ram, board->functions());
        if (!model) {
            fmt::print(stderr, "ipu3-devices: {}\n", model.error().message);
            return 2;
        }
        views = std::move(*model);
    }
    device::ErrorLog errors;
    std::vector<std::unique_ptr<vfio_user::Server>> servers;
    for (const auto& [name, function] : board->functions()) {
        auto server_options = observers(name, trace, errors);
        server_options.ask_client = options.iommu;
        if (views) {
            server_options.memory_views = views->of(name);
        }
        servers.push_back(std::make_unique<vfio_user::Server>(
            loop, options.socket_dir / fmt::format("{}.sock", name), *function,
            std::move(server_options)));
    }
    signals.async_wait([&loop](const std::error_code& error, int /*signal*/) {
        if (!error) {
            loop.stop();
        }
    });
    announce_ready(options.ready_fd);
    spdlog::info("serving {} functions, sensors {}, scene {}", servers.size(), options.sensors,
                 options.scene);
    loop.run();

    std::size_t index = 0;
    for (const auto& [name, function] : board->functions()) {
        const auto& counted = servers.at(index++)->statistics();
        trace.emit(name, "bus",
                   {{"bar_reads", counted.bar_reads},
                    {"bar_writes", counted.bar_writes},
                    {"interrupts", counted.interrupts},
                    {"dma_faults", counted.dma_faults},
                    {"refused", counted.refused}});
    }
    trace.emit("process", "end", {{"cpu_seconds", cpu_seconds()}});
    trace.write_summary();
    errors.summarize();
    const int recorded = finish(recording->get());
    return std::max(file.finish(), recorded);
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app{
        "Serves the devices of the virtual IPU3 over vfio-user sockets; ipu3-vm starts it.",
        "ipu3-devices"};
    declare(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    auto logger = options.log.empty()
                      ? spdlog::stderr_logger_st("devices")
                      : spdlog::basic_logger_st("devices", options.log.string(), true);
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
    return serve(options);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "ipu3-devices: {}\n", error.what());
        return 1;
    }
}
