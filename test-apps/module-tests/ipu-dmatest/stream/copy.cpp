// SPDX-License-Identifier: GPL-2.0-or-later
// From one function to the other through shared buffers: the first one writes, the second one
// checks, and the processor does not look unless it is asked to.
#include "module-tests/ipu-dmatest/stream/checked_frame.hpp"
#include "module-tests/ipu-dmatest/stream/controls.hpp"
#include "module-tests/ipu-dmatest/stream/session.hpp"

#include <array>
#include <poll.h>

namespace ipu3::dmatest::stream {

namespace {

template <typename T>
tl::unexpected<base::Error> pass_on(const base::Result<T>& failed) {
    return tl::unexpected{failed.error()};
}

/// Both nodes and their queues over the same memory.
struct Link {
    VideoNode source;
    VideoNode sink;
    Layout layout;
};

base::Result<Link> open_link(const Options& options) {
    auto source = open_node(options, options.function, false);
    if (!source) {
        return pass_on(source);
    }
    auto sink = open_node({}, 1 - options.function, true);
    if (!sink) {
        return pass_on(sink);
    }
    const auto layout = set_layout(*source, options);
    if (!layout) {
        return pass_on(layout);
    }
    if (const auto same = set_layout(*sink, options); !same) {
        return pass_on(same);
    }
    return Link{std::move(*source), std::move(*sink), *layout};
}

struct Queues {
    Buffers source;
    Buffers sink;
};

base::Result<Queues> make_queues(Link& link, const Options& options) {
    // The node that exports has buffers of its own; the other one imports them. Memory from
    // elsewhere is imported by both.
    const bool sink_exports =
        options.memory == Memory::dmabuf_import && options.exporter == Exporter::node;
    auto wanted = options;
    wanted.memory = sink_exports ? Memory::dmabuf_export : options.memory;
    auto& first_node = sink_exports ? link.sink : link.source;
    auto& second_node = sink_exports ? link.source : link.sink;
    auto first = Buffers::make(first_node, wanted, link.layout, nullptr);
    if (!first) {
        return pass_on(first);
    }
    auto second = Buffers::import(second_node, *first);
    if (!second) {
        return pass_on(second);
    }
    if (!options.look) {
        first->unmap();
    }
    return sink_exports ? Queues{std::move(*second), std::move(*first)}
                        : Queues{std::move(*first), std::move(*second)};
}

class Copy {
  public:
    Copy(const Options& options, Link& link, const Queues& queues)
        : options_{options}, link_{link}, queues_{queues} {}

    base::Result<void> start() {
        for (std::uint32_t index = 0; index < queues_.source.count(); ++index) {
            if (auto queued = queues_.source.queue(link_.source, index, 0); !queued) {
                return queued;
            }
        }
        if (auto started = link_.sink.stream_on(); !started) {
            return started;
        }
        return link_.source.stream_on();
    }

    [[nodiscard]] std::array<v4l2::StopSignal::Watch, 2> watched() const {
        // A queue with nothing in it would wake at once, with an error.
        return {{{.fd = link_.source.fd(), .events = POLLIN},
                 {.fd = at_sink_ != 0 ? link_.sink.fd() : -1, .events = POLLOUT}}};
    }

    base::Result<void> take_source() {
        const auto dequeued = link_.source.dequeue(queues_.source.memory());
        if (!dequeued) {
            return pass_on(dequeued);
        }
        const auto& frame = *dequeued;
        if (!frame) {
            return {};
        }
        const auto before = report_;
        const auto index = frame->index;
        report_.lost += frame->sequence - next_;
        next_ = frame->sequence + 1;
        if (frame->error) {
            ++report_.errors;
            ++report_.frames;
            return queues_.source.queue(link_.source, index, 0);
        }
        if (options_.look) {
            if (auto looked = look(*frame); !looked) {
                return looked;
            }
        }
        tell(options_, "capture", *frame, before, report_);
        ++at_sink_;
        return queues_.sink.queue(link_.sink, index, link_.layout.frame_bytes());
    }

    base::Result<void> take_sink() {
        const auto dequeued = link_.sink.dequeue(queues_.sink.memory());
        if (!dequeued) {
            return pass_on(dequeued);
        }
        const auto& frame = *dequeued;
        if (!frame) {
            return {};
        }
        --at_sink_;
        ++report_.frames;
        report_.errors += frame->error ? 1U : 0U;
        tell(options_, "output", *frame, report_, report_);
        return queues_.source.queue(link_.source, frame->index, 0);
    }

    [[nodiscard]] Report& report() { return report_; }

  private:
    base::Result<void> look(const Dequeued& frame) {
        // The importing queue has no mapping of its own.
        const auto& mine = queues_.source.at(frame.index);
        const auto& mapped = mine.mapping ? mine : queues_.sink.at(frame.index);
        return mapped.access(v4l2::CpuAccess::read, [&] {
            check_frame(mapped.bytes().first(link_.layout.sizeimage), link_.layout, frame.sequence,
                        false, report_);
        });
    }

    const Options& options_;
    Link& link_;
    const Queues& queues_;
    Report report_;
    std::uint32_t next_{0};
    std::uint32_t at_sink_{0};
};

} // namespace

base::Result<Report> copy(const Options& options, const v4l2::StopSignal& stop) {
    auto link = open_link(options);
    if (!link) {
        return pass_on(link);
    }
    const auto bad_before = link->sink.long_control(V4L2_CID_IPU_DMATEST_BAD_BYTES);
    if (!bad_before) {
        return pass_on(bad_before);
    }
    const auto queues = make_queues(*link, options);
    if (!queues) {
        return pass_on(queues);
    }
    Copy run{options, *link, *queues};
    if (auto started = run.start(); !started) {
        return pass_on(started);
    }
    while (run.report().frames < options.count) {
        auto watched = run.watched();
        const auto woken = stop.wait(watched, options.timeout);
        if (!woken) {
            return pass_on(woken);
        }
        if (*woken == v4l2::Woken::timeout) {
            return base::fail("no frame came within {} ms", options.timeout.count());
        }
        if (*woken == v4l2::Woken::stopped) {
            run.report().interrupted = true;
            break;
        }
        if (watched[0].got != 0) {
            if (auto taken = run.take_source(); !taken) {
                return pass_on(taken);
            }
        }
        if (watched[1].got != 0) {
            if (auto taken = run.take_sink(); !taken) {
                return pass_on(taken);
            }
        }
    }
    if (auto stopped = link->source.stream_off(); !stopped) {
        return pass_on(stopped);
    }
    if (auto stopped = link->sink.stream_off(); !stopped) {
        return pass_on(stopped);
    }
    const auto bad = link->sink.long_control(V4L2_CID_IPU_DMATEST_BAD_BYTES);
    if (!bad) {
        return pass_on(bad);
    }
    run.report().bad_bytes += static_cast<std::uint64_t>(*bad - *bad_before);
    return run.report();
}

} // namespace ipu3::dmatest::stream
