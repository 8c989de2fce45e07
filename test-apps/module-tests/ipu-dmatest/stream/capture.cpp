// SPDX-License-Identifier: GPL-2.0-or-later
// From the device: every byte of each frame must be the pattern's.
#include "module-tests/ipu-dmatest/stream/checked_frame.hpp"
#include "module-tests/ipu-dmatest/stream/neighbours.hpp"
#include "module-tests/ipu-dmatest/stream/pattern_check.hpp"
#include "module-tests/ipu-dmatest/stream/session.hpp"

#include <cerrno>
#include <unistd.h>

namespace ipu3::dmatest::stream {

namespace {

template <typename T>
tl::unexpected<base::Error> pass_on(const base::Result<T>& failed) {
    return tl::unexpected{failed.error()};
}

/// The processor does not write to the buffers but for the poison before the first time.
std::uint32_t hint_flags(Hints hints, bool first) {
    switch (hints) {
    case Hints::none:
        return 0;
    case Hints::right:
        return first ? 0 : V4L2_BUF_FLAG_NO_CACHE_CLEAN;
    case Hints::wrong:
        return V4L2_BUF_FLAG_NO_CACHE_CLEAN | V4L2_BUF_FLAG_NO_CACHE_INVALIDATE;
    case Hints::once:
        return first ? V4L2_BUF_FLAG_NO_CACHE_INVALIDATE : 0;
    }
    return 0;
}

class Capture {
  public:
    Capture(const Options& options, VideoNode& node, const Layout& layout, const Buffers& buffers)
        : options_{options}, node_{node}, layout_{layout}, buffers_{buffers},
          neighbours_{buffers.count()} {}

    base::Result<void> start() {
        for (std::uint32_t index = 0; index < buffers_.count(); ++index) {
            const auto& buffer = buffers_.at(index);
            auto poisoned =
                buffer.access(v4l2::CpuAccess::write, [&] { poison_all(buffer.bytes()); });
            if (!poisoned) {
                return poisoned;
            }
            if (auto queued = queue(index, true); !queued) {
                return queued;
            }
        }
        return node_.stream_on();
    }

    /// Takes what is done. False: nothing was.
    base::Result<bool> take() {
        const auto dequeued = node_.dequeue(buffers_.memory());
        if (!dequeued) {
            return pass_on(dequeued);
        }
        const auto& frame = *dequeued;
        if (!frame) {
            return false;
        }
        const auto before = report_;
        if (auto checked = check(*frame); !checked) {
            return pass_on(checked);
        }
        tell(options_, "capture", *frame, before, report_);
        if (auto queued = queue(frame->index, false); !queued) {
            return pass_on(queued);
        }
        return true;
    }

    [[nodiscard]] Report& report() { return report_; }

  private:
    base::Result<void> queue(std::uint32_t index, bool first) {
        if (auto queued = buffers_.queue(node_, index, 0, hint_flags(options_.hints, first));
            !queued) {
            return queued;
        }
        neighbours_.change(buffers_.at(index), index);
        return {};
    }

    base::Result<void> check(const Dequeued& frame) {
        const auto& buffer = buffers_.at(frame.index);
        ++report_.frames;
        report_.lost += frame.sequence - next_;
        next_ = frame.sequence + 1;
        if (options_.memory == Memory::userptr) {
            report_.neighbours += neighbours_.count_changed(buffer, frame.index);
        }
        if (frame.error) {
            ++report_.errors;
            return {};
        }
        if (options_.hints == Hints::once && report_.frames <= buffers_.count()) {
            return {};
        }
        return buffer.access(v4l2::CpuAccess::read, [&] {
            // What is poison in memory need not be so in the caches when the hints lie.
            check_frame(buffer.bytes().first(layout_.sizeimage), layout_, frame.sequence,
                        options_.hints != Hints::wrong, report_);
        });
    }

    const Options& options_;
    VideoNode& node_;
    const Layout& layout_;
    const Buffers& buffers_;
    Neighbours neighbours_;
    Report report_;
    std::uint32_t next_{0};
};

} // namespace

base::Result<Report> capture(const Options& options, const v4l2::StopSignal& stop) {
    auto node = open_node(options, options.function, false);
    if (!node) {
        return pass_on(node);
    }
    const auto layout = set_layout(*node, options);
    if (!layout) {
        return pass_on(layout);
    }
    auto exporter = open_exporter(options);
    if (!exporter) {
        return pass_on(exporter);
    }
    const auto buffers = Buffers::make(*node, options, *layout, *exporter ? &**exporter : nullptr);
    if (!buffers) {
        return pass_on(buffers);
    }
    Capture run{options, *node, *layout, *buffers};
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
    return run.report();
}

base::Result<Report> capture_by_read(const Options& options, const v4l2::StopSignal& stop) {
    auto node = open_node(options, options.function, false);
    if (!node) {
        return pass_on(node);
    }
    const auto layout = set_layout(*node, options);
    if (!layout) {
        return pass_on(layout);
    }
    std::vector<std::uint8_t> bytes(layout->sizeimage);
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
        const auto got = ::read(node->fd(), bytes.data(), bytes.size());
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        if (got < 0) {
            return base::fail_errno(errno, "cannot read a frame");
        }
        const auto number = static_cast<std::uint32_t>(report.frames++);
        if (static_cast<std::uint64_t>(got) != layout->frame_bytes()) {
            ++report.errors;
            continue;
        }
        check_frame(bytes, *layout, number, false, report);
    }
    return report;
}

} // namespace ipu3::dmatest::stream
