// SPDX-License-Identifier: GPL-2.0-or-later
// The stand-in before the conditions that the kernel's driver sets.
#include "machine/virtual-ipu3/imgu/stand_in.hpp"

#include "machine/virtual-ipu3/imgu/firmware.hpp"
#include "machine/virtual-ipu3/imgu/firmware_layout.hpp"
#include "machine/virtual-ipu3/imgu/test_machine.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unistd.h>
#include <vector>

namespace ipu3::imgu::test {
namespace {

using namespace firmware_layout;

constexpr std::uint32_t bar_bytes = 4U << 20U;
constexpr std::uint32_t formats_at_most = 29; // IMGU_ABI_FRAME_FORMAT_NUM
constexpr std::uint32_t stripes_at_most = 2;  // IPU3_UAPI_MAX_STRIPES
constexpr std::uint32_t modes = 6;            // IPU3_CSS_PIPE_ID_NUM

class File {
  public:
    explicit File(std::vector<std::byte> bytes) : bytes_{std::move(bytes)} {}
    [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }
    [[nodiscard]] std::uint32_t word(std::size_t at) const {
        std::uint32_t value = 0;
        std::memcpy(&value, std::span{bytes_}.subspan(at, sizeof(value)).data(), sizeof(value));
        return value;
    }
    [[nodiscard]] std::uint32_t info(std::size_t number, std::size_t at) const {
        return word(info_at(number) + at);
    }
    [[nodiscard]] bool flag(std::size_t number, std::size_t at) const {
        return bytes_.at(info_at(number) + at) != std::byte{};
    }
    [[nodiscard]] std::size_t number() const { return word(number_at); }
    /// Of a program. Empty when it has no end within the file.
    [[nodiscard]] std::string name(std::size_t number) const {
        const auto at = info(number, blob::name);
        std::string text;
        for (auto i = std::size_t{at}; i < size(); ++i) {
            if (bytes_[i] == std::byte{}) {
                return text;
            }
            text += static_cast<char>(bytes_[i]);
        }
        return "";
    }

  private:
    std::vector<std::byte> bytes_;
};

// ---- what the driver asks for when it is loaded: imgu_css_fw_init() ----

/// What the driver would refuse the file for; empty: nothing.
std::string refused_for_isp(const File& file, std::size_t number) {
    const auto info = [&](std::size_t at) { return file.info(number, at); };
    if (info(isp::mode) >= modes) {
        return "mode";
    }
    if (info(isp::stripes) > stripes_at_most) {
        return "stripes";
    }
    for (const auto formats : {isp::output_formats, isp::viewfinder_formats}) {
        if (info(formats) > formats_at_most) {
            return "number of formats";
        }
        for (std::size_t i = 0; i < info(formats); ++i) {
            if (info(formats + 4 + 4 * i) >= formats_at_most) {
                return "format";
            }
        }
    }
    for (const auto block : {isp::block_width, isp::output_block_height}) {
        if (info(block) == 0 || info(block) > 65536) {
            return "block";
        }
    }
    for (std::size_t of_class = 0; of_class < classes; ++of_class) {
        if (info(blob::tables + 4 * of_class) + place_bytes * places.at(of_class) > file.size()) {
            return "table";
        }
    }
    return "";
}

std::string refused_for(const File& file) {
    if (file.size() < info_at(1) || file.word(header_size_at) != header_bytes ||
        file.size() < info_at(file.number())) {
        return "header";
    }
    std::set<Type> types;
    for (std::size_t number = 0; number < file.number(); ++number) {
        const auto info = [&](std::size_t at) { return file.info(number, at); };
        if (file.name(number).empty() || file.name(number).size() + 1 >= 64) {
            return "name";
        }
        if (info(blob::size) != info(blob::text_size) + info(blob::icache_size) +
                                    info(blob::data_size) + info(blob::padding_size)) {
            return "sizes of parts";
        }
        if (std::uint64_t{info(blob::offset)} + info(blob::size) > file.size()) {
            return "size";
        }
        const auto type = static_cast<Type>(info(type_at));
        types.insert(type);
        if (type == Type::isp) {
            if (auto reason = refused_for_isp(file, number); !reason.empty()) {
                return reason;
            }
            continue;
        }
        for (std::size_t i = 0; i < (type == Type::bootloader ? 3U : 11U); ++i) {
            if (info(variables_at + 4 * i) + 12 >= bar_bytes) {
                return "variable";
            }
        }
    }
    const std::array needed{Type::sp, Type::sp1, Type::bootloader};
    return std::ranges::includes(types, std::set(needed.begin(), needed.end())) ? "" : "programs";
}

// ---- what it asks for when a stream begins: imgu_css_find_binary(), imgu_css_pipeline_init() ----

struct Wanted {
    std::uint32_t mode;
    std::uint32_t in_width, in_height;
    std::uint32_t width, height; ///< of both pictures
};

/// The program that the driver takes. It looks at all, whatever they are for.
std::optional<std::size_t> chosen(const File& file, const Wanted& wanted) {
    constexpr std::uint32_t nv12 = 1;
    constexpr std::uint32_t memory = 1;
    for (std::size_t number = 0; number < file.number(); ++number) {
        const auto info = [&](std::size_t at) { return file.info(number, at); };
        const auto between = [&](std::size_t at, std::uint32_t width, std::uint32_t height) {
            return width >= info(at) && height >= info(at + 4) && width <= info(at + 8) &&
                   height <= info(at + 12);
        };
        bool has_format = false;
        for (std::size_t i = 0; i < std::min(info(isp::output_formats), formats_at_most); ++i) {
            has_format = has_format || info(isp::output_formats + 4 + 4 * i) == nv12;
        }
        if (info(isp::input + 16) == memory &&
            (file.flag(number, isp::enable_input_feeder) ||
             file.flag(number, isp::enable_input_raw)) &&
            info(isp::mode) == wanted.mode && !file.flag(number, isp::enable_luma_only) &&
            between(isp::input, wanted.in_width, wanted.in_height) && has_format &&
            (info(isp::output_pins) & 0xffU) > 1 &&
            between(isp::output, wanted.width, wanted.height) &&
            wanted.width <= info(isp::internal) && wanted.height <= info(isp::internal + 4)) {
            return number;
        }
    }
    return std::nullopt;
}

/// A structure that the driver puts into a memory of the ISP's: its entry in the class's table, and
/// its size.
struct Needed {
    std::size_t of_class, memory, entry;
    std::uint32_t bytes;
};

std::vector<Needed> needed(bool for_video) {
    std::vector<Needed> all{{0, vmem, 0, 1024}, {0, vmem, 2, 512}, {0, dmem, 5, 44},
                            {1, dmem, 0, 52},   {1, dmem, 1, 8},   {1, dmem, 7, 40},
                            {2, dmem, 2, 8}};
    if (for_video) {
        all.insert(all.end(),
                   {{0, vmem, 1, 256}, {0, dmem, 4, 36}, {1, dmem, 6, 36}, {2, dmem, 1, 20}});
    }
    return all;
}

TEST(StandIn, IsReadAsAFirmwareFile) {
    const auto file =
        std::filesystem::path{testing::TempDir()} / ("stand-in-" + std::to_string(::getpid()));
    const auto bytes = stand_in_firmware();
    std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                static_cast<std::streamsize>(bytes.size()));
    const auto loaded = Firmware::load(file);
    std::filesystem::remove(file);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->version(), stand_in_version);
    EXPECT_THAT(loaded->version(), testing::StartsWith("stand-in"));
}

TEST(StandIn, IsAlwaysTheSame) {
    EXPECT_EQ(stand_in_firmware(), stand_in_firmware());
    // Noise and not zeros: a line of memory that was not written back must show.
    const auto parsed = firmware();
    for (const auto& blob : {parsed.sp(0).blob, parsed.sp(1).blob, parsed.bootloader().blob}) {
        const auto body = parsed.body(blob);
        EXPECT_LT(std::ranges::count(body, std::byte{}), static_cast<long>(body.size() / 100));
    }
}

TEST(StandIn, HasWhatTheDriverAsksForWhenItIsLoaded) {
    EXPECT_EQ(refused_for(File{stand_in_firmware()}), "");
}

TEST(StandIn, SpoiledIsRefused) {
    struct Spoiled {
        std::size_t at;
        std::uint32_t value;
        std::string reason;
    };
    constexpr std::size_t video = 3;
    for (const auto& [at, value, reason] :
         {Spoiled{header_size_at, 80, "header"}, Spoiled{number_at, 100, "header"},
          Spoiled{number_at, 2, "programs"}, Spoiled{info_at(0) + blob::size, 1, "sizes of parts"},
          Spoiled{info_at(1) + blob::name, 0x7fffffff, "name"},
          Spoiled{info_at(2) + blob::offset, 0x7fffffff, "size"},
          Spoiled{info_at(2) + variables_at + 8, bar_bytes, "variable"},
          Spoiled{info_at(video) + isp::stripes, 3, "stripes"},
          Spoiled{info_at(video) + isp::block_width, 0, "block"},
          Spoiled{info_at(video) + isp::output_formats + 4, formats_at_most, "format"},
          Spoiled{info_at(video) + blob::tables + 8, 0x7fffffff, "table"}}) {
        auto bytes = stand_in_firmware();
        poke(bytes, at, value);
        EXPECT_EQ(refused_for(File{std::move(bytes)}), reason) << at;
    }
}

TEST(StandIn, HasAProgramForEachModeAndForEachSize) {
    const File file{stand_in_firmware()};
    const auto name = [&](const Wanted& wanted) {
        const auto number = chosen(file, wanted);
        return number ? file.name(*number) : "none";
    };
    constexpr std::uint32_t video = 3;
    constexpr std::uint32_t still = 2;
    EXPECT_EQ(name({video, 1296, 972, 1280, 960}), "video");
    EXPECT_EQ(name({still, 1296, 972, 1280, 960}), "still");
    EXPECT_EQ(name({video, 4224, 3136, 4096, 3072}), "video");
    EXPECT_EQ(name({video, 5120, 3840, 2, 2}), "video");
    EXPECT_EQ(name({video, 5121, 3840, 640, 480}), "none");
    EXPECT_EQ(name({video, 4224, 3136, 4481, 3072}), "none");
    EXPECT_EQ(name({1, 1296, 972, 1280, 960}), "none");
}

TEST(StandIn, HasRoomForWhatTheDriverPutsIntoTheIspsMemories) {
    const File file{stand_in_firmware()};
    for (const auto number : {std::size_t{3}, std::size_t{4}}) {
        const auto size = [&](std::size_t of_class, std::size_t memory) {
            return file.info(number, isp::initializers + 8 * (memories * of_class + memory) + 4);
        };
        std::set<std::pair<std::size_t, std::uint32_t>> taken; // memories of classes, bytes of them
        for (const auto& needed : needed(number == 3)) {
            const auto entry =
                file.info(number, blob::tables + 4 * needed.of_class) + place_bytes * needed.entry;
            const auto at = file.word(entry);
            EXPECT_EQ(file.word(entry + 4), needed.bytes);
            EXPECT_LE(at + needed.bytes, size(needed.of_class, needed.memory));
            for (auto byte = at; byte < at + needed.bytes; ++byte) {
                EXPECT_TRUE(taken.emplace(memories * needed.of_class + needed.memory, byte).second)
                    << "two structures at byte " << byte;
            }
        }
    }
}

} // namespace
} // namespace ipu3::imgu::test
