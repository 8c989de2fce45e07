// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/report.hpp"

#include <bit>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ipu3::cache {
namespace {

using nlohmann::json;

json cpu_part(const shared::CpuTotals& cpu) {
    return {{"processors", cpu.processors},
            {"flushes", cpu.flushes},
            {"cleans", cpu.cleans},
            {"full_flushes", cpu.full_flushes},
            {"write_backs", cpu.write_backs},
            {"first_flushes", cpu.first_flushes},
            {"refreshed_lines", cpu.refreshed},
            {"stores_to_tracked_pages", cpu.tracked_stores},
            {"changes_without_a_store", cpu.unseen_changes},
            {"stale_loads", cpu.stale_loads},
            {"flushes_outside_ram", cpu.outside_ram},
            {"flushes_without_translation", cpu.untranslated},
            {"flushes_not_in_long_mode", cpu.not_long_mode},
            {"discards_not_modelled", cpu.discards},
            {"dead_lock_owners", cpu.dead_lock_owners},
            {"mapping_errors", cpu.mapping_errors}};
}

/// Which of a function's accesses the model carries out.
const char* past_the_caches(const FunctionSpec& function) {
    if (function.tables && function.buffers) {
        return "all";
    }
    return function.tables ? "tables" : "buffers";
}

json function_part(const FunctionSpec& function, const shared::FunctionTotals& totals) {
    return {{"noncoherent", past_the_caches(function)},
            {"lines_read", totals.lines_read},
            {"lines_written", totals.lines_written},
            {"poison_reads", totals.poison_reads},
            {"stale_reads", totals.stale_reads},
            {"stale_reads_that_differ", totals.stale_reads_differ},
            {"writes_over_dirty_lines", totals.writes_over_dirty},
            {"lost_writes", totals.lost_writes},
            {"lost_writes_that_differ", totals.lost_writes_differ}};
}

json function_name(const shared::Header& header, std::uint8_t number) {
    if (number == 0) {
        return nullptr;
    }
    return header.function_names.at(number - std::size_t{1}).data();
}

bool went_wrong(const CacheModel::PageStatus& status) {
    const auto& counters = status.page.counters;
    return counters.poison_reads != 0 || counters.stale_reads != 0 ||
           counters.writes_over_dirty != 0 || counters.lost_writes != 0 ||
           counters.stale_loads != 0 || status.stale_lines != 0;
}

json page_part(const CacheModel& model, const CacheModel::PageStatus& status) {
    const auto& counters = status.page.counters;
    const auto address = RamLayout{model.ram_size()}.address(status.start);
    return {{"address", fmt::format("{:#x}", value(address))},
            {"last_writer", function_name(model.header(), status.page.last_writer)},
            {"last_reader", function_name(model.header(), status.page.last_reader)},
            {"lines_ever_flushed", std::popcount(status.page.flushed)},
            {"poison_reads", counters.poison_reads},
            {"stale_reads", counters.stale_reads},
            {"writes_over_dirty_lines", counters.writes_over_dirty},
            {"lost_writes", counters.lost_writes},
            {"refreshed_lines", counters.refreshed},
            {"stale_loads", counters.stale_loads},
            {"stale_lines_at_end", status.stale_lines},
            {"dirty_lines_at_end", status.dirty_lines}};
}

} // namespace

json report(CacheModel& model, std::size_t page_limit) {
    const auto& header = model.header();
    json result{{"mode", header.exact != 0 ? "exact" : "fast"},
                {"loads", header.loads != 0},
                {"evict", header.evict != 0 ? json(header.seed) : json(nullptr)},
                {"ddio", header.ddio != 0},
                {"cpu", cpu_part(header.cpu)},
                {"lines_written_through", header.written_through},
                {"evictions",
                 {{"write_backs", header.evictions.write_backs},
                  {"refreshed_lines", header.evictions.refreshed}}},
                {"functions", json::object()},
                {"tracked_pages", header.tracked_pages}};
    const auto functions = model.functions();
    for (std::size_t i = 0; i < functions.size(); ++i) {
        result["functions"][functions[i].name] =
            function_part(functions[i], header.functions.at(i));
    }
    std::uint64_t stale = 0;
    std::uint64_t dirty = 0;
    std::uint64_t wrong = 0;
    auto pages = json::array();
    model.for_each_tracked([&](const CacheModel::PageStatus& status) {
        stale += status.stale_lines;
        dirty += status.dirty_lines;
        if (went_wrong(status) && ++wrong <= page_limit) {
            pages.push_back(page_part(model, status));
        }
    });
    result["stale_lines_at_end"] = stale;
    result["dirty_lines_at_end"] = dirty;
    result["wrong_pages"] = wrong;
    result["pages"] = std::move(pages);
    return result;
}

std::string summary(const json& report) {
    const auto& cpu = report.at("cpu");
    const auto of_all = [&](const char* name) {
        std::uint64_t sum = 0;
        for (const auto& function : report.at("functions")) {
            sum += function.at(name).get<std::uint64_t>();
        }
        return sum;
    };
    const auto number = [](const json& value) { return value.get<std::uint64_t>(); };
    auto line = fmt::format(
        "{} flushes ({} written back, {} refreshed); the device read {} stale and {} poison lines, "
        "wrote {} dirty ones, lost {}; {} stale at the end",
        number(cpu.at("flushes")) + number(cpu.at("cleans")), number(cpu.at("write_backs")),
        number(cpu.at("refreshed_lines")), of_all("stale_reads"), of_all("poison_reads"),
        of_all("writes_over_dirty_lines"), of_all("lost_writes"),
        number(report.at("stale_lines_at_end")));
    if (report.at("loads").get<bool>()) {
        line += fmt::format("; the CPU read {} stale", number(cpu.at("stale_loads")));
    }
    return line;
}

} // namespace ipu3::cache
