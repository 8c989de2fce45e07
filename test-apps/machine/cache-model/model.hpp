// SPDX-License-Identifier: GPL-2.0-or-later
// The cache model: what the processors see and what is in DRAM, line by line.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "machine/cache-model/function_spec.hpp"
#include "machine/cache-model/mapping.hpp"
#include "machine/cache-model/ram_layout.hpp"
#include "machine/cache-model/shared_state.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::cache {

/// How the model learns that the CPU wrote a line.
enum class Dirtiness : std::uint8_t {
    exact,   ///< every store is reported by store()
    compared ///< only by comparing a line with its content at the last sync
};

struct ModelSpec {
    std::uint64_t ram_size{}; ///< bytes, whole pages
    Dirtiness dirtiness{Dirtiness::exact};
    bool loads{false};                     ///< loads are reported by load()
    std::optional<std::uint64_t> evict{};  ///< evict lines at random, by this seed
    bool ddio{false};                      ///< what functions that snoop write stays in the caches
    std::vector<FunctionSpec> functions{}; ///< the non-coherent ones: at most 15
};

/// A non-coherent function; what function() of its name gave.
enum class FunctionNumber : std::uint8_t { none };

/// What a flush does beside writing a dirty line back.
enum class Flush : std::uint8_t {
    invalidate, ///< clflush, clflushopt, wbinvd: the line is fetched from DRAM again, at once
    keep        ///< clwb, wbnoinvd: the line stays as it is
};

/// What DRAM holds where nothing was ever written back.
inline constexpr std::byte poison{0xdb};

/// The model on its shared state. Guest RAM is the *CPU view*: what the processors and every
/// device that snoops see. Beside it lies the *DRAM view*, the only one that a non-coherent
/// function sees. docs/cache-model.md has the states of a line and the rules.
///
/// Any number of objects in any number of processes may be attached to the same state; all calls
/// are safe from any thread. Offsets and sizes are checked by the caller: they lie inside of guest
/// RAM.
class CacheModel {
  public:
    /// A new state for a machine, in a memory file that is sealed against changes of its size.
    /// Error: a specification that does not fit, or the system call's.
    [[nodiscard]] static base::Result<base::UniqueFd> make_state(const ModelSpec& spec);

    /// Attaches to @p state_fd, made by make_state(), and to the file of the guest's RAM. Both
    /// descriptors stay the caller's. Error: a file that is not one, or too short.
    [[nodiscard]] static base::Result<CacheModel> attach(int state_fd, int ram_fd);

    // The processors' side.

    /// No page is tracked yet: nothing needs to be reported.
    [[nodiscard]] bool nothing_tracked() const noexcept;
    /// A store to @p size bytes at @p at, inside of one page, has been carried out.
    void store(RamOffset at, std::uint64_t size) noexcept {
        if (is_tracked(value(at) / page_size)) {
            mark_stored(at, size);
        }
    }
    /// A load of @p size bytes at @p at, inside of one page.
    void load(RamOffset at, std::uint64_t size) {
        if (is_tracked(value(at) / page_size)) {
            check_load(at, size);
        }
    }
    /// A flush instruction names the line at @p at; whether this made its page a tracked one.
    bool flush(RamOffset at, Flush kind);
    /// wbinvd or wbnoinvd: every line of every tracked page.
    void flush_all(Flush kind);

    // The devices' side.

    [[nodiscard]] std::vector<FunctionSpec> functions() const;
    /// None: the machine has no non-coherent function of that name.
    [[nodiscard]] std::optional<FunctionNumber> function(std::string_view name) const;
    void device_read(FunctionNumber function, RamOffset from, std::span<std::byte> to);
    void device_write(FunctionNumber function, RamOffset to, std::span<const std::byte> from);

    // The side of the board's functions that snoop, or in what they snoop.

    /// Their writes stay in the caches: whoever writes guest RAM itself does all there is to do.
    [[nodiscard]] bool ddio() const { return header_->ddio != 0; }
    /// What the processors see.
    void snooped_read(RamOffset from, std::span<std::byte> to) const;
    /// The processors see the bytes at once, and each line goes on to DRAM, whole.
    void snooped_write(RamOffset to, std::span<const std::byte> from);

    // What came of it.

    [[nodiscard]] const shared::Header& header() const { return *header_; }
    /// To count what the model itself does not see, e.g. a flush without a translation.
    [[nodiscard]] shared::CpuTotals& cpu_totals() { return header_->cpu; }
    static void count(std::uint64_t& total, std::uint64_t number = 1);
    [[nodiscard]] std::uint64_t ram_size() const { return header_->ram_size; }
    [[nodiscard]] std::span<std::byte> ram() const { return ram_.bytes(); }

    /// How a tracked page stands now.
    struct PageStatus {
        RamOffset start{};
        shared::Page page{};
        unsigned dirty_lines{}; ///< not in DRAM yet, those never flushed included
        unsigned stale_lines{}; ///< the CPU would read other bytes than a device wrote
    };
    void for_each_tracked(const std::function<void(const PageStatus&)>& visit);

  private:
    struct PageView;
    enum class Synced : std::uint8_t { unchanged, written_back, first_written_back, refreshed };

    CacheModel(Mapping state, Mapping ram);

    [[nodiscard]] bool is_tracked(std::uint64_t page) const noexcept;
    void mark_stored(RamOffset at, std::uint64_t size) noexcept;
    void check_load(RamOffset at, std::uint64_t size);
    [[nodiscard]] PageView view(std::uint64_t page);
    /// Runs @p work on the page with its lock held; tracks the page before. Whether it was new.
    template <typename Work>
    bool with_page(std::uint64_t page, const Work& work);
    static void track(const PageView& page);
    Synced sync(const PageView& page, unsigned line, Flush kind);
    void count_flushed(const PageView& page, Synced synced);
    void note_unseen_change(const PageView& page, unsigned line);
    void write_back(const PageView& page, unsigned line,
                    std::span<const std::uint64_t, line_words> now, std::uint64_t lost);
    void count_lost(const PageView& page, unsigned line,
                    std::span<const std::uint64_t, line_words> newer, std::uint64_t lost);
    template <typename Visit>
    void for_each_tracked_index(const Visit& visit);
    void evict(const PageView& page);
    [[nodiscard]] shared::FunctionTotals& totals(FunctionNumber function);

    Mapping state_;
    Mapping ram_;
    shared::Header* header_;
    std::uint64_t* bitmap_;
    shared::Page* pages_;
    std::byte* dram_;
    std::byte* clean_;
};

} // namespace ipu3::cache
