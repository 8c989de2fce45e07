// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's own ImgU driver with one thing changed at a time: a comparison of recordings must
// find it, name it, and find nothing else; beside the project's driver, too, where it must find it
// among the differences that are expected. The driver is that of `make imgu-differences`.
#include "tests/functional/vm.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace tests {
namespace {

/// What is changed, as the module's parameter calls it, and what is to be said of it.
struct Difference {
    std::string_view name;
    std::vector<std::string_view> found;
};

const std::array differences{
    Difference{"register-value", {" int_enable: 0x80000000 | 0x80000001"}},
    Difference{"register-missing", {" sp0.sleep_mode = 0x0: only in A"}},
    Difference{"register-order",
               {": irq.main.edge_not_pulse = 0xffffffff | irq.main.mask = 0x0",
                ": irq.main.mask = 0x0 | irq.main.edge_not_pulse = 0xffffffff"}},
    Difference{"sp-memory", {" sp0.host_sp_com+100: 0xbff | 0xbfe"}},
    Difference{"gdc-lut", {" gdc_lut[201]: 0xfb702d4 | 0xfb702d5"}},
    Difference{"sp-stage", {": sp_stage if_config_index: 0xff | 0xfe"}},
    Difference{"acc-param", {": acc_param stripe.gdc_in_buffer_offset_x: 0x80 | 0x82"}},
    Difference{"obgrid", {": obgrid cell[28]: 0x0 | 0x1"}},
    Difference{"parameter-set",
               {": parameter_set dvs_6axis_params_y: &gdc_table | &null", ": gdc_table | nothing"}},
    Difference{"descriptor", {": output payload.frame.padded_width: 0x280 | 0x2c0"}},
};

std::filesystem::path driver() {
    std::error_code error; // no folder, no driver
    for (std::filesystem::directory_iterator entry{programs().parent_path() / "differences", error},
         end;
         !error && entry != end; entry.increment(error)) {
        auto file = entry->path() / "ipu3-imgu.ko";
        if (std::filesystem::exists(file)) {
            return file;
        }
    }
    throw std::runtime_error{"no ipu3-imgu.ko in build/differences: make imgu-differences"};
}

/// The differences that `ipu3-record diff` prints, a line each.
std::vector<std::string> lines_of(const Outcome& compared) {
    std::vector<std::string> lines;
    std::istringstream text{compared.out};
    for (std::string line; std::getline(text, line);) {
        if (line.starts_with("  ")) {
            lines.push_back(line.substr(2));
        }
    }
    return lines;
}

/// The line of a comparison of B with A: "name: 1 | 2" is "name: 2 | 1" there.
std::string reversed(std::string_view line) {
    constexpr std::string_view bar{" | "};
    const auto middle = line.find(bar);
    if (middle == std::string_view::npos) {
        auto other = std::string{line};
        const auto which = other.rfind("only in A");
        return which == std::string::npos ? other : other.replace(which, 9, "only in B");
    }
    const auto values = line.rfind(": ", middle) + 2;
    return fmt::format("{}{}{}{}", line.substr(0, values), line.substr(middle + bar.size()), bar,
                       line.substr(values, middle - values));
}

class ImguDifferences : public testing::TestWithParam<std::string> {
  protected:
    /// Boots, loads a driver and has it process frames.
    static void record(Vm& vm, const std::string& load, std::string_view drivers = "stock") {
        std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
        std::filesystem::copy_file(driver(), vm.share() / "ipu3-imgu.ko");
        // What udev would load is the packaged driver.
        vm.options({"--kernel", GetParam(), "--drivers", drivers, "--append",
                    "modprobe.blacklist=ipu3_imgu", "--imgu", "--memory", "2G", "--pace",
                    "--timeout", "900", "--record", (vm.share() / "told").string()});
        expect_script(vm, "imgu-process.sh",
                      {{"FRAME", "1296x972"},
                       {"BDS", "768x576"},
                       {"PICTURE", "640x480"},
                       {"COUNT", "3"},
                       {"LOAD", load}});
    }
    [[nodiscard]] static Outcome compare(const Vm& a, const Vm& b,
                                         const std::filesystem::path& expected = {}) {
        // How many frames are on their way when the last one came out depends on time.
        std::vector<std::string> arguments{"diff", "--common", "--all",
                                           (a.share() / "told").string(),
                                           (b.share() / "told").string()};
        if (!expected.empty()) {
            arguments.insert(arguments.end(), {"--expected", expected.string()});
        }
        return run_program("ipu3-record", arguments);
    }
    /// That the lines of a comparison are those.
    static void expect_lines(const Outcome& different, std::string_view name,
                             const std::vector<std::string>& found) {
        EXPECT_EQ(different.status, 1) << describe(different);
        const auto lines = lines_of(different);
        for (const auto& expected : found) {
            const auto line = std::ranges::find_if(
                lines, [&](const auto& said) { return said.ends_with(expected); });
            if (line == lines.end()) {
                ADD_FAILURE() << "not found: " << expected << '\n' << describe(different);
            } else {
                fmt::print("{:<17} {}\n", name, *line);
            }
        }
        for (const auto& line : lines) {
            EXPECT_TRUE(std::ranges::any_of(
                found, [&](const auto& expected) { return line.ends_with(expected); }))
                << "found as well: " << line;
        }
    }
};

TEST_P(ImguDifferences, AreFoundAndNamed) {
    Vm packaged;
    record(packaged, "modprobe ipu3_imgu");
    Vm built;
    record(built, "insmod ipu3-imgu.ko");
    // Negative control: that it was built here makes no difference.
    const auto same = compare(packaged, built);
    ASSERT_EQ(same.status, 0) << describe(same);

    // Beside the project's driver nothing but what is expected is found, and then that one thing.
    const auto expected = source_tree() / "test-apps/module-tests/imgu/differences.txt";
    Vm project;
    record(project, "modprobe ipu3_imgu", "project");
    const auto nothing = compare(built, project, expected);
    ASSERT_EQ(nothing.status, 0) << describe(nothing);

    for (const auto& [name, found] : differences) {
        SCOPED_TRACE(name);
        Vm vm;
        record(vm, fmt::format("insmod ipu3-imgu.ko difference={}", name));
        expect_lines(compare(packaged, vm), name, {found.begin(), found.end()});
        std::vector<std::string> turned;
        std::ranges::transform(found, std::back_inserter(turned), reversed);
        expect_lines(compare(vm, project, expected), name, turned);
    }
}

// The kernel whose source is packaged.
INSTANTIATE_TEST_SUITE_P(Full, ImguDifferences, testing::Values("newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
