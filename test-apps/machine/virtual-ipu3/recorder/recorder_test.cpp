// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/recorder.hpp"

#include "machine/virtual-ipu3/imgu/acc_param.hpp"
#include "machine/virtual-ipu3/imgu/stand_in.hpp"
#include "machine/virtual-ipu3/imgu/test_machine.hpp"
#include "machine/virtual-ipu3/recorder/diff.hpp"

#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace ipu3::record {
namespace {

using imgu::test::Machine;
using testing::Contains;
using testing::HasSubstr;

constexpr std::uint32_t isp_stage_size_at = 20;
constexpr std::uint32_t isp_stage_layout_at = 4;
constexpr std::uint32_t initial_at = 0x2a0;

constexpr std::uint32_t ref_at = 4; ///< in the ISP's configuration

/// The file with a table of places at its end, and where that is: the references are all that the
/// ISP's configuration has.
std::pair<imgu::Firmware, std::uint32_t> firmware_with_places() {
    auto file = imgu::stand_in_firmware();
    const auto table = static_cast<std::uint32_t>(file.size());
    file.resize(file.size() + 64);
    imgu::test::poke(file, table + 8 * 7, ref_at);
    imgu::test::poke(file, table + 8 * 7 + 4, 40);
    return {imgu::Firmware::parse(std::move(file)).value(), table};
}

/// Addresses of the ImgU's; another run has them elsewhere.
struct Places {
    std::uint32_t shift{0};
    [[nodiscard]] std::uint32_t group() const { return 0x40000000 + shift; }
    [[nodiscard]] std::uint32_t stage() const { return 0x40001000 + shift; }
    [[nodiscard]] std::uint32_t isp_stage() const { return 0x40002000 + shift; }
    [[nodiscard]] std::uint32_t set() const { return 0x40003000 + shift; }
    [[nodiscard]] std::uint32_t obgrid() const { return 0x40004000 + shift; }
    [[nodiscard]] std::uint32_t configuration() const { return 0x40005000 + shift; }
    [[nodiscard]] std::uint32_t vmem() const { return 0x40006000 + shift; }
    [[nodiscard]] std::uint32_t gdc() const { return 0x40007000 + shift; }
    [[nodiscard]] std::uint32_t descriptor() const { return 0x40008000 + shift; }
    [[nodiscard]] std::uint32_t program() const { return 0x40009000 + shift; }
    [[nodiscard]] std::uint32_t acc() const { return 0x41000000 + shift; }
};

using Change = std::function<void(Machine& machine, const Places& at)>;

/// Runs a driver that starts a stream, sets parameters and queues an input; @p change is what is
/// different about it.
Recording run(const Places& at = {}, const Change& change = {}) {
    const auto path =
        std::filesystem::path{testing::TempDir()} / ("recorder-" + std::to_string(::getpid()));
    auto writer = Writer::create(path, "test").value();
    const auto [firmware, table] = firmware_with_places();
    Recorder recorder{writer, firmware};
    Machine machine;
    machine.device.observe(recorder);
    for (const auto page :
         {at.group(), at.stage(), at.isp_stage(), at.set(), at.obgrid(), at.configuration(),
          at.vmem(), at.gdc(), at.descriptor(), at.program()}) {
        machine.map(page, mmu::page_size);
    }
    machine.map(at.acc(), imgu::acc_param_bytes);
    const auto pipe = at.group() + 8;
    machine.put(pipe + 40, at.stage());
    machine.put(at.stage() + 260, at.isp_stage());
    machine.put(at.stage() + 264, at.program());
    machine.put(at.isp_stage() + isp_stage_size_at, std::uint32_t{64});
    machine.put(at.isp_stage() + isp_stage_layout_at + 4, table);
    machine.put(at.configuration() + ref_at + 12, at.vmem()); // the first frame of reference
    machine.put(at.isp_stage() + initial_at + 8 * 2 + 4, std::uint32_t{96});  // parameters, VMEM0
    machine.put(at.isp_stage() + initial_at + 8 * 11, at.configuration());    // DMEM0
    machine.put(at.isp_stage() + initial_at + 8 * 11 + 4, std::uint32_t{48}); // bytes
    machine.put(at.set() + 4 * 2, at.vmem());
    machine.put(at.set() + 120, at.obgrid());
    machine.put(at.set() + 124, at.obgrid());
    machine.put(at.set() + 128, at.acc());
    machine.put(at.set() + 132, at.gdc());
    machine.put(at.acc() + 0x40, std::uint32_t{100 | 40U << 16U});
    machine.put(at.descriptor(), at.vmem());
    if (change) {
        change(machine, at);
    }
    machine.start();
    machine.write(Machine::sp(0, 0x23c8), at.group());
    (void)machine.queue_buffer(0, 0, at.set());
    (void)machine.queue_event(0);
    (void)machine.queue_event(3U << 24U);
    (void)machine.queue_buffer(0, 2, at.descriptor());
    (void)machine.queue_event(2U << 8U);
    EXPECT_TRUE(writer.finish());
    auto recording = read(path);
    std::filesystem::remove(path);
    return std::move(recording.value());
}

const HandOver* find(const Recording& recording, std::string_view what) {
    for (const auto& entry : recording.entries) {
        const auto* const hand_over = std::get_if<HandOver>(&entry);
        if (hand_over != nullptr && hand_over->what == what) {
            return hand_over;
        }
    }
    return nullptr;
}

std::vector<std::string> kinds(const Recording& recording, std::string_view what) {
    std::vector<std::string> all;
    const auto* const found = find(recording, what);
    for (const auto& part : found == nullptr ? std::vector<HandOver::Part>{} : found->parts) {
        all.push_back(part.block ? part.kind : part.kind + ", unreadable");
    }
    return all;
}

std::vector<std::string> differences(const Recording& a, const Recording& b) {
    std::vector<std::string> all;
    for (const auto& channel : compare(a, b, {})) {
        all.insert(all.end(), channel.lines.begin(), channel.lines.end());
    }
    return all;
}

TEST(Recorder, HasEachBlockThatTheFirmwareReads) {
    const auto recording = run();
    EXPECT_THAT(kinds(recording, "isp"), testing::ElementsAre("program"));
    EXPECT_THAT(kinds(recording, "sp0"), testing::ElementsAre("program"));
    EXPECT_THAT(kinds(recording, "sp1"), testing::ElementsAre("program"));
    EXPECT_THAT(kinds(recording, "start"), testing::ElementsAre("sp_group", "sp_stage", "isp_stage",
                                                                "program", "configuration.dmem0"));
    EXPECT_THAT(kinds(recording, "parameters"),
                testing::ElementsAre("parameter_set", "parameters.vmem0", "obgrid", "obgrid",
                                     "acc_param", "gdc_table"));
    EXPECT_THAT(kinds(recording, "input"), testing::ElementsAre("input"));
    // 100x40 pixels: two blocks of luma and one of chroma across, two down.
    EXPECT_EQ(find(recording, "parameters")->parts.back().block->bytes.size(), 6U * 64);
}

TEST(Recorder, NamesRegistersAndVariables) {
    const auto recording = run();
    std::vector<std::string> names;
    for (const auto& entry : recording.entries) {
        if (const auto* const write = std::get_if<Write>(&entry)) {
            names.push_back(write->pointer.empty() ? write->name
                                                   : write->name + " = &" + write->pointer);
        }
    }
    for (const auto* const name :
         {"pm_ctrl", "mmu.halt", "isp.icache = &program#2", "sp0.icache = &program#0",
          "isp.num_dma_cmds", "isp.dma_cmd_list+4", "sp1.init_dmem_data+20", "sp0.ctrl",
          "irq.main.enable", "irq.sp1.mask", "sp0.per_frame_data = &sp_group#0",
          "sp0.queues+803"}) {
        EXPECT_THAT(names, Contains(name));
    }
}

TEST(Recorder, TwoRunsAreTheSameWhereverTheirMemoryIs) {
    EXPECT_THAT(differences(run(), run()), testing::IsEmpty());
    EXPECT_THAT(differences(run(), run({.shift = 0x100000})), testing::IsEmpty());
}

TEST(Recorder, WhatADriverDoesOtherwiseIsFound) {
    const auto usual = run();
    const auto finds = [&](const Change& change, const std::string& what) {
        EXPECT_THAT(differences(usual, run({}, change)), Contains(HasSubstr(what)));
    };
    finds([](Machine& machine, const Places&) { machine.write(0x18, 9); }, "system_req");
    finds([](Machine& machine, const Places&) { machine.write(0x1c144, 9); }, "gdc_lut[1]");
    finds([](Machine& machine, const Places& at) { machine.put(at.group() + 2, std::uint8_t{1}); },
          "sp_group config[2]: 0x0 | 0x1");
    finds([](Machine& machine, const Places& at) { machine.put(at.stage() + 11, std::uint8_t{2}); },
          "sp_stage num_stripes: 0x0 | 0x2");
    finds([](Machine& machine,
             const Places& at) { machine.put(at.isp_stage() + 0x60 + 0x1bb, std::uint8_t{1}); },
          "isp_stage binary_info.enable[11]: 0x0 | 0x1");
    finds([](Machine& machine, const Places& at) { machine.put(at.program(), std::uint8_t{1}); },
          "program [0]: 0x0 | 0x1");
    finds([](Machine& machine,
             const Places& at) { machine.put(at.configuration() + 40, std::uint8_t{1}); },
          "configuration.dmem0 ref.dvs_frame_delay[0]: 0x0 | 0x1");
    finds([](Machine& machine, const Places& at) { machine.put(at.vmem() + 95, std::uint8_t{1}); },
          "parameters.vmem0 [23]: 0x0 | 0x1000000");
    finds([](Machine& machine, const Places& at) { machine.put(at.obgrid() + 2, std::uint8_t{1}); },
          "obgrid cell[1]: 0x0 | 0x1");
    finds([](Machine& machine, const Places& at) { machine.put(at.gdc() + 68, std::uint8_t{1}); },
          "gdc_table block[17]: 0x0 | 0x1");
    finds(
        [](Machine& machine, const Places& at) { machine.put(at.acc() + 0x1c0, std::uint8_t{1}); },
        "acc_param gamma.gc_lut[0]: 0x0 | 0x1");
    finds([](Machine& machine, const Places& at) { machine.put(at.set() + 132, std::uint32_t{0}); },
          "parameter_set dvs_6axis_params_y: &gdc_table | &null");
    finds([](Machine& machine,
             const Places& at) { machine.put(at.descriptor() + 16, std::uint32_t{1}); },
          "input payload.frame.padded_width: 0x0 | 0x1");
}

TEST(Recorder, FindsStructuresWhereTheFileSays) {
    const auto configuration = find(run(), "start")->parts.back().block;
    EXPECT_EQ(configuration->sections.at(ref_at), "ref");
    EXPECT_EQ(configuration->pointers.at(ref_at + 12), "ref_frame#0");
    EXPECT_EQ(configuration->pointers.at(ref_at + 16), "null");
}

TEST(Recorder, SizesOfTheGuestsAreNotTrusted) {
    const auto huge = run({}, [](Machine& machine, const Places& at) {
        machine.put(at.isp_stage() + isp_stage_size_at, std::uint32_t{0xffffffff});
    });
    EXPECT_THAT(kinds(huge, "start"), Contains("program, unreadable"));
    // The structure begins in the block and ends behind it.
    const auto small = run({}, [](Machine& machine, const Places& at) {
        machine.put(at.isp_stage() + initial_at + 8 * 11 + 4, std::uint32_t{18});
    });
    EXPECT_THAT(find(small, "start")->parts.back().block->pointers, testing::IsEmpty());
}

TEST(Recorder, WhatCannotBeReadIsSaid) {
    const auto recording = run({}, [](Machine& machine, const Places& at) {
        // A page that the machine does not have.
        machine.tables.map(0x70000, 0x7000000);
        machine.put(at.set() + 128, std::uint32_t{0x70000000});
    });
    EXPECT_THAT(kinds(recording, "parameters"), Contains("acc_param, unreadable"));
}

} // namespace
} // namespace ipu3::record
