// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/stream/options.hpp"

#include "lib/base/number.hpp"
#include "module-tests/ipu-dmatest/stream/controls.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace ipu3::dmatest::stream {

namespace {

constexpr std::uint32_t largest_side = 8192;
constexpr std::uint32_t page = 4096;

/// "WxH"; a sentence when it is not.
std::string parse_size(const std::string& text, Options& options) {
    const auto cross = text.find('x');
    const auto width = base::parse_number<std::uint32_t>(std::string_view{text}.substr(0, cross));
    const auto height =
        cross == std::string::npos
            ? std::nullopt
            : base::parse_number<std::uint32_t>(std::string_view{text}.substr(cross + 1));
    if (!width || !height || *width == 0 || *height == 0 || *width > largest_side ||
        *height > largest_side) {
        return fmt::format("'{}' is not a size from 1x1 to {}x{}", text, largest_side,
                           largest_side);
    }
    options.width = *width;
    options.height = *height;
    return {};
}

/// "NAME=VALUE"; a sentence when it is not.
std::string parse_control(const std::string& text, Options& options) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    const auto value =
        equals == std::string::npos
            ? std::nullopt
            : base::parse_number<std::int32_t>(std::string_view{text}.substr(equals + 1));
    const bool known = std::ranges::any_of(
        control_names, [&](const ControlName& control) { return control.name == name; });
    if (!known || !value) {
        return fmt::format("'{}' is not delay, flip-bit, fault, beyond or keep, = and a number",
                           text);
    }
    options.controls[name] = *value;
    return {};
}

ParseExit usage_error(std::string_view sentence) {
    std::string line{sentence};
    std::ranges::replace(line, '\n', ' ');
    return {exit_status::usage, "",
            fmt::format("ipu-dmatest-stream: {} (see ipu-dmatest-stream --help)\n", line)};
}

/// Combinations that make no sense; a sentence.
std::string contradiction(const Options& options) {
    if (options.direction == Direction::both && options.memory != Memory::dmabuf_import &&
        options.memory != Memory::dmabuf_export) {
        return "--node both needs --memory dmabuf-export or dmabuf-import";
    }
    if (options.userptr_offset != 0 && options.memory != Memory::userptr) {
        return "--userptr-offset needs --memory userptr";
    }
    if (options.hints != Hints::none &&
        (options.memory == Memory::file || options.direction == Direction::both)) {
        return "--hints are for the buffers of one node that the program queues";
    }
    if (options.hints == Hints::once && options.direction != Direction::capture) {
        return "--hints once is for --node capture";
    }
    if (options.direction == Direction::both && options.exporter == Exporter::vivid) {
        return "--exporter vivid is for one node";
    }
    if (options.look && options.direction != Direction::both) {
        return "--look is for --node both";
    }
    return {};
}

/// An option that takes one of @p words, whose meanings the help need not show.
template <typename Choice>
void add_choice(CLI::App& app, const std::string& name, Choice& chosen,
                const std::map<std::string, Choice>& words, const std::string& text) {
    app.add_option_function<std::string>(
           name, [&chosen, &words](const std::string& word) { chosen = words.at(word); }, text)
        ->check(CLI::IsMember(words));
}

} // namespace

tl::expected<Options, ParseExit> parse_options(std::span<const std::string> arguments) {
    Options options;
    CLI::App app{"Streams through the DMA test functions and checks every byte.",
                 "ipu-dmatest-stream"};
    std::string size;
    std::string format{"grey"};
    double timeout = 30;
    const std::map<std::string, Direction> directions{
        {"capture", Direction::capture}, {"output", Direction::output}, {"both", Direction::both}};
    const std::map<std::string, Memory> memories{{"mmap", Memory::mmap},
                                                 {"userptr", Memory::userptr},
                                                 {"dmabuf-import", Memory::dmabuf_import},
                                                 {"dmabuf-export", Memory::dmabuf_export},
                                                 {"read", Memory::file},
                                                 {"write", Memory::file}};
    const std::map<std::string, Exporter> exporters{{"udmabuf", Exporter::udmabuf},
                                                    {"heap", Exporter::heap},
                                                    {"node", Exporter::node},
                                                    {"vivid", Exporter::vivid}};
    const std::map<std::string, Hints> hints{{"none", Hints::none},
                                             {"right", Hints::right},
                                             {"wrong", Hints::wrong},
                                             {"once", Hints::once}};
    add_choice(app, "--node", options.direction, directions,
               "capture, output, or both: from one function to the other one by DMABUF");
    add_choice(app, "--memory", options.memory, memories,
               "mmap, userptr, dmabuf-import, dmabuf-export, or read (write) for file I/O");
    add_choice(app, "--exporter", options.exporter, exporters,
               "for dmabuf-import: udmabuf, heap (the system's), node (an output node of the "
               "other function), or vivid (a capture node of the kernel's virtual camera)");
    add_choice(app, "--hints", options.hints, hints,
               "cache hints: none, right ones, wrong ones (a negative control), or once (capture: "
               "with each buffer's first frame only, which is not looked at)");
    app.add_option("--function", options.function, "0 or 1; default 0")->check(CLI::Range(0U, 1U));
    app.add_option("--count", options.count, "frames; default 30")->check(CLI::PositiveNumber);
    app.add_option("--size", size, "WxH in pixels; default 640x480");
    app.add_option("--format", format, "grey or y16; default grey")
        ->check(CLI::IsMember({"grey", "y16"}));
    app.add_option("--stride", options.stride, "bytes from line to line; default none between");
    app.add_option("--sizeimage", options.sizeimage, "bytes of a buffer; default the frame's");
    app.add_option("--buffers", options.buffers, "1 to 32; default 4")->check(CLI::Range(1U, 32U));
    app.add_option("--cycles", options.cycles, "times to open, stream and close; default 1")
        ->check(CLI::PositiveNumber);
    app.add_option("--userptr-offset", options.userptr_offset,
                   "bytes from a page's start to the buffer's")
        ->check(CLI::Range(0U, page - 1));
    app.add_flag("--look", options.look, "with --node both: check each frame on its way, too");
    app.add_option("--timeout", timeout, "seconds to wait for a frame; default 30")
        ->check(CLI::Range(0.001, 1e6));
    app.add_option_function<std::string>(
           "--control",
           [&options](const std::string& text) {
               if (const auto wrong = parse_control(text, options); !wrong.empty()) {
                   throw CLI::ValidationError{"--control", wrong};
               }
           },
           "NAME=VALUE before streaming: delay (microseconds), flip-bit, fault (1 lost interrupt, "
           "2 spurious interrupt, 3 stuck, 4 error), beyond (bytes), keep; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->trigger_on_parse();
    app.add_flag("--verbose,-v", options.verbose, "a line for each frame");
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(reversed);
    } catch (const CLI::Success&) {
        return tl::unexpected{ParseExit{0, app.help(), ""}};
    } catch (const CLI::ParseError& error) {
        return tl::unexpected{usage_error(error.what())};
    }
    if (!size.empty()) {
        if (const auto wrong = parse_size(size, options); !wrong.empty()) {
            return tl::unexpected{usage_error("--size: " + wrong)};
        }
    }
    options.wide = format == "y16";
    options.timeout = std::chrono::milliseconds{static_cast<std::int64_t>(timeout * 1000)};
    if (const auto wrong = contradiction(options); !wrong.empty()) {
        return tl::unexpected{usage_error(wrong)};
    }
    return options;
}

} // namespace ipu3::dmatest::stream
