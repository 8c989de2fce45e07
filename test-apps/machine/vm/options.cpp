// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/options.hpp"

#include "lib/base/result.hpp"
#include "machine/cache-model/devices.hpp"
#include "machine/virtual-ipu3/sim/fault_plan.hpp"
#include "machine/virtual-ipu3/sim/sabotage.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <string_view>

namespace ipu3::vm {
namespace {

// Below this the stock kernels do not get as far as a shell; above it nobody's laptop goes.
constexpr std::uint64_t smallest_memory_mib = 256;
constexpr std::uint64_t largest_memory_mib = std::uint64_t{64} * 1024;
constexpr unsigned largest_cpus = 64;
constexpr double largest_timeout = 1e8; // three years; keeps clock arithmetic far from its limits

constexpr const char* description =
    "Boots a virtual machine with an Intel IPU3 camera and runs one command in it.\n"
    "Without COMMAND: an interactive shell in the guest.";

constexpr const char* after_faults =
    "Each takes :frame=N, :p=PROBABILITY and :port=P, for example --fault crc:frame=5\n\n"
    "In the guest, /mnt/share is --share DIR, and the project's programs are on the PATH; all "
    "else\n"
    "is the root tree under a writable layer that is gone afterwards.\n\n"
    "Exit status: the command's; 124 after --timeout; 125 when the machine itself failed; 126 when "
    "the\n"
    "command succeeded but the guest's kernel reported a bug; 2 for a wrong option.";

std::string footer() {
    std::string text = "Faults:\n";
    for (const auto kind : sim::all_fault_kinds()) {
        text += fmt::format("  {:<17} {}\n", sim::name(kind), sim::describe(kind));
    }
    return text + after_faults;
}

/// "512M", "2G" or plain MiB; none when it is not a size.
std::optional<std::uint64_t> parse_memory(const std::string& text) {
    if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) == 0) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    std::size_t used = 0;
    try {
        value = std::stoull(text, &used);
    } catch (const std::exception&) {
        return std::nullopt;
    }
    const auto unit = text.substr(used);
    if (value > largest_memory_mib) {
        return std::nullopt;
    }
    if (unit == "G" || unit == "g" || unit == "GiB") {
        return value * 1024;
    }
    if (unit.empty() || unit == "M" || unit == "m" || unit == "MiB") {
        return value;
    }
    return std::nullopt;
}

bool is_noncoherent(const Options& options, std::string_view function) {
    return std::ranges::find(options.cache.functions, function, &cache::FunctionSpec::name) !=
           options.cache.functions.end();
}

/// --noncoherent and what belongs to it.
base::Result<void> take_noncoherent(const CLI::App& app, const std::string& list,
                                    Options& options) {
    if (app.count("--noncoherent") == 0) {
        for (const char* name : {"--ddio", "--evict", "--cache-fast", "--cache-loads"}) {
            if (app.count(name) != 0) {
                return base::fail("{} needs --noncoherent: without it there is no cache model",
                                  name);
            }
        }
        return {};
    }
    const auto test_functions = app.count("--dmatest") == 0 ? max_dmatest : options.dmatest;
    auto functions = cache::parse_noncoherent(list, test_functions);
    if (!functions) {
        return base::fail("--noncoherent: {}", functions.error().message);
    }
    options.cache.functions = std::move(*functions);
    if (!options.devices) {
        return base::fail("--noncoherent names devices, --no-devices asks for none");
    }
    // Whoever names one wants it to be there.
    if (is_noncoherent(options, "imgu")) {
        options.imgu = true;
    }
    for (unsigned index = 0; index < max_dmatest; ++index) {
        if (!is_noncoherent(options, fmt::format("dmatest{}", index))) {
            continue;
        }
        if (app.count("--dmatest") == 0) {
            options.dmatest = index + 1;
        } else if (options.dmatest <= index) {
            return base::fail("--noncoherent: there is no dmatest{} with --dmatest {}", index,
                              options.dmatest);
        }
    }
    return {};
}

ParseExit usage_error(std::string_view sentence) {
    // One sentence: CLI11 separates its explanations by line ends.
    std::string line{sentence};
    std::ranges::replace(line, '\n', ' ');
    return {exit_usage, "", fmt::format("ipu3-vm: {} (see ipu3-vm --help)\n", line)};
}

} // namespace

tl::expected<Options, ParseExit> parse_options(std::span<const std::string> arguments) {
    // CLI11's own handling of "--" would still match options behind it, so the command is cut off
    // first.
    const auto dashes = std::ranges::find(arguments, "--");
    std::vector<std::string> own(arguments.begin(), dashes);

    Options options;
    CLI::App app{description, "ipu3-vm"};
    app.usage("Usage: ipu3-vm [OPTIONS] [-- COMMAND [ARG...]]");
    app.footer(footer());
    app.get_formatter()->column_width(30);
    app.allow_extras(false);
    // Of an option that is given twice the last one counts, so that a script's can be overridden.
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);

    std::string memory;
    std::string drivers;
    double timeout = options.timeout.count();
    std::string share;
    std::string log;
    std::string modules;
    std::string kernel_modules;
    std::string record;
    std::string imgu_firmware;
    std::string noncoherent;
    app.add_option("--kernel", options.kernel,
                   "stable (Debian's own), newest (of its backports), or a VERSION by prefix; or "
                   "the PATH of a kernel's build tree or bzImage (with a slash in it), or debug "
                   "or debug-rt (make debug-kernel); default stable")
        ->type_name("WHICH");
    app.add_option("--kernel-modules", kernel_modules,
                   "of a bzImage: lib/modules/RELEASE, or the INSTALL_MOD_PATH that has it")
        ->type_name("DIR");
    app.add_option("--drivers", drivers,
                   "project or stock: whose ipu3 modules; default project if any are built")
        ->type_name("WHOSE");
    app.add_option("--modules", modules,
                   "take the project's .ko files from DIR, not from the build tree")
        ->type_name("DIR");
    app.add_option("--sensors", options.sensors,
                   "e.g. ov5693,ov8865; or none; default ov5693. ov8865+dw9719: its firmware tells "
                   "of a lens")
        ->type_name("LIST");
    app.add_option(
           "--scene", options.scene,
           "what they see: counter, bars, room[:tungsten|:shade][:LEVEL] or FILE.png; default "
           "counter")
        ->type_name("SPEC");
    app.add_flag(
        "--pace", options.pace,
        "the sensors wait until the receiver has buffers, so that no frame is lost however "
        "slow the host is; needs 4 buffers or more");
    app.add_option("--slow", options.slow,
                   "the sensors' frames take N times as long and exposure is as if they did not, "
                   "for software that must see each frame in time, as libcamera's loops; default 1")
        ->type_name("N")
        ->check(CLI::Range(1U, 1000U));
    app.add_flag("--vtd", options.vtd,
                 "an emulated VT-d before every PCI function, intel_iommu=on");
    app.add_option("--fault", options.faults,
                   "make a device misbehave (see below); may be repeated")
        ->type_name("SPEC")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--sabotage", options.sabotage,
                   "negative control, one mistake in the device models: " + sim::list_mistakes())
        ->type_name("WHAT");
    app.add_option("--dmatest", options.dmatest,
                   "DMA test functions, for tests of memory without a camera: 0 to 2; default 0")
        ->type_name("N")
        ->check(CLI::Range(0U, max_dmatest));
    app.add_flag("--imgu", options.imgu, "also an ImgU, the image processor");
    app.add_option("--imgu-firmware", imgu_firmware,
                   "with --imgu: debian or stand-in, a file that the project makes; default "
                   "Debian's if the root tree has it")
        ->type_name("WHOSE")
        ->check(CLI::IsMember({"debian", "stand-in"}));
    app.add_option("--record", record,
                   "with --imgu: write what the driver tells it into this file, for ipu3-record")
        ->type_name("FILE");
    app.add_option("--noncoherent", noncoherent,
                   "devices that do not see the processors' caches, e.g. cio2,dmatest: what was "
                   "not flushed they read as it was, and what they write is not seen; imgu:tables: "
                   "its MMU's reads of page tables only, imgu:buffers: all but these (dmatest too)")
        ->type_name("LIST");
    app.add_flag("--ddio", options.cache.ddio,
                 "with --noncoherent: what devices write that do see the caches stays there, and "
                 "is not in memory before it is flushed");
    app.add_option("--evict", options.cache.evict,
                   "with --noncoherent: also evict cache lines at random")
        ->type_name("SEED");
    app.add_flag("--cache-fast", options.cache.fast,
                 "with --noncoherent: find stores by comparing; misses those that change nothing");
    app.add_flag("--cache-loads", options.cache.loads,
                 "with --noncoherent: count the processors' loads of stale lines; slow");
    app.add_option("--overlay", options.overlays,
                   "the files of DIR lie over the guest's root, e.g. what DESTDIR got of a build; "
                   "up to 3 times")
        ->type_name("DIR")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--plugin", options.plugins,
                   "load a TCG plugin into QEMU, e.g. build/bin/ipu3-count-plugin.so; may be "
                   "repeated")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--seed", options.seed, "of noise and of random faults; default 1")
        ->type_name("N");
    app.add_option("--memory", memory, "of the guest, e.g. 512M or 2G; default 1G")
        ->type_name("SIZE");
    app.add_option("--cpus", options.cpus, "of the guest; default 2")->type_name("N");
    app.add_option("--append", options.append, "more words for the kernel's command line")
        ->type_name("ARGS");
    app.add_option("--timeout", timeout,
                   "end the machine after so long, 0: never; default 300, "
                   "more for a kernel that boots slowly")
        ->type_name("SECONDS");
    app.add_option("--share", share,
                   "host folder, writable in the guest as /mnt/share; default build/share")
        ->type_name("DIR");
    app.add_option("--log", log,
                   "for console, dmesg, device log and event trace; default build/log")
        ->type_name("DIR");
    app.add_flag("--allow-warn", options.allow_warn, "do not fail on a kernel warning");
    bool no_devices = false;
    app.add_flag("--no-devices", no_devices,
                 "a machine without the IPU3, its sensors and their bus");
    app.add_flag("--verbose,-v", options.verbose, "tell on standard error how the boot goes");
    app.set_help_flag("--help,-h", "this text");

    try {
        std::ranges::reverse(own); // CLI11 takes the vector from its end
        app.parse(own);
    } catch (const CLI::Success&) {
        return tl::unexpected<ParseExit>{ParseExit{0, app.help(), ""}};
    } catch (const CLI::ExtrasError& error) {
        const auto extras = app.remaining();
        const std::string word = extras.empty() ? "" : extras.front();
        if (!word.empty() && word.front() == '-') {
            return tl::unexpected<ParseExit>{usage_error(fmt::format("unknown option '{}'", word))};
        }
        return tl::unexpected<ParseExit>{
            usage_error(fmt::format("unexpected word '{}'; a command comes behind \"--\"", word))};
    } catch (const CLI::ParseError& error) {
        return tl::unexpected<ParseExit>{usage_error(error.what())};
    }

    if (app.count("--memory") != 0) {
        const auto mib = parse_memory(memory);
        if (!mib || *mib < smallest_memory_mib || *mib > largest_memory_mib) {
            return tl::unexpected<ParseExit>{usage_error(
                fmt::format("--memory: '{}' is not a size from {}M to {}G, such as 512M or 2G",
                            memory, smallest_memory_mib, largest_memory_mib / 1024))};
        }
        options.memory_mib = *mib;
    }
    if (app.count("--drivers") != 0) {
        if (drivers != "project" && drivers != "stock") {
            return tl::unexpected<ParseExit>{
                usage_error(fmt::format("--drivers: '{}' is neither project nor stock", drivers))};
        }
        options.drivers = drivers == "project" ? Drivers::project : Drivers::stock;
    }
    if (options.cpus < 1 || options.cpus > largest_cpus) {
        return tl::unexpected<ParseExit>{
            usage_error(fmt::format("--cpus: {} is not from 1 to {}", options.cpus, largest_cpus))};
    }
    // Written so that a NaN is refused too.
    const bool possible = timeout >= 0 && timeout <= largest_timeout;
    if (!possible) {
        return tl::unexpected<ParseExit>{
            usage_error(fmt::format("--timeout: {} is not a number of seconds", timeout))};
    }
    options.timeout = std::chrono::duration<double>{timeout};
    options.timeout_grows = app.count("--timeout") == 0;
    if (app.count("--append") != 0 && options.append.find('\n') != std::string::npos) {
        return tl::unexpected<ParseExit>{
            usage_error("--append: the kernel's command line is one line")};
    }
    options.devices = !no_devices;
    if (no_devices && options.dmatest != 0) {
        return tl::unexpected<ParseExit>{
            usage_error("--dmatest asks for devices, --no-devices for none")};
    }
    if (no_devices && options.imgu) {
        return tl::unexpected{usage_error("--imgu asks for a device, --no-devices for none")};
    }
    if (!options.imgu && app.count("--record") != 0) {
        return tl::unexpected{usage_error("--record records what an ImgU is told: --imgu")};
    }
    if (auto done = take_noncoherent(app, noncoherent, options); !done) {
        return tl::unexpected<ParseExit>{usage_error(done.error().message)};
    }
    if (app.count("--sabotage") != 0) {
        const auto mistake = sim::parse_mistake(options.sabotage);
        if (!mistake) {
            return tl::unexpected{usage_error("--sabotage: " + mistake.error().message)};
        }
        if (!options.imgu && sim::is_imgu(*mistake)) {
            return tl::unexpected{
                usage_error("--sabotage " + options.sabotage + " is an ImgU's: --imgu")};
        }
    }
    if (app.count("--imgu-firmware") != 0) {
        if (!options.imgu) {
            return tl::unexpected{usage_error("--imgu-firmware is an ImgU's: --imgu")};
        }
        options.imgu_firmware =
            imgu_firmware == "debian" ? ImguFirmware::debian : ImguFirmware::stand_in;
    }
    const auto path = [&app](const char* name, const std::string& value,
                             std::optional<std::filesystem::path>& target) {
        if (app.count(name) != 0) {
            target = value;
        }
    };
    path("--share", share, options.share);
    path("--log", log, options.log);
    path("--record", record, options.record);
    path("--modules", modules, options.modules);
    path("--kernel-modules", kernel_modules, options.kernel_modules);
    if (options.kernel_modules && options.kernel.find('/') == std::string::npos) {
        return tl::unexpected<ParseExit>{
            usage_error("--kernel-modules are of a bzImage that --kernel names by its path")};
    }
    if (options.overlays.size() > max_overlays) {
        return tl::unexpected<ParseExit>{
            usage_error(fmt::format("--overlay: more than {} are too many", max_overlays))};
    }
    if (options.modules && options.drivers == Drivers::stock) {
        return tl::unexpected<ParseExit>{usage_error(
            "--modules names the project's modules, --drivers stock asks not to use them")};
    }
    if (options.modules) {
        options.drivers = Drivers::project;
    }

    if (dashes != arguments.end()) {
        options.command.assign(dashes + 1, arguments.end());
        if (options.command.empty()) {
            return tl::unexpected<ParseExit>{usage_error("no command behind \"--\"")};
        }
    }
    return options;
}

} // namespace ipu3::vm
