// SPDX-License-Identifier: GPL-2.0-or-later
// To the device, which checks every byte itself and marks a buffer with a wrong one as erroneous.
#include "module-tests/ipu-dmatest/stream/checked_frame.hpp"
#include "module-tests/ipu-dmatest/stream/controls.hpp"
#include "module-tests/ipu-dmatest/stream/neighbours.hpp"
#include "module-tests/ipu-dmatest/stream/session.hpp"

#include <cerrno>
#include <unistd.h>

namespace ipu3::dmatest::stream {

namespace {

template <typename T>
tl::unexpected<base::Error> pass_on(const base::Result<T>& failed) {
    return tl::unexpected{failed.error()};
}

/// The device does not write, so there is nothing to invalidate; but all is to be written back.
std::uint32_t hint_flags(Hints hints) {
    switch (hints) {
    case Hints::none:
    case Hints::once: // not for this node
        return 0;
    case Hints::right:
        return V4L2_BUF_FLAG_NO_CACHE_INVALIDATE;
    case Hints::wrong:
        return V4L2_BUF_FLAG_NO_CACHE_CLEAN;
    }
    return 0;
}

class Output {
  public:
    Output(const Options& options, VideoNode& node, const Layout& layout, const Buffers& buffers)
        : options_{options}, node_{node}, layout_{layout}, buffers_{buffers},
          neighbours_{buffers.count()} {}

    base::Result<void> start() {
        for (std::uint32_t index = 0; index < buffers_.count() && drawn_ < options_.count;
             ++index) {
            const auto& buffer = buffers_.at(index);
            auto poisoned =
                buffer.access(v4l2::CpuAccess::write, [&] { poison_all(buffer.bytes()); });
            if (!poisoned) {
                return poisoned;
            }
            if (auto queued = draw_and_queue(index); !queued) {
                return queued;
            }
        }
        return node_.stream_on();
    }

    base::Result<void> take() {
        const auto dequeued = node_.dequeue(buffers_.memory());
        if (!dequeued) {
            return pass_on(dequeued);
        }
        const auto& frame = *dequeued;
        if (!frame) {
            return {};
        }
        const auto index = frame->index;
        ++report_.frames;
        report_.lost += frame->sequence - next_;
        next_ = frame->sequence + 1;
        report_.errors += frame->error ? 1U : 0U;
        if (options_.memory == Memory::userptr) {
            report_.neighbours += neighbours_.count_changed(buffers_.at(index), index);
        }
        tell(options_, "output", *frame, report_, report_);
        return drawn_ < options_.count ? draw_and_queue(index) : base::Result<void>{};
    }

    [[nodiscard]] Report& report() { return report_; }

  private:
    base::Result<void> draw_and_queue(std::uint32_t index) {
        const auto& buffer = buffers_.at(index);
        auto drawn = buffer.access(v4l2::CpuAccess::write,
                                   [&] { draw_frame(buffer.bytes(), layout_, drawn_); });
        if (!drawn) {
            return drawn;
        }
        ++drawn_;
        if (auto queued =
                buffers_.queue(node_, index, layout_.frame_bytes(), hint_flags(options_.hints));
            !queued) {
            return queued;
        }
        neighbours_.change(buffer, index);
        return {};
    }

    const Options& options_;
    VideoNode& node_;
    const Layout& layout_;
    const Buffers& buffers_;
    Neighbours neighbours_;
    Report report_;
    std::uint32_t drawn_{0};
    std::uint32_t next_{0};
};

/// What the device found since @p before.
base::Result<std::uint64_t> bad_bytes_since(VideoNode& node, std::int64_t before) {
    const auto now = node.long_control(V4L2_CID_IPU_DMATEST_BAD_BYTES);
    if (!now) {
        return pass_on(now);
    }
    return static_cast<std::uint64_t>(*now - before);
}

} // namespace

base::Result<Report> output(const Options& options, const v4l2::StopSignal& stop) {
    auto node = open_node(options, options.function, true);
    if (!node) {
        return pass_on(node);
    }
    const auto layout = set_layout(*node, options);
    const auto bad_before = node->long_control(V4L2_CID_IPU_DMATEST_BAD_BYTES);
    if (!layout || !bad_before) {
        return layout ? pass_on(bad_before) : pass_on(layout);
    }
    auto exporter = open_exporter(options);
    if (!exporter) {
        return pass_on(exporter);
    }
    const auto buffers = Buffers::make(*node, options, *layout, *exporter ? &**exporter : nullptr);
    if (!buffers) {
        return pass_on(buffers);
    }
    Output run{options, *node, *layout, *buffers};
    if (auto started = run.start(); !started) {
        return pass_on(started);
    }
    while (run.report().frames < options.count) {
        const auto woken = await(*node, options, stop);
        if (!woken) {
            return pass_on(woken);
        }
        if (*woken == v4l2::Woken::stopped) {
            run.report().interrupted = true;
            break;
        }
        if (const auto taken = run.take(); !taken) {
            return pass_on(taken);
        }
    }
    if (auto stopped = node->stream_off(); !stopped) {
        return pass_on(stopped);
    }
    const auto bad = bad_bytes_since(*node, *bad_before);
    if (!bad) {
        return pass_on(bad);
    }
    run.report().bad_bytes = *bad;
    return run.report();
}

base::Result<Report> output_by_write(const Options& options, const v4l2::StopSignal& stop) {
    auto node = open_node(options, options.function, true);
    if (!node) {
        return pass_on(node);
    }
    const auto layout = set_layout(*node, options);
    const auto bad_before = node->long_control(V4L2_CID_IPU_DMATEST_BAD_BYTES);
    if (!layout || !bad_before) {
        return layout ? pass_on(bad_before) : pass_on(layout);
    }
    std::vector<std::uint8_t> bytes(layout->sizeimage, poison);
    Report report;
    while (report.frames < options.count) {
        const auto woken = await(*node, options, stop);
        if (!woken) {
            return pass_on(woken);
        }
        if (*woken == v4l2::Woken::stopped) {
            report.interrupted = true;
            break;
        }
        draw_frame(bytes, *layout, static_cast<std::uint32_t>(report.frames));
        const auto put = ::write(node->fd(), bytes.data(), bytes.size());
        if (put < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        if (put < 0) {
            return base::fail_errno(errno, "cannot write a frame");
        }
        ++report.frames;
        report.errors += static_cast<std::size_t>(put) != bytes.size() ? 1U : 0U;
    }
    const auto bad = bad_bytes_since(*node, *bad_before);
    if (!bad) {
        return pass_on(bad);
    }
    report.bad_bytes = *bad;
    return report;
}

} // namespace ipu3::dmatest::stream
