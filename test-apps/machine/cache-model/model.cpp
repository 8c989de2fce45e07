// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/model.hpp"

#include "machine/cache-model/page_lock.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <utility>

namespace ipu3::cache {
namespace {

using Line = std::array<std::uint64_t, line_words>;

// Beyond this the offsets below could not be added without care; no guest is that large.
constexpr std::uint64_t largest_ram = std::uint64_t{1} << 44U;

constexpr std::uint64_t bit(unsigned line) {
    return std::uint64_t{1} << line;
}

/// A mask with @p count bits from bit @p first on; both together at most 64.
constexpr std::uint64_t bits(std::uint64_t first, std::uint64_t count) {
    return (count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1) << first;
}

constexpr std::uint64_t round_up(std::uint64_t size, std::uint64_t to) {
    return (size + to - 1) / to * to;
}

/// Where the parts of the state lie for @p ram_size bytes of RAM.
struct Sizes {
    explicit Sizes(std::uint64_t ram_size)
        : bitmap{round_up(sizeof(shared::Header), page_size)},
          pages{bitmap + round_up(ram_size / page_size / 8 + 8, page_size)},
          dram{pages + round_up(ram_size / page_size * sizeof(shared::Page), page_size)},
          clean{dram + ram_size}, all{clean + ram_size} {}

    std::uint64_t bitmap;
    std::uint64_t pages;
    std::uint64_t dram;
    std::uint64_t clean;
    std::uint64_t all;
};

/// A line of guest RAM, which processors may be storing to at the same time: word by word.
Line load_line(std::byte* ram) {
    auto* words = reinterpret_cast<std::uint64_t*>(ram);
    Line line{};
    for (std::size_t i = 0; i < line.size(); ++i) {
        line.at(i) = std::atomic_ref{words[i]}.load(std::memory_order_relaxed);
    }
    return line;
}

Line copy_line(const std::byte* from) {
    Line line{};
    std::memcpy(line.data(), from, line_size);
    return line;
}

/// Calls @p visit(page, offset within the page, done, size) for each page of a range.
template <typename Visit>
void for_each_page(RamOffset start, std::uint64_t size, const Visit& visit) {
    for (std::uint64_t done = 0; done < size;) {
        const auto at = value(start) + done;
        const auto part = std::min(size - done, page_size - at % page_size);
        visit(at / page_size, at % page_size, done, part);
        done += part;
    }
}

/// Calls @p visit(line, mask of bytes) for each line of a part of a page.
template <typename Visit>
void for_each_line(std::uint64_t offset, std::uint64_t size, const Visit& visit) {
    for (std::uint64_t at = offset; at < offset + size;) {
        const auto within = at % line_size;
        const auto part = std::min(offset + size - at, line_size - within);
        visit(static_cast<unsigned>(at / line_size), bits(within, part));
        at += part;
    }
}

/// Whether two lines differ in a byte of @p mask.
bool differ(std::span<const std::uint64_t, line_words> left,
            std::span<const std::uint64_t, line_words> right, std::uint64_t mask) {
    const auto a = std::as_bytes(left);
    const auto b = std::as_bytes(right);
    for (; mask != 0; mask &= mask - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(mask));
        if (a[i] != b[i]) {
            return true;
        }
    }
    return false;
}

constexpr std::uint8_t number(FunctionNumber function) {
    return static_cast<std::uint8_t>(function);
}

/// SplitMix64 (Steele, Lea, Flood 2014): one well mixed number for each input.
std::uint64_t mix(std::uint64_t number) {
    number += 0x9e3779b97f4a7c15;
    number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9;
    number = (number ^ (number >> 27U)) * 0x94d049bb133111eb;
    return number ^ (number >> 31U);
}

base::Result<void> check_spec(const ModelSpec& spec) {
    if (spec.ram_size == 0 || spec.ram_size % page_size != 0 || spec.ram_size > largest_ram) {
        return base::fail("a cache model cannot have {} bytes of RAM", spec.ram_size);
    }
    if (spec.functions.size() > shared::max_functions) {
        return base::fail("a cache model cannot have {} functions", spec.functions.size());
    }
    for (const auto& function : spec.functions) {
        if (function.name.empty() || function.name.size() >= shared::function_name_size) {
            return base::fail("a cache model cannot have a function named '{}'", function.name);
        }
        if (!function.tables && !function.buffers) {
            return base::fail("a cache model has nothing to do with {}, which snoops",
                              function.name);
        }
    }
    return {};
}

} // namespace

/// A page and its contents: as the CPU sees them, in DRAM, and at each line's last sync.
struct CacheModel::PageView {
    shared::Page& state;
    std::byte* ram;
    std::byte* dram;
    std::byte* clean;

    [[nodiscard]] Line seen(unsigned line) const { return load_line(ram + line * line_size); }
    [[nodiscard]] Line in_dram(unsigned line) const { return copy_line(dram + line * line_size); }
    [[nodiscard]] bool changed(unsigned line, const Line& now) const {
        return copy_line(clean + line * line_size) != now;
    }
    [[nodiscard]] bool dirty(unsigned line, const Line& now) const {
        const auto stored = std::atomic_ref{state.dirty}.load(std::memory_order_acquire);
        return ((stored | state.virgin) & bit(line)) != 0 || changed(line, now);
    }
    void forget_device(unsigned line) const {
        state.device_bytes.at(line) = 0;
        std::atomic_ref{state.device_lines}.fetch_and(~bit(line), std::memory_order_relaxed);
    }
};

base::Result<base::UniqueFd> CacheModel::make_state(const ModelSpec& spec) {
    if (auto fits = check_spec(spec); !fits) {
        return tl::unexpected{fits.error()};
    }
    base::UniqueFd fd{::memfd_create("ipu3-cache", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!fd) {
        return base::fail_errno(errno, "cannot make the cache model's memory");
    }
    const Sizes sizes{spec.ram_size};
    if (::ftruncate(fd.get(), static_cast<off_t>(sizes.all)) != 0 ||
        ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        return base::fail_errno(errno, "cannot give the cache model {} bytes", sizes.all);
    }
    auto mapping = Mapping::open(fd.get(), sizes.bitmap);
    if (!mapping) {
        return tl::unexpected{mapping.error()};
    }
    auto& header = *reinterpret_cast<shared::Header*>(mapping->bytes().data());
    header.version = shared::version;
    header.exact = spec.dirtiness == Dirtiness::exact ? 1 : 0;
    header.loads = spec.loads ? 1 : 0;
    header.evict = spec.evict ? 1 : 0;
    header.ddio = spec.ddio ? 1 : 0;
    header.seed = spec.evict.value_or(0);
    header.ram_size = spec.ram_size;
    header.bitmap = sizes.bitmap;
    header.pages = sizes.pages;
    header.dram = sizes.dram;
    header.clean = sizes.clean;
    header.size = sizes.all;
    header.function_count = spec.functions.size();
    for (std::size_t i = 0; i < spec.functions.size(); ++i) {
        const auto& function = spec.functions[i];
        std::ranges::copy(function.name, header.function_names.at(i).begin());
        header.past_tables |= std::uint64_t{function.tables} << i;
        header.past_buffers |= std::uint64_t{function.buffers} << i;
    }
    for (auto& lock : header.locks) {
        init_page_lock(lock);
    }
    header.magic = shared::magic;
    return fd;
}

base::Result<CacheModel> CacheModel::attach(int state_fd, int ram_fd) {
    auto head = Mapping::open(state_fd, sizeof(shared::Header));
    if (!head) {
        return base::fail("the cache model's state: {}", head.error().message);
    }
    const auto& header = *reinterpret_cast<const shared::Header*>(head->bytes().data());
    const auto ram_size = header.ram_size;
    if (header.magic != shared::magic || header.version != shared::version || ram_size == 0 ||
        ram_size % page_size != 0 || ram_size > largest_ram || header.size != Sizes{ram_size}.all ||
        header.function_count > shared::max_functions) {
        return base::fail("the cache model's state is not one of this version");
    }
    auto state = Mapping::open(state_fd, header.size);
    if (!state) {
        return base::fail("the cache model's state: {}", state.error().message);
    }
    auto ram = Mapping::open(ram_fd, ram_size);
    if (!ram) {
        return base::fail("the guest's RAM: {}", ram.error().message);
    }
    return CacheModel{std::move(*state), std::move(*ram)};
}

CacheModel::CacheModel(Mapping state, Mapping ram)
    : state_{std::move(state)}, ram_{std::move(ram)},
      header_{reinterpret_cast<shared::Header*>(state_.bytes().data())} {
    auto* start = state_.bytes().data();
    const Sizes sizes{header_->ram_size};
    bitmap_ = reinterpret_cast<std::uint64_t*>(start + sizes.bitmap);
    pages_ = reinterpret_cast<shared::Page*>(start + sizes.pages);
    dram_ = start + sizes.dram;
    clean_ = start + sizes.clean;
}

void CacheModel::count(std::uint64_t& total, std::uint64_t number) {
    std::atomic_ref{total}.fetch_add(number, std::memory_order_relaxed);
}

bool CacheModel::nothing_tracked() const noexcept {
    return std::atomic_ref{header_->tracked_pages}.load(std::memory_order_acquire) == 0;
}

bool CacheModel::is_tracked(std::uint64_t page) const noexcept {
    const auto word = std::atomic_ref{bitmap_[page / 64]}.load(std::memory_order_acquire);
    return (word & (std::uint64_t{1} << (page % 64))) != 0;
}

void CacheModel::mark_stored(RamOffset at, std::uint64_t size) noexcept {
    const auto within = value(at) % page_size;
    const auto last = std::min(within + size, page_size) - 1;
    const auto first_line = within / line_size;
    // Always the locked operation, even if the bit seems to be set: it is what orders the store
    // before a flush on another processor that clears the bit and then looks at the line.
    std::atomic_ref{pages_[value(at) / page_size].dirty}.fetch_or(
        bits(first_line, last / line_size - first_line + 1), std::memory_order_seq_cst);
    count(header_->cpu.tracked_stores);
}

void CacheModel::check_load(RamOffset at, std::uint64_t size) {
    const auto index = value(at) / page_size;
    const auto within = value(at) % page_size;
    const auto device_lines =
        std::atomic_ref{pages_[index].device_lines}.load(std::memory_order_relaxed);
    if (device_lines == 0) {
        return;
    }
    with_page(index, [&](const PageView& page) {
        for_each_line(within, std::min(size, page_size - within),
                      [&](unsigned line, std::uint64_t bytes) {
                          bytes &= page.state.device_bytes.at(line);
                          if (bytes != 0 && differ(page.seen(line), page.in_dram(line), bytes)) {
                              ++page.state.counters.stale_loads;
                              count(header_->cpu.stale_loads);
                          }
                      });
    });
}

CacheModel::PageView CacheModel::view(std::uint64_t page) {
    const auto start = page * page_size;
    return {pages_[page], ram_.bytes().data() + start, dram_ + start, clean_ + start};
}

template <typename Work>
bool CacheModel::with_page(std::uint64_t page, const Work& work) {
    const PageLock lock{header_->locks.at(page % shared::lock_count)};
    if (lock.owner_died()) {
        count(header_->cpu.dead_lock_owners);
    }
    const auto its_view = view(page);
    const bool fresh = !is_tracked(page);
    if (fresh) {
        track(its_view);
        count(header_->tracked_pages);
        // Sequentially consistent: a processor whose store missed the bit has its bytes in the line
        // before anybody looks at them below.
        std::atomic_ref{bitmap_[page / 64]}.fetch_or(std::uint64_t{1} << (page % 64),
                                                     std::memory_order_seq_cst);
    }
    work(its_view);
    return fresh;
}

template <typename Visit>
void CacheModel::for_each_tracked_index(const Visit& visit) {
    const auto pages = header_->ram_size / page_size;
    for (std::uint64_t first = 0; first < pages; first += 64) {
        auto word = std::atomic_ref{bitmap_[first / 64]}.load(std::memory_order_acquire);
        for (; word != 0; word &= word - 1) {
            visit(first + static_cast<std::uint64_t>(std::countr_zero(word)));
        }
    }
}

void CacheModel::track(const PageView& page) {
    page.state.virgin = ~std::uint64_t{0};
    std::memset(page.dram, std::to_integer<int>(poison), page_size);
}

CacheModel::Synced CacheModel::sync(const PageView& page, unsigned line, Flush kind) {
    // The bit goes before the line is looked at: a store in between then sets it anew, and is at
    // worst written back twice. The other way round it could be forgotten.
    const auto stored = std::atomic_ref{page.state.dirty}.fetch_and(~bit(line)) & bit(line);
    const auto first = (page.state.virgin & bit(line)) != 0;
    const auto now = page.seen(line);
    const bool changed = page.changed(line, now);
    if (stored != 0 || first || changed) {
        if (header_->exact != 0 && stored == 0 && !first) {
            count(header_->cpu.unseen_changes);
        }
        write_back(page, line, now, page.state.device_bytes.at(line));
        return first ? Synced::first_written_back : Synced::written_back;
    }
    if (kind == Flush::keep) {
        return Synced::unchanged;
    }
    const auto fetched = page.in_dram(line);
    auto* words = reinterpret_cast<std::uint64_t*>(page.ram + line * line_size);
    bool refreshed = false;
    for (std::size_t i = 0; i < fetched.size(); ++i) {
        if (fetched.at(i) != now.at(i)) {
            refreshed = true;
            // A word that a processor stores to at this moment keeps the store: it came after.
            auto expected = now.at(i);
            std::atomic_ref{words[i]}.compare_exchange_strong(expected, fetched.at(i));
        }
    }
    std::memcpy(page.clean + line * line_size, fetched.data(), line_size);
    page.forget_device(line);
    return refreshed ? Synced::refreshed : Synced::unchanged;
}

/// DRAM gets the line as it is @p now, over the bytes of a device's that are named by @p lost.
void CacheModel::write_back(const PageView& page, unsigned line,
                            std::span<const std::uint64_t, line_words> now, std::uint64_t lost) {
    count_lost(page, line, now, lost);
    std::memcpy(page.dram + line * line_size, now.data(), line_size);
    std::memcpy(page.clean + line * line_size, now.data(), line_size);
    page.state.virgin &= ~bit(line);
    page.forget_device(line);
}

void CacheModel::count_lost(const PageView& page, unsigned line,
                            std::span<const std::uint64_t, line_words> newer, std::uint64_t lost) {
    if (lost == 0 || page.state.last_writer == 0) {
        return;
    }
    ++page.state.counters.lost_writes;
    auto& function = totals(FunctionNumber{page.state.last_writer});
    count(function.lost_writes);
    if (differ(newer, page.in_dram(line), lost)) {
        count(function.lost_writes_differ);
    }
}

void CacheModel::count_flushed(const PageView& page, Synced synced) {
    switch (synced) {
    case Synced::first_written_back:
        count(header_->cpu.first_flushes);
        [[fallthrough]];
    case Synced::written_back:
        count(header_->cpu.write_backs);
        break;
    case Synced::refreshed:
        ++page.state.counters.refreshed;
        count(header_->cpu.refreshed);
        break;
    case Synced::unchanged:
        break;
    }
}

bool CacheModel::flush(RamOffset at, Flush kind) {
    count(kind == Flush::keep ? header_->cpu.cleans : header_->cpu.flushes);
    const auto line = static_cast<unsigned>(value(at) % page_size / line_size);
    return with_page(value(at) / page_size, [&](const PageView& page) {
        page.state.flushed |= bit(line);
        count_flushed(page, sync(page, line, kind));
    });
}

void CacheModel::flush_all(Flush kind) {
    count(header_->cpu.full_flushes);
    for_each_tracked_index([&](std::uint64_t index) {
        with_page(index, [&](const PageView& page) {
            for (unsigned line = 0; line < lines_per_page; ++line) {
                count_flushed(page, sync(page, line, kind));
            }
            page.state.flushed = ~std::uint64_t{0};
        });
    });
}

std::vector<FunctionSpec> CacheModel::functions() const {
    std::vector<FunctionSpec> functions;
    functions.reserve(header_->function_count);
    for (std::size_t i = 0; i < header_->function_count; ++i) {
        functions.push_back({.name = header_->function_names.at(i).data(),
                             .tables = (header_->past_tables >> i & 1U) != 0,
                             .buffers = (header_->past_buffers >> i & 1U) != 0});
    }
    return functions;
}

std::optional<FunctionNumber> CacheModel::function(std::string_view name) const {
    for (std::size_t i = 0; i < header_->function_count; ++i) {
        if (name == header_->function_names.at(i).data()) {
            return FunctionNumber{static_cast<std::uint8_t>(i + 1)};
        }
    }
    return std::nullopt;
}

shared::FunctionTotals& CacheModel::totals(FunctionNumber function) {
    return header_->functions.at(number(function) - std::size_t{1});
}

void CacheModel::evict(const PageView& page) {
    if (header_->evict == 0) {
        return;
    }
    const auto draw = std::atomic_ref{header_->device_accesses}.fetch_add(2);
    // Each line of the page with a chance of one in four.
    auto lines = mix(mix(header_->seed) + draw) & mix(mix(header_->seed) + draw + 1);
    for (; lines != 0; lines &= lines - 1) {
        switch (sync(page, static_cast<unsigned>(std::countr_zero(lines)), Flush::invalidate)) {
        case Synced::first_written_back:
        case Synced::written_back:
            count(header_->evictions.write_backs);
            break;
        case Synced::refreshed:
            count(header_->evictions.refreshed);
            break;
        case Synced::unchanged:
            break;
        }
    }
}

void CacheModel::device_read(FunctionNumber function, RamOffset from, std::span<std::byte> to) {
    auto& counted = totals(function);
    for_each_page(from, to.size(), [&](auto index, auto offset, auto done, auto size) {
        with_page(index, [&](const PageView& page) {
            evict(page);
            for_each_line(offset, size, [&](unsigned line, std::uint64_t bytes) {
                count(counted.lines_read);
                const auto now = page.seen(line);
                if (!page.dirty(line, now)) {
                    return;
                }
                if ((page.state.virgin & bit(line)) != 0 &&
                    (bytes & ~page.state.device_bytes.at(line)) != 0) {
                    ++page.state.counters.poison_reads;
                    count(counted.poison_reads);
                    return;
                }
                ++page.state.counters.stale_reads;
                count(counted.stale_reads);
                if (differ(now, page.in_dram(line), bytes)) {
                    count(counted.stale_reads_differ);
                }
            });
            page.state.last_reader = number(function);
            std::memcpy(to.data() + done, page.dram + offset, size);
            evict(page);
        });
    });
}

void CacheModel::device_write(FunctionNumber function, RamOffset to,
                              std::span<const std::byte> from) {
    auto& counted = totals(function);
    for_each_page(to, from.size(), [&](auto index, auto offset, auto done, auto size) {
        with_page(index, [&](const PageView& page) {
            evict(page);
            for_each_line(offset, size, [&](unsigned line, std::uint64_t bytes) {
                count(counted.lines_written);
                if (page.dirty(line, page.seen(line))) {
                    ++page.state.counters.writes_over_dirty;
                    count(counted.writes_over_dirty);
                }
                page.state.device_bytes.at(line) |= bytes;
                std::atomic_ref{page.state.device_lines}.fetch_or(bit(line),
                                                                  std::memory_order_relaxed);
            });
            page.state.last_writer = number(function);
            std::memcpy(page.dram + offset, from.data() + done, size);
            evict(page);
        });
    });
}

void CacheModel::snooped_read(RamOffset from, std::span<std::byte> to) const {
    std::memcpy(to.data(), ram_.bytes().data() + value(from), to.size());
}

/// A line that is about to be written to may have been changed by QEMU before.
void CacheModel::note_unseen_change(const PageView& page, unsigned line) {
    const auto stored = std::atomic_ref{page.state.dirty}.load(std::memory_order_acquire);
    if (header_->exact != 0 && ((stored | page.state.virgin) & bit(line)) == 0 &&
        page.changed(line, page.seen(line))) {
        count(header_->cpu.unseen_changes);
    }
}

void CacheModel::snooped_write(RamOffset to, std::span<const std::byte> from) {
    for_each_page(to, from.size(), [&](auto index, auto offset, auto done, auto size) {
        with_page(index, [&](const PageView& page) {
            for_each_line(offset, size, [&](unsigned line, std::uint64_t bytes) {
                count(header_->written_through);
                note_unseen_change(page, line);
                const auto at = line * line_size + static_cast<unsigned>(std::countr_zero(bytes));
                std::memcpy(page.ram + at, from.data() + done + (at - offset),
                            static_cast<std::size_t>(std::popcount(bytes)));
                // The bit goes before the line is looked at: a store in between sets it anew. The
                // other way round it would count as a change that nobody reported.
                std::atomic_ref{page.state.dirty}.fetch_and(~bit(line));
                // What another device wrote to the same bytes is not lost, it is older.
                write_back(page, line, page.seen(line), page.state.device_bytes.at(line) & ~bytes);
            });
        });
    });
}

void CacheModel::for_each_tracked(const std::function<void(const PageStatus&)>& visit) {
    for_each_tracked_index([&](std::uint64_t index) {
        PageStatus status;
        with_page(index, [&](const PageView& page) {
            status.start = RamOffset{index * page_size};
            status.page = page.state;
            for (unsigned line = 0; line < lines_per_page; ++line) {
                const auto now = page.seen(line);
                status.dirty_lines += page.dirty(line, now) ? 1U : 0U;
                status.stale_lines +=
                    differ(now, page.in_dram(line), page.state.device_bytes.at(line)) ? 1U : 0U;
            }
        });
        visit(status);
    });
}

} // namespace ipu3::cache
