// SPDX-License-Identifier: GPL-2.0-or-later
// The differences between the module's and the kernel's own driver that are meant, as data:
// differences.txt, of which ipu3-record reads what recordings show (recorder/expected.hpp).
#pragma once

#include "reference.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace differential {

/// Blocks that are compared, by the names that the recorder has for them.
enum class BlockKind : std::uint8_t { acc, vmem, dmem, warp, isp_stage };
[[nodiscard]] std::string_view name_of(BlockKind kind);

/// Those that a set of parameters makes; the others are made when a pipe starts.
inline constexpr std::array blocks_of_sets{BlockKind::acc, BlockKind::vmem, BlockKind::dmem,
                                           BlockKind::warp};

/// What a byte of a block is called: "acc_param:bnr.wb_gains[1]".
[[nodiscard]] std::string place_of(BlockKind kind, std::size_t at);

/// A field or elements of one, or some bits of them, that may differ.
struct FieldDifference {
    std::string key;
    BlockKind kind{BlockKind::acc};
    std::uint32_t at{0};    ///< bytes
    std::uint32_t bytes{4}; ///< 1, 2 or 4
    std::uint32_t count{1}; ///< elements that follow each other
    std::uint32_t mask{~0U};
    std::string condition{}; ///< on the block; empty: always
    /// What each has to have there, within the mask; nothing: anything.
    std::optional<std::uint32_t> theirs{};
    std::optional<std::uint32_t> ours{};
    std::uint64_t seen{0};
};

/// Bits that user space is to leave zero: cleared by ours, kept by the other driver.
struct ReservedDifference {
    std::string key;
    std::uint64_t seen{0};
};

/// A case that one driver takes and the other one refuses, by the name of the condition that it
/// must meet.
struct VerdictDifference {
    std::string key;
    std::string condition;
    std::uint64_t seen{0};
};

/// Whether @p condition, a name in differences.txt for this kind, is met by a block, the other
/// driver's, for the field at byte @p at. Throws std::runtime_error for another name.
[[nodiscard]] bool meets(BlockKind kind, std::string_view condition,
                         std::span<const std::uint8_t> block, std::uint32_t at = 0);

class Differences {
  public:
    /// Reads the file, and takes of it what is about sets of parameters, or about @p of alone.
    /// Throws std::runtime_error with the line's number.
    explicit Differences(const std::filesystem::path& file,
                         std::span<const BlockKind> of = blocks_of_sets);

    /// Makes @p theirs equal to @p ours where they differ as expected, and counts these places.
    /// Whether they are equal now.
    bool settle(BlockKind kind, std::span<const std::uint8_t> ours, std::span<std::uint8_t> theirs);
    /// Whether ours may take what the other driver refuses; counts it.
    [[nodiscard]] bool may_accept(const reference_pipe& pipe);

    /// Keys of what never occurred.
    [[nodiscard]] std::vector<std::string> unseen() const;
    /// Key and how often, in the file's order.
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> counts() const;

  private:
    void add_field(std::string_view key, std::string_view where, std::string_view theirs,
                   std::string_view ours);

    std::vector<FieldDifference> fields_;
    std::vector<ReservedDifference> reserved_;
    std::vector<VerdictDifference> verdicts_;
    std::vector<std::string> order_;
};

} // namespace differential
