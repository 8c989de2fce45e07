// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/report.hpp"
#include "machine/cache-model/test_machine.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ipu3::cache {
namespace {

using testing::HasSubstr;

TEST(Report, OfAWellBehavedDriverNamesNoPage) {
    TestMachine machine;
    machine.store(0, "parameters");
    machine.flush(0);
    (void)machine.device_read(0, 10);
    machine.device_write(0, "results");
    machine.flush(0);
    const auto text = report(machine.model());
    EXPECT_EQ(text.at("wrong_pages"), 0);
    EXPECT_TRUE(text.at("pages").empty());
    EXPECT_EQ(text.at("functions").at("camera").at("lines_read"), 1);
    EXPECT_EQ(text.at("functions").at("other").at("lines_read"), 0);
    EXPECT_EQ(text.at("mode"), "exact");
    EXPECT_TRUE(text.at("evict").is_null());
}

TEST(Report, SaysWhichAccessesLookPastTheCaches) {
    TestMachine machine{{.functions = {{.name = "camera"},
                                       {.name = "walker", .tables = true, .buffers = false},
                                       {.name = "engine", .tables = false, .buffers = true}}}};
    const auto functions = report(machine.model()).at("functions");
    EXPECT_EQ(functions.size(), 3U);
    EXPECT_EQ(functions.at("camera").at("noncoherent"), "all");
    EXPECT_EQ(functions.at("walker").at("noncoherent"), "tables");
    EXPECT_EQ(functions.at("engine").at("noncoherent"), "buffers");
}

TEST(Report, SaysOfAPageWhoDidWhatToIt) {
    TestMachine machine{{.loads = true, .evict = {}}};
    machine.flush(page_size);
    machine.store(page_size, "x");
    machine.device_write(page_size, "frame");            // over a dirty line
    machine.device_write(page_size + line_size, "rest"); // to a line never flushed
    machine.flush(page_size);                            // loses the first
    machine.device_write(page_size, "again");
    (void)machine.load(page_size, 5); // stale
    (void)machine.device_read(page_size + 2 * line_size, 1);
    const auto text = report(machine.model());
    ASSERT_EQ(text.at("pages").size(), 1U);
    const auto& page = text.at("pages").at(0);
    EXPECT_EQ(page.at("address"), "0x1000");
    EXPECT_EQ(page.at("last_writer"), "camera");
    EXPECT_EQ(page.at("last_reader"), "camera");
    EXPECT_EQ(page.at("lines_ever_flushed"), 1);
    EXPECT_EQ(page.at("writes_over_dirty_lines"), 2);
    EXPECT_EQ(page.at("lost_writes"), 1);
    EXPECT_EQ(page.at("poison_reads"), 1);
    EXPECT_EQ(page.at("stale_loads"), 1);
    EXPECT_EQ(page.at("stale_lines_at_end"), 2);
    EXPECT_EQ(page.at("dirty_lines_at_end"), 63);
    EXPECT_EQ(text.at("stale_lines_at_end"), 2);
    EXPECT_THAT(summary(text), HasSubstr("1 poison lines, wrote 2 dirty ones, lost 1; 2 stale at "
                                         "the end; the CPU read 1 stale"));
}

TEST(Report, CountsTheWrongPagesThatItDoesNotList) {
    TestMachine machine;
    for (std::uint64_t page = 0; page < 5; ++page) {
        (void)machine.device_read(page * page_size, 1);
    }
    const auto text = report(machine.model(), 2);
    EXPECT_EQ(text.at("wrong_pages"), 5);
    ASSERT_EQ(text.at("pages").size(), 2U);
    EXPECT_EQ(text.at("pages").at(1).at("address"), "0x1000");
}

TEST(Report, NamesItsModes) {
    TestMachine machine{{.dirtiness = Dirtiness::compared, .evict = 0}};
    const auto text = report(machine.model());
    EXPECT_EQ(text.at("mode"), "fast");
    EXPECT_EQ(text.at("evict"), 0);
}

} // namespace
} // namespace ipu3::cache
