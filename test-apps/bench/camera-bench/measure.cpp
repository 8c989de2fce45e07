// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/camera-bench/measure.hpp"

#include "apps/ipu3-capture/buffers.hpp"
#include "bench/camera-bench/completion.hpp"
#include "bench/camera-bench/machine_counters.hpp"
#include "bench/camera-bench/module_code.hpp"
#include "lib/base/number.hpp"
#include "lib/base/retry.hpp"
#include "lib/v4l2/memory.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <poll.h>
#include <span>
#include <utility>

namespace ipu3::camera_bench {

namespace {

using base::Result;
using capture::Buffers;
using capture::Dequeued;
using capture::Pipeline;
using capture::VideoNode;

constexpr std::uint32_t stream_buffers = 4;
// Code is translated, caches and lists fill: what comes first is not counted.
constexpr std::uint32_t first_frames = 10;
constexpr unsigned buffer_rounds = 5;
constexpr unsigned reading_rounds = 21;
constexpr int frame_timeout_ms = 30'000;

std::filesystem::path tracing(std::string_view file) {
    return std::filesystem::path{"/sys/kernel/debug/tracing"} / file;
}

Result<std::string> read_text(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file.is_open() || file.bad()) {
        return base::fail("cannot read {}", path.string());
    }
    return text;
}

Result<void> write_text(const std::filesystem::path& path, std::string_view text) {
    std::ofstream file{path, std::ios::binary};
    if (!(file << text << std::flush)) {
        return base::fail("cannot write '{}' to {}", text, path.string());
    }
    return {};
}

/// The middle one; @p values is not empty.
double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// A stream that runs as long as this lives.
class Stream {
  public:
    static Result<Stream> start(Pipeline& pipeline) {
        capture::Options options;
        options.buffers = stream_buffers;
        auto buffers = Buffers::make(pipeline.node, options, pipeline.layout.bytes);
        if (!buffers) {
            return tl::unexpected{buffers.error()};
        }
        for (std::uint32_t index = 0; index < buffers->count(); ++index) {
            if (auto queued = buffers->queue(pipeline.node, index); !queued) {
                return tl::unexpected{queued.error()};
            }
        }
        if (auto started = pipeline.node.stream_on(); !started) {
            return tl::unexpected{started.error()};
        }
        return Stream{pipeline.node, std::move(*buffers)};
    }
    Stream(Stream&& other) noexcept
        : node_{std::exchange(other.node_, nullptr)}, buffers_{std::move(other.buffers_)} {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    Stream& operator=(Stream&&) = delete;
    ~Stream() {
        if (node_ != nullptr) {
            (void)node_->stream_off(); // close() ends it as well
            buffers_.reset();
            (void)node_->request_buffers(V4L2_MEMORY_MMAP, 0);
        }
    }

    /// The next frame. Error: none came, or it is damaged, or one before it was lost.
    Result<Dequeued> next() {
        while (true) {
            pollfd watched{.fd = node_->fd(), .events = POLLIN, .revents = 0};
            const auto ready = base::retry([&] { return ::poll(&watched, 1, frame_timeout_ms); });
            if (ready < 0) {
                return base::fail_errno(errno, "poll");
            }
            if (ready == 0) {
                return base::fail("no frame came");
            }
            auto frame = node_->dequeue(buffers_->memory());
            if (!frame) {
                return tl::unexpected{frame.error()};
            }
            const auto& came = *frame;
            if (!came) {
                if ((watched.revents & POLLERR) != 0) {
                    return base::fail("the driver reports an error (POLLERR)");
                }
                continue;
            }
            if (came->damaged || (last_ && came->sequence != *last_ + 1)) {
                return base::fail("frame {} is damaged, or not the one after {}", came->sequence,
                                  last_.value_or(0));
            }
            last_ = came->sequence;
            return *came;
        }
    }
    Result<void> give_back(const Dequeued& frame) { return buffers_->queue(*node_, frame.index); }
    /// Takes @p count frames and gives them back.
    Result<void> pass(std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) {
            if (auto done =
                    next().and_then([&](const Dequeued& frame) { return give_back(frame); });
                !done) {
                return done;
            }
        }
        return {};
    }
    [[nodiscard]] const Buffers& buffers() const { return *buffers_; }

  private:
    Stream(VideoNode& node, Buffers buffers)
        : node_{&node}, buffers_{std::make_unique<Buffers>(std::move(buffers))} {}

    VideoNode* node_; ///< the pipeline's, which outlives this; none of what was moved from
    std::unique_ptr<Buffers> buffers_; ///< they go before the driver is told so
    std::optional<std::uint32_t> last_;
};

std::uint64_t own_instructions(const Device& device) {
    return std::transform_reduce(device.code_pages.begin(), device.code_pages.end(),
                                 std::uint64_t{0}, std::plus<>{}, instructions_in_page);
}

/// What is measured around frames.
struct FrameCounts {
    std::uint64_t all{0};
    std::uint64_t own{0};
    unsigned long interrupts{0};

    static Result<FrameCounts> now(const Device& device) {
        const auto interrupts = read_text("/proc/interrupts");
        if (!interrupts) {
            return tl::unexpected{interrupts.error()};
        }
        FrameCounts counts{.all = 0,
                           .own = own_instructions(device),
                           .interrupts = interrupt_count(*interrupts, device.irq)};
        counts.all = all_instructions();
        return counts;
    }
};

std::uint64_t sum_of_words(std::span<const std::uint8_t> bytes) {
    std::uint64_t sum = 0;
    std::uint64_t word = 0;
    for (; bytes.size() >= sizeof(word); bytes = bytes.subspan(sizeof(word))) {
        std::memcpy(&word, bytes.data(), sizeof(word));
        sum += word;
    }
    return sum;
}

/// Seconds to read all of @p bytes.
double read_seconds(std::span<const std::uint8_t> bytes) {
    const auto before = std::chrono::steady_clock::now();
    auto sum = sum_of_words(bytes);
    asm volatile("" : "+r"(sum)); // somebody wants it
    return std::chrono::duration<double>{std::chrono::steady_clock::now() - before}.count();
}

} // namespace

Result<Device> find_device(const std::string& function) {
    const std::filesystem::path folder{"/sys/bus/pci/devices/" + function};
    Device device;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder / "msi_irqs", error}) {
        const auto name = entry.path().filename().string();
        device.irq = base::parse_number<unsigned>(name).value_or(0);
    }
    if (device.irq == 0) {
        return base::fail("{} has no driver, or no MSI", function);
    }
    const auto kallsyms = read_text("/proc/kallsyms");
    if (!kallsyms) {
        return tl::unexpected{kallsyms.error()};
    }
    for (const auto* module : {"ipu3_cio2", "vb2_ipu_iommu"}) {
        std::ranges::copy(code_pages(*kallsyms, module), std::back_inserter(device.code_pages));
    }
    if (device.code_pages.empty()) {
        return base::fail("/proc/kallsyms does not tell where ipu3_cio2 is");
    }
    return device;
}

Result<void> check_rest(const Device& device) {
    const auto before = own_instructions(device);
    if (auto checked = check_counters(); !checked) { // which takes some ticks of the timer
        return checked;
    }
    if (const auto now = own_instructions(device); now != before) {
        return base::fail("the driver has carried out {} instructions while it had nothing to do",
                          now - before);
    }
    return {};
}

Result<Rows> measure_buffers(Pipeline& pipeline, std::uint32_t count) {
    auto& node = pipeline.node;
    enum : std::uint8_t { reqbufs, map, unmap, give_back, steps };
    std::array<std::uint64_t, steps> least{};
    least.fill(std::numeric_limits<std::uint64_t>::max());
    for (unsigned round = 0; round < buffer_rounds; ++round) {
        std::array<std::uint64_t, steps + 1> at{};
        std::vector<v4l2::Mapping> mappings;
        mappings.reserve(count);
        at[reqbufs] = instructions();
        const auto got = node.request_buffers(V4L2_MEMORY_MMAP, count);
        at[map] = instructions();
        if (!got) {
            return tl::unexpected{got.error()};
        }
        if (*got != count) {
            return base::fail("{} buffers came, not {}", *got, count);
        }
        for (std::uint32_t index = 0; index < count; ++index) {
            auto mapping = node.mmap_place(index).and_then([&](const VideoNode::MmapPlace& place) {
                return v4l2::Mapping::of_file(node.fd(), place.length, place.offset);
            });
            if (!mapping) {
                return tl::unexpected{mapping.error()};
            }
            mappings.push_back(std::move(*mapping));
        }
        at[unmap] = instructions();
        mappings.clear();
        at[give_back] = instructions();
        if (const auto freed = node.request_buffers(V4L2_MEMORY_MMAP, 0); !freed) {
            return tl::unexpected{freed.error()};
        }
        at[steps] = instructions();
        for (std::size_t step = 0; step < steps; ++step) {
            least.at(step) = std::min(least.at(step), at.at(step + 1) - at.at(step));
        }
    }
    const auto row = [&](std::string_view name, std::uint64_t value) {
        return Row{fmt::format("{}:{}", name, count), static_cast<double>(value)};
    };
    return Rows{row("reqbufs", least[reqbufs]), row("mmap", least[map]),
                row("munmap", least[unmap]), row("free", least[give_back])};
}

Result<Rows> measure_stream(Pipeline& pipeline, const Device& device, std::uint32_t frames) {
    auto stream = Stream::start(pipeline);
    if (!stream) {
        return tl::unexpected{stream.error()};
    }
    if (auto passed = stream->pass(first_frames); !passed) {
        return tl::unexpected{passed.error()};
    }
    const auto before = FrameCounts::now(device);
    if (!before) {
        return tl::unexpected{before.error()};
    }
    if (auto passed = stream->pass(frames); !passed) {
        return tl::unexpected{passed.error()};
    }
    const auto after = FrameCounts::now(device);
    if (!after) {
        return tl::unexpected{after.error()};
    }
    const auto row = [&](std::string_view name, std::uint64_t value) {
        return Row{fmt::format("frame:{}", name),
                   static_cast<double>(value) / static_cast<double>(frames)};
    };
    return Rows{row("own", after->own - before->own), row("all", after->all - before->all),
                row("interrupts", after->interrupts - before->interrupts)};
}

Result<Rows> measure_completion(Pipeline& pipeline, const Device& device, std::uint32_t frames) {
    const auto switch_events = [](std::string_view on) {
        return write_text(tracing("events/irq/irq_handler_entry/enable"), on).and_then([&] {
            return write_text(tracing("events/v4l2/v4l2_dqbuf/enable"), on);
        });
    };
    auto done = write_text(tracing("buffer_size_kb"), "8192").and_then([&] {
        return write_text(tracing("trace_clock"), "mono");
    });
    if (done) {
        done = switch_events("1");
    }
    if (!done) {
        return tl::unexpected{done.error()};
    }
    {
        auto stream = Stream::start(pipeline);
        done = stream ? stream->pass(first_frames) : tl::unexpected{stream.error()};
        if (done) {
            done = write_text(tracing("trace"), "");
        }
        if (done) {
            done = stream->pass(frames);
        }
        if (auto off = switch_events("0"); !off && done) {
            done = off;
        }
    }
    const auto trace = read_text(tracing("trace"));
    if (!done || !trace) {
        return tl::unexpected{done ? trace.error() : done.error()};
    }
    const auto times = completion_times(*trace, device.irq);
    if (times.size() < frames / 2) {
        return base::fail("of {} frames the trace has {}", frames, times.size());
    }
    return Rows{{"completion:us", 1e6 * median(times)}};
}

Result<Rows> measure_reading(Pipeline& pipeline) {
    auto stream = Stream::start(pipeline);
    if (!stream) {
        return tl::unexpected{stream.error()};
    }
    const auto frame = stream->next();
    if (!frame) {
        return tl::unexpected{frame.error()};
    }
    const auto plain = v4l2::Mapping::anonymous(pipeline.layout.bytes);
    if (!plain) {
        return tl::unexpected{plain.error()};
    }
    std::ranges::fill(plain->bytes(), std::uint8_t{0x5a});
    std::vector<double> shares;
    auto read = stream->buffers().read(*frame, [&](std::span<const std::byte> bytes) {
        const std::span all{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
        for (unsigned round = 0; round < reading_rounds; ++round) {
            const auto of_plain = read_seconds(plain->bytes());
            shares.push_back(of_plain / read_seconds(all));
        }
        return Result<void>{};
    });
    if (!read) {
        return tl::unexpected{read.error()};
    }
    return Rows{{"read:share", median(shares)}};
}

} // namespace ipu3::camera_bench
