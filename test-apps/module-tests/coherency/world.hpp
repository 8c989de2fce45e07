// SPDX-License-Identifier: GPL-2.0-or-later
// A small world with caches, in which the backend's coherency state machine has to keep its
// promises: what a device reads is what was written last, and so is what the CPU reads.
#pragma once

extern "C" {
#include "vb2-ipu-iommu/coherency.h"
}

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace coherency {

/// A cache line's copy in the CPU's cache.
struct Copy {
    unsigned value{0};
    bool dirty{false};
};

/// A kind of viewer's mappings.
struct Mappings {
    unsigned readers{0}; ///< read-only
    unsigned writers{0};
    [[nodiscard]] unsigned all() const { return readers + writers; }
};

/// A negative control.
struct Sabotage {
    std::optional<ipu_sync_reason> flush; ///< a kind of flush that is left out
    bool allocates{false};                ///< the machine is not told of writes that stay
};

/// One plane of a few lines, memory behind it, a cache before it, three devices (one looks past the
/// cache, one into it, and what the third writes stays there as well), CPU mappings, a prefetcher
/// and an evictor. Each step() does one thing that may happen; what must not happen (a CPU write
/// while a device owns the plane, or a cache hint that is a lie) is left out, for the machine need
/// not survive it.
class World {
  public:
    static constexpr std::size_t lines = 2;
    static constexpr std::size_t line_bytes = 64;

    explicit World(Sabotage sabotage = {});

    /// Does what the two numbers choose. Returns what went wrong, in words, or nothing.
    [[nodiscard]] std::optional<std::string> step(std::uint8_t action, std::uint8_t detail);

    /// What there is to choose from, for a caller that tries everything: other details than those
    /// below details_of() say the same again.
    static constexpr unsigned actions = 11;
    [[nodiscard]] static unsigned details_of(std::uint8_t action);

    /// All that the future depends on, as text: of values, only whether they are what was written
    /// last.
    [[nodiscard]] std::string abstract() const;

    /// Reasons that the machine has given so far.
    [[nodiscard]] const std::set<ipu_sync_reason>& reasons() const { return reasons_; }
    [[nodiscard]] const ipu_coherency& state() const { return machine_; }

  private:
    void perform(const ipu_sync_step& step);
    void prefetch(std::size_t line);
    void evict(std::size_t line);
    [[nodiscard]] std::optional<std::string> cpu_read(ipu_viewer viewer, std::size_t line);
    void cpu_write(ipu_viewer viewer, std::size_t line);
    [[nodiscard]] std::optional<std::string> device_read(std::size_t line);
    void device_write(std::size_t line);
    void begin(std::uint8_t detail);
    void end(std::uint8_t detail);
    void change_views(std::uint8_t detail);

    ipu_coherency machine_{};
    Sabotage sabotage_;
    std::set<ipu_sync_reason> reasons_;
    std::array<unsigned, lines> truth_{};  ///< what was written last
    std::array<unsigned, lines> memory_{}; ///< what memory holds
    std::array<std::optional<Copy>, lines> cache_{};
    std::optional<ipu_device_access> owner_; ///< the device that has the plane
    std::size_t written_{0};                 ///< lines from the start that the owner may write
    std::array<Mappings, IPU_VIEWERS> mappings_{};
    bool user_wrote_{false}; ///< since all lines were flushed, so that a hint would be a lie
    bool user_blind_{false}; ///< user space said that it does not look
    unsigned next_value_{1};
};

} // namespace coherency
