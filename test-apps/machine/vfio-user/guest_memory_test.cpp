// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/guest_memory.hpp"
#include "machine/vfio-user/test_client.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace vfio_user {
namespace {

using test::duplicate;
using test::memory;

constexpr std::uint64_t page = 4096;
constexpr Protection both{true, true};
constexpr Protection read_only{true, false};
constexpr Protection write_only{false, true};

std::vector<std::byte> pattern(std::size_t size, unsigned seed = 1) {
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<std::byte>(i * 7 + seed + i / 251);
    }
    return bytes;
}

int error(const base::Result<void>& result) {
    return result ? 0 : result.error().code;
}

/// The fault of a read of @p size bytes at @p address; fails the test when it succeeds.
DmaFault read_fault(const GuestMemory& memory, std::uint64_t address, std::size_t size) {
    std::vector<std::byte> bytes(size);
    const auto done = memory.read(Iova{address}, bytes);
    EXPECT_FALSE(done);
    return done ? DmaFault{} : done.error();
}

TEST(GuestMemory, ReadsWhatTheGuestWroteAndTheOtherWayRound) {
    GuestMemory guest;
    const auto file = memory(4 * page);
    ASSERT_TRUE(guest.map(Iova{0x10000}, 2 * page, both, duplicate(file), page));
    const auto bytes = pattern(100);
    ASSERT_EQ(::pwrite(file.get(), bytes.data(), bytes.size(), page + 50), 100);
    std::vector<std::byte> got(100);
    ASSERT_TRUE(guest.read(Iova{0x10000 + 50}, got));
    EXPECT_EQ(got, bytes);

    ASSERT_TRUE(guest.store(Iova{0x10000 + 2 * page - 4}, std::uint32_t{0x12345678}));
    std::uint32_t word = 0;
    ASSERT_EQ(::pread(file.get(), &word, 4, 3 * page - 4), 4);
    EXPECT_EQ(word, 0x12345678U);
    EXPECT_EQ(guest.load<std::uint32_t>(Iova{0x10000 + 2 * page - 4}).value(), 0x12345678U);
    EXPECT_TRUE(guest.read(Iova{0xdead0000}, {})); // nothing asked, nothing missing
}

TEST(GuestMemory, AFaultNamesTheFirstByteThatIsNotThere) {
    GuestMemory guest;
    ASSERT_TRUE(guest.map(Iova{0x10000}, page, both, memory(page), 0));
    std::vector<DmaFault> seen;
    guest.on_fault([&](const DmaFault& fault) { seen.push_back(fault); });

    auto fault = read_fault(guest, 0x10000 + page - 8, 16);
    EXPECT_EQ(value(fault.address), 0x10000 + page);
    EXPECT_EQ(fault.size, 16U);
    EXPECT_EQ(fault.reason, DmaFault::Reason::unmapped);
    EXPECT_EQ(fault.access, Access::read);
    EXPECT_EQ(value(read_fault(guest, 0xfff8, 16).address), 0xfff8U);
    EXPECT_EQ(value(read_fault(guest, 0, 1).address), 0U);
    EXPECT_EQ(seen.size(), 3U);

    const auto bytes = pattern(16);
    const auto done = guest.write(Iova{0x10000 + page - 8}, bytes);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().access, Access::write);
    EXPECT_FALSE(describe(done.error()).empty());
    // What comes before the fault is written.
    std::vector<std::byte> got(8);
    ASSERT_TRUE(guest.read(Iova{0x10000 + page - 8}, got));
    EXPECT_TRUE(std::equal(got.begin(), got.end(), bytes.begin()));
}

TEST(GuestMemory, AdjacentWindowsCountAsOne) {
    GuestMemory guest;
    const auto file = memory(8 * page);
    // In reverse order in the file, so that a copy that ignored the border would be wrong.
    ASSERT_TRUE(guest.map(Iova{0x10000}, page, both, duplicate(file), 4 * page));
    ASSERT_TRUE(guest.map(Iova{0x11000}, page, both, duplicate(file), 2 * page));
    ASSERT_TRUE(guest.map(Iova{0x12000}, page, both, memory(page), 0));
    const auto bytes = pattern(2 * page);
    ASSERT_TRUE(guest.write(Iova{0x10000 + page - 10}, bytes));
    std::vector<std::byte> got(bytes.size() - 10);
    ASSERT_TRUE(guest.read(Iova{0x10000 + page - 10}, got));
    EXPECT_TRUE(std::equal(got.begin(), got.end(), bytes.begin()));
    std::byte second{};
    ASSERT_EQ(::pread(file.get(), &second, 1, 2 * page), 1);
    EXPECT_EQ(second, bytes[10]);
}

TEST(GuestMemory, ProtectionIsRespected) {
    GuestMemory guest;
    ASSERT_TRUE(guest.map(Iova{0x1000}, page, read_only, memory(page), 0));
    ASSERT_TRUE(guest.map(Iova{0x2000}, page, write_only, memory(page), 0));
    EXPECT_TRUE(guest.load<int>(Iova{0x1000}));
    EXPECT_EQ(guest.store(Iova{0x1000}, 1).error().reason, DmaFault::Reason::forbidden);
    EXPECT_TRUE(guest.store(Iova{0x2000}, 1));
    EXPECT_EQ(guest.load<int>(Iova{0x2000}).error().reason, DmaFault::Reason::forbidden);
    // Half of the access is allowed.
    const auto fault = read_fault(guest, 0x1ffe, 4);
    EXPECT_EQ(value(fault.address), 0x2000U);
    EXPECT_EQ(fault.reason, DmaFault::Reason::forbidden);
}

TEST(GuestMemory, WithoutBusMasteringEverythingIsForbidden) {
    GuestMemory guest;
    ASSERT_TRUE(guest.map(Iova{0x1000}, page, both, memory(page), 0));
    guest.set_bus_mastering(false);
    EXPECT_EQ(guest.load<int>(Iova{0x1000}).error().reason, DmaFault::Reason::forbidden);
    guest.set_bus_mastering(true);
    EXPECT_TRUE(guest.load<int>(Iova{0x1000}));
}

TEST(GuestMemory, AWindowWithoutAFile) {
    GuestMemory guest;
    ASSERT_TRUE(guest.map(Iova{0x1000}, page, both, {}, 0));
    EXPECT_EQ(guest.load<int>(Iova{0x1000}).error().reason, DmaFault::Reason::not_shared);
}

TEST(GuestMemory, EdgesOfTheAddressSpace) {
    GuestMemory guest;
    constexpr auto top = std::numeric_limits<std::uint64_t>::max() - page + 1;
    EXPECT_EQ(error(guest.map(Iova{0x1000}, 0, both, {}, 0)), EINVAL);
    EXPECT_EQ(error(guest.map(Iova{top}, 2 * page, both, memory(2 * page), 0)), EINVAL);
    EXPECT_EQ(error(guest.map(Iova{top + 1}, UINT64_MAX, both, {}, 0)), EINVAL);
    ASSERT_TRUE(guest.map(Iova{top}, page, both, memory(page), 0));
    ASSERT_TRUE(guest.map(Iova{0}, page, both, memory(page), 0));
    EXPECT_EQ(error(guest.map(Iova{top}, page, both, {}, 0)), EEXIST);
    EXPECT_TRUE(guest.store(Iova{UINT64_MAX - 3}, std::uint32_t{1}));
    EXPECT_TRUE(guest.store(Iova{0}, std::uint32_t{1}));
    // An access does not wrap to the window at 0.
    const auto fault = read_fault(guest, UINT64_MAX - 3, 8);
    EXPECT_EQ(fault.reason, DmaFault::Reason::unmapped);
    EXPECT_EQ(value(fault.address), 0U);
    EXPECT_TRUE(guest.unmap(Iova{top}, page));
    EXPECT_EQ(guest.windows(), 1U);
}

TEST(GuestMemory, OverlapsAreRefused) {
    GuestMemory guest;
    ASSERT_TRUE(guest.map(Iova{0x10000}, 4 * page, both, {}, 0));
    EXPECT_EQ(error(guest.map(Iova{0x10000}, 4 * page, both, {}, 0)), EEXIST);
    EXPECT_EQ(error(guest.map(Iova{0x11000}, page, both, {}, 0)), EEXIST);
    EXPECT_EQ(error(guest.map(Iova{0x13000}, 4 * page, both, {}, 0)), EEXIST);
    EXPECT_EQ(error(guest.map(Iova{0xf000}, 2 * page, both, {}, 0)), EEXIST);
    EXPECT_EQ(error(guest.map(Iova{0}, 0x100000, both, {}, 0)), EEXIST);
    EXPECT_EQ(error(guest.map(Iova{0x14000}, page, both, {}, 0)), 0);
    EXPECT_EQ(error(guest.map(Iova{0xf000}, page, both, {}, 0)), 0);
    EXPECT_EQ(guest.windows(), 3U);
}

TEST(GuestMemory, UnmapTakesWholeWindowsOnly) {
    GuestMemory guest;
    EXPECT_TRUE(guest.unmap(Iova{0x5000}, page)); // never mapped
    for (std::uint64_t i = 0; i < 4; ++i) {
        ASSERT_TRUE(guest.map(Iova{0x10000 + i * 2 * page}, 2 * page, both, {}, 0));
    }
    EXPECT_EQ(error(guest.unmap(Iova{0x11000}, page)), EINVAL);
    EXPECT_EQ(error(guest.unmap(Iova{0x10000}, page)), EINVAL);
    EXPECT_EQ(error(guest.unmap(Iova{0x11000}, 3 * page)), EINVAL);
    EXPECT_EQ(error(guest.unmap(Iova{0x10000}, 3 * page)), EINVAL);
    EXPECT_EQ(error(guest.unmap(Iova{0x10000}, 0)), EINVAL);
    EXPECT_EQ(error(guest.unmap(Iova{0x10000}, UINT64_MAX)), EINVAL); // wraps
    EXPECT_EQ(guest.windows(), 4U);
    EXPECT_TRUE(guest.unmap(Iova{0x12000}, 4 * page)); // two of them
    EXPECT_EQ(guest.windows(), 2U);
    EXPECT_TRUE(guest.unmap(Iova{0x12000}, 4 * page)); // the hole
    EXPECT_TRUE(guest.unmap(Iova{0}, UINT64_MAX));
    EXPECT_EQ(guest.windows(), 0U);
}

TEST(GuestMemory, ThousandsOfSmallWindowsOfOneFile) {
    constexpr std::uint64_t count = 10000;
    GuestMemory guest;
    const auto file = memory(count * page);
    // IOVA i comes from file page (i * 7) % count: a permutation.
    for (std::uint64_t i = 0; i < count; ++i) {
        ASSERT_TRUE(
            guest.map(Iova{(i + 1) * page}, page, both, duplicate(file), i * 7 % count * page));
    }
    EXPECT_EQ(guest.windows(), count);
    for (std::uint64_t i = 0; i < count; ++i) {
        ASSERT_TRUE(guest.store(Iova{(i + 1) * page}, i));
    }
    std::vector<std::byte> all(count * page);
    ASSERT_TRUE(guest.read(Iova{page}, all)); // one access across all of them
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t in_file = 0;
        ASSERT_EQ(::pread(file.get(), &in_file, 8, static_cast<off_t>(i * 7 % count * page)), 8);
        ASSERT_EQ(in_file, i);
        ASSERT_EQ(*wire::load<std::uint64_t>(std::span{all}.subspan(i * page)), i);
    }
    for (std::uint64_t i = 0; i < count; i += 2) {
        ASSERT_TRUE(guest.unmap(Iova{(i + 1) * page}, page));
    }
    EXPECT_EQ(guest.windows(), count / 2);
    EXPECT_FALSE(guest.load<int>(Iova{page}));
    EXPECT_TRUE(guest.load<int>(Iova{2 * page}));
}

/// Mappings of @p name in this process.
std::size_t mappings(std::string_view name) {
    std::size_t count = 0;
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        count += line.find(name) != std::string::npos ? 1U : 0U;
    }
    return count;
}

TEST(GuestMemory, EachFileIsMappedOnceAndUnmappedWithItsLastWindow) {
    GuestMemory guest;
    const auto file = memory(16 * page);
    ASSERT_EQ(mappings("memfd:guest"), 0U);
    for (std::uint64_t i = 0; i < 8; ++i) {
        ASSERT_TRUE(guest.map(Iova{i * page}, page, both, duplicate(file), 2 * i * page));
    }
    EXPECT_EQ(mappings("memfd:guest"), 1U);
    ASSERT_TRUE(guest.unmap(Iova{0}, 7 * page));
    EXPECT_EQ(mappings("memfd:guest"), 1U);
    ASSERT_TRUE(guest.unmap(Iova{7 * page}, page));
    EXPECT_EQ(mappings("memfd:guest"), 0U);
    ASSERT_TRUE(guest.map(Iova{0}, page, both, duplicate(file), 0));
    guest.clear();
    EXPECT_EQ(guest.windows(), 0U);
    EXPECT_EQ(mappings("memfd:guest"), 0U);
}

TEST(GuestMemory, AFileMayGrow) {
    GuestMemory guest;
    const auto file = memory(page);
    ASSERT_TRUE(guest.map(Iova{0}, page, both, duplicate(file), 0));
    EXPECT_EQ(error(guest.map(Iova{page}, page, both, duplicate(file), page)), EINVAL);
    ASSERT_EQ(::ftruncate(file.get(), 2 * page), 0);
    ASSERT_TRUE(guest.map(Iova{page}, page, both, duplicate(file), page));
    ASSERT_TRUE(guest.store(Iova{page - 4}, std::uint64_t{0x1122334455667788}));
    std::uint64_t in_file = 0;
    ASSERT_EQ(::pread(file.get(), &in_file, 8, page - 4), 8);
    EXPECT_EQ(in_file, 0x1122334455667788U);
}

TEST(GuestMemory, AFileThatShrinksIsAFaultNotASignal) {
    GuestMemory guest;
    const auto file = memory(4 * page, false);
    ASSERT_TRUE(guest.map(Iova{0}, 4 * page, both, duplicate(file), 0));
    EXPECT_EQ(mappings("memfd:guest"), 0U); // not sealed: not mapped
    ASSERT_TRUE(guest.store(Iova{2 * page}, 42));
    EXPECT_EQ(guest.load<int>(Iova{2 * page}).value(), 42);
    ASSERT_EQ(::ftruncate(file.get(), page + 10), 0);
    auto fault = read_fault(guest, page, 100);
    EXPECT_EQ(fault.reason, DmaFault::Reason::not_shared);
    EXPECT_EQ(value(fault.address), page + 10);
    const auto bytes = pattern(100);
    const auto done = guest.write(Iova{page}, bytes);
    ASSERT_FALSE(done);
    EXPECT_EQ(value(done.error().address), page + 10);
    EXPECT_FALSE(guest.store(Iova{2 * page}, 42));
    struct stat status{};
    ASSERT_EQ(::fstat(file.get(), &status), 0);
    EXPECT_EQ(status.st_size, static_cast<off_t>(page + 10)); // and does not grow it back
}

/// Answers each read with one letter, and keeps what is written.
class LetterView final : public MemoryView {
  public:
    explicit LetterView(char letter) : letter_{static_cast<std::byte>(letter)} {}
    [[nodiscard]] bool covers(FileIdentity /*file*/) const override { return covering; }
    std::size_t read(std::uint64_t /*offset*/, std::span<std::byte> to) override {
        std::ranges::fill(to, letter_);
        return to.size();
    }
    std::size_t write(std::uint64_t offset, std::span<const std::byte> from) override {
        written.emplace_back(offset, from.size());
        return from.size();
    }

    bool covering{true};
    std::vector<std::pair<std::uint64_t, std::size_t>> written;

  private:
    std::byte letter_;
};

char read_letter(const GuestMemory& guest, std::uint64_t at, Purpose purpose) {
    return guest.load<char>(Iova{at}, purpose).value();
}

TEST(GuestMemory, EachPurposeHasItsView) {
    GuestMemory guest;
    LetterView data{'d'};
    LetterView tables{'t'};
    guest.set_views({.data = &data, .tables = &tables});
    const auto file = memory(2 * page);
    ASSERT_TRUE(guest.map(Iova{page}, page, both, duplicate(file), page));
    EXPECT_EQ(read_letter(guest, page, Purpose::data), 'd');
    EXPECT_EQ(read_letter(guest, page, Purpose::tables), 't');
    EXPECT_EQ(guest.load<char>(Iova{page}).value(), 'd'); // what is not said to be a table
    ASSERT_TRUE(guest.store(Iova{page + 8}, std::uint32_t{1}));
    EXPECT_THAT(data.written, testing::ElementsAre(std::pair{page + 8, std::size_t{4}}));
    EXPECT_TRUE(tables.written.empty());
}

TEST(GuestMemory, APurposeWithoutAViewIsAccessedDirectly) {
    for (const bool mapped : {true, false}) {
        LetterView view{'v'};
        const auto file = memory(page, mapped); // sealed: mapped
        ASSERT_EQ(::pwrite(file.get(), "f", 1, 0), 1);
        GuestMemory walker;
        walker.set_views({.data = nullptr, .tables = &view});
        ASSERT_TRUE(walker.map(Iova{0}, page, both, duplicate(file), 0));
        EXPECT_EQ(read_letter(walker, 0, Purpose::tables), 'v');
        EXPECT_EQ(read_letter(walker, 0, Purpose::data), 'f');
        ASSERT_TRUE(walker.store(Iova{0}, 'g'));
        EXPECT_EQ(read_letter(walker, 0, Purpose::data), 'g');

        GuestMemory engine;
        engine.set_views({.data = &view, .tables = nullptr});
        ASSERT_TRUE(engine.map(Iova{0}, page, both, duplicate(file), 0));
        EXPECT_EQ(read_letter(engine, 0, Purpose::tables), 'g');
        EXPECT_EQ(read_letter(engine, 0, Purpose::data), 'v');
        ASSERT_TRUE(engine.store(Iova{0}, 'h'));
        EXPECT_EQ(read_letter(engine, 0, Purpose::tables), 'g'); // it went to the view
    }
}

TEST(GuestMemory, AViewIsAskedWhetherItCoversTheFile) {
    GuestMemory guest;
    LetterView data{'d'};
    LetterView tables{'t'};
    data.covering = false;
    guest.set_views({.data = &data, .tables = &tables});
    const auto file = memory(page);
    ASSERT_EQ(::pwrite(file.get(), "f", 1, 0), 1);
    ASSERT_TRUE(guest.map(Iova{0}, page, both, duplicate(file), 0));
    EXPECT_EQ(read_letter(guest, 0, Purpose::data), 'f');
    EXPECT_EQ(read_letter(guest, 0, Purpose::tables), 't');
}

TEST(GuestMemory, WindowsAreTheSameForEachPurpose) {
    GuestMemory guest;
    LetterView data{'d'};
    LetterView tables{'t'};
    guest.set_views({.data = &data, .tables = &tables});
    const auto file = memory(2 * page);
    ASSERT_TRUE(guest.map(Iova{0}, page, read_only, duplicate(file), 0));
    ASSERT_TRUE(guest.map(Iova{page}, page, write_only, duplicate(file), page));
    for (const auto purpose : {Purpose::data, Purpose::tables}) {
        EXPECT_EQ(guest.load<char>(Iova{page}, purpose).error().reason,
                  DmaFault::Reason::forbidden);
        EXPECT_EQ(guest.load<char>(Iova{2 * page}, purpose).error().reason,
                  DmaFault::Reason::unmapped);
    }
    EXPECT_EQ(guest.store(Iova{0}, 'x').error().reason, DmaFault::Reason::forbidden);
    EXPECT_TRUE(data.written.empty());
}

TEST(GuestMemory, WindowsLieInsideOfARegularFile) {
    GuestMemory guest;
    const auto file = memory(2 * page);
    EXPECT_EQ(error(guest.map(Iova{0}, page, both, duplicate(file), 2 * page)), EINVAL);
    EXPECT_EQ(error(guest.map(Iova{0}, 2 * page, both, duplicate(file), page)), EINVAL);
    EXPECT_EQ(error(guest.map(Iova{0}, page, both, duplicate(file), UINT64_MAX - page + 1)),
              EINVAL);
    EXPECT_EQ(error(guest.map(Iova{0}, UINT64_MAX, both, duplicate(file), 0)), EINVAL);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    EXPECT_EQ(error(guest.map(Iova{0}, page, both, base::UniqueFd{ends[0]}, 0)), EINVAL);
    EXPECT_EQ(error(guest.map(Iova{0}, page, both, base::UniqueFd{ends[1]}, 0)), EINVAL);
    EXPECT_EQ(guest.windows(), 0U);
}

TEST(GuestMemory, ADescriptorGivesNoMoreAccessThanItHas) {
    GuestMemory guest;
    const auto file = memory(2 * page);
    const auto path = fmt::format("/proc/self/fd/{}", file.get());
    const auto reader = [&] { return base::UniqueFd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)}; };
    EXPECT_EQ(error(guest.map(Iova{0}, page, both, reader(), 0)), EACCES);
    ASSERT_TRUE(guest.map(Iova{0}, page, read_only, reader(), 0));
    ASSERT_TRUE(guest.map(Iova{page}, page, both, duplicate(file), page));
    // Now the file is open for writing, but this descriptor still is not.
    EXPECT_EQ(error(guest.map(Iova{2 * page}, page, both, reader(), 0)), EACCES);
    EXPECT_TRUE(guest.store(Iova{page}, 1));
    EXPECT_FALSE(guest.store(Iova{0}, 1));
}

} // namespace
} // namespace vfio_user
