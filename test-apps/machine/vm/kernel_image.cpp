// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/kernel_image.hpp"

#include "machine/vm/helper_program.hpp"
#include "machine/vm/initramfs.hpp"

#include <cstdint>
#include <cstring>
#include <elf.h>
#include <system_error>
#include <type_traits>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::size_t sector = 512;
constexpr std::size_t setup_sectors_at = 0x1f1;
constexpr std::size_t magic_at = 0x202;
constexpr std::size_t version_at = 0x206;
constexpr std::size_t release_pointer_at = 0x20e;
constexpr std::size_t payload_offset_at = 0x248;
constexpr std::size_t payload_length_at = 0x24c;
constexpr std::uint16_t first_version_with_payload = 0x0208;
constexpr auto zstd_magic = "\x28\xb5\x2f\xfd"sv;
constexpr std::uint32_t pvh_entry_note = 18; // XEN_ELFNOTE_PHYS32_ENTRY

/// A structure of the file; nothing where it would reach beyond the end.
template <typename T>
std::optional<T> at(std::string_view file, std::uint64_t offset) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (offset > file.size() || file.size() - offset < sizeof(T)) {
        return std::nullopt;
    }
    T value{};
    std::memcpy(&value, file.data() + offset, sizeof value);
    return value;
}

/// A part of the file, shorter where the file ends before it does.
std::string_view part(std::string_view file, std::uint64_t offset, std::uint64_t size) {
    return offset < file.size() ? file.substr(offset, size) : std::string_view{};
}

/// Notes are padded to four bytes each, name and contents by themselves.
constexpr std::uint64_t padded(std::uint32_t size) {
    return (std::uint64_t{size} + 3) & ~std::uint64_t{3};
}

bool names_pvh_entry(std::string_view notes) {
    while (const auto note = at<Elf64_Nhdr>(notes, 0)) {
        const auto name = part(notes, sizeof *note, note->n_namesz);
        if (note->n_type == pvh_entry_note && name == "Xen\0"sv) {
            return true;
        }
        const auto size = sizeof *note + padded(note->n_namesz) + padded(note->n_descsz);
        notes = part(notes, size, notes.size());
    }
    return false;
}

} // namespace

std::optional<std::string_view> zstd_payload(std::string_view image) {
    const auto version = at<std::uint16_t>(image, version_at);
    const auto offset = at<std::uint32_t>(image, payload_offset_at);
    const auto length = at<std::uint32_t>(image, payload_length_at);
    if (!version || !offset || !length || part(image, magic_at, 4) != "HdrS" ||
        *version < first_version_with_payload) {
        return std::nullopt;
    }
    const auto sectors = std::uint64_t{at<std::uint8_t>(image, setup_sectors_at).value_or(0)};
    const auto start = (sectors + 1) * sector + *offset;
    constexpr std::size_t trailer = sizeof(std::uint32_t);
    if (*length < trailer || start > image.size() || image.size() - start < *length) {
        return std::nullopt;
    }
    const auto payload = image.substr(start, *length - trailer);
    return payload.starts_with(zstd_magic) ? std::optional{payload} : std::nullopt;
}

std::optional<std::string_view> image_release(std::string_view image) {
    // The pointer counts from the end of the boot sector: "RELEASE (USER@HOST) VERSION\0".
    const auto pointer = at<std::uint16_t>(image, release_pointer_at);
    if (!pointer || *pointer == 0 || part(image, magic_at, 4) != "HdrS") {
        return std::nullopt;
    }
    const auto text = part(image, sector + *pointer, image.size());
    const auto end = text.find_first_of(" \0"sv);
    return end == std::string_view::npos || end == 0 ? std::nullopt
                                                     : std::optional{text.substr(0, end)};
}

bool has_pvh_entry(std::string_view elf) {
    const auto header = at<Elf64_Ehdr>(elf, 0);
    if (!header || !elf.starts_with(ELFMAG) || header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_phentsize < sizeof(Elf64_Phdr)) {
        return false;
    }
    for (std::uint64_t index = 0; index < header->e_phnum; ++index) {
        const auto segment = at<Elf64_Phdr>(elf, header->e_phoff + index * header->e_phentsize);
        if (segment && segment->p_type == PT_NOTE &&
            names_pvh_entry(part(elf, segment->p_offset, segment->p_filesz))) {
            return true;
        }
    }
    return false;
}

bool has_kasan(std::string_view elf) {
    return elf.find("\0__asan_register_globals\0"sv) != std::string_view::npos;
}

base::Result<fs::path> startable_kernel(const fs::path& image, const fs::path& folder,
                                        int signals) {
    const auto packed = read_file(image);
    if (!packed) {
        return tl::unexpected{packed.error()};
    }
    const auto payload = zstd_payload(*packed);
    if (!payload) {
        return image;
    }
    const auto payload_file = folder / "vmlinux.zst";
    auto kernel = folder / "vmlinux";
    if (auto written = write_file(payload_file, *payload); !written) {
        return tl::unexpected{std::move(written.error())};
    }
    if (auto unpacked = run_helper({"zstd", "--decompress", "--quiet", "--force", "--rm",
                                    payload_file.string(), "-o", kernel.string()},
                                   signals);
        !unpacked) {
        return tl::unexpected{std::move(unpacked.error())};
    }
    const auto elf = read_file(kernel);
    if (!elf) {
        return tl::unexpected{elf.error()};
    }
    // What the PVH entry calls asks for KASAN's shadow, which is not there yet.
    return has_pvh_entry(*elf) && !has_kasan(*elf) ? kernel : image;
}

} // namespace ipu3::vm
