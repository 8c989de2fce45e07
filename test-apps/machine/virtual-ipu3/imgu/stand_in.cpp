// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/stand_in.hpp"

#include "machine/virtual-ipu3/imgu/firmware_layout.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <random>
#include <span>
#include <utility>

namespace ipu3::imgu {

namespace {

using namespace firmware_layout;

constexpr std::size_t programs_in_file = 5;
constexpr std::size_t alignment = 64; ///< of bodies; nobody asks for it, it eases reading a dump

static_assert(stand_in_version.size() < version_bytes);

/// A program's body has these parts, one behind the other; sizes in bytes.
struct Parts {
    std::uint32_t icache{0};
    std::uint32_t text{0};
    std::uint32_t data{0};
    std::uint32_t bss_target{0};
    std::uint32_t bss{0};
};

/// Where a structure is in a memory of the ISP's, bytes. Size 0: the program has none.
struct Place {
    std::uint32_t at{0};
    std::uint32_t size{0};
};

/// What distinguishes the ISP's two programs: sizes of memories in bytes, and what is where in
/// them.
struct IspProgram {
    std::uint32_t id{0};
    std::uint32_t mode{0}; ///< IA_CSS_BINARY_MODE_... in ipu3-css.h
    std::uint8_t statistics{0};
    std::uint32_t parameters_dmem{0};
    std::uint32_t parameters_vmem{0};
    std::uint32_t configuration{0};
    std::uint32_t state{0};
    std::array<Place, places[0]> parameter_places{};
    std::array<Place, places[1]> configuration_places{};
    std::array<Place, places[2]> state_places{};
};

// The order of places is that of struct imgu_fw_param_memory_offsets and its two sisters; sizes are
// those of the structures in intel-ipu3.h and ipu3-abi.h that the driver puts there.
constexpr Place linearisation{0, 1024};
constexpr Place vmem_xnr3{1024, 512};
constexpr Place vmem_tnr3{1536, 256};
constexpr Place dmem_xnr3{4, 44};
constexpr Place dmem_tnr3{48, 36};
constexpr Place iterator{0, 52};
constexpr Place reference{52, 40};
constexpr Place stabilisation{92, 8};
constexpr Place tnr3{100, 36};
constexpr Place reference_state{0, 8};
constexpr Place tnr3_state{8, 20};

constexpr IspProgram video{
    .id = 236,
    .mode = 3,
    .statistics = 1,
    .parameters_dmem = 84,
    .parameters_vmem = 1792,
    .configuration = 136,
    .state = 28,
    .parameter_places = {linearisation, vmem_tnr3, vmem_xnr3, {}, dmem_tnr3, dmem_xnr3},
    .configuration_places = {iterator, stabilisation, {}, {}, {}, {}, tnr3, reference},
    .state_places = {Place{}, tnr3_state, reference_state}};

/// Without temporal noise reduction, and without statistics.
constexpr IspProgram still{
    .id = 238,
    .mode = 2,
    .statistics = 0,
    .parameters_dmem = 48,
    .parameters_vmem = 1536,
    .configuration = 100,
    .state = 8,
    .parameter_places = {linearisation, {}, vmem_xnr3, {}, {}, dmem_xnr3},
    .configuration_places = {iterator, stabilisation, {}, {}, {}, {}, {}, reference},
    .state_places = {Place{}, Place{}, reference_state}};

/// The file as it grows: infos first, then tables, names and bodies.
class File {
  public:
    File() : bytes_(info_at(programs_in_file)) {
        std::ranges::transform(stand_in_version, bytes_.begin(),
                               [](char letter) { return static_cast<std::byte>(letter); });
        put(number_at, programs_in_file);
        put(header_size_at, header_bytes);
    }

    void add_sp(Type type, std::string_view name, const Parts& parts,
                std::span<const std::uint32_t> variables) {
        add(type, name, parts);
        put_words(info(variables_at), variables);
        ++number_;
    }

    void add_isp(std::string_view name, const Parts& parts, const IspProgram& program) {
        add(Type::isp, name, parts);
        put(info(isp::id), program.id);
        put(info(isp::mode), program.mode);
        put(info(isp::pipe_version), 1);
        constexpr std::uint32_t from_memory = 1; // enum imgu_abi_bin_input_src
        put_words(info(isp::input), {0, 0, 5120, 3840, from_memory});
        put_words(info(isp::output), {2, 2, 4480, 3500});
        put_words(info(isp::internal), {4864, 3724});
        put(info(isp::stripes), 2);
        put(info(isp::block_width), 2);
        put(info(isp::output_block_height), 32);
        for (const auto at : {isp::enable_input_feeder, isp::enable_dvs, isp::enable_params}) {
            put_byte(info(at), 1);
        }
        for (const auto at : {isp::enable_awb, isp::enable_awb_fr, isp::enable_af}) {
            put_byte(info(at), program.statistics);
        }
        // Of enum imgu_abi_frame_format: NV12, NV12_TILEY, NV21, YV12, YUV420, YUV_LINE.
        put_words(info(isp::output_formats), {6, 1, 3, 5, 7, 9, 16});
        put_byte(info(isp::output_pins), 2);
        put_memories(program);
        put_table(0, program.parameter_places);
        put_table(1, program.configuration_places);
        put_table(2, program.state_places);
        ++number_;
    }

    [[nodiscard]] std::vector<std::byte> finish() && { return std::move(bytes_); }

  private:
    void put(std::size_t at, std::size_t value) {
        const auto word = static_cast<std::uint32_t>(value);
        std::memcpy(std::span{bytes_}.subspan(at, sizeof(word)).data(), &word, sizeof(word));
    }
    void put_byte(std::size_t at, std::uint8_t value) { bytes_.at(at) = std::byte{value}; }
    void put_words(std::size_t at, std::span<const std::uint32_t> words) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            put(at + 4 * i, words[i]);
        }
    }
    void put_words(std::size_t at, std::initializer_list<std::uint32_t> words) {
        put_words(at, std::span{words.begin(), words.size()});
    }
    /// Where field @p at of this program's info is in the file.
    [[nodiscard]] std::size_t info(std::size_t at) const { return info_at(number_) + at; }

    /// Makes room at the end of the file; where it is.
    std::size_t grow(std::size_t bytes) {
        const auto at = (bytes_.size() + alignment - 1) / alignment * alignment;
        bytes_.resize(at + bytes);
        return at;
    }

    void add(Type type, std::string_view name, const Parts& parts) {
        put(info(type_at), static_cast<std::uint32_t>(type));
        const auto name_at = grow(name.size() + 1);
        std::memcpy(std::span{bytes_}.subspan(name_at).data(), name.data(), name.size());
        put(info(blob::name), name_at);

        const auto size = parts.icache + parts.text + parts.data;
        const auto body_at = grow(size);
        for (auto& byte : std::span{bytes_}.subspan(body_at, size)) {
            byte = static_cast<std::byte>(random_());
        }
        put(info(blob::offset), body_at);
        put(info(blob::size), size);
        put(info(blob::icache_size), parts.icache);
        put(info(blob::text_source), parts.icache);
        put(info(blob::text_size), parts.text);
        put(info(blob::data_source), parts.icache + parts.text);
        put(info(blob::data_size), parts.data);
        put(info(blob::bss_target), parts.bss_target);
        put(info(blob::bss_size), parts.bss);
    }

    /// The ISP's memory has the program's data, and then these.
    void put_memories(const IspProgram& program) {
        std::uint32_t address = 0x1000;
        const auto put_memory = [&](std::size_t of_class, std::size_t memory, std::uint32_t start,
                                    std::uint32_t size) {
            put_words(info(isp::initializers + 8 * (memories * of_class + memory)), {start, size});
        };
        const std::array in_dmem{program.parameters_dmem, program.configuration, program.state};
        for (std::size_t of_class = 0; of_class < classes; ++of_class) {
            put_memory(of_class, dmem, address, in_dmem.at(of_class));
            address += in_dmem.at(of_class);
        }
        put_memory(0, vmem, 0x80, program.parameters_vmem);
    }

    void put_table(std::size_t of_class, std::span<const Place> table) {
        const auto at = grow(place_bytes * table.size());
        for (std::size_t i = 0; i < table.size(); ++i) {
            put_words(at + place_bytes * i, {table[i].at, table[i].size});
        }
        put(info(blob::tables + 4 * of_class), at);
    }

    std::vector<std::byte> bytes_;
    std::size_t number_{0};
    std::mt19937 random_{1};
};

} // namespace

std::vector<std::byte> stand_in_firmware() {
    // The order is that of struct imgu_fw_sp_info and of struct imgu_fw_bl_info.
    constexpr std::array<std::uint32_t, 20> sp0{
        0x38dc, 0x23c8, 0x23e0, 0x23d0, 0x2d7c, 0x2350, 0x3474, 0x38d8, 0x2348, 0x234c,
        0x346c, 0x128,  0,      0x1dc,  0x1f0,  0x240,  0,      0,      0,      0xb9d};
    constexpr std::array<std::uint32_t, 20> sp1{0x1efc, 0, 0, 0, 0, 0x1dcc, 0, 0x1ef8, 0, 0,
                                                0,      0, 0, 0, 0, 0,      0, 0,      0, 0xf9d};
    constexpr std::array<std::uint32_t, 4> bootloader{0xa4, 0, 0xa0, 0x800};
    File file;
    file.add_sp(
        Type::sp, "sp",
        {.icache = 0x1000, .text = 0x540, .data = 0x324, .bss_target = 0x328, .bss = 0x376c}, sp0);
    file.add_sp(
        Type::sp1, "sp1",
        {.icache = 0x1400, .text = 0x640, .data = 0x20c, .bss_target = 0x220, .bss = 0x1cf4}, sp1);
    file.add_sp(Type::bootloader, "bootloader", {.icache = 0x980, .bss = 0xa8}, bootloader);
    file.add_isp("video", {.text = 0x1000, .data = 0x1d4, .bss_target = 0x1d4, .bss = 0xa00},
                 video);
    file.add_isp("still", {.text = 0x1000, .data = 0x198, .bss_target = 0x198, .bss = 0xa00},
                 still);
    return std::move(file).finish();
}

} // namespace ipu3::imgu
