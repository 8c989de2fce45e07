// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/writer.hpp"

#include "apps/ipu3-capture/formats.hpp"
#include "lib/frames/demosaic.hpp"
#include "lib/frames/ipu3_unpack.hpp"
#include "lib/frames/png.hpp"
#include "lib/frames/tone.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <vector>

namespace ipu3::capture {

namespace {

base::Result<void> write_picture(const std::filesystem::path& path, const frames::RawImage& raw) {
    const auto file = raw.order == frames::BayerOrder::grey
                          ? frames::encode_png(frames::develop_grey(raw, {}))
                          : frames::encode_png(frames::develop(frames::demosaic(raw), {}));
    return file.and_then(
        [&](const std::vector<std::byte>& bytes) { return frames::write_file(path, bytes); });
}

} // namespace

base::Result<Writer> Writer::make(const Options& options, const Layout& layout,
                                  const StopSignal& stop) {
    const auto format = frames::find_raw_format(fourcc_text(layout.pixelformat));
    if (!format) {
        return tl::unexpected{format.error()};
    }
    Writer writer{options, layout, *format};
    if (!options.png.empty()) {
        std::error_code error;
        std::filesystem::create_directories(options.png, error);
        if (error) {
            return base::fail("cannot make the folder {}: {}", options.png, error.message());
        }
    }
    if (!options.raw.empty()) {
        auto raw = Output::create(options.raw, stop);
        if (!raw) {
            return tl::unexpected{raw.error()};
        }
        writer.raw_ = std::move(*raw);
    }
    return writer;
}

bool Writer::wants(std::uint64_t index, bool damaged) const {
    return options_->writes() && index % options_->every == 0 &&
           (!damaged || options_->keep_damaged);
}

base::Result<void> Writer::take(std::span<const std::byte> bytes) {
    const auto whole = std::size_t{layout_.bytes_per_line} * layout_.size.height;
    std::vector<std::byte> filled;
    if (bytes.size() < whole) {
        filled.resize(whole);
        std::ranges::copy(bytes, filled.begin());
        bytes = filled;
    }
    if (raw_) {
        if (auto written = raw_->write(bytes); !written) {
            return written;
        }
    }
    if (options_->png.empty()) {
        return {};
    }
    return frames::unpack_frame(bytes, format_, layout_.size, layout_.bytes_per_line, image_);
}

base::Result<void> Writer::finish_picture() {
    return picture_.valid() ? picture_.get() : base::Result<void>{};
}

base::Result<void> Writer::develop(std::uint64_t index) {
    if (options_->png.empty()) {
        return {};
    }
    if (auto finished = finish_picture(); !finished) {
        return finished;
    }
    auto path = std::filesystem::path{options_->png} / fmt::format("frame-{:06}.png", index);
    picture_ = std::async(std::launch::async, write_picture, std::move(path), std::move(image_));
    image_ = {};
    return {};
}

base::Result<void> Writer::close() {
    auto finished = finish_picture();
    auto closed = raw_ ? raw_->close() : base::Result<void>{};
    return finished ? closed : finished;
}

} // namespace ipu3::capture
