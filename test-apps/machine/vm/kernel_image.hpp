// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel as the emulator starts it fastest. A bzImage unpacks itself, which takes a quarter of
// a boot under emulation; unpacked on the host it is the same kernel, and QEMU enters it by its PVH
// entry. Not one with KASAN: xen_cpuid_base(), called by that entry, calls memcmp(), which looks at
// a shadow that nobody has mapped yet (7.3.4, arch/x86/include/asm/cpuid/api.h, says that this must
// not be; with GCC 14 it is). Facts: the kernel's Documentation/arch/x86/boot.rst (the header, the
// payload), include/xen/interface/elfnote.h (the note of the entry).
#pragma once

#include "lib/base/result.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace ipu3::vm {

/// The compressed kernel within a bzImage, without the length that follows it; nothing if this is
/// no bzImage of boot protocol 2.08 or later, or if its kernel is compressed otherwise than by
/// zstd.
[[nodiscard]] std::optional<std::string_view> zstd_payload(std::string_view image);

/// The release of the kernel in a bzImage, as uname -r will say it; nothing if this is no bzImage.
[[nodiscard]] std::optional<std::string_view> image_release(std::string_view image);

/// Whether an ELF file of 64 bits has the note that names a PVH entry; false for anything else.
[[nodiscard]] bool has_pvh_entry(std::string_view elf);

/// Whether KASAN (generic) watches the kernel in an ELF file, by the name of a function that every
/// module of such a kernel calls.
[[nodiscard]] bool has_kasan(std::string_view elf);

/// What QEMU is to be given of the kernel @p image: the kernel unpacked into @p folder, or @p image
/// itself where it cannot be entered like that. @p signals is a signalfd, as for run_helper().
/// Error: a file cannot be read or written, or the payload is broken.
[[nodiscard]] base::Result<std::filesystem::path>
startable_kernel(const std::filesystem::path& image, const std::filesystem::path& folder,
                 int signals);

} // namespace ipu3::vm
