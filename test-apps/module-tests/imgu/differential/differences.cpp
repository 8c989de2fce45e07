// SPDX-License-Identifier: GPL-2.0-or-later
#include "differences.hpp"

#include "machine/virtual-ipu3/recorder/fields.hpp"
#include "reserved.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace differential {

namespace {

constexpr std::array<std::string_view, 5> kinds{"acc_param", "parameter.vmem0", "parameter.dmem0",
                                                "gdc_table", "isp_stage"};

struct Part {
    std::uint32_t at, element;
    std::string_view name;
};
constexpr std::array vmem_parts{Part{0, 2, "lin"}, Part{1024, 2, "xnr3"}, Part{1536, 2, "tnr3"}};
constexpr std::array dmem_parts{Part{0, 4, "unused"}, Part{4, 4, "xnr3"}, Part{48, 4, "tnr3"}};

std::span<const Part> parts(BlockKind kind) {
    switch (kind) {
    case BlockKind::vmem:
        return vmem_parts;
    case BlockKind::dmem:
        return dmem_parts;
    default:
        return {};
    }
}

std::uint32_t number(std::string_view text) {
    std::uint32_t value = 0;
    const auto hex = text.starts_with("0x");
    const auto digits = hex ? text.substr(2) : text;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        throw std::runtime_error{fmt::format("'{}' is no number", text)};
    }
    return value;
}

struct Range {
    std::uint32_t at, bytes; ///< of an element
};

Range find(BlockKind kind, std::string_view name, std::uint32_t index) {
    if (kind == BlockKind::acc || kind == BlockKind::isp_stage) {
        const auto fields = ipu3::record::fields(name_of(kind));
        const auto found = std::ranges::find(fields, name, &ipu3::record::Field::name);
        if (found != fields.end()) {
            return {found->at + index * found->element, found->element};
        }
    } else {
        const auto known = parts(kind);
        const auto found = std::ranges::find(known, name, &Part::name);
        if (found != known.end()) {
            return {found->at + index * found->element, found->element};
        }
    }
    throw std::runtime_error{fmt::format("{} has no field '{}'", name_of(kind), name)};
}

/// What a recording alone shows: a register, or a hand-over's block or number.
bool is_of_recordings(std::string_view where) {
    return where.starts_with("writes:") || where.ends_with(":count") ||
           std::ranges::count(where, ':') > 1;
}

std::optional<BlockKind> kind_of(std::string_view where) {
    const auto colon = where.find(':');
    const auto* const kind = std::ranges::find(kinds, where.substr(0, colon));
    return colon == std::string_view::npos || kind == kinds.end()
               ? std::nullopt
               : std::optional{static_cast<BlockKind>(kind - kinds.begin())};
}

/// A section of the parameters, and where the accelerators' block has it. Source:
/// imgu_abi_acc_param in ipu3-abi.h.
struct Section {
    std::size_t from, bytes;
    std::uint32_t to;
};

template <class Part>
constexpr std::size_t in_params(Part part) {
    return offsetof(ipu3_uapi_params, acc_param) + part;
}

// A macro, since a function cannot be given a member of a member by its name.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define SECTION(member, place)                                                                     \
    Section {                                                                                      \
        in_params(offsetof(ipu3_uapi_acc_param, member)), sizeof(ipu3_uapi_acc_param::member),     \
            place                                                                                  \
    }

struct ReservedByte {
    std::uint32_t at;
    std::uint8_t bits;
};

/// The bits of the accelerators' block that come from reserved ones.
const std::vector<ReservedByte>& reserved_bytes() {
    static const auto bytes_with_some = [] {
        std::vector<std::uint8_t> all(sizeof(ipu3_uapi_params), 0xff);
        std::vector<std::uint8_t> kept(REFERENCE_ACC_BYTES, 0);
        // Copied out of a vector that is not aligned as the structure wants to be.
        alignas(ipu3_uapi_params) static ipu3_uapi_params params;
        std::memcpy(&params, all.data(), all.size());
        clear_reserved(params);
        const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&params);
        const auto note = [&](const Section& section) {
            for (std::size_t i = 0; i < section.bytes; ++i) {
                kept[section.to + i] = static_cast<std::uint8_t>(~bytes[section.from + i]);
            }
        };
        constexpr std::array sections{
            SECTION(bnr, 0xe0),
            SECTION(green_disparity, 0x140),
            SECTION(dm, 0x160),
            SECTION(gamma, 0x1a0),
            SECTION(cds, 0x3e0),
            SECTION(iefd, 0x9000),
            SECTION(yds_c0, 0x90c0),
            SECTION(chnr_c0, 0x90e0),
            SECTION(y_ee_nr, 0x9100),
            SECTION(yds, 0x9140),
            SECTION(chnr, 0x9160),
            SECTION(yds2, 0x93a0),
            SECTION(tcc, 0x93c0),
            SECTION(anr.transform, 0x44860),
            SECTION(anr.stitch.pyramid, 0x44ad0),
            SECTION(awb_fr, 0x44b60),
            SECTION(ae.grid_cfg, 0x44cc0),
            SECTION(af.filter_config, 0x44ee0),
            SECTION(af.grid_cfg, 0x44f20),
        };
        std::ranges::for_each(sections, note);
        note({in_params(offsetof(ipu3_uapi_acc_param, shd.shd)),
              sizeof(ipu3_uapi_shd_config_static), 0x400});
        note({in_params(offsetof(ipu3_uapi_acc_param, shd.shd_lut)), sizeof(ipu3_uapi_shd_lut),
              0x720});
        note({in_params(offsetof(ipu3_uapi_acc_param, awb.config)), sizeof(ipu3_uapi_awb_config_s),
              0x450c0});
        // Both stripes' copies of the grids.
        for (std::uint32_t stripe = 0; stripe < 2; ++stripe) {
            const auto copy = [&](std::uint32_t from, std::uint32_t to, std::uint32_t size,
                                  std::uint32_t step) {
                std::memcpy(&kept[to + stripe * step], &kept[from], size);
            };
            copy(0x44b60, 0x44c80, 32, 32);
            copy(0x44cc0, 0x44e88, 12, 32);
            copy(0x44f20, 0x45060, 12, 64);
            copy(0x450c0, 0x45380, 32, 32);
        }
        std::vector<ReservedByte> some;
        for (std::uint32_t at = 0; at < REFERENCE_ACC_BYTES; ++at) {
            if (kept[at] != 0) {
                some.push_back({.at = at, .bits = kept[at]});
            }
        }
        return some;
    }();
    return bytes_with_some;
}

std::uint32_t word(std::span<const std::uint8_t> bytes, std::uint32_t at, std::uint32_t size) {
    std::uint32_t value = 0;
    std::memcpy(&value, &bytes[at], size);
    return value;
}

} // namespace

std::string_view name_of(BlockKind kind) {
    return kinds.at(static_cast<std::size_t>(kind));
}

std::string place_of(BlockKind kind, std::size_t at) {
    const auto offset = static_cast<std::uint32_t>(at);
    if (kind == BlockKind::acc || kind == BlockKind::isp_stage) {
        const ipu3::record::Block block{
            .kind = std::string{name_of(kind)}, .bytes = {}, .pointers = {}, .sections = {}};
        return fmt::format("{}:{}", name_of(kind), ipu3::record::place(block, offset).name);
    }
    const auto known = parts(kind);
    const auto behind = std::ranges::upper_bound(known, offset, {}, &Part::at);
    if (behind == known.begin()) {
        return fmt::format("{}:block[{}] word {}", name_of(kind), at / REFERENCE_WARP_BLOCK_BYTES,
                           at % REFERENCE_WARP_BLOCK_BYTES / 4);
    }
    const auto& part = *std::prev(behind);
    return fmt::format("{}:{}[{}]", name_of(kind), part.name, (offset - part.at) / part.element);
}

// Places in struct imgu_abi_acc_param.
namespace {

using Acc = std::span<const std::uint8_t>;

std::uint32_t half(Acc acc, std::uint32_t at) {
    return word(acc, at, 2);
}
bool two_stripes(Acc acc) {
    return half(acc, 0) == 2;
}
std::uint32_t bds_height(Acc acc) {
    return half(acc, 0x2c);
}
std::uint32_t left_width(Acc acc) {
    return half(acc, 0x2a);
}
std::uint32_t right_offset(Acc acc) {
    return half(acc, 0x22);
}

/// A grid, and what both stripes make of it: width and height in bytes 0 and 1, x_start at 4, x_end
/// at 8.
struct Grid {
    std::uint32_t at, left, right;
};
constexpr Grid awb{0x450c8, 0x45388, 0x453a8};
constexpr Grid ae{0x44cc0, 0x44e88, 0x44ea8};
constexpr Grid af{0x44f20, 0x45060, 0x450a0};
constexpr Grid awb_fr{0x44b60, 0x44c80, 0x44ca0};

bool one_row(Acc acc, const Grid& grid) {
    return acc[grid.at + 1] == 1;
}
bool begins_right_of(Acc acc, const Grid& grid, std::uint32_t margin) {
    return two_stripes(acc) && half(acc, grid.at + 4) >= right_offset(acc) + margin;
}
/// The left stripe's last cell reaches over the stripe's end.
bool reaches_over(Acc acc, const Grid& grid, std::uint32_t margin) {
    return two_stripes(acc) && half(acc, grid.left + 8) >= left_width(acc) &&
           !begins_right_of(acc, grid, margin);
}
/// One stripe has all of it, or more, and the other one the rest.
bool shares_badly(Acc acc, const Grid& grid) {
    return two_stripes(acc) && acc[grid.left] >= acc[grid.at] && acc[grid.right] != acc[grid.at];
}

/// The grid ends below the frame, which only a program that makes no such statistics takes.
bool lies_outside(Acc acc, const Grid& grid, std::uint32_t start_bits, std::uint32_t delay) {
    const auto log2 = (half(acc, grid.at + 2) >> 3U) & 7U;
    const auto start = half(acc, grid.at + 6) & start_bits;
    return start + (std::uint32_t{acc[grid.at + 1]} << log2) + delay > bds_height(acc);
}

struct Condition {
    std::string_view name;
    bool (*met)(Acc acc);
};
constexpr std::array conditions{
    Condition{"one-stripe", [](Acc acc) { return half(acc, 0) == 1; }},
    // The driver's own AF and AWB_FR grids: from line 2, 16 cells of 8 lines, and four lines that
    // these statistics come later by; from pixel 10, 16 cells of 8, in a frame that is padded to
    // 128.
    Condition{"default-grid-too-low", [](Acc acc) { return bds_height(acc) < 2 + 16 * 8 + 4; }},
    Condition{"default-grid-too-wide", [](Acc acc) { return half(acc, 0x5e) <= 128; }},
    Condition{"crop-higher-than-input", [](Acc acc) { return half(acc, 0x14) > half(acc, 6); }},
    Condition{"awb-one-row", [](Acc acc) { return one_row(acc, awb); }},
    Condition{"af-one-row", [](Acc acc) { return one_row(acc, af); }},
    Condition{"awb_fr-one-row", [](Acc acc) { return one_row(acc, awb_fr); }},
    Condition{"awb-outside", [](Acc acc) { return lies_outside(acc, awb, 0xffff, 0); }},
    Condition{"af-outside", [](Acc acc) { return lies_outside(acc, af, 0xfff, 4); }},
    Condition{"awb_fr-outside", [](Acc acc) { return lies_outside(acc, awb_fr, 0xfff, 4); }},
    Condition{"awb_fr-right", [](Acc acc) { return begins_right_of(acc, awb_fr, 10); }},
    Condition{"ae-right", [](Acc acc) { return begins_right_of(acc, ae, 0); }},
    Condition{"awb-over", [](Acc acc) { return reaches_over(acc, awb, 10); }},
    Condition{"ae-over", [](Acc acc) { return reaches_over(acc, ae, 0); }},
    // The second stripe's offset of the main picture, below zero.
    Condition{"out-begins-left",
              [](Acc acc) { return word(acc, 0x45840 + 4 * 23, 4) >= 0x80000000U; }},
    Condition{"awb-shared-badly", [](Acc acc) { return shares_badly(acc, awb); }},
};

/// A class's block in one of the program's memories: its address and its size.
bool has_no_bytes(std::span<const std::uint8_t> stage, std::uint32_t at) {
    constexpr std::uint32_t initializers = 0x2a0;
    const bool is_address = (at - initializers) % 8 == 0;
    return is_address && word(stage, at + 4, 4) == 0;
}
constexpr std::string_view no_bytes = "no-bytes";

/// Sizes at which ours takes more than the other driver does.
constexpr std::string_view low_frame = "default-grid-does-not-fit";

} // namespace

bool meets(BlockKind kind, std::string_view condition, std::span<const std::uint8_t> block,
           std::uint32_t at) {
    if (kind == BlockKind::isp_stage && condition == no_bytes) {
        return !block.empty() && has_no_bytes(block, at);
    }
    const auto* const found = std::ranges::find(conditions, condition, &Condition::name);
    if (kind != BlockKind::acc || found == conditions.end()) {
        throw std::runtime_error{fmt::format("there is no condition '{}'", condition)};
    }
    return !block.empty() && found->met(block);
}

Differences::Differences(const std::filesystem::path& file, std::span<const BlockKind> of) {
    const auto is_wanted = [&](BlockKind kind) { return std::ranges::find(of, kind) != of.end(); };
    std::ifstream in{file};
    if (!in) {
        throw std::runtime_error{fmt::format("{} cannot be read", file.string())};
    }
    std::string line;
    for (int number_of_line = 1; std::getline(in, line); ++number_of_line) {
        std::istringstream words{line};
        std::string key;
        std::string where;
        std::string theirs;
        std::string ours;
        std::string reason;
        if (!(words >> key) || key.starts_with('#')) {
            continue;
        }
        try {
            if (!(words >> where >> theirs >> ours) || !std::getline(words >> std::ws, reason) ||
                reason.empty()) {
                throw std::runtime_error{"not of the form KEY WHERE THEIRS OURS REASON"};
            }
            if (is_of_recordings(where)) {
                continue;
            }
            const auto kind =
                where.starts_with("accepted:") ? std::optional{BlockKind::acc} : kind_of(where);
            if (kind && !is_wanted(*kind)) {
                continue; // another comparison looks for it
            }
            if (std::ranges::find(order_, key) == order_.end()) {
                order_.push_back(key);
            }
            if (where == "acc_param:reserved") {
                reserved_.push_back({.key = key});
            } else if (where.starts_with("accepted:")) {
                verdicts_.push_back({.key = key, .condition = where.substr(where.find(':') + 1)});
                if (verdicts_.back().condition != low_frame) {
                    throw std::runtime_error{"no such condition on sizes"};
                }
            } else {
                add_field(key, where, theirs, ours);
            }
        } catch (const std::runtime_error& error) {
            throw std::runtime_error{
                fmt::format("{}:{}: {}", file.string(), number_of_line, error.what())};
        }
    }
}

void Differences::add_field(std::string_view key, std::string_view where, std::string_view theirs,
                            std::string_view ours) {
    FieldDifference difference{.key = std::string{key}};
    const auto kind = kind_of(where);
    if (!kind) {
        throw std::runtime_error{fmt::format("'{}' names no block", where)};
    }
    difference.kind = *kind;
    auto name = where.substr(where.find(':') + 1);
    if (const auto at = name.find('@'); at != std::string_view::npos) {
        difference.condition = name.substr(at + 1);
        (void)meets(difference.kind, difference.condition, {});
        name = name.substr(0, at);
    }
    if (const auto mask = name.find('&'); mask != std::string_view::npos) {
        difference.mask = number(name.substr(mask + 1));
        name = name.substr(0, mask);
    }
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    if (const auto bracket = name.find('[');
        bracket != std::string_view::npos && name.ends_with(']')) {
        const auto index = name.substr(bracket + 1, name.size() - bracket - 2);
        const auto dots = index.find("..");
        first = number(index.substr(0, dots));
        last = dots == std::string_view::npos ? first : number(index.substr(dots + 2));
        name = name.substr(0, bracket);
    }
    const auto value = [](std::string_view text) {
        return text == "*" ? std::nullopt : std::optional{number(text)};
    };
    difference.theirs = value(theirs);
    difference.ours = value(ours);
    const auto range = find(difference.kind, name, first);
    difference.at = range.at;
    difference.bytes = range.bytes;
    difference.count = last - first + 1;
    fields_.push_back(std::move(difference));
}

bool Differences::settle(BlockKind kind, std::span<const std::uint8_t> ours,
                         std::span<std::uint8_t> theirs) {
    // Conditions are on what the other driver has made, not on what has become of it here. That of
    // a block of accelerators is the same for all elements.
    const auto is = [](std::optional<std::uint32_t> wanted, std::uint32_t value,
                       std::uint32_t mask) { return !wanted || ((value ^ *wanted) & mask) == 0; };
    const auto holds = [&](const FieldDifference& field, std::uint32_t at) {
        return field.condition.empty() || meets(kind, field.condition, theirs, at);
    };
    std::vector<FieldDifference*> wanted;
    for (auto& field : fields_) {
        if (field.kind == kind && (kind != BlockKind::acc || holds(field, field.at))) {
            wanted.push_back(&field);
        }
    }
    for (auto* const field : wanted) {
        for (auto at = field->at; at < field->at + field->count * field->bytes;
             at += field->bytes) {
            const auto mine = word(ours, at, field->bytes);
            const auto other = word(theirs, at, field->bytes);
            if (((mine ^ other) & field->mask) == 0 || !is(field->theirs, other, field->mask) ||
                !is(field->ours, mine, field->mask) ||
                (kind != BlockKind::acc && !holds(*field, at))) {
                continue;
            }
            ++field->seen;
            const auto settled = (other & ~field->mask) | (mine & field->mask);
            std::memcpy(&theirs[at], &settled, field->bytes);
        }
    }
    const auto are_equal = [&] {
        return std::memcmp(ours.data(), theirs.data(), theirs.size()) == 0;
    };
    if (are_equal()) {
        return true;
    }
    if (kind != BlockKind::acc || reserved_.empty()) {
        return false;
    }
    for (const auto& [at, bits] : reserved_bytes()) {
        // Cleared by ours, and by nobody set.
        const auto cleared = static_cast<std::uint8_t>(theirs[at] & ~ours[at] & bits);
        if (cleared != 0) {
            ++reserved_.front().seen;
            theirs[at] = static_cast<std::uint8_t>(theirs[at] & ~cleared);
        }
    }
    return are_equal();
}

bool Differences::may_accept(const reference_pipe& pipe) {
    const auto fits = pipe.bds.height >= 2 + 16 * 8;
    const auto found = std::ranges::find_if(verdicts_, [&](const auto& difference) {
        return !fits && difference.condition == low_frame;
    });
    if (found == verdicts_.end()) {
        return false;
    }
    ++found->seen;
    return true;
}

std::vector<std::pair<std::string, std::uint64_t>> Differences::counts() const {
    std::vector<std::pair<std::string, std::uint64_t>> all;
    for (const auto& key : order_) {
        std::uint64_t seen = 0;
        const auto add = [&](const auto& differences) {
            for (const auto& difference : differences) {
                seen += difference.key == key ? difference.seen : 0;
            }
        };
        add(fields_);
        add(reserved_);
        add(verdicts_);
        all.emplace_back(key, seen);
    }
    return all;
}

std::vector<std::string> Differences::unseen() const {
    std::vector<std::string> keys;
    for (const auto& [key, seen] : counts()) {
        if (seen == 0) {
            keys.push_back(key);
        }
    }
    return keys;
}

} // namespace differential
