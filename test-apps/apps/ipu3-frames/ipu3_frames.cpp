// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-frames/ipu3_frames.hpp"

#include "apps/ipu3-frames/dump_reader.hpp"
#include "apps/ipu3-frames/explain.hpp"
#include "lib/frames/check.hpp"
#include "lib/frames/demosaic.hpp"
#include "lib/frames/ipu3_unpack.hpp"
#include "lib/frames/parse_size.hpp"
#include "lib/frames/png.hpp"
#include "lib/frames/tone.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

namespace frames {

namespace {

using Json = nlohmann::ordered_json;

/// Options that both commands share: which file, and how frames lie in it.
struct DumpOptions {
    std::string file;
    std::string format;
    std::string size;
    std::optional<std::size_t> bytes_per_line;
    std::optional<std::size_t> frame_bytes;
};

struct CheckOptions {
    DumpOptions dump;
    std::string scene{"counter"};
    bool json{false};
};

struct ExplainOptions {
    DumpOptions dump;
    std::string capture;
    std::string cache;
};

struct PngOptions {
    DumpOptions dump;
    std::string out;
    std::optional<std::uint64_t> frame;
    std::uint64_t every{1};
    Tone tone;
};

void add_dump_options(CLI::App& command, DumpOptions& options) {
    command.add_option("FILE", options.file, "the dump; - is standard input")->required();
    command
        .add_option("--format", options.format,
                    "V4L2's name (ip3b, BG10 ...), libcamera's (SBGGR10_IPU3) or the media "
                    "bus's (SBGGR10_1X10)")
        ->required();
    command.add_option("--size", options.size, "WIDTHxHEIGHT in pixels")->required();
    command.add_option("--bytesperline", options.bytes_per_line,
                       "bytes from line to line (default: the driver's for the format)");
    command.add_option("--frame-bytes", options.frame_bytes,
                       "bytes from frame to frame (default: bytes per line times height)");
}

base::Result<DumpLayout> layout_of(const DumpOptions& options) {
    return find_raw_format(options.format).and_then([&](const RawFormat& format) {
        return parse_size(options.size).and_then([&](Size size) {
            return DumpLayout::make(format, size, options.bytes_per_line, options.frame_bytes);
        });
    });
}

/// A line on the terminal that tells how far the work is, renewed a few times a second.
class Progress {
  public:
    Progress(const Surroundings& surroundings, std::optional<std::uint64_t> total)
        : surroundings_{surroundings}, total_{total} {}
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    Progress(Progress&&) = delete;
    Progress& operator=(Progress&&) = delete;
    ~Progress() {
        if (shown_) {
            surroundings_.err << "\r\x1b[K" << std::flush;
        }
    }

    void show(std::uint64_t frames) {
        const auto now = std::chrono::steady_clock::now();
        if (!surroundings_.show_progress || now < next_) {
            return;
        }
        next_ = now + std::chrono::milliseconds{200};
        shown_ = true;
        surroundings_.err << (total_ ? fmt::format("\r{} of {} frames", frames, *total_)
                                     : fmt::format("\r{} frames", frames))
                          << std::flush;
    }

  private:
    const Surroundings& surroundings_;
    std::optional<std::uint64_t> total_;
    // Short work shows nothing.
    std::chrono::steady_clock::time_point next_{std::chrono::steady_clock::now() +
                                                std::chrono::milliseconds{500}};
    bool shown_{false};
};

/// How reading a dump ended.
struct DumpEnd {
    std::uint64_t frames{0};
    std::size_t truncated_bytes{0};
    bool interrupted{false};
};

/// Hands each whole frame of the dump to @p consume (index, bytes), which returns a Result<bool>:
/// false ends the reading.
template <typename Consume>
base::Result<DumpEnd> for_each_frame(const DumpReader& reader, const DumpLayout& layout,
                                     const Surroundings& surroundings, Consume consume) {
    std::optional<std::uint64_t> total;
    if (const auto size = reader.size()) {
        total = *size / layout.frame_bytes;
    }
    Progress progress{surroundings, total};
    std::vector<std::byte> buffer(layout.frame_bytes);
    DumpEnd end;
    while (true) {
        const auto got = reader.read(buffer);
        if (surroundings.stop != 0) {
            end.interrupted = true;
            return end;
        }
        if (!got) {
            return tl::unexpected{got.error()};
        }
        if (*got < buffer.size()) {
            end.truncated_bytes = *got;
            return end;
        }
        const auto more = consume(end.frames, std::span<const std::byte>{buffer});
        if (!more) {
            return tl::unexpected{more.error()};
        }
        ++end.frames;
        if (!*more) {
            return end;
        }
        progress.show(end.frames);
    }
}

std::string describe_gap(const Gap& gap) {
    return fmt::format("frame {} has number {} after {}", gap.index, gap.after, gap.before);
}

Json to_json(const std::vector<Gap>& gaps) {
    Json list = Json::array();
    for (const Gap& gap : gaps) {
        list.push_back({{"index", gap.index}, {"before", gap.before}, {"after", gap.after}});
    }
    return list;
}

Json to_json(const CheckReport& report) {
    Json json{{"clean", report.clean()},
              {"frames", report.frames},
              {"first", report.first ? Json(*report.first) : Json()},
              {"last", report.last ? Json(*report.last) : Json()},
              {"gap_count", report.gap_count},
              {"missing", report.missing},
              {"gaps", to_json(report.gaps)},
              {"repeated_count", report.repeated_count},
              {"repeated", report.repeated},
              {"backwards_count", report.backwards_count},
              {"backwards", to_json(report.backwards)},
              {"unreadable_numbers", report.unreadable_numbers},
              {"bad_frames", report.bad_frames},
              {"bad_pixels", report.bad_pixels},
              {"first_bad", nullptr},
              {"truncated_bytes", report.truncated_bytes}};
    if (const auto& bad = report.first_bad) {
        json["first_bad"] = {
            {"index", bad->index}, {"number", bad->number},           {"x", bad->x},
            {"y", bad->y},         {"expected", bad->expected},       {"found", bad->found},
            {"byte", bad->byte},   {"cache_line", bad->cache_line()},
        };
    }
    return json;
}

std::string to_text(const CheckReport& report, const DumpLayout& layout) {
    std::string text = fmt::format("frames: {}\n", report.frames);
    auto out = std::back_inserter(text);
    if (report.first && report.last) {
        fmt::format_to(out, "first number: {}\nlast number: {}\n", *report.first, *report.last);
    }
    fmt::format_to(out, "gaps: {}\nbad pixels: {}\n", report.gap_count, report.bad_pixels);
    for (const Gap& gap : report.gaps) {
        fmt::format_to(out, "gap: {}\n", describe_gap(gap));
    }
    if (report.missing > 0) {
        fmt::format_to(out, "missing: {}\n", report.missing);
    }
    for (const auto index : report.repeated) {
        fmt::format_to(out, "repeated: frame {} has its predecessor's number\n", index);
    }
    for (const Gap& gap : report.backwards) {
        fmt::format_to(out, "backwards: {}\n", describe_gap(gap));
    }
    if (report.unreadable_numbers > 0) {
        fmt::format_to(out, "unreadable numbers: {}\n", report.unreadable_numbers);
    }
    if (const auto& bad = report.first_bad) {
        fmt::format_to(out,
                       "bad frames: {}\nfirst bad pixel: frame {} (number {}), column {}, line {}: "
                       "0x{:03x} instead of 0x{:03x}, byte {} of the frame, cache line {}\n",
                       report.bad_frames, bad->index, bad->number, bad->x, bad->y, bad->found,
                       bad->expected, bad->byte, bad->cache_line());
    }
    if (report.truncated_bytes > 0) {
        fmt::format_to(out, "truncated: {} bytes follow the last whole frame of {}\n",
                       report.truncated_bytes, layout.frame_bytes);
    }
    if (report.frames == 0 && report.truncated_bytes == 0) {
        fmt::format_to(out, "empty: there is no frame to check\n");
    }
    fmt::format_to(out, "result: {}\n", report.clean() ? "every pixel is right" : "FAULTS FOUND");
    return text;
}

int complain(const Surroundings& surroundings, std::string_view message) {
    surroundings.err << "ipu3-frames: " << message << '\n';
    return exit_status::usage;
}

int interrupted(const Surroundings& surroundings, std::uint64_t frames) {
    surroundings.err << fmt::format("ipu3-frames: interrupted after {} frames\n", frames);
    return exit_status::interrupted;
}

/// Checks all of @p file. Error: the status to end with, after a sentence on standard error.
tl::expected<CheckReport, int> check_dump(const std::string& file, const DumpLayout& layout,
                                          const Surroundings& surroundings) {
    const auto reader = DumpReader::open(file);
    if (!reader) {
        return tl::unexpected{complain(surroundings, reader.error().message)};
    }
    CounterChecker checker{layout};
    const auto end = for_each_frame(*reader, layout, surroundings, [&](auto /*index*/, auto bytes) {
        return checker.frame(bytes).map([] { return true; });
    });
    if (!end) {
        return tl::unexpected{complain(surroundings, end.error().message)};
    }
    if (end->interrupted) {
        return tl::unexpected{interrupted(surroundings, end->frames)};
    }
    checker.truncated(end->truncated_bytes);
    return checker.report();
}

int run_check(const CheckOptions& options, const Surroundings& surroundings) {
    if (options.scene != "counter") {
        return complain(
            surroundings,
            fmt::format("scene '{}' cannot be recomputed; only 'counter' can (the other "
                        "scenes depend on exposure, gain and noise)",
                        options.scene));
    }
    const auto layout = layout_of(options.dump);
    if (!layout) {
        return complain(surroundings, layout.error().message);
    }
    const auto checked = check_dump(options.dump.file, *layout, surroundings);
    if (!checked) {
        return checked.error();
    }
    const CheckReport& report = *checked;
    surroundings.out << (options.json ? to_json(report).dump() + "\n" : to_text(report, *layout));
    return report.clean() ? exit_status::clean : exit_status::fault_found;
}

base::Result<std::string> read_text(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
    if (!file) {
        return base::fail_errno(errno, "cannot read '{}'", path);
    }
    return text;
}

int run_explain(const ExplainOptions& options, const Surroundings& surroundings) {
    const auto layout = layout_of(options.dump);
    if (!layout) {
        return complain(surroundings, layout.error().message);
    }
    const auto capture = read_text(options.capture).and_then(parse_capture_log);
    if (!capture) {
        return complain(surroundings,
                        fmt::format("--capture {}: {}", options.capture, capture.error().message));
    }
    const auto cache = read_text(options.cache).and_then(parse_cache_log);
    if (!cache) {
        return complain(surroundings,
                        fmt::format("--cache {}: {}", options.cache, cache.error().message));
    }
    const auto report = check_dump(options.dump.file, *layout, surroundings);
    if (!report) {
        return report.error();
    }
    surroundings.out << (report->bad.empty() ? "no frame is wrong\n"
                                             : explain(report->bad, *capture, *cache));
    return report->bad.empty() ? exit_status::clean : exit_status::fault_found;
}

base::Result<std::vector<std::byte>> picture_of(const RawImage& raw, const Tone& tone) {
    if (raw.order == BayerOrder::grey) {
        return encode_png(develop_grey(raw, tone));
    }
    return encode_png(develop(demosaic(raw), tone));
}

int run_png(const PngOptions& options, const Surroundings& surroundings) {
    const auto layout = layout_of(options.dump);
    if (!layout) {
        return complain(surroundings, layout.error().message);
    }
    const auto reader = DumpReader::open(options.dump.file);
    if (!reader) {
        return complain(surroundings, reader.error().message);
    }
    const std::filesystem::path folder{options.out};
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return complain(surroundings, fmt::format("cannot make the folder '{}': {}",
                                                  folder.string(), error.message()));
    }
    const std::string stem = options.dump.file == "-"
                                 ? std::string{"frame"}
                                 : std::filesystem::path{options.dump.file}.stem().string();
    std::uint64_t written = 0;
    RawImage raw;
    const auto end = for_each_frame(
        *reader, *layout, surroundings,
        [&](std::uint64_t index, std::span<const std::byte> bytes) -> base::Result<bool> {
            const bool wanted =
                options.frame ? index == *options.frame : index % options.every == 0;
            if (!wanted) {
                return true;
            }
            const auto path = folder / fmt::format("{}-{:06}.png", stem, index);
            auto done =
                unpack_frame(bytes, layout->format, layout->size, layout->bytes_per_line, raw)
                    .and_then([&] { return picture_of(raw, options.tone); })
                    .and_then([&](const auto& file) { return write_file(path, file); });
            if (!done) {
                return tl::unexpected{done.error()};
            }
            ++written;
            surroundings.out << path.string() << '\n';
            return !options.frame;
        });
    if (!end) {
        return complain(surroundings, end.error().message);
    }
    if (end->interrupted) {
        return interrupted(surroundings, end->frames);
    }
    if (options.frame && written == 0) {
        (void)complain(surroundings, fmt::format("there is no frame {}: the dump has {}",
                                                 *options.frame, end->frames));
        return exit_status::fault_found;
    }
    if (end->truncated_bytes > 0) {
        (void)complain(surroundings, fmt::format("{} bytes follow the last whole frame of {}",
                                                 end->truncated_bytes, layout->frame_bytes));
        return exit_status::fault_found;
    }
    if (end->frames == 0) {
        (void)complain(surroundings, "the dump is empty");
        return exit_status::fault_found;
    }
    return exit_status::clean;
}

} // namespace

int ipu3_frames(std::vector<std::string> arguments, const Surroundings& surroundings) {
    CLI::App app{"Checks and shows RAW frames dumped from the IPU3.", "ipu3-frames"};
    app.require_subcommand(1);
    app.footer(
        "Exit status: 0 nothing wrong, 1 a fault found in the dump, 2 wrong use, 130 interrupted.");

    CheckOptions check;
    auto* const check_command =
        app.add_subcommand("check", "recompute every frame of a test scene and compare bit by bit");
    add_dump_options(*check_command, check.dump);
    check_command->add_option("--scene", check.scene, "the scene that was taken: counter");
    check_command->add_flag("--json", check.json, "print the report as one JSON object");

    ExplainOptions explain;
    auto* const explain_command = app.add_subcommand(
        "explain", "say of each wrong frame which of its memory's flushes was missing");
    add_dump_options(*explain_command, explain.dump);
    explain_command
        ->add_option("--capture", explain.capture, "what ipu3-capture --json --pages printed")
        ->required();
    explain_command
        ->add_option("--cache", explain.cache,
                     "cache.json of the run, made by ipu3-vm --noncoherent ... --cache-loads")
        ->required();

    PngOptions png;
    auto* const png_command =
        app.add_subcommand("png", "unpack, demosaic and write FILE-NUMBER.png for each frame");
    add_dump_options(*png_command, png.dump);
    png_command->add_option("--out", png.out, "folder for the pictures, made if missing")
        ->required();
    auto* const frame = png_command->add_option("--frame", png.frame, "this frame only, from 0");
    png_command->add_option("--every", png.every, "every Nth frame only")
        ->check(CLI::PositiveNumber)
        ->excludes(frame);
    png_command->add_option("--black-level", png.tone.black_level, "the sensor's, of 1023 (64)")
        ->check(CLI::Range(0, 1022));
    png_command->add_option("--gain", png.tone.gain, "brighten by this factor (1)")
        ->check(CLI::Range(0.01, 100.0));
    png_command
        ->add_option("--white-balance", png.tone.white_balance, "grey-world (default) or none")
        // CLI11 would describe it by the enumerators' numbers, as characters.
        ->transform(CLI::CheckedTransformer(
                        std::map<std::string, WhiteBalance>{
                            {"grey-world", WhiteBalance::grey_world}, {"none", WhiteBalance::none}})
                        .description(""))
        ->type_name("KIND");

    try {
        std::ranges::reverse(arguments); // CLI11 takes them from the back
        app.parse(arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error, surroundings.out, surroundings.err) == 0 ? exit_status::clean
                                                                        : exit_status::usage;
    }
    if (explain_command->parsed()) {
        return run_explain(explain, surroundings);
    }
    return check_command->parsed() ? run_check(check, surroundings) : run_png(png, surroundings);
}

} // namespace frames
