// SPDX-License-Identifier: GPL-2.0-or-later
// The model against another one, written byte by byte without a thought of speed, by random
// operations.
#include "machine/cache-model/test_machine.hpp"

#include <array>
#include <map>
#include <random>
#include <set>

namespace ipu3::cache {
namespace {

/// One line as docs/cache-model.md describes it.
struct ReferenceLine {
    std::array<char, line_size> cpu{};
    std::array<char, line_size> synced{};
    std::array<char, line_size> dram{};
    std::array<bool, line_size> by_device{};
    bool stored{false};
    bool never{true}; ///< written back

    [[nodiscard]] bool dirty() const { return stored || never || cpu != synced; }
    [[nodiscard]] bool changed_unseen() const { return !stored && !never && cpu != synced; }
    [[nodiscard]] bool device_wrote() const { return std::ranges::count(by_device, true) != 0; }
    /// Both views are the same now, or are about to be.
    void made_equal() {
        synced = cpu;
        stored = false;
        never = false;
        by_device = {};
    }
};

struct Counts {
    std::uint64_t stale_reads{0};
    std::uint64_t poison_reads{0};
    std::uint64_t over_dirty{0};
    std::uint64_t lost{0};
    std::uint64_t refreshed{0};
    std::uint64_t write_backs{0};
    std::uint64_t stale_loads{0};
    std::uint64_t written_through{0};
    std::uint64_t unseen{0};
    auto operator<=>(const Counts&) const = default;
};

class Reference {
  public:
    void poke(std::uint64_t at, std::string_view bytes) {
        for (const char byte : bytes) {
            const auto place = at++;
            line(place).cpu.at(place % line_size) = byte;
        }
    }
    void store(std::uint64_t at, std::string_view bytes) {
        poke(at, bytes);
        for (auto place = at; place < at + bytes.size(); ++place) {
            // A line of a page that nobody has looked at yet is dirty anyway.
            line(place).stored = !line(place).never;
        }
    }
    [[nodiscard]] std::string load(std::uint64_t at, std::size_t size) {
        std::string bytes;
        std::map<std::uint64_t, bool> stale;
        for (auto place = at; place < at + size; ++place) {
            const auto& found = line(place);
            const auto within = place % line_size;
            bytes += found.cpu.at(within);
            stale[place / line_size] |=
                found.by_device.at(within) && found.dram.at(within) != found.cpu.at(within);
        }
        for (const auto& [index, yes] : stale) {
            counts.stale_loads += yes ? 1U : 0U;
        }
        return bytes;
    }
    void flush(std::uint64_t at, Flush kind) {
        touch(at);
        auto& flushed = line(at);
        if (flushed.dirty()) {
            counts.unseen += flushed.changed_unseen() ? 1U : 0U;
            counts.lost += flushed.device_wrote() ? 1U : 0U;
            ++counts.write_backs;
            flushed.dram = flushed.cpu;
        } else if (kind == Flush::keep) {
            return;
        } else {
            counts.refreshed += flushed.cpu != flushed.dram ? 1U : 0U;
            flushed.cpu = flushed.dram;
        }
        flushed.made_equal();
    }
    [[nodiscard]] std::string device_read(std::uint64_t at, std::size_t size) {
        std::string bytes;
        std::map<std::uint64_t, bool> poisonous;
        for (auto place = at; place < at + size; ++place) {
            touch(place);
            const auto& found = line(place);
            bytes += found.dram.at(place % line_size);
            poisonous[place / line_size] |= found.never && !found.by_device.at(place % line_size);
        }
        for (const auto& [index, yes] : poisonous) {
            if (yes) {
                ++counts.poison_reads;
            } else if (line(index * line_size).dirty()) {
                ++counts.stale_reads;
            }
        }
        return bytes;
    }
    void device_write(std::uint64_t at, std::string_view bytes) {
        std::map<std::uint64_t, bool> dirty;
        for (const char byte : bytes) {
            const auto place = at++;
            touch(place);
            auto& written = line(place);
            dirty[place / line_size] = written.dirty();
            written.dram.at(place % line_size) = byte;
            written.by_device.at(place % line_size) = true;
        }
        for (const auto& [index, yes] : dirty) {
            counts.over_dirty += yes ? 1U : 0U;
        }
    }
    void snooped_write(std::uint64_t at, std::string_view bytes) {
        std::set<std::uint64_t> lines;
        for (const char byte : bytes) {
            const auto place = at++;
            touch(place);
            auto& written = line(place);
            if (lines.insert(place / line_size).second) {
                counts.unseen += written.changed_unseen() ? 1U : 0U;
            }
            written.cpu.at(place % line_size) = byte;
            written.by_device.at(place % line_size) = false;
        }
        for (const auto index : lines) {
            auto& written = lines_.at(index);
            ++counts.written_through;
            counts.lost += written.device_wrote() ? 1U : 0U;
            written.dram = written.cpu;
            written.made_equal();
        }
    }
    [[nodiscard]] std::string snooped_read(std::uint64_t at, std::size_t size) {
        std::string bytes;
        for (auto place = at; place < at + size; ++place) {
            bytes += line(place).cpu.at(place % line_size);
        }
        return bytes;
    }
    [[nodiscard]] bool tracked(std::uint64_t page) const { return tracked_.at(page); }

    Counts counts;

  private:
    ReferenceLine& line(std::uint64_t at) { return lines_.at(at / line_size); }
    void touch(std::uint64_t at) {
        auto& known = tracked_.at(at / page_size);
        if (!known) {
            known = true;
            for (auto place = at / page_size * page_size; place % page_size != page_size - 1;
                 place += line_size) {
                line(place).dram.fill(static_cast<char>(poison));
                if (place % page_size == page_size - line_size) {
                    break;
                }
            }
        }
    }

    std::array<ReferenceLine, test_pages * lines_per_page> lines_{};
    std::array<bool, test_pages> tracked_{};
};

/// Few places and few values, so that everything meets everything.
class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_{seed} {}
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
    std::uint64_t place() { return below(3) * page_size + below(page_size); }
    std::string bytes(std::size_t size) {
        std::string text(size, '\0');
        std::ranges::generate(text, [this] { return static_cast<char>('a' + below(2)); });
        return text;
    }

  private:
    std::mt19937_64 engine_;
};

class Against : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Against, TheReferenceByRandomOperations) {
    TestMachine machine{{.loads = true}};
    Reference reference;
    Random random{GetParam()};
    for (int step = 0; step < 4000; ++step) {
        // Mostly within few lines, so that the same line meets several operations.
        const auto at = random.below(2) == 0 ? random.place() : random.below(4 * line_size);
        const auto size = 1 + random.below(random.below(4) == 0 ? 300 : 8);
        const auto in_page = std::min(size, page_size - at % page_size);
        switch (random.below(10)) {
        case 0:
        case 1: {
            const auto bytes = random.bytes(in_page);
            machine.store(at, bytes);
            reference.store(at, bytes);
            break;
        }
        case 2: {
            const auto bytes = random.bytes(in_page);
            machine.poke(at, bytes);
            reference.poke(at, bytes);
            break;
        }
        case 3: {
            const auto kind = random.below(3) == 0 ? Flush::keep : Flush::invalidate;
            machine.flush(at, kind);
            reference.flush(at, kind);
            break;
        }
        case 4:
            ASSERT_EQ(machine.device_read(at, size), reference.device_read(at, size)) << step;
            break;
        case 5: {
            const auto bytes = random.bytes(size);
            machine.device_write(at, bytes);
            reference.device_write(at, bytes);
            break;
        }
        case 6:
            ASSERT_EQ(machine.load(at, in_page), reference.load(at, in_page)) << step;
            break;
        case 7: {
            const auto bytes = random.bytes(size);
            machine.snooped_write(at, bytes);
            reference.snooped_write(at, bytes);
            break;
        }
        case 8:
            ASSERT_EQ(machine.snooped_read(at, size), reference.snooped_read(at, size)) << step;
            break;
        default:
            if (random.below(50) == 0) {
                const auto kind = random.below(2) == 0 ? Flush::keep : Flush::invalidate;
                machine.model().flush_all(kind);
                for (std::uint64_t page = 0; page < test_pages; ++page) {
                    for (unsigned line = 0; reference.tracked(page) && line < lines_per_page;
                         ++line) {
                        reference.flush(page * page_size + line * line_size, kind);
                    }
                }
            }
        }
        const auto& camera = machine.camera();
        const auto& cpu = machine.cpu();
        const Counts counts{.stale_reads = camera.stale_reads,
                            .poison_reads = camera.poison_reads,
                            .over_dirty = camera.writes_over_dirty,
                            .lost = camera.lost_writes,
                            .refreshed = cpu.refreshed,
                            .write_backs = cpu.write_backs,
                            .stale_loads = cpu.stale_loads,
                            .written_through = machine.model().header().written_through,
                            .unseen = cpu.unseen_changes};
        ASSERT_EQ(counts, reference.counts) << step;
    }
    // None of the findings may have been tested by its absence.
    EXPECT_GT(reference.counts.stale_reads, 0U);
    EXPECT_GT(reference.counts.poison_reads, 0U);
    EXPECT_GT(reference.counts.over_dirty, 0U);
    EXPECT_GT(reference.counts.lost, 0U);
    EXPECT_GT(reference.counts.refreshed, 0U);
    EXPECT_GT(reference.counts.stale_loads, 0U);
    EXPECT_GT(reference.counts.unseen, 0U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Against, testing::Range(std::uint64_t{1}, std::uint64_t{21}));

} // namespace
} // namespace ipu3::cache
