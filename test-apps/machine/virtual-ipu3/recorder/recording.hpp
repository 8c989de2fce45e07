// SPDX-License-Identifier: GPL-2.0-or-later
// What a driver told the ImgU: register writes and the blocks of memory that the firmware reads.
//
// On disk a sequence of CBOR items (RFC 8742): a header, then a map for each entry, and for each
// block's contents before the first entry that names it. The keys are in recording.cpp only.
#pragma once

#include "lib/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ipu3::record {

/// A block of memory as the firmware finds it. Words that are addresses are zero in `bytes`; what
/// they lead to has a name instead, "acc_param#2": the second such block that was seen. A null
/// address is named "null".
struct Block {
    std::string kind;
    std::vector<std::uint8_t> bytes;
    std::map<std::uint32_t, std::string> pointers; ///< by offset in `bytes`
    /// Structures within, by offset, where the firmware file decides on their place.
    std::map<std::uint32_t, std::string> sections;

    bool operator==(const Block&) const = default;
};

/// A write to a register or a processor's memory.
struct Write {
    std::string name;      ///< "irq.main.enable", "sp0.per_frame_data"
    std::uint64_t at{0};   ///< offset in BAR0, bytes
    std::uint32_t size{4}; ///< bytes, 1 to 4
    std::uint32_t value{0};
    std::string pointer; ///< what the value leads to, where it is an address; `value` is 0 then

    bool operator==(const Write&) const = default;
};

/// The moment from which the firmware may read blocks.
struct HandOver {
    std::string what; ///< "isp", "sp0", "start", "parameters", "input", "output", ...
    unsigned pipe{0}; ///< 0 where it belongs to none
    struct Part {
        std::string kind;
        std::shared_ptr<const Block> block; ///< nothing: could not be read
    };
    std::vector<Part> parts;
};

using Entry = std::variant<Write, HandOver>;

struct Recording {
    std::string firmware; ///< its version
    std::vector<Entry> entries;
};

/// Writes entries as they come. A disk that is full ends the recording, never the machine.
class Writer {
  public:
    /// Error: the file cannot be made.
    [[nodiscard]] static base::Result<Writer> create(const std::filesystem::path& path,
                                                     std::string_view firmware);

    void add(const Write& write);
    void add(const HandOver& hand_over);
    /// What is not on disk yet. Error: entries were lost.
    [[nodiscard]] base::Result<void> finish();

  private:
    Writer(std::ofstream file, std::filesystem::path path)
        : file_{std::move(file)}, path_{std::move(path)} {}
    void put(const std::vector<std::uint8_t>& item);
    [[nodiscard]] std::uint64_t number(const Block& block);

    /// Contents that need not be written again: the last few of each kind, for a driver uses some
    /// blocks in turn.
    struct Known {
        Block block;
        std::uint64_t number{0};
    };
    std::ofstream file_;
    std::filesystem::path path_;
    std::map<std::string, std::deque<Known>, std::less<>> known_;
    std::uint64_t blocks_{0};
};

/// Error: not a recording, or one that is cut off or damaged: the sentence tells where.
[[nodiscard]] base::Result<Recording> read(const std::filesystem::path& path);

/// Without the starts that no frame was given to: of each, all from the frequency that it asks for
/// up to where the next one does. What comes before the second, the driver's probe, stays.
[[nodiscard]] Recording without_idle_starts(const Recording& recording);

} // namespace ipu3::record
