// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/capture.hpp"

#include "apps/ipu3-capture/buffers.hpp"
#include "apps/ipu3-capture/progress.hpp"
#include "apps/ipu3-capture/report.hpp"
#include "apps/ipu3-capture/writer.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <unistd.h>

namespace ipu3::capture {

namespace {

using v4l2::Woken;

class Stream {
  public:
    Stream(const Options& options, VideoNode& node, const Buffers& buffers, Writer& writer,
           const StopSignal& stop, Output& table)
        : options_{options}, node_{node}, buffers_{buffers}, writer_{writer}, stop_{stop},
          table_{table} {}

    /// Frames until there are enough of them. Returns whether a signal came first.
    base::Result<bool> run() {
        // On a terminal the frames' own lines are progress enough, and would cut this one up.
        const bool silent_table =
            ::isatty(options_.raw_to_stdout() ? STDERR_FILENO : STDOUT_FILENO) == 0;
        Progress progress{!options_.quiet && silent_table && ::isatty(STDERR_FILENO) == 1,
                          options_.count};
        for (std::uint32_t index = 0; index < buffers_.count(); ++index) {
            if (auto queued = buffers_.queue(node_, index); !queued) {
                return tl::unexpected{queued.error()};
            }
        }
        if (auto started = node_.stream_on(); !started) {
            return tl::unexpected{started.error()};
        }
        while (options_.count == 0 || statistics_.frames() < options_.count) {
            const auto frame = next();
            if (!frame) {
                return tl::unexpected{frame.error()};
            }
            const auto& came = *frame;
            if (!came) {
                return true;
            }
            if (auto handled = handle(*came); !handled) {
                return tl::unexpected{handled.error()};
            }
            progress.show(statistics_);
        }
        return false;
    }

    [[nodiscard]] const Statistics& statistics() const { return statistics_; }

  private:
    /// Waits for a frame; nothing when a signal came.
    base::Result<std::optional<Dequeued>> next() {
        while (true) {
            std::array watched{StopSignal::Watch{.fd = node_.fd(), .events = POLLIN}};
            const auto woken = stop_.wait(watched, options_.timeout);
            if (!woken) {
                return tl::unexpected{woken.error()};
            }
            if (*woken == Woken::stopped) {
                return std::optional<Dequeued>{};
            }
            if (*woken == Woken::timeout) {
                return base::fail("{}: no frame came within {:g} s: does the sensor send (dmesg), "
                                  "at which rate (its vertical_blanking and exposure), and is "
                                  "--timeout long enough for that?",
                                  node_.path().string(),
                                  std::chrono::duration<double>{options_.timeout}.count());
            }
            auto frame = node_.dequeue(buffers_.memory());
            if (!frame || *frame) {
                return frame;
            }
            if ((watched[0].got & POLLERR) != 0) {
                return base::fail("{}: the driver reports an error (POLLERR); dmesg may tell more",
                                  node_.path().string());
            }
        }
    }

    base::Result<void> handle(const Dequeued& frame) {
        FrameRecord record{.index = statistics_.frames(),
                           .buffer = frame.index,
                           .sequence = frame.sequence,
                           .bytes = frame.bytes,
                           .damaged = frame.damaged,
                           .written = false,
                           .timestamp = frame.timestamp,
                           .latency = frame.latency};
        const bool wanted = writer_.wants(record.index, frame.damaged);
        if (wanted) {
            auto taken = buffers_.read(
                frame, [&](std::span<const std::byte> bytes) { return writer_.take(bytes); });
            if (!taken) {
                return taken;
            }
        }
        if (auto queued = buffers_.queue(node_, frame.index); !queued) {
            return queued;
        }
        if (wanted) {
            if (auto developed = writer_.develop(record.index); !developed) {
                return developed;
            }
            record.written = true;
        }
        const auto lost = statistics_.add(record);
        return table_.write(options_.json ? json_line(record, lost) : table_line(record, lost));
    }

    const Options& options_;
    VideoNode& node_;
    const Buffers& buffers_;
    Writer& writer_;
    const StopSignal& stop_;
    Output& table_;
    Statistics statistics_;
};

std::string_view memory_text(const Options& options) {
    switch (options.memory) {
    case Memory::userptr:
        return "userptr";
    case Memory::dmabuf:
        return "dmabuf";
    case Memory::mmap:
        break;
    }
    return options.export_buffers ? "mmap, exported" : "mmap";
}

base::Result<void> tell_pages(const Options& options, const Buffers& buffers, Output& table) {
    if (!options.pages) {
        return {};
    }
    const auto pages = buffers.pages();
    if (!pages) {
        return tl::unexpected{pages.error()};
    }
    return table.write(pages_json(*pages));
}

} // namespace

base::Result<bool> capture(const Options& options, Pipeline& pipeline, const StopSignal& stop,
                           Output& table, const Notes& notes) {
    auto& node = pipeline.node;
    const auto buffers = Buffers::make(node, options, pipeline.layout.bytes);
    if (!buffers) {
        return tl::unexpected{buffers.error()};
    }
    notes(fmt::format("{} buffers ({})", buffers->count(), memory_text(options)));
    auto writer = Writer::make(options, pipeline.layout, stop);
    if (!writer) {
        return tl::unexpected{writer.error()};
    }
    if (!options.json) {
        if (auto written = table.write(table_header()); !written) {
            return tl::unexpected{written.error()};
        }
    }
    Stream stream{options, node, *buffers, *writer, stop, table};
    auto result = stream.run();
    // Before the stream ends, for until then the driver holds what it has.
    if (auto told = tell_pages(options, *buffers, table); !told && result) {
        result = tl::unexpected{told.error()};
    }
    // What failed first is what is told.
    if (auto stopped = node.stream_off(); !stopped && result) {
        result = tl::unexpected{stopped.error()};
    }
    if (auto closed = writer->close(); !closed && result) {
        result = tl::unexpected{closed.error()};
    }
    const Ending ending{.interrupted = result && *result,
                        .error = result ? std::string{} : result.error().message};
    auto told = table.write(options.json ? summary_json(stream.statistics(), ending)
                                         : summary_line(stream.statistics(), ending));
    if (!told && result) {
        result = tl::unexpected{told.error()};
    }
    return result;
}

} // namespace ipu3::capture
