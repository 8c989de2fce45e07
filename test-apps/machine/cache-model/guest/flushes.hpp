// SPDX-License-Identifier: GPL-2.0-or-later
// Flush instructions, one function for each form.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cache_probe {

// Assembler code changes what the compiler sees no change of.
// NOLINTBEGIN(misc-const-correctness)

inline void clflush(const void* line) {
    asm volatile("mfence; clflush (%0); mfence" ::"r"(line) : "memory");
}
inline void clflushopt(const void* line) {
    asm volatile("mfence; clflushopt (%0); mfence" ::"r"(line) : "memory");
}
inline void clwb(const void* line) {
    asm volatile("mfence; clwb (%0); mfence" ::"r"(line) : "memory");
}

struct AddressForm {
    std::string_view name;
    void (*flush)(std::byte* line);
};

/// clflush with every form of address that the decoder knows; the line is below 4 GiB.
inline constexpr std::array address_forms{
    AddressForm{"disp8",
                [](std::byte* line) {
                    asm volatile("clflush 0x40(%0)" ::"r"(line - 0x40) : "memory");
                }},
    AddressForm{"disp32",
                [](std::byte* line) {
                    asm volatile("clflush -0x1000(%0)" ::"r"(line + 0x1000) : "memory");
                }},
    AddressForm{"base-index-scale",
                [](std::byte* line) {
                    asm volatile("clflush (%0,%1,8)" ::"r"(line - 0x800), "r"(std::uint64_t{0x100})
                                 : "memory");
                }},
    AddressForm{"r12",
                [](std::byte* line) {
                    asm volatile("mov %0, %%r12; clflush (%%r12)" ::"r"(line) : "r12", "memory");
                }},
    AddressForm{"r13",
                [](std::byte* line) {
                    asm volatile("mov %0, %%r13; clflush (%%r13)" ::"r"(line) : "r13", "memory");
                }},
    AddressForm{"index-only",
                [](std::byte* line) {
                    asm volatile("clflush 0x40(,%0,1)" ::"r"(line - 0x40) : "memory");
                }},
    AddressForm{"address32",
                [](std::byte* line) {
                    // Bits that the prefix makes the processor ignore.
                    const auto address = reinterpret_cast<std::uintptr_t>(line);
                    asm volatile("clflush (%k0)" ::"r"(address | 0x12'0000'0000) : "memory");
                }},
    AddressForm{"fs",
                [](std::byte* line) {
                    std::uintptr_t base = 0;
                    asm volatile("mov %%fs:0, %0" : "=r"(base)); // the thread's own address
                    asm volatile(
                        "clflush %%fs:(%0)" ::"r"(reinterpret_cast<std::uintptr_t>(line) - base)
                        : "memory");
                }},
    AddressForm{"last-byte-of-line",
                [](std::byte* line) { asm volatile("clflush 63(%0)" ::"r"(line)
                                                   : "memory"); }},
    AddressForm{"clflushopt",
                [](std::byte* line) { asm volatile("clflushopt (%0)" ::"r"(line)
                                                   : "memory"); }},
    AddressForm{"ds-clflush",
                [](std::byte* line) {
                    asm volatile(".byte 0x3e; clflush (%0)" ::"r"(line) : "memory");
                }},
};

// NOLINTEND(misc-const-correctness)

} // namespace cache_probe
