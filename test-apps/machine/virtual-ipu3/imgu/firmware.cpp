// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/firmware.hpp"

#include "machine/virtual-ipu3/imgu/firmware_layout.hpp"
#include "machine/virtual-ipu3/imgu/queues.hpp"
#include "machine/virtual-ipu3/imgu/registers.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace ipu3::imgu {

namespace {

namespace layout = firmware_layout;
using layout::Type;

constexpr std::uint32_t programs_at_most = 1000;

class Words {
  public:
    explicit Words(std::span<const std::byte> bytes) : bytes_{bytes} {}
    /// @p at: bytes; within the span.
    [[nodiscard]] std::uint32_t operator[](std::size_t at) const {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes_.subspan(at, sizeof(value)).data(), sizeof(value));
        return value;
    }

  private:
    std::span<const std::byte> bytes_;
};

Blob read_blob(const Words& info) {
    return {.offset = info[layout::blob::offset],
            .size = info[layout::blob::size],
            .text_source = info[layout::blob::text_source],
            .text_size = info[layout::blob::text_size],
            .data_source = info[layout::blob::data_source],
            .data_target = info[layout::blob::data_target],
            .data_size = info[layout::blob::data_size],
            .bss_target = info[layout::blob::bss_target],
            .bss_size = info[layout::blob::bss_size]};
}

/// The order is that of struct imgu_fw_sp_info.
SpProgram read_sp(const Words& info) {
    const auto word = [&](std::size_t number) { return info[layout::variables_at + 4 * number]; };
    return {.blob = read_blob(info),
            .init_dmem_data = word(0),
            .per_frame_data = word(1),
            .output = word(3),
            .host_sp_queue = word(4),
            .host_sp_com = word(5),
            .isp_started = word(6),
            .sw_state = word(7),
            .queues_initialized = word(8),
            .sleep_mode = word(9),
            .invalidate_tlb = word(10),
            .entry = word(19)};
}

Bootloader read_bootloader(const Words& info) {
    const auto word = [&](std::size_t number) { return info[layout::variables_at + 4 * number]; };
    return {.blob = read_blob(info),
            .num_dma_cmds = word(0),
            .dma_cmd_list = word(1),
            .sw_state = word(2),
            .entry = word(3)};
}

bool lies_within(std::uint64_t start, std::uint64_t size, std::uint64_t bytes) {
    return start + size <= bytes;
}

base::Result<void> check(const Blob& blob, std::size_t number, std::size_t file_size) {
    if (!lies_within(blob.offset, blob.size, file_size)) {
        return base::fail("program {} does not lie within the file", number);
    }
    if (!lies_within(blob.text_source, blob.text_size, blob.size) ||
        !lies_within(blob.data_source, blob.data_size, blob.size)) {
        return base::fail("program {} has parts that do not lie within it", number);
    }
    return {};
}

base::Result<void> check_variables(std::initializer_list<std::uint32_t> variables,
                                   std::size_t number) {
    const auto outside = [](std::uint32_t at) {
        return !lies_within(at, sizeof(std::uint32_t), reg::memory::bytes);
    };
    if (std::ranges::any_of(variables, outside)) {
        return base::fail("program {} has a variable that does not lie in its memory", number);
    }
    return {};
}

base::Result<void> check(const SpProgram& sp, std::size_t number) {
    if (!lies_within(sp.blob.data_target, sp.blob.data_size, reg::memory::bytes) ||
        !lies_within(sp.blob.bss_target, sp.blob.bss_size, reg::memory::bytes)) {
        return base::fail("program {} does not fit into its memory", number);
    }
    if (!lies_within(sp.host_sp_queue, Queues::bytes, reg::memory::bytes)) {
        return base::fail("program {} has queues that do not fit into its memory", number);
    }
    return check_variables({sp.init_dmem_data, sp.per_frame_data, sp.output, sp.host_sp_queue,
                            sp.host_sp_com, sp.isp_started, sp.sw_state, sp.queues_initialized,
                            sp.sleep_mode, sp.invalidate_tlb},
                           number);
}

} // namespace

base::Result<Firmware> Firmware::parse(std::vector<std::byte> bytes) {
    if (bytes.size() < layout::header_bytes) {
        return base::fail("not a firmware file: {} bytes", bytes.size());
    }
    Firmware firmware;
    const Words header{bytes};
    const auto programs = header[layout::number_at];
    if (header[layout::header_size_at] != layout::header_bytes) {
        return base::fail("not a firmware file: its header has {} bytes, not {}",
                          header[layout::header_size_at], layout::header_bytes);
    }
    if (programs > programs_at_most ||
        !lies_within(layout::header_bytes, layout::info_bytes * programs, bytes.size())) {
        return base::fail("too short for the {} programs that it names", programs);
    }
    std::array<bool, 3> found{};
    for (std::size_t number = 0; number < programs; ++number) {
        const auto at = layout::info_at(number);
        const Words info{std::span{bytes}.subspan(at, layout::info_bytes)};
        auto good = check(read_blob(info), number, bytes.size());
        const auto type = static_cast<Type>(info[layout::type_at]);
        if (good && (type == Type::sp || type == Type::sp1)) {
            const auto sp = type == Type::sp ? 0U : 1U;
            firmware.sps_.at(sp) = read_sp(info);
            found.at(sp) = true;
            good = check(firmware.sps_.at(sp), number);
        } else if (good && type == Type::bootloader) {
            firmware.bootloader_ = read_bootloader(info);
            found.at(2) = true;
            good =
                check_variables({firmware.bootloader_.num_dma_cmds,
                                 firmware.bootloader_.dma_cmd_list, firmware.bootloader_.sw_state},
                                number);
        }
        if (!good) {
            return tl::unexpected{std::move(good.error())};
        }
    }
    if (!std::ranges::all_of(found, std::identity{})) {
        return base::fail("lacks the program of SP0, of SP1 or the bootloader");
    }
    const std::string_view version{reinterpret_cast<const char*>(bytes.data()),
                                   layout::version_bytes};
    firmware.version_ = version.substr(0, version.find('\0'));
    firmware.bytes_ = std::move(bytes);
    return firmware;
}

base::Result<Firmware> Firmware::load(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::vector<std::byte> bytes;
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error || !stream) {
        return base::fail_errno(error ? error.value() : EIO, "firmware {}", file.string());
    }
    bytes.resize(size);
    if (!stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
        return base::fail_errno(EIO, "firmware {}", file.string());
    }
    auto parsed = parse(std::move(bytes));
    if (!parsed) {
        return base::fail("firmware {}: {}", file.string(), parsed.error().message);
    }
    return parsed;
}

std::span<const std::byte> Firmware::body(const Blob& blob) const {
    return std::span{bytes_}.subspan(blob.offset, blob.size);
}

std::span<const std::byte> Firmware::text(const Blob& blob) const {
    return std::span{bytes_}.subspan(blob.offset + blob.text_source, blob.text_size);
}

std::span<const std::byte> Firmware::data(const Blob& blob) const {
    return std::span{bytes_}.subspan(blob.offset + blob.data_source, blob.data_size);
}

std::optional<std::uint32_t> Firmware::word(std::uint32_t at) const {
    if (!lies_within(at, sizeof(std::uint32_t), bytes_.size())) {
        return std::nullopt;
    }
    return Words{bytes_}[at];
}

} // namespace ipu3::imgu
