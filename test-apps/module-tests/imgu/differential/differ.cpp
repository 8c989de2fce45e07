// SPDX-License-Identifier: GPL-2.0-or-later
#include "differ.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <iterator>
#include <tuple>
#include <utility>

namespace differential {

namespace {

double percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

Differ::Differ(std::filesystem::path program, const std::filesystem::path& differences,
               Subject& subject)
    : child_{std::move(program)}, differences_{differences}, subject_{subject} {}

std::string Differ::run(std::uint64_t seed, std::uint64_t number) {
    const auto made = make_case(seed, number, child_.exchange());
    auto wrong = run(made);
    return wrong.empty() ? wrong : wrong + "\n" + describe(made, child_.exchange());
}

std::string Differ::compare(BlockKind kind, std::span<const std::uint8_t> ours,
                            std::span<std::uint8_t> theirs) {
    if (ours.size() != theirs.size()) {
        return fmt::format("{}: {} bytes, not {}", name_of(kind), ours.size(), theirs.size());
    }
    if (std::memcmp(ours.data(), theirs.data(), ours.size()) == 0) {
        return {};
    }
    if (differences_.settle(kind, ours, theirs)) {
        return {};
    }
    std::string text;
    std::size_t places = 0;
    std::string last;
    for (std::size_t at = 0; at < ours.size(); ++at) {
        if (ours[at] == theirs[at]) {
            continue;
        }
        auto place = place_of(kind, at);
        if (place == last) {
            continue;
        }
        last = std::move(place);
        if (++places <= 8) {
            const auto word_at = at / 4 * 4;
            std::uint32_t mine = 0;
            std::uint32_t other = 0;
            const auto bytes = std::min<std::size_t>(4, ours.size() - word_at);
            std::memcpy(&mine, &ours[word_at], bytes);
            std::memcpy(&other, &theirs[word_at], bytes);
            fmt::format_to(std::back_inserter(text),
                           "{}{} (word at {:#x}): ours {:#010x}, theirs {:#010x}",
                           text.empty() ? "" : "\n", last, word_at, mine, other);
        }
    }
    return places <= 8 ? text : fmt::format("{}\nand {} places more", text, places - 8);
}

std::string Differ::run(const Case& made) {
    ++coverage_.cases;
    auto& exchange = child_.exchange();
    child_.start();
    // While the child is at work: the sizes alone.
    const auto refused_sizes = subject_.begin(exchange);
    const auto end = child_.wait();
    coverage_.crashed += end == Child::End::crashed ? 1 : 0;
    coverage_.hung += end == Child::End::hung ? 1 : 0;

    bool all = true;
    for (std::uint32_t index = 0; index < exchange.sets; ++index) {
        const auto refused = refused_sizes.empty() ? subject_.set(exchange, index) : refused_sizes;
        if (index >= exchange.sets_done) { // which their code has not survived
            if (refused.empty()) {
                return fmt::format("set {}: ours takes it, theirs {}", index,
                                   end == Child::End::hung ? "hangs" : "crashes");
            }
            ++coverage_.stricter[refused];
            return {};
        }
        const auto& verdict = exchange.verdicts[index];
        if (verdict.error != 0 && refused.empty()) {
            return differences_.may_accept(exchange.pipe)
                       ? std::string{}
                       : fmt::format("set {}: ours takes it, theirs refuses it ({})", index,
                                     verdict.error);
        }
        if (refused.empty()) {
            if (const auto broken = subject_.broken_invariant(exchange.pipe); !broken.empty()) {
                return fmt::format("set {}: {}", index, broken);
            }
        }
        if (verdict.error != 0) {
            all = false;
            continue; // neither has changed anything
        }
        if (!refused.empty()) {
            ++coverage_.stricter[refused];
            return {}; // from here on they have other settings
        }
        const auto blocks = subject_.blocks();
        auto* const vmem = exchange.vmem[verdict.vmem];
        for (const auto& [kind, ours, theirs] :
             {std::tuple{BlockKind::acc, blocks.acc,
                         std::span<std::uint8_t>{exchange.acc[verdict.acc]}},
              std::tuple{BlockKind::vmem, blocks.vmem,
                         std::span<std::uint8_t>{vmem, blocks.vmem.size()}},
              std::tuple{
                  BlockKind::dmem, blocks.dmem,
                  std::span<std::uint8_t>{exchange.dmem[verdict.dmem], blocks.dmem.size()}}}) {
            if (const auto wrong = compare(kind, ours, theirs); !wrong.empty()) {
                return fmt::format("set {}: {}", index, wrong);
            }
        }
        ++coverage_.sets;
    }
    if (!all) {
        ++coverage_.both_refuse;
        return {};
    }
    if (exchange.want_warp != 0) {
        const std::span<std::uint8_t> theirs{
            exchange.warp[0], exchange.warp_blocks * std::size_t{REFERENCE_WARP_BLOCK_BYTES}};
        if (const auto wrong = compare(BlockKind::warp, subject_.warp(), theirs); !wrong.empty()) {
            return wrong;
        }
    }
    count_accepted(made);
    return {};
}

void Differ::count_accepted(const Case& made) {
    const auto& exchange = child_.exchange();
    ++coverage_.accepted;
    coverage_.sequences += exchange.sets > 1 ? 1 : 0;
    ++coverage_.scaling[static_cast<std::size_t>(scaling_of(exchange.pipe))];
    ++coverage_.origin[static_cast<std::size_t>(made.origin)];
    ++coverage_.stripes[exchange.pipe.stripes > 1 ? 1 : 0];
    coverage_.still += exchange.pipe.video == 0 ? 1 : 0;
    const std::span<const reference_set> sets{exchange.set, exchange.sets};
    for (std::size_t i = 0; i < flags.size(); ++i) {
        coverage_.flag[i] +=
            std::ranges::any_of(sets, [&](const reference_set& set) { return uses(set, flags[i]); })
                ? 1U
                : 0U;
    }
}

bool starves(const Coverage& coverage) {
    return coverage.cases >= 1000 && coverage.accepted < coverage.cases / 50;
}

std::vector<std::string> shortfalls(const Coverage& coverage) {
    std::vector<std::string> missed;
    const auto ask = [&](std::string_view what, std::uint64_t count, std::uint64_t of) {
        if (count * of < coverage.accepted) {
            missed.push_back(fmt::format("{}: {} of {} cases, not one in {}", what, count,
                                         coverage.accepted, of));
        }
    };
    if (coverage.accepted == 0) {
        missed.emplace_back("no case that both take");
    }
    for (std::size_t i = 0; i < flags.size(); ++i) {
        ask(flags[i].name, coverage.flag[i], 10);
    }
    for (std::size_t i = 0; i < scaling_names.size(); ++i) {
        ask(fmt::format("scaling {}", scaling_names[i]), coverage.scaling[i], 20);
    }
    ask("sequences", coverage.sequences, 2);
    ask("one stripe", coverage.stripes[0], 20);
    ask("two stripes", coverage.stripes[1], 2);
    ask("still pictures", coverage.still, 20);
    return missed;
}

std::string report(const Coverage& coverage, const Differences& differences, const Child& child) {
    std::string text;
    const auto out = std::back_inserter(text);
    const auto share = [&](std::string_view name, std::uint64_t count) {
        fmt::format_to(out, "  {:<22}{:>9}  {:5.1f} %\n", name, count,
                       percent(count, coverage.accepted));
    };
    fmt::format_to(out,
                   "{} cases: both take {}, both refuse a set of {}; {} sets compared; theirs "
                   "crashed {}, hung {}\n",
                   coverage.cases, coverage.accepted, coverage.both_refuse, coverage.sets,
                   child.crashes(), coverage.hung);
    fmt::format_to(out, "of the cases that both take:\n");
    share("sequences", coverage.sequences);
    share("one stripe", coverage.stripes[0]);
    share("two stripes", coverage.stripes[1]);
    share("still pictures", coverage.still);
    for (std::size_t i = 0; i < origin_names.size(); ++i) {
        share(fmt::format("sizes: {}", origin_names[i]), coverage.origin[i]);
    }
    for (std::size_t i = 0; i < scaling_names.size(); ++i) {
        share(fmt::format("scaling: {}", scaling_names[i]), coverage.scaling[i]);
    }
    for (std::size_t i = 0; i < flags.size(); ++i) {
        share(flags[i].name, coverage.flag[i]);
    }
    fmt::format_to(out, "refused by ours alone:\n");
    for (const auto& [reason, count] : coverage.stricter) {
        fmt::format_to(out, "  {:<22}{:>9}\n", reason, count);
    }
    fmt::format_to(out, "expected differences:\n");
    for (const auto& [key, count] : differences.counts()) {
        fmt::format_to(out, "  {:<22}{:>9}\n", key, count);
    }
    return text;
}

} // namespace differential
