// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/kernel_image.hpp"

#include "machine/vm/helper_program.hpp"
#include "machine/vm/initramfs.hpp"
#include "machine/vm/run_directory.hpp"

#include <cstdint>
#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

template <typename T>
void put(std::string& file, std::size_t offset, const T& value) {
    if (file.size() < offset + sizeof value) {
        file.resize(offset + sizeof value);
    }
    std::memcpy(file.data() + offset, &value, sizeof value);
}

/// An ELF file whose notes are @p notes, at its very end.
std::string elf_with(std::string_view notes) {
    std::string file;
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 2;
    put(file, 0, header);
    Elf64_Phdr segment{};
    segment.p_type = PT_LOAD;
    put(file, header.e_phoff, segment);
    segment.p_type = PT_NOTE;
    segment.p_offset = header.e_phoff + 2 * sizeof segment;
    segment.p_filesz = notes.size();
    put(file, header.e_phoff + sizeof segment, segment);
    file += notes;
    return file;
}

std::string note(std::uint32_t type, std::string_view name, std::string_view contents) {
    std::string result;
    put(result, 0,
        Elf64_Nhdr{.n_namesz = static_cast<std::uint32_t>(name.size()),
                   .n_descsz = static_cast<std::uint32_t>(contents.size()),
                   .n_type = type});
    for (const auto text : {name, contents}) {
        result += text;
        result.resize((result.size() + 3) / 4 * 4);
    }
    return result;
}

const std::string pvh_note = note(18, "Xen\0"sv, "\0\0\0\1"sv);

/// A bzImage with @p payload, and with a header of @p version.
std::string image_with(std::string_view payload, std::uint16_t version = 0x020f) {
    constexpr std::uint8_t sectors = 3;
    constexpr std::uint32_t offset = 100;
    std::string image;
    put(image, 0x1f1, sectors);
    put(image, 0x202, std::uint32_t{0x53726448}); // HdrS
    put(image, 0x206, version);
    put(image, 0x248, offset);
    put(image, 0x24c, static_cast<std::uint32_t>(payload.size() + 4));
    image.resize((sectors + 1) * 512 + offset);
    image += payload;
    image += "size"; // of four bytes
    return image + "what comes after";
}

class KernelImage : public testing::Test {
  protected:
    void SetUp() override {
        auto made = RunDirectory::make();
        ASSERT_TRUE(made) << made.error().message;
        folder_.emplace(std::move(*made));
    }
    [[nodiscard]] const fs::path& folder() const { return folder_->path(); }
    [[nodiscard]] fs::path write(std::string_view contents) const {
        auto file = folder() / "image";
        EXPECT_TRUE(write_file(file, contents));
        return file;
    }
    [[nodiscard]] std::string packed(std::string_view contents) const {
        EXPECT_TRUE(write_file(folder() / "plain", contents));
        const auto output = run_helper({"zstd", "-q", "-c", (folder() / "plain").string()}, -1);
        EXPECT_TRUE(output);
        return output.value_or("");
    }

  private:
    std::optional<RunDirectory> folder_;
};

TEST_F(KernelImage, ItsPayloadIsWhereTheHeaderSays) {
    EXPECT_EQ(zstd_payload(image_with("\x28\xb5\x2f\xfdrest"sv)), "\x28\xb5\x2f\xfdrest"sv);
    EXPECT_FALSE(zstd_payload(image_with("\xfd"
                                         "7zXZ"sv)))
        << "another compression";
    EXPECT_FALSE(zstd_payload(image_with("\x28\xb5\x2f\xfdrest"sv, 0x0207)))
        << "has no such fields";
    EXPECT_FALSE(zstd_payload(image_with(""sv)));
}

TEST_F(KernelImage, OneThatIsCutShortHasNone) {
    const auto image = image_with("\x28\xb5\x2f\xfdrest"sv);
    const auto whole = image.size() - "what comes after"sv.size();
    EXPECT_TRUE(zstd_payload(std::string_view{image}.substr(0, whole)));
    for (std::size_t size = 0; size < whole; ++size) {
        EXPECT_FALSE(zstd_payload(std::string_view{image}.substr(0, size))) << size;
    }
}

TEST_F(KernelImage, ThePvhEntryIsFoundAmongOtherNotes) {
    EXPECT_TRUE(has_pvh_entry(elf_with(pvh_note)));
    EXPECT_TRUE(has_pvh_entry(
        elf_with(note(3, "GNU\0"sv, "odd") + note(6, "Xen\0"sv, "linux\0"sv) + pvh_note)));
    EXPECT_FALSE(has_pvh_entry(elf_with("")));
    EXPECT_FALSE(has_pvh_entry(elf_with(note(18, "GNU\0"sv, "\0\0\0\1"sv)))) << "somebody else's";
    EXPECT_FALSE(has_pvh_entry(elf_with(note(6, "Xen\0"sv, "linux\0"sv))));
    auto narrow = elf_with(pvh_note);
    narrow[EI_CLASS] = ELFCLASS32;
    EXPECT_FALSE(has_pvh_entry(narrow));
}

TEST_F(KernelImage, AHostileElfIsNone) {
    const auto elf = elf_with(note(6, "Xen\0"sv, "linux\0"sv) + pvh_note);
    const auto name_ends = elf.size() - 4;
    for (std::size_t size = 0; size < name_ends; ++size) {
        EXPECT_FALSE(has_pvh_entry(std::string_view{elf}.substr(0, size))) << size;
    }
    auto far = elf;
    put(far, offsetof(Elf64_Ehdr, e_phoff), ~std::uint64_t{0} - 8);
    EXPECT_FALSE(has_pvh_entry(far));
    auto endless = elf_with(note(6, "Xen\0"sv, "") + pvh_note);
    put(endless, sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr),
        std::uint32_t{0xffffffff}); // the first note's name's size
    EXPECT_FALSE(has_pvh_entry(endless));
}

TEST_F(KernelImage, IsNotUnpackedWithKasan) {
    EXPECT_FALSE(has_kasan("\0my__asan_register_globals\0"sv));
    const auto elf =
        elf_with(pvh_note) + std::string{"strncpy\0__asan_register_globals\0strlen\0"sv};
    EXPECT_TRUE(has_kasan(elf));
    const auto image = write(image_with(packed(elf)));
    const auto kernel = startable_kernel(image, folder(), -1);
    ASSERT_TRUE(kernel) << kernel.error().message;
    EXPECT_EQ(*kernel, image);
}

TEST_F(KernelImage, IsUnpackedWhereItCanBeEntered) {
    const auto elf = elf_with(pvh_note);
    const auto image = write(image_with(packed(elf)));
    const auto kernel = startable_kernel(image, folder(), -1);
    ASSERT_TRUE(kernel) << kernel.error().message;
    EXPECT_EQ(*kernel, folder() / "vmlinux");
    EXPECT_EQ(read_file(*kernel).value(), elf);
    EXPECT_FALSE(fs::exists(folder() / "vmlinux.zst"));
}

TEST_F(KernelImage, StaysAsItIsWhereItCannot) {
    const auto plain = write("no bzImage");
    EXPECT_EQ(startable_kernel(plain, folder(), -1).value(), plain);
    const auto no_entry = write(image_with(packed(elf_with(""))));
    EXPECT_EQ(startable_kernel(no_entry, folder(), -1).value(), no_entry);
}

TEST_F(KernelImage, ABrokenOneIsOneSentence) {
    auto damaged = packed(elf_with(pvh_note) + std::string(10000, 'x'));
    damaged.resize(damaged.size() / 2);
    const auto broken = startable_kernel(write(image_with(damaged)), folder(), -1);
    ASSERT_FALSE(broken);
    EXPECT_NE(broken.error().message.find("zstd"), std::string::npos) << broken.error().message;
    EXPECT_FALSE(startable_kernel(folder() / "absent", folder(), -1));
}

} // namespace
} // namespace ipu3::vm
