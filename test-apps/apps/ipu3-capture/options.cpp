// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/options.hpp"

#include "lib/base/number.hpp"
#include "lib/base/result.hpp"
#include "lib/frames/parse_size.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <linux/videodev2.h>
#include <map>

namespace ipu3::capture {

namespace {

constexpr std::uint32_t largest_side = 65535;

base::Result<frames::Size> parse_size(std::string_view text) {
    return frames::parse_size(text).and_then([&](frames::Size size) -> base::Result<frames::Size> {
        if (size.width == 0 || size.height == 0 || size.width > largest_side ||
            size.height > largest_side) {
            return base::fail("'{}' is not a size from 1x1 to {}x{}", text, largest_side,
                              largest_side);
        }
        return size;
    });
}

std::optional<ControlSetting> parse_control(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        return std::nullopt;
    }
    const auto word = text.substr(equals + 1);
    const auto value = word.starts_with("0x") ? base::parse_number<std::int64_t>(word.substr(2), 16)
                                              : base::parse_number<std::int64_t>(word);
    if (!value) {
        return std::nullopt;
    }
    return ControlSetting{std::string{text.substr(0, equals)}, *value};
}

ParseExit usage_error(std::string_view sentence) {
    std::string line{sentence};
    std::ranges::replace(line, '\n', ' ');
    return {exit_status::usage, "",
            fmt::format("ipu3-capture: {} (see ipu3-capture --help)\n", line)};
}

/// What was given as words and is made numbers of after parsing.
struct Words {
    std::string size;
    std::vector<std::string> controls;
    double timeout{5}; ///< seconds
};

/// A sentence, if there is one to say.
std::string take_words(const Words& words, Options& options) {
    if (!words.size.empty()) {
        const auto size = parse_size(words.size);
        if (!size) {
            return fmt::format("--size: {}", size.error().message);
        }
        options.size = *size;
    }
    for (const auto& word : words.controls) {
        auto control = parse_control(word);
        if (!control) {
            return fmt::format(
                "--set: '{}' is no control: write NAME=NUMBER, for example analogue_gain=16", word);
        }
        options.controls.push_back(std::move(*control));
    }
    options.timeout = std::chrono::milliseconds{static_cast<std::int64_t>(words.timeout * 1000)};
    return {};
}

/// Combinations that make no sense; a sentence.
std::string contradiction(const Options& options, const CLI::App& app) {
    if (options.export_buffers && options.memory != Memory::mmap) {
        return "--export is for --memory mmap: only the driver's own memory can be exported";
    }
    if (options.pages && (!options.json || options.list)) {
        return "--pages tells of a capture's buffers in JSON: add --json";
    }
    if (!options.writes() && (app.count("--every") > 0 || options.keep_damaged)) {
        return fmt::format("{} is for frames that are written: add --raw or --png",
                           options.keep_damaged ? "--keep-damaged" : "--every");
    }
    for (const auto* const name : {"--media", "--raw", "--png"}) {
        const auto given = app.count(name) > 0 ? app[name]->as<std::string>() : "-";
        if (given.empty()) {
            return fmt::format("{} needs a name", name);
        }
    }
    return {};
}

void add_options(CLI::App& app, Options& options, Words& words) {
    const std::map<std::string, Memory> memories{
        {"mmap", Memory::mmap}, {"userptr", Memory::userptr}, {"dmabuf", Memory::dmabuf}};
    auto* const list = app.add_flag("--list", options.list,
                                    "show ports, sensors, nodes, formats and sizes, and stop");
    app.add_option("--media", options.media,
                   "the media device (default: the first of the ipu3-cio2 driver)");
    const std::vector<CLI::Option*> capture{
        app.add_option("--sensor", options.sensor,
                       "the sensor whose name begins so, for example ov5693 (default: the first)"),
        app.add_option("--size", words.size, "WIDTHxHEIGHT (default: the sensor's largest)"),
        app.add_option("--memory", options.memory,
                       "mmap (the driver's memory, default), userptr (the program's), or dmabuf "
                       "(imported, from /dev/udmabuf or /dev/dma_heap/system)")
            // CLI11 would describe it by the enumerators' numbers, as characters.
            ->transform(CLI::CheckedTransformer(memories).description(""))
            ->type_name("KIND"),
        app.add_flag("--export", options.export_buffers,
                     "with mmap: export each buffer as a dma-buf and read the frames through that"),
        app.add_option("--buffers", options.buffers,
                       "buffers to ask the driver for; it may give more (default 4)")
            ->check(CLI::Range(1U, std::uint32_t{VIDEO_MAX_FRAME})),
        app.add_option("--count", options.count, "frames; 0: until Ctrl-C (default 30)"),
        app.add_option("--raw", options.raw,
                       "write the frames to this file, one behind the other; - is standard output"),
        app.add_option("--png", options.png,
                       "write a picture frame-INDEX.png for each frame to this folder"),
        app.add_option("--every", options.every, "write each Nth frame only (default 1)")
            ->check(CLI::PositiveNumber),
        app.add_flag("--keep-damaged", options.keep_damaged,
                     "write frames, too, that the driver marked as damaged"),
        app.add_option("--set", words.controls,
                       "CONTROL=VALUE: set a control of the sensor, by v4l2-ctl's name for it; may "
                       "be repeated")
            ->allow_extra_args(false),
        app.add_option("--timeout", words.timeout, "seconds to wait for a frame (default 5)")
            ->check(CLI::Range(0.001, 1e6)),
    };
    for (auto* const option : capture) {
        option->excludes(list);
    }
    app.add_flag("--json", options.json, "one JSON object a line, the summary last");
    app.add_flag("--pages", options.pages,
                 "with --json: also an object with the physical pages of each buffer, before the "
                 "summary; as root");
    app.add_flag("--quiet", options.quiet, "neither what was set nor progress on standard error");
    app.footer("Frames' lines go to standard output, or to standard error with --raw -.\n"
               "Exit status: 0 done (or stopped by a signal with --count 0), 1 something failed, "
               "2 wrong use, 130 stopped by a signal before the count was reached.");
}

} // namespace

tl::expected<Options, ParseExit> parse_options(std::span<const std::string> arguments) {
    Options options;
    Words words;
    CLI::App app{"Captures RAW frames from a sensor on the Intel IPU3.", "ipu3-capture"};
    add_options(app, options, words);
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(reversed);
        if (const auto wrong = contradiction(options, app); !wrong.empty()) {
            return tl::unexpected{usage_error(wrong)};
        }
    } catch (const CLI::Success&) {
        return tl::unexpected{ParseExit{0, app.help(), ""}};
    } catch (const CLI::ParseError& error) {
        return tl::unexpected{usage_error(error.what())};
    }
    if (const auto wrong = take_words(words, options); !wrong.empty()) {
        return tl::unexpected{usage_error(wrong)};
    }
    return options;
}

} // namespace ipu3::capture
