// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/diff.hpp"

#include "machine/virtual-ipu3/recorder/fields.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <span>

namespace ipu3::record {

namespace {

using Writes = std::vector<const Write*>;
using HandOvers = std::vector<const HandOver*>;

class Comparison {
  public:
    /// @p name: the channel's, whichever pipe's.
    Comparison(Channel& channel, std::string_view name, const DiffOptions& options)
        : channel_{channel}, name_{name}, options_{options} {}

    void differs(const Difference& difference, std::string line) {
        if (options_.is_expected && options_.is_expected(difference)) {
            ++channel_.expected;
            return;
        }
        ++channel_.differences;
        if (options_.lines_at_most == 0 || channel_.lines.size() < options_.lines_at_most) {
            channel_.lines.push_back(std::move(line));
        }
    }

    /// A block's name, with which of them it was if that is asked for.
    [[nodiscard]] std::string_view symbol(std::string_view name) const {
        return options_.exact ? name : name.substr(0, name.find('#'));
    }

    void writes(const Writes& a, const Writes& b);
    void hand_overs(const HandOvers& a, const HandOvers& b);

  private:
    [[nodiscard]] bool same(const Write& a, const Write& b) const {
        return a.at == b.at && a.size == b.size && a.value == b.value &&
               symbol(a.pointer) == symbol(b.pointer);
    }
    [[nodiscard]] std::string value(const Write& write) const {
        return write.pointer.empty() ? fmt::format("{:#x}", write.value)
                                     : fmt::format("&{}", symbol(write.pointer));
    }
    [[nodiscard]] std::string at(std::string_view what) const {
        return fmt::format("{}:{}", name_, what);
    }
    void blocks(std::string_view where, const Block& a, const Block& b);

    Channel& channel_;
    std::string_view name_;
    const DiffOptions& options_;
};

/// Where @p from goes on as @p to does, within a few entries; 0: it does not.
template <typename Same>
std::size_t resumes(const Writes& from, std::size_t at, const Writes& to, std::size_t there,
                    Same same) {
    constexpr std::size_t window = 64;
    for (std::size_t skip = 1; skip <= window && at + skip < from.size(); ++skip) {
        if (!same(*from[at + skip], *to[there])) {
            continue;
        }
        const bool last = at + skip + 1 >= from.size() || there + 1 >= to.size();
        if (last || from[at + skip + 1]->at == to[there + 1]->at) {
            return skip;
        }
    }
    return 0;
}

void Comparison::writes(const Writes& a, const Writes& b) {
    const auto equal = [this](const Write& left, const Write& right) { return same(left, right); };
    const auto only = [this](const Writes& from, std::size_t at, std::string_view which) {
        const bool in_a = which == "A";
        differs({this->at(from[at]->name), in_a ? value(*from[at]) : "-",
                 in_a ? "-" : value(*from[at])},
                fmt::format("write {} {} = {}: only in {}", at, from[at]->name, value(*from[at]),
                            which));
    };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (same(*a[i], *b[j])) {
            ++i, ++j;
            continue;
        }
        const bool last = i + 1 == a.size() || j + 1 == b.size();
        const bool one_value = a[i]->at == b[j]->at && (last || same(*a[i + 1], *b[j + 1]));
        auto in_a = one_value ? 0 : resumes(a, i, b, j, equal);
        auto in_b = one_value ? 0 : resumes(b, j, a, i, equal);
        // Either may be found, where what comes is repeated: what explains it with less.
        if (in_a != 0 && in_b != 0) {
            (in_a <= in_b ? in_b : in_a) = 0;
        }
        for (std::size_t count = 0; count < in_a; ++count) {
            only(a, i++, "A");
        }
        for (std::size_t count = 0; count < in_b; ++count) {
            only(b, j++, "B");
        }
        if (in_a == 0 && in_b == 0) {
            if (a[i]->name == b[j]->name) {
                differs(
                    {at(a[i]->name), value(*a[i]), value(*b[j])},
                    fmt::format("write {} {}: {} | {}", i, a[i]->name, value(*a[i]), value(*b[j])));
            } else {
                // One place each, so that a rule names one register.
                differs(
                    {at(a[i]->name), value(*a[i]), fmt::format("{}={}", b[j]->name, value(*b[j]))},
                    fmt::format("write {}: {} = {} | {} = {}", i, a[i]->name, value(*a[i]),
                                b[j]->name, value(*b[j])));
            }
            ++i, ++j;
        }
    }
    if (!options_.common) {
        while (i < a.size()) {
            only(a, i++, "A");
        }
        while (j < b.size()) {
            only(b, j++, "B");
        }
    }
}

std::string number(std::span<const std::uint8_t> bytes, const Place& place) {
    std::uint64_t value = 0;
    const auto size = std::min({std::size_t{place.bytes}, sizeof(value), bytes.size() - place.at});
    std::memcpy(&value, bytes.subspan(place.at).data(), size);
    return fmt::format("{:#x}", value);
}

void Comparison::blocks(std::string_view where, const Block& a, const Block& b) {
    if (a.bytes.size() != b.bytes.size()) {
        differs(
            {at(a.kind + ":size"), fmt::to_string(a.bytes.size()), fmt::to_string(b.bytes.size())},
            fmt::format("{} {}: {} bytes | {} bytes", where, a.kind, a.bytes.size(),
                        b.bytes.size()));
        return;
    }
    std::size_t byte = 0;
    while (true) {
        const auto left = std::span{a.bytes}.subspan(byte);
        const auto [in_a, in_b] = std::ranges::mismatch(left, std::span{b.bytes}.subspan(byte));
        if (in_a == left.end()) {
            break;
        }
        byte += static_cast<std::size_t>(in_a - left.begin());
        const auto found = place(a, static_cast<std::uint32_t>(byte));
        differs({at(fmt::format("{}:{}", a.kind, found.name)), number(a.bytes, found),
                 number(b.bytes, found)},
                fmt::format("{} {} {}: {} | {}", where, a.kind, found.name, number(a.bytes, found),
                            number(b.bytes, found)));
        byte = std::max<std::size_t>(byte + 1, std::size_t{found.at} + found.bytes);
        if (byte >= a.bytes.size()) {
            break;
        }
    }
    auto pointers = a.pointers;
    pointers.insert(b.pointers.begin(), b.pointers.end());
    for (const auto& [offset, unused] : pointers) {
        const auto name = [&, at_offset = offset](const Block& block) {
            const auto pointer = block.pointers.find(at_offset);
            return pointer == block.pointers.end() ? std::string_view{"none"}
                                                   : symbol(pointer->second);
        };
        if (name(a) != name(b)) {
            const auto field = place(a, offset).name;
            differs({at(fmt::format("{}:{}", a.kind, field)), fmt::format("&{}", name(a)),
                     fmt::format("&{}", name(b))},
                    fmt::format("{} {} {}: &{} | &{}", where, a.kind, field, name(a), name(b)));
        }
    }
}

void Comparison::hand_overs(const HandOvers& a, const HandOvers& b) {
    for (std::size_t index = 0; index < std::min(a.size(), b.size()); ++index) {
        const auto& left = a[index]->parts;
        const auto& right = b[index]->parts;
        const auto where = fmt::format("{}:", index);
        for (std::size_t part = 0; part < std::max(left.size(), right.size()); ++part) {
            if (part >= left.size() || part >= right.size() ||
                left[part].kind != right[part].kind) {
                const auto kind = [part](const std::vector<HandOver::Part>& parts) {
                    return part < parts.size() ? std::string_view{parts[part].kind} : "nothing";
                };
                differs({at("parts"), std::string{kind(left)}, std::string{kind(right)}},
                        fmt::format("{} {} | {}", where, kind(left), kind(right)));
                break;
            }
            const auto& in_a = left[part].block;
            const auto& in_b = right[part].block;
            if (!in_a != !in_b) {
                differs(
                    {at(left[part].kind + ":unreadable"), in_a ? "-" : "yes", in_a ? "yes" : "-"},
                    fmt::format("{} {}: cannot be read in {}", where, left[part].kind,
                                in_a ? "B" : "A"));
            } else if (in_a && in_a != in_b) {
                blocks(where, *in_a, *in_b);
            }
        }
    }
    if (!options_.common && a.size() != b.size()) {
        differs({at("count"), fmt::to_string(a.size()), fmt::to_string(b.size())},
                fmt::format("{} in A, {} in B", a.size(), b.size()));
    }
}

struct Sorted {
    Writes writes;
    std::map<std::pair<unsigned, std::string>, HandOvers> hand_overs; ///< by pipe and what
};

Sorted sort(const Recording& recording) {
    Sorted sorted;
    for (const auto& entry : recording.entries) {
        if (const auto* const write = std::get_if<Write>(&entry)) {
            if (!is_masked(*write)) {
                sorted.writes.push_back(write);
            }
        } else {
            const auto& hand_over = std::get<HandOver>(entry);
            sorted.hand_overs[{hand_over.pipe, hand_over.what}].push_back(&hand_over);
        }
    }
    return sorted;
}

} // namespace

const std::vector<Masked>& masked_writes() {
    static const std::vector<Masked> masks{
        {"mmu.l1_base", "where the table is"},
        {"mmu.tlb_invalidate", "how often depends on when memory is mapped"},
        {"sp0.queues*", "how far the rings are depends on when the firmware takes; hand-overs tell "
                        "what is in them"},
        {"int_status", "acknowledges an interrupt, of which one may stand for two"},
        {"irq.*.clear", "the same"},
    };
    return masks;
}

bool is_masked(const Write& write) {
    return std::ranges::any_of(masked_writes(), [&](const Masked& mask) {
        const auto star = mask.pattern.find('*');
        if (star == std::string_view::npos) {
            return write.name == mask.pattern;
        }
        return write.name.starts_with(mask.pattern.substr(0, star)) &&
               write.name.ends_with(mask.pattern.substr(star + 1));
    });
}

std::vector<Channel> compare(const Recording& a, const Recording& b, const DiffOptions& options) {
    auto in_a = sort(a);
    auto in_b = sort(b);
    std::vector<Channel> channels;
    auto& writes = channels.emplace_back(Channel{.name = "writes",
                                                 .entries_a = in_a.writes.size(),
                                                 .entries_b = in_b.writes.size(),
                                                 .differences = 0,
                                                 .expected = 0,
                                                 .lines = {}});
    Comparison{writes, "writes", options}.writes(in_a.writes, in_b.writes);
    for (const auto& [key, unused] : in_b.hand_overs) {
        (void)in_a.hand_overs[key]; // so that all are in one list
    }
    for (const auto& [key, hand_overs] : in_a.hand_overs) {
        const auto& others = in_b.hand_overs[key];
        auto& channel =
            channels.emplace_back(Channel{.name = fmt::format("pipe {} {}", key.first, key.second),
                                          .entries_a = hand_overs.size(),
                                          .entries_b = others.size(),
                                          .differences = 0,
                                          .expected = 0,
                                          .lines = {}});
        Comparison{channel, key.second, options}.hand_overs(hand_overs, others);
    }
    return channels;
}

} // namespace ipu3::record
