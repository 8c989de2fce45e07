// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's own driver given the same firmware files, sizes and rings: ours refuses more, never
// less, chooses the same program, and tells the processors the same of a pipe. And its faults,
// which ours has not.
#include "machine/virtual-ipu3/imgu/firmware_layout.hpp"
#include "module-tests/imgu/differential/differences.hpp"
#include "module-tests/imgu/differential/random.hpp"
#include "module-tests/imgu/firmware/file.hpp"
#include "module-tests/imgu/firmware/packaged.h"

#include <array>
#include <cstring>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace firmware {
namespace {

namespace layout = ipu3::imgu::firmware_layout;
namespace blob = layout::blob;
namespace isp = layout::isp;
using differential::Random;

packaged_size plain(imgu_size size) {
    return {size.width, size.height};
}

packaged_pipe pipe_of(const imgu_geometry& sizes, bool of_still, unsigned number) {
    return {.number = number,
            .still = of_still,
            .vf_enabled = sizes.vf_enabled,
            .bayer = sizes.bayer,
            .in = plain(sizes.in),
            .crop = plain(sizes.crop),
            .bds = plain(sizes.bds),
            .envelope = plain(sizes.envelope),
            .gdc = plain(sizes.gdc),
            .out = plain(sizes.out),
            .vf = plain(sizes.vf)};
}

/// As the drivers make them of any: clamped, even, in multiples.
imgu_geometry random_sizes(Random& random) {
    imgu_geometry sizes{};
    const auto size = [&](imgu_size most, std::uint32_t columns, std::uint32_t lines) {
        return imgu_size{random.between(32, most.width) / columns * columns,
                         random.between(32, most.height) / lines * lines};
    };
    sizes.in = size({4224, 3136}, 2, 2);
    sizes.bayer = static_cast<imgu_bayer>(random.below(4));
    sizes.crop = size(sizes.in, 2, 1);
    sizes.bds = size(sizes.crop, 4, 1);
    sizes.gdc = size(sizes.bds, 8, 4);
    sizes.envelope = {std::max(4U, (sizes.bds.width - sizes.gdc.width) / 2),
                      std::max(4U, (sizes.bds.height - sizes.gdc.height) / 2)};
    sizes.out = size(sizes.gdc, 8, 4);
    sizes.vf = size(sizes.gdc, 2, 2);
    const auto align = [](std::uint32_t value, std::uint32_t unit) {
        return (value + unit - 1) / unit * unit;
    };
    sizes.in_stride = (sizes.in.width + 49) / 50 * 64;
    sizes.out_stride = align(sizes.out.width, 64);
    sizes.vf_stride = align(sizes.vf.width, 64);
    sizes.ref = {align(sizes.bds.width, 128) + 256, align(sizes.bds.height, 32) + 64};
    sizes.vf_enabled = random.chance(80);
    return sizes;
}

template <typename Struct>
std::vector<std::uint8_t> bytes_of(const Struct& of) {
    std::vector<std::uint8_t> bytes(sizeof(of));
    std::memcpy(bytes.data(), &of, sizeof(of));
    return bytes;
}

std::vector<std::uint8_t> bytes_of(const std::uint8_t* from, std::size_t count) {
    return {from, from + count};
}

struct Loaded {
    explicit Loaded(const File& file) {
        packaged_load(file.bytes().data(), file.bytes().size(), &verdict);
    }
    ~Loaded() { packaged_unload(); }
    Loaded(const Loaded&) = delete;
    Loaded& operator=(const Loaded&) = delete;
    Loaded(Loaded&&) = delete;
    Loaded& operator=(Loaded&&) = delete;

    packaged_verdict verdict{};
};

/// A word that may be at the edge of something.
std::uint32_t edge(Random& random, const File& file, std::uint32_t old) {
    switch (random.below(5)) {
    case 0:
        return random.pick({0, 1, 2, 3, 4, 6, 24, 29, 30, 72, 0x10000, 0x10001, 0xffffffff});
    case 1:
        return random.pick({0x4000, 0x400000, file.size(), 0U - 0x1000}) - random.below(1300);
    case 2:
        return old + random.pick({1, 4, 0xffffffff, 0x80000000, 0xf0000000});
    case 3:
        return old ^ 1U << random.below(32);
    default:
        return static_cast<std::uint32_t>(random.next());
    }
}

/// Words of infos, and of tables, that somebody looks at.
void damage(File& file, Random& random) {
    static const std::vector<std::size_t> fields = [] {
        std::vector<std::size_t> all{layout::type_at, isp::mode, isp::stripes, isp::block_width,
                                     isp::output_block_height};
        for (std::size_t at = layout::blob_at; at < layout::blob_at + 76; at += 4) {
            all.push_back(at);
        }
        for (std::size_t at = layout::variables_at; at < layout::variables_at + 200; at += 4) {
            all.push_back(at);
        }
        for (std::size_t at = isp::initializers; at < isp::output_pins + 4; at += 4) {
            all.push_back(at);
        }
        return all;
    }();
    for (std::uint32_t changes = random.between(1, 3); changes > 0; --changes) {
        const auto number = static_cast<Number>(random.below(programs));
        if (random.chance(5)) {
            file.put(number, blob::offset, 0U - random.below(file.size()));
            continue;
        }
        std::size_t at = layout::info_at(number) +
                         fields[random.below(static_cast<std::uint32_t>(fields.size()))];
        if (random.chance(5)) {
            at = random.pick({layout::number_at, layout::header_size_at});
        } else if (random.chance(20)) {
            at = layout::info_at(video) + blob::tables + 4UL * random.below(3);
            const auto table = file.get(at);
            if (table <= file.size() - 64) {
                at = table + 4UL * random.below(6);
            }
        }
        file.put(at, edge(random, file, file.get(at)));
    }
}

TEST(ImguPackagedFirmware, OursRefusesMoreAndNeverLess) {
    Random random{20, 1};
    constexpr int cases = 20000;
    const File right;
    unsigned both = 0;
    unsigned ours_alone = 0;
    unsigned neither = 0;
    unsigned beyond = 0;
    unsigned same_choice = 0;
    unsigned no_choice = 0;
    unsigned refused_choice = 0;
    for (int i = 0; i < cases; ++i) {
        File file = right;
        damage(file, random);
        const auto ours = judge(file);
        const Loaded theirs{file};
        beyond += theirs.verdict.reads_beyond ? 1U : 0U;
        if (ours.reason != IMGU_OK) {
            ++(theirs.verdict.accepted ? ours_alone : neither);
            continue;
        }
        ASSERT_TRUE(theirs.verdict.accepted) << i;
        ASSERT_FALSE(theirs.verdict.reads_beyond) << i;
        ++both;
        ASSERT_EQ(ours.firmware.sp[0], theirs.verdict.sp[0]);
        ASSERT_EQ(ours.firmware.sp[1], theirs.verdict.sp[1]);
        ASSERT_EQ(ours.firmware.bootloader, theirs.verdict.bootloader);
        read_everything(ours.firmware);

        const auto sizes = random_sizes(random);
        const bool of_still = random.chance(50);
        imgu_firmware_program chosen{};
        const auto reason = imgu_firmware_choose(
            &ours.firmware, of_still ? IMGU_MODE_STILL : IMGU_MODE_VIDEO, &sizes, &chosen);
        const auto pipe = pipe_of(sizes, of_still, 0);
        const auto their_choice = packaged_choose(&pipe);
        if (reason == IMGU_OK) {
            ASSERT_EQ(their_choice, static_cast<int>(chosen.number)) << i;
            ++same_choice;
        } else if (reason == IMGU_REASON_FIRMWARE_NONE) {
            // They take an SP's program for the ISP's, too, if what is there looks like it.
            ASSERT_TRUE(their_choice < 0 ||
                        file.get(static_cast<Number>(their_choice), layout::type_at) != 2)
                << i;
            ++no_choice;
        } else {
            ASSERT_GE(their_choice, 0) << i;
            ++refused_choice;
        }
    }
    std::cout << "files: both accept " << both << ", both refuse " << neither << ", ours alone "
              << ours_alone << "; theirs reads beyond " << beyond << "; choice: the same "
              << same_choice << ", none " << no_choice << ", refused by ours " << refused_choice
              << '\n';
    EXPECT_GT(both, 1000U);
    EXPECT_GT(ours_alone, 500U);
    EXPECT_GT(neither, 1000U);
    EXPECT_GT(beyond, 100U);
    EXPECT_GT(same_choice, 1000U);
    EXPECT_GT(no_choice, 10U);
    EXPECT_GT(refused_choice, 10U);
}

/// Files that the kernel's own driver accepts and must not.
TEST(ImguPackagedFirmware, ItsFaultsAreNotOurs) {
    struct Fault {
        std::string name;
        bool reads_beyond;
        std::function<void(File&)> make;
    };
    const std::vector<Fault> faults{
        {"a body whose place and size wrap", true,
         [](File& file) { file.put(video, blob::offset, 0U - 0x100); }},
        {"parts whose sum wraps", true,
         [](File& file) {
             file.put(video, blob::offset, 0x10000000);
             file.put(video, blob::size, 0xf0000000);
             file.put(video, blob::text_size, 0xf0000000 - file.get(video, blob::data_size));
         }},
        {"text behind the body", false,
         [](File& file) { file.put(sp0, blob::text_source, 0x10000000); }},
        {"data behind the body", false,
         [](File& file) { file.put(sp0, blob::data_source, 0x10000000); }},
        {"zeroes behind the memory", false,
         [](File& file) { file.put(sp0, blob::bss_size, 0x10000000); }},
        {"rings behind the memory", false,
         [](File& file) { file.put(sp0, layout::variables_at + 16, 0x3ffffc); }},
        {"commands behind the memory", false,
         [](File& file) { file.put(bootloader, layout::variables_at + 4, 0x3ffffc); }},
        {"no stripe", false, [](File& file) { file.put(video, isp::stripes, 0); }}};
    for (const auto& fault : faults) {
        File file;
        fault.make(file);
        const Loaded theirs{file};
        EXPECT_TRUE(theirs.verdict.accepted) << fault.name;
        EXPECT_EQ(theirs.verdict.reads_beyond, fault.reads_beyond) << fault.name;
        EXPECT_NE(judge(file).reason, IMGU_OK) << fault.name;
    }
    // A structure before the begin of its memory: place and size wrap.
    EXPECT_TRUE(packaged_fits(0U - 36, 36, 84));
    File file;
    file.put(file.get(video, blob::tables) + layout::place_bytes * 4, 0U - 36);
    const auto ours = judge(file);
    ASSERT_EQ(ours.reason, IMGU_OK);
    const auto sizes = usual_sizes();
    imgu_firmware_program chosen{};
    EXPECT_EQ(imgu_firmware_choose(&ours.firmware, IMGU_MODE_VIDEO, &sizes, &chosen),
              IMGU_REASON_FIRMWARE_PLACES);
}

/// Blocks for a program's memories that the file sets no bound to: it would allocate what they say.
TEST(ImguPackagedFirmware, ItTakesBlocksOfAnySize) {
    constexpr std::uint32_t huge = 0x70000000;
    const auto sizes = usual_sizes();
    for (std::size_t of_class = 0; of_class < layout::classes; ++of_class) {
        File file;
        file.put(video, isp::initializers + 8 * (layout::memories * of_class + layout::dmem) + 4,
                 huge);
        const Loaded theirs{file};
        ASSERT_TRUE(theirs.verdict.accepted);
        const auto pipe = pipe_of(sizes, false, 0);
        EXPECT_EQ(packaged_choose(&pipe), static_cast<int>(video));
        const auto ours = judge(file);
        ASSERT_EQ(ours.reason, IMGU_OK) << "no one has chosen it yet";
        imgu_firmware_program chosen{};
        EXPECT_EQ(imgu_firmware_choose(&ours.firmware, IMGU_MODE_VIDEO, &sizes, &chosen),
                  IMGU_REASON_FIRMWARE_SEGMENT);
    }
}

/// With a program for small frames and one for all of them, asking for large ones gives the pipe
/// that streams small ones the other program.
TEST(ImguPackagedFirmware, AskingForSizesChangesTheProgramThatRuns) {
    constexpr std::uint32_t widest = 1280;
    File file;
    file.put(video, isp::output + 8, widest); // least width and height, most width and height
    file.put(still, isp::mode, file.get(video, isp::mode));
    for (std::size_t i = 0; i < layout::classes; ++i) { // and what the mode asks of a program
        file.put(still, blob::tables + 4 * i, file.get(video, blob::tables + 4 * i));
    }
    for (std::size_t i = 0; i < 2 * layout::classes * layout::memories; ++i) {
        const auto at = isp::initializers + 4 * i;
        file.put(still, at, file.get(video, at));
    }
    const Loaded loaded{file};
    ASSERT_TRUE(loaded.verdict.accepted);
    const auto small = usual_sizes();
    auto large = small;
    large.out = large.gdc = {widest + 64, 736};
    const auto streams = pipe_of(small, false, 0);
    const auto asked = pipe_of(large, false, 0);
    ASSERT_EQ(packaged_choose(&streams), static_cast<int>(video));
    EXPECT_EQ(packaged_try(&streams, &streams), static_cast<int>(video));
    EXPECT_EQ(packaged_try(&streams, &asked), static_cast<int>(still)) << "of the running pipe";

    // Ours has no pipe that a question could change: the answer is all that it writes.
    const auto ours = judge(file);
    ASSERT_EQ(ours.reason, IMGU_OK);
    imgu_firmware_program running{};
    imgu_firmware_program answer{};
    ASSERT_EQ(imgu_firmware_choose(&ours.firmware, IMGU_MODE_VIDEO, &small, &running), IMGU_OK);
    const auto before = bytes_of(ours.firmware);
    ASSERT_EQ(imgu_firmware_choose(&ours.firmware, IMGU_MODE_VIDEO, &large, &answer), IMGU_OK);
    EXPECT_EQ(answer.number, still);
    EXPECT_EQ(running.number, video);
    EXPECT_EQ(bytes_of(ours.firmware), before);
    ASSERT_EQ(imgu_firmware_choose(&ours.firmware, IMGU_MODE_VIDEO, &small, &answer), IMGU_OK);
    EXPECT_EQ(bytes_of(answer), bytes_of(running)) << "whatever was asked in between";
}

/// What ours tells of a pipe, with the addresses that theirs got.
struct Ours {
    std::vector<std::uint8_t> config, state;
    imgu_sp_stage sp_stage{};
    imgu_isp_stage isp_stage{};
    imgu_sp_group group{};
};

Ours start(const imgu_geometry& sizes, const imgu_firmware& file,
           const imgu_firmware_program& chosen, const packaged_stage& theirs, unsigned pipe) {
    imgu_stage_memory memory{};
    for (std::size_t i = 0; i < 2; ++i) {
        memory.gdc[i] = theirs.gdc[i];
        memory.tnr[i] = theirs.tnr[i];
    }
    std::memcpy(memory.config, theirs.config_at, sizeof(memory.config));
    std::memcpy(memory.state, theirs.state_at, sizeof(memory.state));
    memory.body = theirs.body;
    memory.isp_stage = theirs.isp_stage_at;
    memory.map = theirs.map;

    const auto& in = imgu_firmware_get_info(&file, chosen.number)->isp.program.initializers.in;
    Ours ours;
    // What was there before must not matter.
    ours.config.assign(in[IMGU_CLASS_CONFIG][IMGU_MEMORY_DMEM0].size, 0xa5);
    ours.state.assign(in[IMGU_CLASS_STATE][IMGU_MEMORY_DMEM0].size, 0xa5);
    std::memset(&ours.sp_stage, 0xa5, sizeof(ours.sp_stage));
    std::memset(&ours.isp_stage, 0xa5, sizeof(ours.isp_stage));
    std::memset(&ours.group.pipe[pipe], 0xa5, sizeof(ours.group.pipe[pipe]));
    imgu_stage_config(&sizes, &file, &chosen, &memory, ours.config.data());
    imgu_stage_state(&file, &chosen, ours.state.data());
    imgu_stage_isp(&file, &chosen, &memory, &ours.isp_stage);
    imgu_stage_sp(&sizes, &file, &chosen, &memory, &ours.sp_stage);
    imgu_stage_pipe(&file, &chosen, pipe, theirs.sp_stage_at, &ours.group);
    return ours;
}

/// A reference frame of more bytes than an int counts: the product wraps, and what is allocated is
/// a little of it.
TEST(ImguPackagedStage, ItsReferenceFrameWraps) {
    const File file;
    const Loaded loaded{file};
    auto sizes = usual_sizes();
    sizes.bds = {37168, 38192};
    const auto theirs = std::make_unique<packaged_stage>();
    const auto pipe = pipe_of(sizes, false, 0);
    packaged_start(&pipe, theirs.get());
    ASSERT_TRUE(theirs->accepted);
    EXPECT_LT(theirs->gdc_bytes, std::size_t{sizes.bds.width} * sizes.bds.height / 100);
    imgu_program with{};
    with.stripes = 2;
    with.block_width = 2;
    EXPECT_STREQ(imgu_reason_text(imgu_geometry_judge(&sizes, &with)),
                 imgu_reason_text(IMGU_REASON_BDS_ENLARGES));
}

/// Starts of pipes with the programs of @p file: the same as the packaged driver's.
void compare_starts(const File& file, int count) {
    Random random{20, 2};
    const auto verdict = judge(file);
    ASSERT_EQ(verdict.reason, IMGU_OK);
    const Loaded loaded{file};
    const auto theirs = std::make_unique<packaged_stage>();
    constexpr std::array compared{differential::BlockKind::isp_stage};
    differential::Differences differences{DIFFERENCES, compared};
    std::array<unsigned, 2> starts{};
    for (int i = 0; i < count; ++i) {
        const auto sizes = random_sizes(random);
        const bool of_still = random.chance(40);
        const auto number = random.below(PACKAGED_PIPES);
        imgu_firmware_program chosen{};
        ASSERT_EQ(imgu_firmware_choose(&verdict.firmware,
                                       of_still ? IMGU_MODE_STILL : IMGU_MODE_VIDEO, &sizes,
                                       &chosen),
                  IMGU_OK);
        const auto pipe = pipe_of(sizes, of_still, number);
        packaged_start(&pipe, theirs.get());
        ASSERT_TRUE(theirs->accepted);
        ++starts.at(of_still ? 1 : 0);

        const auto ours = start(sizes, verdict.firmware, chosen, *theirs, number);
        ASSERT_EQ(ours.config, bytes_of(theirs->config, theirs->config_bytes)) << i;
        ASSERT_EQ(ours.state, bytes_of(theirs->state, theirs->state_bytes)) << i;
        ASSERT_EQ(bytes_of(ours.sp_stage), bytes_of(theirs->sp_stage, sizeof(theirs->sp_stage)))
            << i;
        const auto my_stage = bytes_of(ours.isp_stage);
        auto their_stage = bytes_of(theirs->isp_stage, sizeof(theirs->isp_stage));
        differences.settle(differential::BlockKind::isp_stage, my_stage, their_stage);
        ASSERT_EQ(my_stage, their_stage) << i;
        ASSERT_EQ(bytes_of(ours.group), bytes_of(theirs->sp_group, sizeof(theirs->sp_group))) << i;

        imgu_reference reference{};
        imgu_stage_gdc_reference(&sizes, &reference);
        ASSERT_EQ(reference.size, theirs->gdc_bytes) << i;
        imgu_stage_tnr_reference(&sizes, &chosen.program, &reference);
        ASSERT_EQ(reference.size, theirs->tnr_bytes) << i;
        ASSERT_EQ(imgu_stage_warp_blocks(&sizes) * sizeof(imgu_warp_block), theirs->warp_bytes);
        ASSERT_EQ(chosen.obgrid_cells * sizeof(ipu3_uapi_obgrid_param) * chosen.program.stripes,
                  theirs->obgrid_bytes);
        ASSERT_EQ(IMGU_STAGE_MAP, theirs->map_bytes);
    }
    std::cout << "starts: video " << starts[0] << ", still " << starts[1] << '\n';
    EXPECT_GT(10 * static_cast<int>(std::min(starts[0], starts[1])), 3 * count);
    EXPECT_EQ(differences.counts().size(), 1U);
    EXPECT_THAT(differences.unseen(), testing::IsEmpty());
}

TEST(ImguPackagedStage, APipeStartsInTheSameWay) {
    compare_starts(File{}, 1000);
}

/// The stand-in's file has what is used at the beginning of its memories, and nothing behind it.
TEST(ImguPackagedStage, WhereverTheFileHasWhatIsFilledIn) {
    namespace layout = ipu3::imgu::firmware_layout;
    File file;
    for (const auto number : {video, still}) {
        const auto of_segment = [](imgu_class of_class, imgu_memory memory) {
            return layout::isp::initializers +
                   8 * (layout::memories * static_cast<std::size_t>(of_class) +
                        static_cast<std::size_t>(memory)) +
                   4;
        };
        const auto move = [&](imgu_class of_class, std::size_t entry, std::uint32_t by) {
            const auto at = file.get(number, layout::blob::tables + 4 * std::size_t{of_class}) +
                            layout::place_bytes * entry;
            file.put(at, file.get(at) + by);
        };
        for (const std::size_t entry : {0U, 1U, 6U, 7U}) {
            move(IMGU_CLASS_CONFIG, entry, 64);
        }
        move(IMGU_CLASS_STATE, 1, 64);
        move(IMGU_CLASS_STATE, 2, 128);
        for (const auto of_class : {IMGU_CLASS_CONFIG, IMGU_CLASS_STATE}) {
            const auto at = of_segment(of_class, IMGU_MEMORY_DMEM0);
            file.put(number, at, file.get(number, at) + 256);
            file.put(number, of_segment(of_class, imgu_memory{}), 64); // of the first memory
        }
    }
    file.put_byte(still, layout::isp::enable_params, 0);
    compare_starts(file, 200);
}

/// Rings in memory as SP0 sets them up, used by our driver's half.
class Rings {
  public:
    Rings() : memory_(sizeof(imgu_rings)) {
        for (const auto& [kind, pipe, queue] : all()) {
            const auto at = place(kind, pipe, queue);
            memory_.at(at.info) = at.size;
            memory_.at(at.info + 1) = 4;
            const imgu_ring_info info{.size = at.size, .step = 4, .start = 0, .end = 0};
            imgu_ring ring{};
            EXPECT_EQ(imgu_ring_open(&ring, kind, &info), IMGU_OK);
            rings_.push_back(ring);
        }
    }

    [[nodiscard]] std::vector<std::uint8_t>& memory() { return memory_; }

    struct Name {
        imgu_ring_kind kind;
        unsigned pipe, queue;
    };
    static const std::vector<Name>& all() {
        static const auto names = [] {
            std::vector<Name> each;
            for (unsigned pipe = 0; pipe < IMGU_SP_PIPES; ++pipe) {
                for (unsigned queue = 0; queue < IMGU_QUEUES; ++queue) {
                    each.push_back({IMGU_RING_TO_SP, pipe, queue});
                }
            }
            for (unsigned queue = 0; queue < IMGU_QUEUES; ++queue) {
                each.push_back({IMGU_RING_FROM_SP, 0, queue});
            }
            each.push_back({IMGU_RING_EVENTS_TO_SP, 0, 0});
            each.push_back({IMGU_RING_EVENTS_FROM_SP, 0, 0});
            return each;
        }();
        return names;
    }
    static imgu_ring_place place(imgu_ring_kind kind, unsigned pipe, unsigned queue) {
        imgu_ring_place place{};
        EXPECT_TRUE(imgu_ring_find(kind, pipe, queue, &place));
        return place;
    }

    /// Ring @p number: what the SP says is seen, then an entry is written or read.
    imgu_reason step(std::size_t number, std::uint32_t& word) {
        const auto [kind, pipe, queue] = all().at(number);
        const auto at = place(kind, pipe, queue);
        auto& ring = rings_.at(number);
        if (const auto reason = imgu_ring_see(&ring, memory_.at(at.other)); reason != IMGU_OK) {
            return reason;
        }
        std::uint8_t entry = 0;
        if (const auto reason = imgu_ring_step(&ring, &entry); reason != IMGU_OK) {
            return reason;
        }
        auto* const slot = &memory_.at(at.entries + 4U * entry);
        if (ring.writer) {
            std::memcpy(slot, &word, sizeof(word));
        } else {
            std::memcpy(&word, slot, sizeof(word));
        }
        memory_.at(at.own) = ring.own;
        return IMGU_OK;
    }

  private:
    std::vector<std::uint8_t> memory_;
    std::vector<imgu_ring> rings_;
};

constexpr std::size_t events_to_sp = 40;
constexpr std::size_t events_from_sp = 41;

/// The SP's side of a ring: it reads or writes one entry, if there is one.
void sp_step(std::vector<std::uint8_t>& memory, std::size_t number, std::uint32_t word) {
    const auto [kind, pipe, queue] = Rings::all().at(number);
    const auto at = Rings::place(kind, pipe, queue);
    auto& index = memory.at(at.other);
    const auto next = static_cast<std::uint8_t>((index + 1) % at.size);
    if (kind == IMGU_RING_TO_SP || kind == IMGU_RING_EVENTS_TO_SP) {
        index = index == memory.at(at.own) ? index : next;
    } else if (next != memory.at(at.own)) {
        std::memcpy(&memory.at(at.entries + 4U * index), &word, sizeof(word));
        index = next;
    }
}

TEST(ImguPackagedRing, TheSameEntriesAndIndices) {
    const File file;
    const Loaded loaded{file};
    Rings ours;
    const auto& names = Rings::all();
    auto* const theirs = packaged_rings();
    std::memcpy(theirs, ours.memory().data(), ours.memory().size());
    std::vector<std::uint8_t> copy(ours.memory().size());
    Random random{20, 3};
    unsigned steps = 0;
    unsigned stops = 0;
    for (std::uint32_t i = 0; i < 20000; ++i) {
        const auto number = random.below(static_cast<std::uint32_t>(names.size()));
        const auto [kind, pipe, queue] = names.at(number);
        if (random.chance(50)) {
            sp_step(ours.memory(), number, i);
            std::memcpy(copy.data(), theirs, copy.size());
            sp_step(copy, number, i);
            std::memcpy(theirs, copy.data(), copy.size());
            continue;
        }
        std::uint32_t our_word = i;
        std::uint32_t their_word = i;
        const auto reason = ours.step(number, our_word);
        int their_error = 0;
        if (kind == IMGU_RING_TO_SP || kind == IMGU_RING_EVENTS_TO_SP) {
            their_error = packaged_put(kind == IMGU_RING_TO_SP ? static_cast<int>(queue) : -1,
                                       static_cast<int>(pipe), their_word);
        } else {
            their_error = packaged_take(kind == IMGU_RING_FROM_SP ? static_cast<int>(queue) : -1,
                                        &their_word);
            // They acknowledge an event at once, and take it even if they cannot.
            std::uint32_t acknowledge = IMGU_EVENT_EVENT_DEQUEUED;
            if (number == events_from_sp && reason == IMGU_OK &&
                ours.step(events_to_sp, acknowledge) != IMGU_OK) {
                ASSERT_LT(their_error, 0);
                their_error = 0;
            }
        }
        ASSERT_EQ(reason == IMGU_OK, their_error == 0) << i;
        ASSERT_EQ(our_word, their_word) << i;
        ++(reason == IMGU_OK ? steps : stops);
        std::memcpy(copy.data(), theirs, copy.size());
        ASSERT_EQ(ours.memory(), copy) << i;
    }
    EXPECT_GT(steps, 2000U);
    EXPECT_GT(stops, 200U);
}

/// An index that there is not: theirs writes and reads behind the ring, ours does not look.
TEST(ImguPackagedRing, ItsFaultsAreNotOurs) {
    const File file;
    const Loaded loaded{file};
    Rings ours;
    auto* const theirs = packaged_rings();
    const auto events = Rings::place(IMGU_RING_EVENTS_TO_SP, 0, 0);
    const auto behind = events.entries + 4U * 90;
    ASSERT_GT(behind, offsetof(imgu_rings, events_from_sp));
    std::memcpy(theirs, ours.memory().data(), ours.memory().size());
    theirs[events.own] = 90;
    EXPECT_EQ(packaged_put(-1, 0, 0x12345678), 0);
    std::uint32_t word = 0;
    std::memcpy(&word, theirs + behind, sizeof(word));
    EXPECT_EQ(word, 0x12345678U) << "behind the ring";
    ours.memory().at(events.own) = 90; // which ours never reads
    EXPECT_EQ(ours.step(events_to_sp, word), IMGU_OK);
    EXPECT_EQ(ours.memory().at(events.own), 1);
    ours.memory().at(events.other) = 90;
    EXPECT_EQ(ours.step(events_to_sp, word), IMGU_REASON_RING_INDEX);

    const auto from = Rings::place(IMGU_RING_FROM_SP, 0, IMGU_QUEUE_OUT);
    std::memcpy(theirs, Rings{}.memory().data(), ours.memory().size());
    theirs[from.other] = 200;
    EXPECT_EQ(packaged_take(IMGU_QUEUE_OUT, &word), 0) << "an entry that nobody wrote";
    ours.memory().at(from.other) = 200;
    EXPECT_EQ(ours.step(32 + IMGU_QUEUE_OUT, word), IMGU_REASON_RING_INDEX);

    // An event that is taken and lost, since its acknowledgement has no room.
    std::memcpy(theirs, Rings{}.memory().data(), ours.memory().size());
    const auto returned = Rings::place(IMGU_RING_EVENTS_FROM_SP, 0, 0);
    theirs[returned.other] = 1;
    for (int i = 0; i < IMGU_TO_SP_EVENTS - 1; ++i) {
        EXPECT_EQ(packaged_put(-1, 0, 0), 0);
    }
    EXPECT_LT(packaged_take(-1, &word), 0);
    EXPECT_EQ(theirs[returned.own], 1) << "it is gone";
}

} // namespace
} // namespace firmware
