// SPDX-License-Identifier: GPL-2.0-or-later
// Processes that do nothing but calls on both functions, and are killed. When the kill comes is up
// to chance; that is what is tested.
#include "lib/v4l2/memory.hpp"
#include "module-tests/ipu-dmatest/misuse/bench.hpp"
#include "module-tests/ipu-dmatest/misuse/tests.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <optional>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace ipu3::dmatest::misuse {

namespace {

constexpr Layout layout{.width = 1000, .height = 1000};
constexpr std::uint32_t frame = 1000 * 1000;
constexpr std::array memories{V4L2_MEMORY_MMAP, V4L2_MEMORY_USERPTR, V4L2_MEMORY_DMABUF};

/// One process' doings, at random and without an end; most calls fail, which is as good.
class Caller {
  public:
    explicit Caller(std::uint32_t seed) : random_{seed} {}

    [[noreturn]] void run() {
        for (;;) {
            step();
        }
    }

  private:
    std::uint32_t pick(std::uint32_t below) {
        return std::uniform_int_distribution<std::uint32_t>{0, below - 1}(random_);
    }

    void open() {
        const auto index = pick(static_cast<std::uint32_t>(nodes_.size()));
        auto opened = open_node(index / 2, index % 2 != 0, layout);
        nodes_[index] = opened ? std::optional{std::move(*opened)} : std::nullopt;
    }

    void queue(VideoNode& node) {
        v4l2_buffer buffer{};
        buffer.memory = memories[pick(memories.size())];
        buffer.index = pick(4);
        buffer.bytesused = frame;
        buffer.length = frame;
        if (buffer.memory == V4L2_MEMORY_USERPTR) {
            if (!memory_) {
                memory_ = v4l2::Mapping::anonymous(frame + 4096).value();
            }
            buffer.m.userptr =
                reinterpret_cast<std::uintptr_t>(memory_->bytes().data()) + pick(4096);
        } else if (buffer.memory == V4L2_MEMORY_DMABUF) {
            buffer.m.fd = exports_.empty() ? -1 : exports_[pick(size_of(exports_))].get();
        }
        (void)node.queue(buffer);
    }

    void map(VideoNode& node) {
        if (const auto place = node.mmap_place(pick(4))) {
            if (auto mapped = v4l2::Mapping::of_file(node.fd(), place->length, place->offset)) {
                mapped->bytes().front() = 1;
                mappings_.push_back(std::move(*mapped));
            }
        }
    }

    void step() {
        auto& chosen = nodes_[pick(static_cast<std::uint32_t>(nodes_.size()))];
        const auto what = pick(12);
        if (!chosen || what == 0) {
            open();
            return;
        }
        auto& node = *chosen;
        switch (what) {
        case 1:
        case 2:
            (void)request(node, memories[pick(memories.size())], pick(5));
            break;
        case 3:
            map(node);
            break;
        case 4:
            if (auto exported = node.export_buffer(pick(4))) {
                exports_.push_back(std::move(*exported));
            }
            break;
        case 5:
            (void)node.stream_on();
            break;
        case 6:
            (void)node.stream_off();
            break;
        case 7:
            (void)node.dequeue(memories[pick(memories.size())]);
            break;
        case 8:
            if (exports_.size() + mappings_.size() > 8) {
                exports_.clear();
                mappings_.clear();
            }
            break;
        default:
            queue(node);
        }
    }

    template <typename T>
    static std::uint32_t size_of(const std::vector<T>& things) {
        return static_cast<std::uint32_t>(things.size());
    }

    std::mt19937 random_;
    std::array<std::optional<VideoNode>, 4> nodes_;
    std::optional<v4l2::Mapping> memory_;
    std::vector<base::UniqueFd> exports_;
    std::vector<v4l2::Mapping> mappings_;
};

} // namespace

base::Result<void> try_kills(Verdict& verdict, unsigned rounds, std::uint32_t seed) {
    constexpr unsigned longest_ms = 400;
    std::mt19937 random{seed};
    const auto before = all_counters();
    std::int64_t most = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        const auto child = ::fork();
        if (child < 0) {
            return base::fail_errno(errno, "fork()");
        }
        if (child == 0) {
            Caller{static_cast<std::uint32_t>(random())}.run();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{random() % longest_ms});
        most = std::max(most, all_counters().buffers);
        int status = 0;
        if (::kill(child, SIGKILL) != 0 || ::waitpid(child, &status, 0) != child) {
            return base::fail_errno(errno, "cannot end process {}", child);
        }
        verdict.expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
                       fmt::format("round {}: the process ended by itself", round));
        const auto after = all_counters();
        verdict.expect(after == before, fmt::format("round {}: left {}", round, after.text()));
    }
    verdict.expect(most > before.buffers, "no process had a buffer when it was killed");
    return {};
}

} // namespace ipu3::dmatest::misuse
