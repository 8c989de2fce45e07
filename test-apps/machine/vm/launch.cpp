// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/launch.hpp"

#include "machine/virtual-ipu3/acpi/ssdt.hpp"
#include "machine/vm/cache_session.hpp"
#include "machine/vm/child.hpp"
#include "machine/vm/helper_program.hpp"
#include "machine/vm/imgu_firmware.hpp"
#include "machine/vm/initramfs.hpp"
#include "machine/vm/kernel_image.hpp"
#include "machine/vm/kernel_needs.hpp"
#include "machine/vm/log_file.hpp"
#include "machine/vm/own_kernel.hpp"
#include "machine/vm/project_modules.hpp"
#include "machine/vm/qemu_command.hpp"
#include "machine/vm/run_directory.hpp"
#include "machine/vm/supervisor.hpp"
#include "machine/vm/tsc.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

template <typename T>
tl::unexpected<base::Error> pass_on(const base::Result<T>& failed) {
    return tl::unexpected<base::Error>{failed.error()};
}

struct SocketPair {
    base::UniqueFd ours;
    base::UniqueFd theirs;
};

base::Result<SocketPair> make_socket_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return base::fail_errno(errno, "cannot make a pair of sockets");
    }
    return SocketPair{base::UniqueFd{ends[0]}, base::UniqueFd{ends[1]}};
}

/// What the command runs in; the guest has no login that would set it.
std::vector<std::string> guest_environment() {
    std::vector<std::string> variables{
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME=/root",
        "USER=root",
        "LOGNAME=root",
        "SHELL=/bin/bash",
        "LANG=C.UTF-8",
    };
    for (const char* name : {"TERM", "COLORTERM"}) {
        if (const char* value = std::getenv(name); value != nullptr) {
            variables.push_back(fmt::format("{}={}", name, value));
        }
    }
    return variables;
}

agent::RunRequest make_request(const Options& options) {
    agent::RunRequest request;
    request.arguments = options.command;
    request.environment = guest_environment();
    request.directory = "/root";
    if (options.command.empty()) {
        request.arguments = {"/bin/bash"};
        // Without a terminal it is a script that comes in, and the shell reads it as one.
        request.terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
        if (request.terminal) {
            request.window = window_size(STDIN_FILENO);
        }
    }
    return request;
}

/// Refuses a kernel of the user's own that lacks something, before a boot that would not say what.
base::Result<void> check_needs(const OwnKernel& own, const KernelUse& use) {
    std::vector<std::string> lacking;
    if (own.config) {
        const auto config = read_file(*own.config);
        if (!config) {
            return pass_on(config);
        }
        lacking = lacking_options(*config, use);
    } else {
        std::string modules;
        for (const auto& file : own.files) {
            if (file.to == "modules.builtin") {
                const auto builtin = read_file(file.from);
                if (!builtin) {
                    return pass_on(builtin);
                }
                modules += *builtin;
            } else {
                modules += file.to.string() + "\n";
            }
        }
        lacking = lacking_modules(modules, use);
    }
    if (lacking.empty()) {
        return {};
    }
    return base::fail("the kernel {} lacks {}; what the machine needs is in "
                      "test-apps/machine/debug-kernel/machine.config (docs/kernels.md)",
                      own.image.string(), fmt::join(lacking, ", "));
}

/// Modules of the project's that this run is to use; an empty path: none.
base::Result<fs::path> wanted_modules(const Options& options, const std::string& release,
                                      const BuildTree& build) {
    if (options.drivers == Drivers::stock) {
        return fs::path{};
    }
    auto folder = options.modules.value_or(build.top / "modules" / release);
    if (has_modules(folder)) {
        return folder;
    }
    if (options.drivers == Drivers::automatic) {
        return fs::path{};
    }
    return base::fail("--drivers project: there is no .ko file in {}", folder.string());
}

base::Result<fs::path> make_ssdt(std::span<const sensors::CatalogueEntry* const> sensors,
                                 const fs::path& folder, int signals) {
    const auto source = folder / "ssdt.asl";
    try {
        if (auto written = write_file(source, acpi::ssdt_asl(sensors)); !written) {
            return pass_on(written);
        }
    } catch (const std::invalid_argument& error) {
        return base::fail("the sensors cannot be described to the guest: {}", error.what());
    }
    auto table = folder / "ssdt.aml";
    // -we: warnings are errors; -oe would hide some. The table goes to PREFIX.aml.
    if (auto done =
            run_helper({"iasl", "-p", (folder / "ssdt").string(), source.string()}, signals);
        !done) {
        return pass_on(done);
    }
    return table;
}

/// Waits until the device process says on @p fd that its sockets are there.
base::Result<void> await_ready(int fd, Child& devices, int signals) {
    std::string said;
    while (said.find('\n') == std::string::npos) {
        std::array<pollfd, 2> watched{{{fd, POLLIN, 0}, {signals, POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return base::fail_errno(errno, "cannot wait for the device process");
        }
        if (watched[0].revents == 0) {
            return base::fail("interrupted");
        }
        std::array<char, 64> bytes{};
        const auto count = ::read(fd, bytes.data(), bytes.size());
        if (count <= 0) {
            return base::fail("the device process did not start ({})", devices.wait().describe());
        }
        said.append(bytes.data(), static_cast<std::size_t>(count));
    }
    if (said != "ready\n") {
        return base::fail("the device process said something unexpected while it started");
    }
    return {};
}

/// @p imgu_firmware: empty without an ImgU.
base::Result<Child> start_devices(const Options& options, const BuildTree& build,
                                  const fs::path& sockets, const LogFile& log,
                                  const fs::path& trace, const fs::path& imgu_firmware,
                                  const CacheSession* cache, int signals) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return base::fail_errno(errno, "cannot make a pipe");
    }
    const base::UniqueFd ready_read{ends[0]};
    base::UniqueFd ready_write{ends[1]};
    std::vector<std::string> arguments{(build.programs / "ipu3-devices").string(),
                                       "--socket-dir",
                                       sockets.string(),
                                       "--ready-fd",
                                       std::to_string(ready_write.get()),
                                       "--sensors",
                                       options.sensors,
                                       "--scene",
                                       options.scene,
                                       "--seed",
                                       std::to_string(options.seed),
                                       "--trace",
                                       trace.string(),
                                       "--log",
                                       log.path().string()};
    if (options.pace) {
        arguments.emplace_back("--pace");
    }
    if (options.slow != 1) {
        arguments.insert(arguments.end(), {"--slow", std::to_string(options.slow)});
    }
    if (options.dmatest != 0) {
        arguments.insert(arguments.end(), {"--dmatest", std::to_string(options.dmatest)});
    }
    if (options.imgu) {
        arguments.insert(arguments.end(), {"--imgu", imgu_firmware.string()});
        if (options.record) {
            arguments.insert(arguments.end(), {"--record", options.record->string()});
        }
    }
    for (const auto& fault : options.faults) {
        arguments.insert(arguments.end(), {"--fault", fault});
    }
    if (options.vtd) {
        arguments.emplace_back("--iommu");
    }
    if (!options.sabotage.empty()) {
        arguments.insert(arguments.end(), {"--sabotage", options.sabotage});
    }
    std::vector<int> inherited{ready_write.get()};
    if (cache != nullptr) {
        arguments.insert(arguments.end(), {"--cache-state", std::to_string(cache->state_fd()),
                                           "--cache-ram", std::to_string(cache->ram_fd())});
        inherited.insert(inherited.end(), {cache->state_fd(), cache->ram_fd()});
    }
    auto child = Child::start({.arguments = std::move(arguments),
                               .output = log.fd(),
                               .error = log.fd(),
                               .inherited = std::move(inherited)});
    if (!child) {
        return pass_on(child);
    }
    ready_write.reset();
    if (auto ready = await_ready(ready_read.get(), *child, signals); !ready) {
        auto error = ready.error();
        if (const auto tail = tail_of(log.path(), 5); !tail.empty()) {
            error.message += "\n" + tail;
        }
        return tl::unexpected<base::Error>{std::move(error)};
    }
    return child;
}

base::Result<fs::path> default_folder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) {
        return base::fail_errno(error.value(), "cannot make the folder {}", path.string());
    }
    return path;
}

} // namespace

base::Result<BuildTree> own_build_tree() {
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    if (error) {
        return base::fail_errno(error.value(), "cannot find the program's own folder");
    }
    return BuildTree{program.parent_path(), program.parent_path().parent_path()};
}

base::Result<Kernel> choose_kernel(const Options& options,
                                   std::span<const sensors::CatalogueEntry* const> sensors,
                                   const BuildTree& build, int signals) {
    if (!is_own_kernel(options.kernel)) {
        return find_kernel(installed_kernels("/boot", "/lib/modules"), options.kernel);
    }
    fs::path path = options.kernel;
    if (options.kernel.find('/') == std::string::npos) {
        path = build.top / (options.kernel + "-kernel");
        if (std::error_code error; !fs::exists(path, error)) {
            return base::fail("no {} kernel is there yet: make debug-kernel{}", options.kernel,
                              options.kernel == "debug" ? "" : " RT=1");
        }
    }
    const auto own = locate_kernel(path, options.kernel_modules);
    if (!own) {
        return pass_on(own);
    }
    const auto modules = wanted_modules(options, own->release, build);
    if (!modules) {
        return pass_on(modules);
    }
    KernelUse use{.devices = options.devices,
                  .stock_drivers = modules->empty(),
                  .imgu = options.imgu,
                  .vtd = options.vtd,
                  .sensors = {}};
    for (const auto* sensor : sensors) {
        use.sensors.emplace_back(sensor->model);
    }
    if (auto enough = check_needs(*own, use); !enough) {
        return pass_on(enough);
    }
    return stage_kernel(*own, build.top / "kernels", signals);
}

base::Result<int> launch(const Options& options, const Kernel& kernel,
                         std::span<const sensors::CatalogueEntry* const> sensors,
                         const BuildTree& build, int signals) {
    const auto share = options.share ? base::Result<fs::path>{*options.share}
                                     : default_folder(build.top / "share");
    if (!share) {
        return pass_on(share);
    }
    const auto log = LogFolder::open(options.log.value_or(build.top / "log"));
    if (!log) {
        return pass_on(log);
    }
    if (options.verbose || log->path() != options.log.value_or(build.top / "log")) {
        fmt::print(stderr, "ipu3-vm: logs go to {}\n", log->path().string());
    }
    auto console_log = LogFile::open(log->path() / "console.log");
    auto kernel_log = LogFile::open(log->path() / "dmesg.log");
    auto qemu_log = LogFile::open(log->path() / "qemu.log");
    auto device_log = LogFile::open(log->path() / "devices.log");
    for (const auto* file : {&console_log, &kernel_log, &qemu_log, &device_log}) {
        if (!*file) {
            return pass_on(*file);
        }
    }
    const auto folder = RunDirectory::make();
    if (!folder) {
        return pass_on(folder);
    }

    std::vector<Overlay> overlays;
    const auto modules = wanted_modules(options, kernel.release, build);
    if (!modules) {
        return pass_on(modules);
    }
    if (!modules->empty()) {
        auto preferred = prefer_modules(kernel, *modules, build.top / "depmod", signals);
        if (!preferred) {
            return pass_on(preferred);
        }
        overlays = std::move(*preferred);
    }
    fs::path imgu_firmware;
    if (options.imgu) {
        auto provided = provide_imgu_firmware(options.imgu_firmware, folder->path());
        if (!provided) {
            return pass_on(provided);
        }
        imgu_firmware = std::move(provided->file);
        if (auto& overlay = provided->overlay) {
            fmt::print(stderr, "ipu3-vm: the ImgU's firmware is a stand-in\n");
            overlays.push_back(std::move(*overlay));
        }
    }

    auto startable = startable_kernel(kernel.image, folder->path(), signals);
    if (!startable) {
        return pass_on(startable);
    }

    Machine machine;
    machine.kernel = std::move(*startable);
    machine.initramfs = folder->path() / "initramfs";
    machine.root = "/";
    machine.share = *share;
    machine.programs = build.programs;
    machine.memory_mib = options.memory_mib;
    machine.cpus = options.cpus;
    machine.vtd = options.vtd;
    machine.dmatest = options.dmatest;
    machine.imgu = options.imgu;
    machine.append = options.append;
    if (!kernel.layer.empty()) {
        machine.layers.push_back(kernel.layer);
    }
    machine.layers.insert(machine.layers.end(), options.overlays.begin(), options.overlays.end());
    std::vector<std::string> layer_tags; // the uppermost first
    for (auto index = machine.layers.size(); index > 0; --index) {
        layer_tags.push_back(layer_tag(index - 1));
    }
    if (!modules->empty() &&
        std::ranges::count(options.cache.functions, "cio2", &cache::FunctionSpec::name) != 0) {
        // The driver goes by what is known of silicon, which snoops. In front, so that --append has
        // the last word.
        machine.append = "ipu3_cio2.noncoherent=1 " + machine.append;
    }
    machine.plugins = options.plugins;
    machine.tsc_khz = measure_tsc_khz();

    const auto initramfs =
        make_initramfs(kernel, build.programs / "ipu3-init", overlays, layer_tags, signals);
    if (!initramfs) {
        return pass_on(initramfs);
    }
    if (auto written = write_file(machine.initramfs, *initramfs); !written) {
        return pass_on(written);
    }

    std::optional<CacheSession> cache;
    if (!options.cache.functions.empty()) {
        auto session = CacheSession::make(options);
        if (!session) {
            return pass_on(session);
        }
        cache.emplace(std::move(*session));
        machine.cache = CacheFiles{.plugin = build.programs / "ipu3-cache-plugin.so",
                                   .state_fd = cache->state_fd(),
                                   .ram_fd = cache->ram_fd()};
    }

    std::optional<Child> devices;
    if (options.devices) {
        auto table = make_ssdt(sensors, folder->path(), signals);
        if (!table) {
            return pass_on(table);
        }
        machine.ssdt = std::move(*table);
        auto started =
            start_devices(options, build, folder->path(), *device_log, log->path() / "trace.jsonl",
                          imgu_firmware, cache ? &*cache : nullptr, signals);
        if (!started) {
            return pass_on(started);
        }
        devices.emplace(std::move(*started));
        machine.sockets = folder->path();
    }

    auto console = make_socket_pair();
    auto channel = make_socket_pair();
    if (!console || !channel) {
        return pass_on(console ? channel : console);
    }
    machine.console_fd = console->theirs.get();
    machine.agent_fd = channel->theirs.get();
    std::vector<int> inherited{machine.console_fd, machine.agent_fd};
    if (cache) {
        inherited.insert(inherited.end(), {cache->state_fd(), cache->ram_fd()});
    }
    auto qemu = Child::start({.arguments = qemu_command(machine),
                              .output = qemu_log->fd(),
                              .error = qemu_log->fd(),
                              .inherited = std::move(inherited)});
    if (!qemu) {
        return pass_on(qemu);
    }
    // QEMU must hold the only other ends, or its end would not show as theirs.
    console->theirs.reset();
    channel->theirs.reset();

    Supervision supervision;
    supervision.request = make_request(options);
    supervision.timeout = options.timeout;
    supervision.timeout_grows = options.timeout_grows;
    supervision.allow_warn = options.allow_warn;
    supervision.verbose = options.verbose;
    RunningMachine running{.qemu = std::move(*qemu),
                           .devices = std::move(devices),
                           .agent = std::move(channel->ours),
                           .console = std::move(console->ours),
                           .signals = signals,
                           .console_log = std::move(*console_log),
                           .kernel_log = std::move(*kernel_log),
                           .qemu_log = qemu_log->path(),
                           .device_log = device_log->path()};
    const auto status = Supervisor{std::move(running), std::move(supervision)}.run();
    return cache ? cache->conclude(status, log->path() / "cache.json") : status;
}

} // namespace ipu3::vm
