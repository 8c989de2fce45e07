// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-judge: whether what an ImgU made of a RAW frame is that frame's.
#include "apps/ipu3-judge/awb.hpp"
#include "apps/ipu3-judge/colours.hpp"
#include "apps/ipu3-judge/picture.hpp"
#include "lib/frames/fourcc.hpp"
#include "lib/frames/ipu3_unpack.hpp"
#include "lib/frames/parse_size.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstddef>
#include <exception>
#include <fmt/format.h>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace judge;

constexpr int right = 0;
constexpr int wrong = 1;
constexpr int failed = 2;

struct Options {
    std::string raw;
    std::string format;
    std::string size;
    std::size_t frame{0};
    std::string read;
    std::string bds;
    std::string file;
    std::string picture_size;
    std::string corrected;
    std::size_t stride{0};
    std::size_t number{0};
    double black{0};
    double gamma{0};
    double greys{8};
    double off{20};
};

constexpr unsigned side_at_most = 16384; // pixels, and bytes of a row

base::Result<Size> parse_size(std::string_view text) {
    return frames::parse_size(text).and_then([&](Size size) -> base::Result<Size> {
        if (size.width == 0 || size.height == 0 || size.width > side_at_most ||
            size.height > side_at_most) {
            return base::fail("a size of {}: sides are 1 to {} pixels", text, side_at_most);
        }
        return size;
    });
}

/// Piece @p number of a file that consists of pieces of @p bytes.
base::Result<std::vector<std::byte>> piece(const std::string& path, std::size_t number,
                                           std::size_t bytes) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return base::fail_errno(errno, "cannot read {}", path);
    }
    std::vector<std::byte> content(bytes);
    file.seekg(static_cast<std::streamoff>(number * bytes));
    if (!file.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(bytes))) {
        return base::fail("{} has no piece {} of {} bytes", path, number, bytes);
    }
    return content;
}

base::Result<frames::RawImage> raw_frame(const Options& options) {
    const auto format = frames::find_raw_format(options.format);
    if (!format) {
        return tl::unexpected{format.error()};
    }
    const auto size = parse_size(options.size);
    if (!size) {
        return tl::unexpected{size.error()};
    }
    const auto row = format->bytes_per_line(size->width);
    const auto bytes = piece(options.raw, options.frame, row * size->height);
    if (!bytes) {
        return tl::unexpected{bytes.error()};
    }
    frames::RawImage image;
    if (auto unpacked = frames::unpack_frame(*bytes, *format, *size, row, image); !unpacked) {
        return tl::unexpected{unpacked.error()};
    }
    return image;
}

/// Sizes that the options tell of.
struct Sizes {
    Size read;
    Size bds;
    Size picture;
    Size corrected;
};

/// @p raw: the frame's.
base::Result<Sizes> picture_sizes(const Options& options, Size raw) {
    const auto read = options.read.empty() ? base::Result<Size>{raw} : parse_size(options.read);
    const auto bds = parse_size(options.bds);
    const auto picture = parse_size(options.picture_size);
    const auto corrected = options.corrected.empty() ? picture : parse_size(options.corrected);
    for (const auto* const parsed : {&read, &bds, &picture, &corrected}) {
        if (!*parsed) {
            return tl::unexpected{parsed->error()};
        }
    }
    if (read->width > raw.width || read->height > raw.height) {
        return base::fail("more of the frame cannot be read than there is");
    }
    return Sizes{.read = *read, .bds = *bds, .picture = *picture, .corrected = *corrected};
}

base::Result<int> run_awb(const Options& options) {
    const auto raw = raw_frame(options);
    if (!raw) {
        return tl::unexpected{raw.error()};
    }
    const auto bds = parse_size(options.bds);
    if (!bds) {
        return tl::unexpected{bds.error()};
    }
    const auto bytes = piece(options.file, options.number, statistics_bytes);
    if (!bytes) {
        return tl::unexpected{bytes.error()};
    }
    const auto statistics = read_awb(*bytes);
    if (!statistics) {
        return tl::unexpected{statistics.error()};
    }
    const auto expected = recompute_awb(*raw, *bds, statistics->grid, options.black);
    const auto verdict = judge_awb(*statistics, expected, *bds);
    const auto worst = verdict.y * statistics->grid.width + verdict.x;
    fmt::print("{} of {} cells of {}x{} pixels compared, {} of them exactly, {} off by more than "
               "1; at most {:.2f}, cell {},{}: {} for {:.1f} to {:.1f}\n",
               verdict.compared, statistics->cells.size(), statistics->grid.cell_width,
               statistics->grid.cell_height, verdict.exactly, verdict.wrong, verdict.largest,
               verdict.x, verdict.y, fmt::join(statistics->cells[worst], ","),
               fmt::join(expected[worst].least, ","), fmt::join(expected[worst].most, ","));
    return verdict.compared > 0 && verdict.wrong == 0 ? right : wrong;
}

/// The picture that the options tell of.
base::Result<YuvPlanes> nv12(const Options& options, Size size) {
    const auto stride = options.stride == 0 ? std::size_t{size.width} : options.stride;
    return piece(options.file, options.number, stride * size.height * 3 / 2)
        .and_then(
            [&](const std::vector<std::byte>& bytes) { return read_nv12(bytes, size, stride); });
}

base::Result<int> run_picture(const Options& options) {
    const auto raw = raw_frame(options);
    if (!raw) {
        return tl::unexpected{raw.error()};
    }
    const auto sizes = picture_sizes(options, raw->size);
    if (!sizes) {
        return tl::unexpected{sizes.error()};
    }
    const auto picture = nv12(options, sizes->picture);
    if (!picture) {
        return tl::unexpected{picture.error()};
    }
    const auto first = origin_of_middle(origin(raw->order), raw->size, sizes->read);
    const auto from = mapping(sizes->read, first, sizes->bds, sizes->corrected, sizes->picture);
    const auto verdict = judge_picture(*picture, render(*raw, from, sizes->picture));
    fmt::print("{:.2f},{:.2f} pixels off, alike {:.3f}; bands off", verdict.whole.x,
               verdict.whole.y, verdict.whole.likeness);
    for (const auto& band : verdict.bands) {
        fmt::print(" {:.2f},{:.2f}", band.x, band.y);
    }
    fmt::print("; Cb {:.3f}, Cr {:.3f}\n", verdict.cb, verdict.cr);
    const auto complaints = verdict.complaints();
    for (const auto& complaint : complaints) {
        fmt::print("{}\n", complaint);
    }
    return complaints.empty() ? right : wrong;
}

base::Result<int> run_colours(const Options& options) {
    const auto raw = parse_size(options.size);
    if (!raw) {
        return tl::unexpected{raw.error()};
    }
    const auto sizes = picture_sizes(options, *raw);
    if (!sizes) {
        return tl::unexpected{sizes.error()};
    }
    const auto picture = nv12(options, sizes->picture);
    if (!picture) {
        return tl::unexpected{picture.error()};
    }
    const auto first = origin_of_middle(Origin{}, *raw, sizes->read);
    const auto from = mapping(sizes->read, first, sizes->bds, sizes->corrected, sizes->picture);
    const auto verdict = judge_colours(*picture, *raw, from, options.gamma);
    for (const auto& patch : verdict.patches) {
        fmt::print("patch {:>2}: off by {:>4.1f}, expected {:.0f}, found {:.0f}\n",
                   patch.number + 1, patch.off(), fmt::join(patch.expected, " "),
                   fmt::join(patch.found, " "));
    }
    fmt::print("brightness {:.1f}, {} patches, mean off {:.1f}, chroma of greys {:.1f}\n",
               verdict.brightness, verdict.patches.size(), verdict.mean_off(),
               verdict.largest_grey_chroma());
    return verdict.largest_grey_chroma() <= options.greys && verdict.mean_off() <= options.off
               ? right
               : wrong;
}

void declare_sizes(CLI::App& command, Options& options) {
    command.add_option("--size", options.size, "The RAW frame's size, WIDTHxHEIGHT")->required();
    command.add_option("--bds", options.bds, "What the frame is scaled to, WIDTHxHEIGHT")
        ->required();
    command.add_option("--number", options.number, "Which piece of FILE")->capture_default_str();
}

void declare_frame(CLI::App& command, Options& options) {
    command.add_option("--raw", options.raw, "The file with the RAW frame")->required();
    command
        .add_option("--format", options.format,
                    "Its format: V4L2's name (ip3b), libcamera's (SBGGR10_IPU3) or the "
                    "media bus's (SBGGR10_1X10)")
        ->required();
    command.add_option("--frame", options.frame, "Which frame of the file")->capture_default_str();
    declare_sizes(command, options);
}

void declare_picture(CLI::App& command, Options& options) {
    command.add_option("--read", options.read,
                       "How much of the RAW frame the ImgU reads, its middle (default: all of it)");
    command.add_option("--picture-size", options.picture_size, "The picture's, WIDTHxHEIGHT")
        ->required();
    command.add_option("--corrected", options.corrected,
                       "What is left of the scaled frame before the picture is made of it "
                       "(default: the picture's size)");
    command.add_option("--stride", options.stride, "Bytes of a row (default: its pixels)")
        ->check(CLI::Range(std::size_t{0}, std::size_t{side_at_most}));
    command.add_option("FILE", options.file, "Pictures, one after the other")->required();
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app{"Judges what an ImgU made of a RAW frame. Status: 0 right, 1 wrong, 2 an error.",
                 "ipu3-judge"};
    app.require_subcommand(1);
    auto* awb = app.add_subcommand("awb", "Statistics: each cell of white balance, to 1 of 255");
    declare_frame(*awb, options);
    awb->add_option("--black", options.black, "The black level that is taken off, of 1023")
        ->capture_default_str();
    awb->add_option("FILE", options.file, "Statistics, 125664 bytes each")->required();
    auto* picture = app.add_subcommand("picture", "NV12: place, seams, colours");
    declare_frame(*picture, options);
    declare_picture(*picture, options);
    auto* colours = app.add_subcommand(
        "colours", "NV12 of the room: its colour chart, patch by patch, brightness apart");
    declare_sizes(*colours, options);
    declare_picture(*colours, options);
    colours->add_option("--gamma", options.gamma,
                        "The picture's numbers are light to the power of 1/this (default: sRGB's)");
    colours->add_option("--greys", options.greys, "How much colour greys may have (C* of CIE Lab)")
        ->capture_default_str();
    colours->add_option("--off", options.off, "How far off patches may be in the mean (CIE 1976)")
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? right : failed;
    }
    auto* command = run_colours;
    if (*awb) {
        command = run_awb;
    } else if (*picture) {
        command = run_picture;
    }
    const auto status = command(options);
    if (!status) {
        fmt::print(stderr, "ipu3-judge: {}\n", status.error().message);
        return failed;
    }
    return *status;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "ipu3-judge: {}\n", error.what());
        return failed;
    }
}
