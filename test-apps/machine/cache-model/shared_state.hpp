// SPDX-License-Identifier: GPL-2.0-or-later
// What the emulator's plugin, the device process and the launcher share: the layout of one file in
// memory. All of it starts as zeros, and pages of it come into being on first touch.
#pragma once

#include "machine/cache-model/ram_layout.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <pthread.h>

namespace ipu3::cache::shared {

inline constexpr std::uint64_t magic = 0x6568636163757069; // "ipucache"
inline constexpr std::uint32_t version = 2;
inline constexpr std::size_t lock_count = 256;
inline constexpr std::size_t max_functions = 15;
inline constexpr std::size_t function_name_size = 16;

/// Counts of the processors' side. Written with atomic additions; plain integers, so that a file of
/// zeros is a valid object.
struct CpuTotals {
    std::uint64_t flushes;          ///< lines named by clflush, clflushopt
    std::uint64_t cleans;           ///< lines named by clwb
    std::uint64_t full_flushes;     ///< wbinvd, wbnoinvd
    std::uint64_t discards;         ///< invd: seen, not carried out
    std::uint64_t outside_ram;      ///< flushes of something that is not guest RAM
    std::uint64_t untranslated;     ///< flushes of an address without a translation
    std::uint64_t not_long_mode;    ///< flushes in a mode whose addresses are not decoded
    std::uint64_t write_backs;      ///< dirty lines written back by a flush
    std::uint64_t first_flushes;    ///< of these, lines that had never been written back before
    std::uint64_t refreshed;        ///< clean lines that a flush replaced by other bytes from DRAM
    std::uint64_t tracked_stores;   ///< stores seen in tracked pages
    std::uint64_t stale_loads;      ///< loads of bytes that a device has replaced in DRAM
    std::uint64_t unseen_changes;   ///< lines found changed without a store that was seen
    std::uint64_t dead_lock_owners; ///< a process ended while it held a page's lock
    std::uint64_t processors;       ///< that the plugin met
    std::uint64_t mapping_errors;   ///< pages where file and guest memory disagree
};

/// Counts of one function's accesses, in lines.
struct FunctionTotals {
    std::uint64_t lines_read;
    std::uint64_t lines_written;
    std::uint64_t stale_reads;        ///< of lines whose newest bytes were in the CPU's cache
    std::uint64_t stale_reads_differ; ///< of these, with other bytes than the CPU saw
    std::uint64_t poison_reads;       ///< of lines that had never been written back
    std::uint64_t writes_over_dirty;  ///< to lines that were dirty in the CPU's cache
    std::uint64_t lost_writes;        ///< lines written back over what this function wrote
    std::uint64_t lost_writes_differ; ///< of these, where that changed its bytes
};

struct EvictionTotals {
    std::uint64_t write_backs; ///< dirty lines written back at random
    std::uint64_t refreshed;   ///< clean lines dropped and found changed when fetched again
};

struct PageCounters {
    std::uint32_t stale_reads;
    std::uint32_t poison_reads;
    std::uint32_t writes_over_dirty;
    std::uint32_t lost_writes;
    std::uint32_t refreshed;
    std::uint32_t stale_loads;
};

/// A tracked page. A mask has one bit a line, line 0 in bit 0. Every field belongs to the holder of
/// the page's lock, but for `dirty`, which stores set without it, and `device_lines`, which loads
/// look at without it.
struct Page {
    std::uint64_t dirty;        ///< the CPU stored to the line since it was last synced
    std::uint64_t virgin;       ///< never written back: its DRAM is poison where no device wrote
    std::uint64_t device_lines; ///< lines with a bit in device_bytes
    std::uint64_t flushed;      ///< a flush instruction has named the line
    /// Bytes of the line in DRAM that a device wrote since the line was last synced.
    std::array<std::uint64_t, lines_per_page> device_bytes;
    PageCounters counters;
    std::uint8_t last_writer; ///< function number, 0: none
    std::uint8_t last_reader;
    std::array<std::uint8_t, 6> padding;
};

struct Header {
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t exact; ///< stores are reported; else dirtiness is found by comparing
    std::uint32_t loads; ///< loads are reported
    std::uint32_t evict; ///< lines are evicted at random
    std::uint32_t ddio;  ///< what functions that snoop write stays in the caches
    std::uint32_t padding;
    std::uint64_t seed;
    std::uint64_t ram_size;
    std::uint64_t bitmap; ///< offset of one bit a page: tracked
    std::uint64_t pages;  ///< offset of Page[]
    std::uint64_t dram;   ///< offset of the DRAM view
    std::uint64_t clean;  ///< offset of the contents at the last sync
    std::uint64_t size;   ///< of the whole file
    std::uint64_t function_count;
    std::uint64_t past_tables;  ///< function n reads page tables past the caches: bit n - 1
    std::uint64_t past_buffers; ///< its other accesses go past the caches: bit n - 1
    /// Function n has the name and totals n - 1.
    std::array<std::array<char, function_name_size>, max_functions> function_names;
    std::uint64_t tracked_pages;
    std::uint64_t device_accesses; ///< numbers the draws of evictions
    CpuTotals cpu;
    EvictionTotals evictions;
    std::uint64_t written_through; ///< lines that functions that snoop wrote, on to DRAM
    std::array<FunctionTotals, max_functions> functions;
    std::array<pthread_mutex_t, lock_count> locks; ///< robust, between processes; by page number
};

} // namespace ipu3::cache::shared
