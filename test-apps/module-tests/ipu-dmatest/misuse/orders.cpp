// SPDX-License-Identifier: GPL-2.0-or-later
// A buffer of one function that a process has as file, mapping and dma-buf, and that the other
// function has imported: whatever goes first, the memory is there until the last holder is gone,
// and not longer.
#include "lib/v4l2/memory.hpp"
#include "module-tests/ipu-dmatest/misuse/bench.hpp"
#include "module-tests/ipu-dmatest/misuse/tests.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ipu3::dmatest::misuse {

namespace {

constexpr Layout layout{.width = 4096, .height = 3072};
constexpr std::size_t size = std::size_t{12} << 20;
/// Half of a buffer: what else happens to free memory meanwhile (page cache, slabs, a process) is a
/// small part of that, see also short_page_lists().
constexpr std::int64_t tolerance_kb = 6 << 10;

enum class Event : std::uint8_t {
    close_node,
    unmap,
    close_dmabuf,
    close_importer,
    unbind,
    unbind_importer,
};

std::string_view name(Event event) {
    switch (event) {
    case Event::close_node:
        return "close";
    case Event::unmap:
        return "munmap";
    case Event::close_dmabuf:
        return "close-dmabuf";
    case Event::close_importer:
        return "close-importer";
    case Event::unbind:
        return "unbind";
    case Event::unbind_importer:
        return "unbind-importer";
    }
    return "?";
}

using Order = std::vector<Event>;

std::string text(const Order& order) {
    std::string words;
    for (const auto event : order) {
        words += fmt::format("{} ", name(event));
    }
    return words;
}

base::Result<void> write_driver(std::string_view file, std::string_view function) {
    std::ofstream out{fmt::format("/sys/bus/pci/drivers/ipu-dmatest/{}", file)};
    out << function << std::flush;
    if (!out) {
        return base::fail_errno(errno, "cannot {} {}", file, function);
    }
    return {};
}

/// Each processor keeps some free pages for itself, by itself ever more of them; those do not count
/// as free. This makes it the least number, about a megabyte.
base::Result<void> short_page_lists() {
    std::ofstream out{"/proc/sys/vm/percpu_pagelist_high_fraction"};
    out << 100000 << std::flush;
    if (!out) {
        return base::fail_errno(errno, "cannot limit the processors' lists of free pages");
    }
    return {};
}

bool is_bound(std::string_view function) {
    return static_cast<bool>(read_counters(function));
}

std::uint8_t pattern(std::size_t offset) {
    return static_cast<std::uint8_t>((offset / 4096) * 7 + offset % 251);
}

/// One byte of each page and the last one: all of it would cost seconds of an emulated processor.
bool holds_pattern(std::span<const std::uint8_t> bytes) {
    for (std::size_t offset = 0; offset < bytes.size(); offset += 4096) {
        if (bytes[offset] != pattern(offset)) {
            return false;
        }
    }
    return bytes.back() == pattern(bytes.size() - 1);
}

/// All that holds the buffer.
class Holders {
  public:
    static base::Result<Holders> make() {
        Holders holders;
        auto node = open_node(0, false, layout);
        auto importer = open_node(1, true, layout);
        if (!node || !importer) {
            return tl::unexpected{(node ? importer : node).error()};
        }
        if (const auto failed = request(*node, V4L2_MEMORY_MMAP, 1)) {
            return base::fail_errno(failed, "VIDIOC_REQBUFS");
        }
        auto mapping = v4l2::Mapping::of_file(node->fd(), size, 0);
        auto dmabuf = node->export_buffer(0);
        if (!mapping || !dmabuf) {
            return tl::unexpected{mapping ? dmabuf.error() : mapping.error()};
        }
        for (std::size_t offset = 0; offset < size; offset += 4096) {
            mapping->bytes()[offset] = pattern(offset);
        }
        mapping->bytes().back() = pattern(size - 1);
        if (const auto failed = request(*importer, V4L2_MEMORY_DMABUF, 1)) {
            return base::fail_errno(failed, "VIDIOC_REQBUFS of the importer");
        }
        v4l2_buffer buffer{};
        buffer.memory = V4L2_MEMORY_DMABUF;
        buffer.m.fd = dmabuf->get();
        buffer.bytesused = size;
        if (auto queued = importer->queue(buffer); !queued) {
            return tl::unexpected{queued.error()};
        }
        holders.node_ = std::move(*node);
        holders.importer_ = std::move(*importer);
        holders.mapping_ = std::move(*mapping);
        holders.dmabuf_ = std::move(*dmabuf);
        return holders;
    }

    base::Result<void> apply(Event event) {
        switch (event) {
        case Event::close_node:
            node_.reset();
            break;
        case Event::unmap:
            mapping_.reset();
            break;
        case Event::close_dmabuf:
            dmabuf_.reset();
            break;
        case Event::close_importer:
            importer_.reset();
            importer_holds_ = false;
            break;
        case Event::unbind:
            node_holds_ = false;
            return write_driver("unbind", first_function);
        case Event::unbind_importer:
            importer_holds_ = false;
            return write_driver("unbind", second_function);
        }
        return {};
    }

    /// Whether anything is left that keeps the memory. A driver that is unbound frees its queues,
    /// open or not.
    [[nodiscard]] bool any() const {
        return (node_ && node_holds_) || mapping_ || dmabuf_ || (importer_ && importer_holds_);
    }

    /// What can be read of the memory is what was written.
    void look(Verdict& verdict, std::string_view when) const {
        if (mapping_) {
            verdict.expect(holds_pattern(mapping_->bytes()),
                           fmt::format("{}: the mapping lost its bytes", when));
        }
        if (dmabuf_) {
            const auto fresh = v4l2::Mapping::of_file(dmabuf_->get(), size, 0);
            verdict.expect(fresh && holds_pattern(fresh->bytes()),
                           fmt::format("{}: the dma-buf lost its bytes", when));
        }
    }

  private:
    std::optional<VideoNode> node_;
    std::optional<VideoNode> importer_;
    std::optional<v4l2::Mapping> mapping_;
    std::optional<base::UniqueFd> dmabuf_;
    bool node_holds_{true};
    bool importer_holds_{true};
};

/// What a process reports through its status; more is in the output.
enum ProcessStatus : std::uint8_t { all_right = 0, something_wrong = 1, broken = 2 };

class Process {
  public:
    Process(Order order, const OrderOptions& options, std::int64_t free_before)
        : order_{std::move(order)}, options_{options}, free_before_{free_before} {}

    /// Goes through the order, says through @p done that it has, and waits to be killed if that is
    /// asked for.
    [[nodiscard]] int run(int done, bool wait) {
        const auto result = go();
        if (!result) {
            fmt::print("not ok: {}: {}\n", text(order_), result.error().message);
            (void)std::fflush(stdout);
            return broken;
        }
        if (wait) {
            const char byte = verdict_.failures() == 0 ? 'y' : 'n';
            if (::write(done, &byte, 1) != 1) {
                return broken;
            }
            for (;;) {
                ::pause();
            }
        }
        return verdict_.failures() == 0 ? all_right : something_wrong;
    }

  private:
    base::Result<void> go() {
        auto holders = Holders::make();
        if (!holders) {
            return tl::unexpected{holders.error()};
        }
        if (auto looked = look(*holders, "before"); !looked) {
            return looked;
        }
        for (const auto event : order_) {
            if (auto done = holders->apply(event); !done) {
                return done;
            }
            if (auto looked = look(*holders, name(event)); !looked) {
                return looked;
            }
        }
        kept_ = std::move(*holders); // until the process ends
        return {};
    }

    base::Result<void> look(const Holders& holders, std::string_view after) {
        const auto free_now = free_memory();
        if (!free_now) {
            return tl::unexpected{free_now.error()};
        }
        const auto when = fmt::format("{}: after {}", text(order_), after);
        const auto used = free_before_ - *free_now;
        const bool there = used > tolerance_kb;
        const bool wanted = holders.any() && !options_.control;
        verdict_.expect(there == wanted,
                        fmt::format("{}: {} kB are in use, and {} be there", when, used,
                                    wanted ? "the buffer must" : "no buffer must"));
        holders.look(verdict_, when);
        return {};
    }

    Order order_;
    OrderOptions options_;
    std::int64_t free_before_;
    Verdict verdict_;
    std::optional<Holders> kept_;
};

/// In a process of its own, which is killed at the order's end when @p kill.
base::Result<void> run_order(Verdict& verdict, const Order& order, const OrderOptions& options,
                             bool kill) {
    const auto free_before = free_memory();
    if (!free_before) {
        return tl::unexpected{free_before.error()};
    }
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return base::fail_errno(errno, "socketpair()");
    }
    const base::UniqueFd mine{ends[0]};
    base::UniqueFd theirs{ends[1]};
    const auto child = ::fork();
    if (child < 0) {
        return base::fail_errno(errno, "fork()");
    }
    if (child == 0) {
        ::_exit(Process{order, options, *free_before}.run(theirs.get(), kill));
    }
    theirs.reset();
    char byte = 0;
    const bool reached = kill && ::read(mine.get(), &byte, 1) == 1;
    if (reached && ::kill(child, SIGKILL) != 0) {
        return base::fail_errno(errno, "kill()");
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child) {
        return base::fail_errno(errno, "waitpid()");
    }
    const bool well = reached ? byte == 'y' : WIFEXITED(status) && WEXITSTATUS(status) == all_right;
    verdict.expect(well, fmt::format("{}{}", text(order), kill ? "kill" : ""));

    const auto free_after = free_memory();
    if (!free_after) {
        return tl::unexpected{free_after.error()};
    }
    verdict.expect(*free_before - *free_after < tolerance_kb,
                   fmt::format("{}: {} kB are gone", text(order), *free_before - *free_after));
    for (const auto function : {first_function, second_function}) {
        if (!is_bound(function)) {
            if (auto bound = write_driver("bind", function); !bound) {
                return bound;
            }
        }
    }
    verdict.expect(all_counters() == Counters{},
                   fmt::format("{}: left {}", text(order), all_counters().text()));
    return {};
}

} // namespace

base::Result<void> try_orders(Verdict& verdict, const OrderOptions& options) {
    if (auto limited = short_page_lists(); !limited) {
        return limited;
    }
    Order order{Event::close_node, Event::unmap, Event::close_dmabuf, Event::close_importer,
                Event::unbind};
    if (options.full) {
        order.push_back(Event::unbind_importer);
    }
    // A beginning of several orders is tried once, with a kill: an order whose rest is sorted is
    // the first one that begins so.
    const std::size_t longest_killed = options.full ? order.size() - 1 : 2;
    for (bool more = true; more;
         more = !options.control && std::ranges::next_permutation(order).found) {
        for (std::size_t length = 0; length <= longest_killed; ++length) {
            const auto end = order.begin() + static_cast<std::ptrdiff_t>(length);
            if (std::ranges::is_sorted(end, order.end())) {
                if (auto ran = run_order(verdict, Order(order.begin(), end), options, true); !ran) {
                    return ran;
                }
            }
        }
        if (auto ran = run_order(verdict, order, options, false); !ran) {
            return ran;
        }
    }
    return {};
}

} // namespace ipu3::dmatest::misuse
