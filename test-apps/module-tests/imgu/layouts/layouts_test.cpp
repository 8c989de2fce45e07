// SPDX-License-Identifier: GPL-2.0-or-later
// The module's layouts of user space's settings, of what the firmware reads and of the firmware
// file: held field by field against the headers of the kernel's own driver, which come from the
// packaged kernel source.
#include "module-tests/imgu/layouts/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::vector<layout_row> table_of(std::size_t (*make)(layout_row*, std::size_t)) {
    std::vector<layout_row> table(make(nullptr, 0));
    make(table.data(), table.size());
    return table;
}

/// Whose sign differs on purpose: a number of programs is never negative.
const std::set<std::string_view> unsigned_here{"imgu_firmware_header.programs"};

/// What distinguishes @p our row from @p their one, or nothing.
std::string compare(const layout_row& our, const layout_row& their) {
    const std::string name{our.name};
    if (our.kind != their.kind || name != their.name) {
        return name + ": beside " + their.name;
    }
    if (our.kind == LAYOUT_VALUE) {
        return our.value == their.value ? ""
                                        : name + ": " + std::to_string(our.value) + ", not " +
                                              std::to_string(their.value);
    }
    // Structures of the module are aligned as compilers like them; those of user space are packed.
    const bool same_place =
        our.bit == their.bit || (our.kind == LAYOUT_STRUCT && !name.starts_with("ipu3_uapi_"));
    if (!same_place || our.bits != their.bits) {
        return name + ": " + std::to_string(our.bits) + " bits at " + std::to_string(our.bit) +
               ", not " + std::to_string(their.bits) + " at " + std::to_string(their.bit);
    }
    if (!our.contiguous || !their.contiguous) {
        return name + ": in pieces";
    }
    return our.is_signed == their.is_signed || unsigned_here.contains(name)
               ? ""
               : name + ": of another sign";
}

/// Whether @p bits bits that nobody names, up to bit @p end, are what a compiler leaves free for
/// an alignment of up to @p alignment bits.
bool is_alignment(std::size_t bits, std::size_t end, std::size_t alignment) {
    for (std::size_t unit = 16; unit <= alignment; unit *= 2) {
        if (end % unit == 0 && bits < unit) {
            return true;
        }
    }
    return false;
}

/// Bits that no row of @p fields names, of the structure that @p structure is about.
std::vector<std::string> find_gaps(const layout_row& structure, std::vector<layout_row> fields) {
    std::vector<std::string> gaps;
    std::ranges::sort(fields, {}, &layout_row::bit);
    fields.push_back({.kind = LAYOUT_FIELD,
                      .name = "",
                      .bit = structure.bits,
                      .bits = 0,
                      .is_signed = false,
                      .contiguous = true,
                      .value = 0});
    std::size_t named = 0;
    for (const auto& field : fields) {
        if (field.bit > named && !is_alignment(field.bit - named, field.bit, structure.bit)) {
            gaps.push_back(std::string{structure.name} + ": " + std::to_string(field.bit - named) +
                           " bits before " + std::to_string(field.bit));
        }
        named = std::max(named, field.bit + field.bits);
    }
    return gaps;
}

/// The same of all structures in @p table.
std::vector<std::string> find_gaps(const std::vector<layout_row>& table) {
    std::vector<std::string> gaps;
    for (auto row = table.begin(); row != table.end(); ++row) {
        if (row->kind == LAYOUT_STRUCT) {
            const auto end = std::find_if(row + 1, table.end(), [](const layout_row& other) {
                return other.kind != LAYOUT_FIELD;
            });
            std::ranges::move(find_gaps(*row, {row + 1, end}), std::back_inserter(gaps));
        }
    }
    return gaps;
}

/// Those that are meant: what the packaged header has no name for, either; fields called other;
/// what the union of the file's infos is larger by.
bool is_meant(std::string_view gap) {
    return gap.starts_with("imgu_isp_stage:") || gap.starts_with("imgu_firmware_info:") ||
           gap == "ipu3_uapi_grid_config: 2 bits before 32" ||
           gap == "ipu3_uapi_yuvp1_y_ee_nr_lpf_config: 1 bits before 32" ||
           gap == "ipu3_uapi_flags: 2 bits before 96";
}

std::string join(const std::vector<std::string>& lines) {
    std::string all;
    for (const auto& line : lines) {
        all += line + '\n';
    }
    return all;
}

} // namespace

TEST(ImguLayouts, AreThoseOfThePackagedHeaders) {
    const auto ours = table_of(layout_ours);
    const auto theirs = table_of(layout_theirs);
    ASSERT_EQ(ours.size(), theirs.size());
    EXPECT_GT(ours.size(), 1700U);
    for (std::size_t i = 0; i < ours.size(); ++i) {
        EXPECT_EQ(compare(ours[i], theirs[i]), "");
    }
}

TEST(ImguLayouts, AllFieldsAreListed) {
    auto gaps = find_gaps(table_of(layout_ours));
    std::erase_if(gaps, is_meant);
    EXPECT_TRUE(gaps.empty()) << join(gaps);
}

TEST(ImguLayouts, EachWrongEntryIsFound) {
    for (const auto& row : table_of(layout_theirs)) {
        EXPECT_EQ(compare(row, row), "");
        auto wrong = row;
        wrong.value += 1;
        EXPECT_EQ(compare(wrong, row).empty(), row.kind != LAYOUT_VALUE) << row.name;
        wrong = row;
        wrong.bits += 1;
        EXPECT_EQ(compare(wrong, row).empty(), row.kind == LAYOUT_VALUE) << row.name;
        wrong = row;
        wrong.bit += 1;
        if (row.kind == LAYOUT_FIELD) {
            EXPECT_NE(compare(wrong, row), "");
            wrong = row;
            wrong.contiguous = false;
            EXPECT_NE(compare(wrong, row), "");
            wrong = row;
            wrong.is_signed = !wrong.is_signed;
            EXPECT_EQ(compare(wrong, row).empty(), unsigned_here.contains(row.name)) << row.name;
        }
    }
}

TEST(ImguLayouts, AFieldThatIsNotListedIsFound) {
    const auto ours = table_of(layout_ours);
    auto shorter = ours;
    std::erase_if(shorter, [](const layout_row& row) {
        return std::string_view{row.name} == "ipu3_uapi_flags.acc_dpc" ||
               std::string_view{row.name} == "imgu_acc_param.anr.search.width";
    });
    ASSERT_EQ(shorter.size() + 2, ours.size());
    EXPECT_EQ(find_gaps(shorter).size(), find_gaps(ours).size() + 2);
}
