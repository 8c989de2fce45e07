// SPDX-License-Identifier: GPL-2.0-or-later
// The module's judge of firmware files: each rule has a file that breaks it and nothing else.
#include "machine/virtual-ipu3/imgu/firmware_layout.hpp"
#include "module-tests/imgu/firmware/file.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace firmware {
namespace {

namespace layout = ipu3::imgu::firmware_layout;
namespace blob = layout::blob;
namespace isp = layout::isp;

constexpr std::size_t variable(std::size_t number) {
    return layout::variables_at + 4 * number;
}

struct Fault {
    std::string name;
    imgu_reason reason;
    std::uint32_t number; ///< of the program that is at fault
    std::function<void(File&)> make;
};

/// A name of @p letters letters for SP0's program, in its body.
void give_name(File& file, std::uint32_t letters) {
    const auto at = file.get(sp0, blob::offset);
    for (std::uint32_t i = 0; i < letters; ++i) {
        file.put_byte(at + i, 'n');
    }
    file.put_byte(at + letters, 0);
    file.put(sp0, blob::name, at);
}

/// SP0's program is its text alone, @p bytes bytes of the file.
void give_text(File& file, std::uint32_t bytes) {
    file.put(sp0, blob::offset, 0);
    file.put(sp0, blob::size, bytes);
    file.put(sp0, blob::icache_size, 0);
    file.put(sp0, blob::text_source, 0);
    file.put(sp0, blob::text_size, bytes);
    file.put(sp0, blob::data_source, 0);
    file.put(sp0, blob::data_size, 0);
}

/// Moves what one field counts to another, wrapping.
void shift(File& file, Number number, std::size_t from, std::size_t to, std::uint32_t by) {
    file.put(number, from, file.get(number, from) - by);
    file.put(number, to, file.get(number, to) + by);
}

Fault with_word(std::string name, imgu_reason reason, Number number, std::size_t at,
                std::uint32_t word) {
    return {std::move(name), reason, number, [=](File& file) { file.put(number, at, word); }};
}

void add_variables(std::vector<Fault>& faults) {
    // Bytes that the driver reads or writes there: of each SP, and of the bootloader.
    const std::vector<std::pair<std::size_t, std::uint32_t>> first{
        {0, 24}, {1, 4}, {3, 16}, {4, 1224}, {5, 120}, {6, 4}, {7, 4}, {8, 4}, {9, 4}, {10, 4}};
    for (const auto& [number, bytes] : first) {
        const auto name = "variable " + std::to_string(number);
        for (const auto at : {0x4000 - bytes + 4, 0x4000U, 0xffffffffU - bytes + 1, 2U}) {
            faults.push_back(
                with_word("SP0 " + name, IMGU_REASON_FIRMWARE_VARIABLE, sp0, variable(number), at));
        }
        faults.push_back(
            with_word("SP1 " + name, IMGU_REASON_FIRMWARE_VARIABLE, sp1, variable(number), 0x4000));
    }
    for (const auto& [number, bytes] :
         std::vector<std::pair<std::size_t, std::uint32_t>>{{0, 4}, {1, 32}, {2, 4}}) {
        for (const auto at : {0x4000 - bytes + 4, 0xffffffffU - bytes + 1, 1U}) {
            faults.push_back(with_word("bootloader " + std::to_string(number),
                                       IMGU_REASON_FIRMWARE_VARIABLE, bootloader, variable(number),
                                       at));
        }
    }
}

void add_bodies(std::vector<Fault>& faults) {
    constexpr auto body = IMGU_REASON_FIRMWARE_BODY;
    constexpr auto parts = IMGU_REASON_FIRMWARE_PARTS;
    constexpr auto memory = IMGU_REASON_FIRMWARE_SP_MEMORY;
    faults.insert(
        faults.end(),
        {{"body behind the file", body, video,
          [](File& file) {
              file.put(video, blob::offset, file.size() - file.get(video, blob::size) + 1);
          }},
         {"body that ends behind the address space", body, video,
          [](File& file) { file.put(video, blob::offset, 0U - 0x100); }},
         {"body without bytes", body, bootloader,
          [](File& file) {
              file.put(bootloader, blob::size, 0);
              file.put(bootloader, blob::icache_size, 0);
          }},
         {"one byte in no part", parts, sp0,
          [](File& file) { file.put(sp0, blob::padding_size, 1); }},
         {"parts whose sum wraps", parts, sp0,
          [](File& file) { shift(file, sp0, blob::padding_size, blob::icache_size, 0xf0000000); }},
         with_word("text behind the body", parts, sp0, blob::text_source, 0x1325),
         with_word("text that wraps", parts, sp0, blob::text_source, 0U - 0x100),
         with_word("data behind the body", parts, sp0, blob::data_source, 0x1541),
         with_word("data that wraps", parts, sp0, blob::data_source, 0U - 0x100),
         {"text larger than the SP's memory", memory, sp0,
          [](File& file) { give_text(file, 0x4001); }},
         with_word("data behind the SP's memory", memory, sp1, blob::data_target, 0x4000 - 0x20b),
         with_word("data that wrap in the SP's memory", memory, sp1, blob::data_target, 0U - 4),
         with_word("zeroes behind the SP's memory", memory, sp1, blob::bss_target, 0x4000 - 0x1cf3),
         with_word("zeroes that wrap", memory, sp1, blob::bss_size, 0U - 0x220)});
}

void add_isp(std::vector<Fault>& faults) {
    constexpr auto formats = IMGU_REASON_FIRMWARE_FORMATS;
    constexpr auto block = IMGU_REASON_FIRMWARE_BLOCK;
    faults.insert(
        faults.end(),
        {with_word("mode 6", IMGU_REASON_FIRMWARE_MODE, video, isp::mode, 6),
         with_word("no stripe", IMGU_REASON_FIRMWARE_STRIPES, video, isp::stripes, 0),
         with_word("three stripes", IMGU_REASON_FIRMWARE_STRIPES, still, isp::stripes, 3),
         with_word("30 formats", formats, video, isp::output_formats, 30),
         with_word("format 29", formats, video, isp::output_formats + 24, 29),
         with_word("30 formats of the viewfinder", formats, still, isp::viewfinder_formats, 30),
         {"format 29 of the viewfinder", formats, still,
          [](File& file) {
              file.put(still, isp::viewfinder_formats, 1);
              file.put(still, isp::viewfinder_formats + 4, 29);
          }},
         with_word("no width of a block", block, video, isp::block_width, 0),
         with_word("too wide a block", block, video, isp::block_width, 65537),
         with_word("no height of a block", block, video, isp::output_block_height, 0),
         with_word("too high a block", block, video, isp::output_block_height, 65537)});
    for (std::size_t of_class = 0; of_class < layout::classes; ++of_class) {
        const auto bytes =
            static_cast<std::uint32_t>(layout::place_bytes * layout::places.at(of_class));
        const auto at = blob::tables + 4 * of_class;
        faults.push_back({"table behind the file", IMGU_REASON_FIRMWARE_TABLES, video,
                          [=](File& file) { file.put(video, at, file.size() - bytes + 1); }});
        faults.push_back(
            with_word("table that wraps", IMGU_REASON_FIRMWARE_TABLES, still, at, 0U - bytes));
    }
}

std::vector<Fault> faults_of_files() {
    constexpr auto program_count = IMGU_REASON_FIRMWARE_PROGRAMS;
    std::vector<Fault> faults{
        {"no header", IMGU_REASON_FIRMWARE_SHORT, 0,
         [](File& file) { file.cut(layout::header_bytes - 1); }},
        {"nothing", IMGU_REASON_FIRMWARE_SHORT, 0, [](File& file) { file.cut(0); }},
        {"no last info", IMGU_REASON_FIRMWARE_SHORT, 0,
         [](File& file) { file.cut(layout::info_at(programs) - 1); }},
        {"more programs than bytes", IMGU_REASON_FIRMWARE_SHORT, 0,
         [](File& file) { file.put(layout::number_at, 1000); }},
        {"another header", IMGU_REASON_FIRMWARE_HEADER, 0,
         [](File& file) { file.put(layout::header_size_at, 73); }},
        {"another header and nothing else", IMGU_REASON_FIRMWARE_HEADER, 0,
         [](File& file) {
             file.put(layout::header_size_at, 73);
             file.cut(layout::header_bytes);
         }},
        {"one program", IMGU_REASON_FIRMWARE_INCOMPLETE, 0,
         [](File& file) { file.put(layout::number_at, 1); }},
        {"no programs", program_count, 0, [](File& file) { file.put(layout::number_at, 0); }},
        {"1001 programs", program_count, 0, [](File& file) { file.put(layout::number_at, 1001); }},
        {"programs that wrap", program_count, 0,
         [](File& file) { file.put(layout::number_at, 0xffffffff); }},
        {"name behind the file", IMGU_REASON_FIRMWARE_NAME, still,
         [](File& file) { file.put(still, blob::name, file.size()); }},
        with_word("name behind all files", IMGU_REASON_FIRMWARE_NAME, still, blob::name,
                  0xffffffff),
        {"name of 63 letters", IMGU_REASON_FIRMWARE_NAME, sp0,
         [](File& file) { give_name(file, 63); }},
        {"name of 63 letters at the file's end", IMGU_REASON_FIRMWARE_NAME, sp0,
         [](File& file) {
             for (std::uint32_t i = 64; i > 1; --i) {
                 file.put_byte(file.size() - i, 'n');
             }
             file.put_byte(file.size() - 1, 0);
             file.put(sp0, blob::name, file.size() - 64);
         }},
        {"name that the file's end cuts off", IMGU_REASON_FIRMWARE_NAME, bootloader,
         [](File& file) {
             file.put_byte(file.size() - 1, 'n');
             file.put(bootloader, blob::name, file.size() - 1);
         }},
        with_word("no SP0", IMGU_REASON_FIRMWARE_INCOMPLETE, sp0, layout::type_at, 4),
        {"no SP1", IMGU_REASON_FIRMWARE_INCOMPLETE, 0,
         [](File& file) { file.put(sp1, layout::type_at, 4); }},
        {"no bootloader", IMGU_REASON_FIRMWARE_INCOMPLETE, 0,
         [](File& file) { file.put(bootloader, layout::type_at, 0xffffffff); }}};
    add_bodies(faults);
    add_variables(faults);
    add_isp(faults);
    return faults;
}

/// Of the program for video, once the file has been accepted.
std::vector<Fault> faults_of_programs() {
    constexpr auto places = IMGU_REASON_FIRMWARE_PLACES;
    constexpr auto internal = IMGU_REASON_FIRMWARE_INTERNAL;
    std::vector<Fault> faults{
        with_word("for still pictures", IMGU_REASON_FIRMWARE_NONE, video, isp::mode, 2),
        with_word("reads a sensor", IMGU_REASON_FIRMWARE_NONE, video, isp::input + 16, 0),
        {"reads no RAW frames", IMGU_REASON_FIRMWARE_NONE, video,
         [](File& file) { file.put_byte(video, isp::enable_input_feeder, 0); }},
        {"no colour", IMGU_REASON_FIRMWARE_NONE, video,
         [](File& file) { file.put_byte(video, isp::enable_luma_only, 1); }},
        {"one output", IMGU_REASON_FIRMWARE_NONE, video,
         [](File& file) { file.put_byte(video, isp::output_pins, 1); }},
        with_word("no NV12", IMGU_REASON_FIRMWARE_NONE, video, isp::output_formats + 4, 0),
        with_word("NV12 behind its formats", IMGU_REASON_FIRMWARE_NONE, video, isp::output_formats,
                  0),
        with_word("of another kind", IMGU_REASON_FIRMWARE_NONE, video, layout::type_at, 4),
        with_word("input too narrow", IMGU_REASON_FIRMWARE_NONE, video, isp::input, 2593),
        with_word("input too low", IMGU_REASON_FIRMWARE_NONE, video, isp::input + 4, 1945),
        with_word("input too wide", IMGU_REASON_FIRMWARE_NONE, video, isp::input + 8, 2591),
        with_word("input too high", IMGU_REASON_FIRMWARE_NONE, video, isp::input + 12, 1943),
        with_word("viewfinder too narrow", IMGU_REASON_FIRMWARE_NONE, video, isp::output, 641),
        with_word("viewfinder too low", IMGU_REASON_FIRMWARE_NONE, video, isp::output + 4, 361),
        with_word("picture too wide", IMGU_REASON_FIRMWARE_NONE, video, isp::output + 8, 1279),
        with_word("picture too high", IMGU_REASON_FIRMWARE_NONE, video, isp::output + 12, 719),
        with_word("picture wider than inside", IMGU_REASON_FIRMWARE_NONE, video, isp::internal,
                  1279),
        with_word("picture higher than inside", IMGU_REASON_FIRMWARE_NONE, video, isp::internal + 4,
                  719),
        with_word("too wide inside", internal, video, isp::internal, 16385),
        with_word("too high inside", internal, video, isp::internal + 4, 16385)};
    for (std::size_t segment = 0; segment < layout::classes * layout::memories; ++segment) {
        faults.push_back(with_word("too large a memory", IMGU_REASON_FIRMWARE_SEGMENT, video,
                                   isp::initializers + 8 * segment + 4, 65537));
    }
    // Of each class, the entries that are used.
    const std::vector<std::vector<std::size_t>> used{{0, 1, 2, 4, 5}, {0, 1, 6, 7}, {1, 2}};
    for (std::size_t of_class = 0; of_class < layout::classes; ++of_class) {
        for (const auto entry : used[of_class]) {
            const auto change = [=](std::size_t field, std::uint32_t by) {
                return [=](File& file) {
                    const auto at = file.get(video, blob::tables + 4 * of_class) +
                                    layout::place_bytes * entry + field;
                    file.put(at, file.get(at) + by);
                };
            };
            const auto name =
                "class " + std::to_string(of_class) + ", entry " + std::to_string(entry);
            faults.push_back({name + " too small", places, video, change(4, 0U - 1)});
            faults.push_back({name + " too large", places, video, change(4, 4096)});
            faults.push_back({name + " behind", places, video, change(0, 65536)});
            faults.push_back({name + " before", places, video, change(0, 0U - 1 - 65536)});
        }
    }
    return faults;
}

imgu_reason choose(const imgu_firmware& file, imgu_firmware_program& chosen) {
    const auto sizes = usual_sizes();
    return imgu_firmware_choose(&file, IMGU_MODE_VIDEO, &sizes, &chosen);
}

TEST(ImguFirmware, TheStandInIsAccepted) {
    const File file;
    const auto verdict = judge(file);
    ASSERT_EQ(verdict.reason, IMGU_OK) << imgu_reason_text(verdict.reason) << verdict.number;
    EXPECT_EQ(verdict.firmware.programs, programs);
    EXPECT_EQ(verdict.firmware.sp[0], sp0);
    EXPECT_EQ(verdict.firmware.sp[1], sp1);
    EXPECT_EQ(verdict.firmware.bootloader, bootloader);
    EXPECT_STREQ(imgu_firmware_name(&verdict.firmware, still), "still");
    read_everything(verdict.firmware);
}

TEST(ImguFirmware, ProgramsOfTheStandIn) {
    const File file;
    const auto verdict = judge(file);
    auto sizes = usual_sizes();
    imgu_firmware_program chosen{};
    ASSERT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_VIDEO, &sizes, &chosen), IMGU_OK);
    EXPECT_EQ(chosen.number, video);
    EXPECT_TRUE(chosen.tnr);
    EXPECT_EQ(chosen.program.stripes, 2);
    EXPECT_EQ(chosen.program.block_width, 2U);
    EXPECT_EQ(chosen.program.block_height, 32U);
    EXPECT_TRUE(chosen.program.has_af && chosen.program.has_awb && chosen.program.has_awb_fr);
    EXPECT_EQ(chosen.late.vmem_size, 1792U);
    EXPECT_EQ(chosen.late.vmem_lin, 0U);
    EXPECT_EQ(chosen.late.vmem_tnr3, 1536U);
    EXPECT_EQ(chosen.late.vmem_xnr3, 1024U);
    EXPECT_EQ(chosen.late.dmem_size, 84U);
    EXPECT_EQ(chosen.late.dmem_tnr3, 48U);
    EXPECT_EQ(chosen.late.dmem_xnr3, 4U);
    // 4864x3724: 160 columns, 153 by 16, and 118 rows; 151,040 bytes in whole pages.
    EXPECT_EQ(chosen.obgrid_cells * sizeof(ipu3_uapi_obgrid_param), 151552U);

    ASSERT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_STILL, &sizes, &chosen), IMGU_OK);
    EXPECT_EQ(chosen.number, still);
    EXPECT_FALSE(chosen.tnr);
    EXPECT_FALSE(chosen.program.has_af || chosen.program.has_awb || chosen.program.has_awb_fr);
    EXPECT_EQ(chosen.late.vmem_tnr3, IMGU_LATE_ABSENT);
    EXPECT_EQ(chosen.late.dmem_tnr3, IMGU_LATE_ABSENT);

    EXPECT_EQ(imgu_firmware_choose(&verdict.firmware, 0, &sizes, &chosen),
              IMGU_REASON_FIRMWARE_NONE);
    sizes.in.width = 5122;
    EXPECT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_VIDEO, &sizes, &chosen),
              IMGU_REASON_FIRMWARE_NONE);
}

/// The file of 2016-12-08, where it is installed: it is not free software.
TEST(ImguFirmware, TheRealFileIsAccepted) {
    const std::filesystem::path path{"/lib/firmware/intel/ipu3-fw.bin"};
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << path << " is not installed";
    }
    std::ifstream stream{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator{stream}, {}};
    std::vector<std::byte> bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    const File file{std::move(bytes)};
    const auto verdict = judge(file);
    ASSERT_EQ(verdict.reason, IMGU_OK) << imgu_reason_text(verdict.reason) << verdict.number;
    read_everything(verdict.firmware);
    EXPECT_EQ(verdict.firmware.programs, 17U);
    const auto sizes = usual_sizes();
    imgu_firmware_program chosen{};
    ASSERT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_VIDEO, &sizes, &chosen), IMGU_OK);
    EXPECT_STREQ(imgu_firmware_name(&verdict.firmware, chosen.number), "if_to_osys_striped");
    EXPECT_EQ(imgu_firmware_get_info(&verdict.firmware, chosen.number)->isp.program.id, 236U);
    EXPECT_EQ(chosen.program.stripes, 2);
    ASSERT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_STILL, &sizes, &chosen), IMGU_OK);
    EXPECT_EQ(imgu_firmware_get_info(&verdict.firmware, chosen.number)->isp.program.id, 238U);
    EXPECT_EQ(chosen.program.stripes, 2);
}

TEST(ImguFirmware, EachFaultOfAFileIsNamed) {
    for (const auto& fault : faults_of_files()) {
        File file;
        fault.make(file);
        const auto verdict = judge(file);
        EXPECT_EQ(verdict.reason, fault.reason)
            << fault.name << ": " << imgu_reason_text(verdict.reason);
        const bool whole = fault.reason == IMGU_REASON_FIRMWARE_INCOMPLETE;
        EXPECT_EQ(verdict.number, whole ? 0 : fault.number) << fault.name;
        EXPECT_EQ(verdict.firmware.file, nullptr) << fault.name;
    }
}

TEST(ImguFirmware, EachFaultOfAProgramIsNamed) {
    for (const auto& fault : faults_of_programs()) {
        File file;
        fault.make(file);
        const auto verdict = judge(file);
        ASSERT_EQ(verdict.reason, IMGU_OK) << fault.name << imgu_reason_text(verdict.reason);
        imgu_firmware_program chosen{};
        const auto reason = choose(verdict.firmware, chosen);
        EXPECT_EQ(reason, fault.reason) << fault.name << ": " << imgu_reason_text(reason);
    }
}

TEST(ImguFirmware, EachReasonHasAFault) {
    std::set<int> named;
    for (const auto& fault : faults_of_files()) {
        named.insert(fault.reason);
    }
    for (const auto& fault : faults_of_programs()) {
        named.insert(fault.reason);
    }
    for (int reason = IMGU_REASON_FIRMWARE_SHORT; reason <= IMGU_REASON_FIRMWARE_PLACES; ++reason) {
        EXPECT_TRUE(named.contains(reason)) << imgu_reason_text(static_cast<imgu_reason>(reason));
    }
}

/// What is at the edge of a rule, and right.
TEST(ImguFirmware, WhatJustFitsIsAccepted) {
    const std::vector<std::function<void(File&)>> edges{
        [](File& file) { give_name(file, 62); },
        [](File& file) { give_name(file, 0); },
        [](File& file) { file.put(bootloader, blob::name, file.size() - 1); },
        [](File& file) { file.put(sp0, variable(4), 0x4000 - 1224); },
        [](File& file) { file.put(sp0, variable(3), 0x4000 - 16); },
        [](File& file) { file.put(sp0, variable(0), 0x4000 - 24); },
        [](File& file) { give_text(file, 0x4000); },
        [](File& file) { file.put(sp0, variable(5), 0x4000 - 120); },
        [](File& file) { file.put(sp1, variable(5), 0x4000 - 4); },
        [](File& file) { file.put(sp1, variable(4), 0x4000 - 4); },
        [](File& file) { file.put(bootloader, variable(1), 0x4000 - 32); },
        [](File& file) { file.put(sp1, blob::bss_target, 0x4000 - 0x1cf4); },
        [](File& file) { file.put(video, isp::block_width, 65536); },
        [](File& file) { file.put(video, isp::block_width, 1); },
        [](File& file) { file.put(video, isp::output_block_height, 65536); },
        [](File& file) { file.put(video, isp::output_block_height, 1); },
        [](File& file) { file.put(video, isp::output_formats, 29); },
        [](File& file) { file.put(still, layout::type_at, 4); },
        [](File& file) { file.put(video, layout::type_at, 0xffffffff); }};
    for (std::size_t i = 0; i < edges.size(); ++i) {
        File file;
        file.put_byte(file.size() - 1, 0);
        edges[i](file);
        const auto verdict = judge(file);
        ASSERT_EQ(verdict.reason, IMGU_OK) << i << ": " << imgu_reason_text(verdict.reason);
        read_everything(verdict.firmware);
    }
}

TEST(ImguFirmware, WhatJustSuitsIsChosen) {
    std::vector<std::pair<std::string, std::function<void(File&)>>> edges{
        {"reads RAW frames in the other way", [](File& file) {
             file.put_byte(video, isp::enable_input_feeder, 0);
             file.put_byte(video, isp::enable_input_raw, 1);
         }}};
    const auto add = [&](std::size_t at, std::uint32_t word) {
        edges.emplace_back("word " + std::to_string(at),
                           [=](File& file) { file.put(video, at, word); });
    };
    for (const std::size_t limit : {0U, 8U}) { // at least, at most
        add(isp::input + limit, 2592);
        add(isp::input + limit + 4, 1944);
    }
    add(isp::output, 640);
    add(isp::output + 4, 360);
    add(isp::output + 8, 1280);
    add(isp::output + 12, 720);
    add(isp::internal, 1280);
    add(isp::internal + 4, 720);
    add(isp::internal, 16384);
    add(isp::internal + 4, 16384);
    for (std::size_t segment = 0; segment < layout::classes * layout::memories; ++segment) {
        add(isp::initializers + 8 * segment + 4, 65536);
    }
    for (const auto& [name, make] : edges) {
        File file;
        make(file);
        const auto verdict = judge(file);
        ASSERT_EQ(verdict.reason, IMGU_OK) << name;
        imgu_firmware_program chosen{};
        EXPECT_EQ(choose(verdict.firmware, chosen), IMGU_OK) << name;
        EXPECT_EQ(chosen.number, video) << name;
    }
}

/// A pipe without a viewfinder asks less: one output, and no size for another.
TEST(ImguFirmware, WithoutAViewfinder) {
    File file;
    file.put_byte(video, isp::output_pins, 1);
    const auto verdict = judge(file);
    auto sizes = usual_sizes();
    sizes.vf_enabled = false;
    sizes.vf = {.width = 0, .height = 0};
    imgu_firmware_program chosen{};
    EXPECT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_VIDEO, &sizes, &chosen), IMGU_OK);
    file.put_byte(video, isp::output_pins, 0);
    EXPECT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_VIDEO, &sizes, &chosen),
              IMGU_REASON_FIRMWARE_NONE);
    // The smallest that there is.
    file.put_byte(video, isp::output_pins, 1);
    for (std::size_t at = 0; at < 8; at += 4) {
        file.put(video, isp::output + at, 1);
        file.put(video, isp::internal + at, 1);
    }
    sizes.out = {.width = 1, .height = 1};
    EXPECT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_VIDEO, &sizes, &chosen), IMGU_OK);
    file.put(video, isp::output, 0);
    file.put(video, isp::internal, 0);
    sizes.out.width = 0;
    EXPECT_EQ(imgu_firmware_choose(&verdict.firmware, IMGU_MODE_VIDEO, &sizes, &chosen),
              IMGU_REASON_FIRMWARE_INTERNAL);
}

/// Columns of 32 pixels and one more, in whole vectors of 16; rows of 32 lines and one more; eight
/// bytes a cell, in whole pages of 4,096.
TEST(ImguFirmware, CellsOfTheBlackLevelGrid) {
    struct Expected {
        std::uint32_t width, height, cells;
    };
    for (const auto& [width, height, cells] :
         {Expected{1536, 768, 2048}, Expected{1504, 768, 1536}, Expected{1505, 768, 2048},
          Expected{1536, 736, 1536}, Expected{1536, 737, 2048}}) {
        File file;
        file.put(video, isp::internal, width);
        file.put(video, isp::internal + 4, height);
        const auto verdict = judge(file);
        imgu_firmware_program chosen{};
        ASSERT_EQ(choose(verdict.firmware, chosen), IMGU_OK);
        EXPECT_EQ(chosen.obgrid_cells, cells) << width << 'x' << height;
    }
}

TEST(ImguFirmware, WhatIsChosenIsTheFiles) {
    File file;
    const auto of_vmem = isp::initializers + std::size_t{8} * IMGU_MEMORY_VMEM0 + 4;
    file.put(video, of_vmem, 8192);
    file.put(file.get(video, blob::tables), 4096); // the first entry's offset
    file.put_byte(video, isp::enable_ae, 1);
    const auto verdict = judge(file);
    imgu_firmware_program chosen{};
    ASSERT_EQ(choose(verdict.firmware, chosen), IMGU_OK);
    EXPECT_EQ(chosen.late.vmem_lin, 4096U);
    EXPECT_EQ(chosen.late.vmem_size, 8192U);
    EXPECT_TRUE(chosen.program.has_ae);
    file.put_byte(video, isp::enable_ae, 0);
    ASSERT_EQ(choose(verdict.firmware, chosen), IMGU_OK);
    EXPECT_FALSE(chosen.program.has_ae);
}

/// The file's first program may be one for the ISP.
TEST(ImguFirmware, TheFirstProgramIsLookedAt) {
    File file;
    for (std::size_t at = 0; at < layout::info_bytes; at += 4) {
        const auto word = file.get(sp0, at);
        file.put(sp0, at, file.get(video, at));
        file.put(video, at, word);
    }
    const auto verdict = judge(file);
    ASSERT_EQ(verdict.reason, IMGU_OK) << imgu_reason_text(verdict.reason);
    EXPECT_EQ(verdict.firmware.sp[0], video);
    imgu_firmware_program chosen{};
    ASSERT_EQ(choose(verdict.firmware, chosen), IMGU_OK);
    EXPECT_EQ(chosen.number, sp0);
}

TEST(ImguFirmware, AFileThatIsCutOffIsRefused) {
    const File whole;
    for (std::uint32_t size = 0; size < whole.size(); size += 89) {
        const auto start = whole.bytes().begin();
        const File file{std::vector<std::byte>(start, start + size)};
        EXPECT_NE(judge(file).reason, IMGU_OK) << size << " bytes";
    }
}

/// The last of a kind counts, as for the kernel's own driver.
TEST(ImguFirmware, OfTwoOfAKindTheLastCounts) {
    File file;
    file.put(still, layout::type_at, 1);
    for (std::size_t i = 0; i < 21; ++i) {
        file.put(still, variable(i), file.get(sp1, variable(i)));
    }
    const auto verdict = judge(file);
    ASSERT_EQ(verdict.reason, IMGU_OK) << imgu_reason_text(verdict.reason);
    EXPECT_EQ(verdict.firmware.sp[1], still);
}

/// 1296x732 and 1280x720: two frames of each kind have 10.8 MB.
TEST(ImguStage, ReferenceFrames) {
    const auto sizes = usual_sizes();
    imgu_reference reference{};
    imgu_stage_gdc_reference(&sizes, &reference);
    EXPECT_EQ(reference.width, 1296U);
    EXPECT_EQ(reference.stride, 2 * (1408U + 256U));
    EXPECT_EQ(reference.height, 736U + 64U);
    EXPECT_EQ(reference.chroma, 3328U * 800U);
    EXPECT_EQ(reference.size, 3993600U);
    imgu_program program{};
    program.block_width = 2;
    program.block_height = 32;
    imgu_stage_tnr_reference(&sizes, &program, &reference);
    EXPECT_EQ(reference.width, 1280U);
    EXPECT_EQ(reference.stride, 1280U);
    EXPECT_EQ(reference.height, 736U);
    EXPECT_EQ(reference.size, 1280U * 1108U);
}

} // namespace
} // namespace firmware
