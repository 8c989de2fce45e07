// SPDX-License-Identifier: GPL-2.0-or-later
// Ways for a processor to store, each of which the cache model has to notice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cache_probe {

// Assembler code changes what the compiler sees no change of.
// NOLINTBEGIN(misc-const-correctness)

struct StoreForm {
    std::string_view name;
    std::size_t offset;           ///< where in the page it stores, bytes
    std::size_t lines;            ///< how many lines from that byte's own on it stores to
    bool whole;                   ///< it leaves no byte of them as it was
    void (*store)(std::byte* to); ///< the same bytes every time
};

/// So that a state that is saved is the same every time.
inline void known_registers() {
    asm volatile("fninit; vzeroall" ::
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                       "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory");
}

/// Offsets and sizes are whole lines where nothing else is of interest.
inline constexpr std::array store_forms{
    StoreForm{"byte", 0, 1, false,
              [](std::byte* to) { asm volatile("movb $0x5a, (%0)" ::"r"(to)
                                               : "memory"); }},
    StoreForm{"word", 62, 1, false,
              [](std::byte* to) { asm volatile("movw $0x5a5a, (%0)" ::"r"(to)
                                               : "memory"); }},
    StoreForm{"quad", 8, 1, false,
              [](std::byte* to) { asm volatile("movq $0x5a5a5a5a, (%0)" ::"r"(to)
                                               : "memory"); }},
    StoreForm{"across-lines", 60, 2, false,
              [](std::byte* to) {
                  asm volatile("mov %1, (%0)" ::"r"(to), "r"(0x5a5a5a5a5a5a5a5aU) : "memory");
              }},
    StoreForm{"across-pages", 4092, 2, false,
              [](std::byte* to) {
                  asm volatile("mov %1, (%0)" ::"r"(to), "r"(0x5a5a5a5a5a5a5a5aU) : "memory");
              }},
    StoreForm{"movnti", 0, 1, false,
              [](std::byte* to) {
                  asm volatile("movnti %1, (%0); sfence" ::"r"(to), "r"(0x5a5a5a5aU) : "memory");
              }},
    StoreForm{"sse", 16, 1, false,
              [](std::byte* to) {
                  asm volatile("pcmpeqd %%xmm0, %%xmm0; movdqu %%xmm0, (%0)" ::"r"(to)
                               : "xmm0", "memory");
              }},
    StoreForm{"sse-across-lines", 56, 2, false,
              [](std::byte* to) {
                  asm volatile("pcmpeqd %%xmm0, %%xmm0; movdqu %%xmm0, (%0)" ::"r"(to)
                               : "xmm0", "memory");
              }},
    StoreForm{"movntdq", 16, 1, false,
              [](std::byte* to) {
                  asm volatile("pcmpeqd %%xmm0, %%xmm0; movntdq %%xmm0, (%0); sfence" ::"r"(to)
                               : "xmm0", "memory");
              }},
    StoreForm{"maskmovdqu", 16, 1, false,
              [](std::byte* to) {
                  asm volatile("pcmpeqd %%xmm0, %%xmm0; mov %0, %%rdi; maskmovdqu %%xmm0, %%xmm0; "
                               "sfence" ::"r"(to)
                               : "xmm0", "rdi", "memory");
              }},
    StoreForm{"avx", 32, 1, false,
              [](std::byte* to) {
                  asm volatile("vpcmpeqd %%ymm0, %%ymm0, %%ymm0; vmovdqu %%ymm0, (%0); "
                               "vzeroupper" ::"r"(to)
                               : "xmm0", "memory");
              }},
    StoreForm{"avx-masked", 32, 1, false,
              [](std::byte* to) {
                  asm volatile("vpcmpeqd %%ymm0, %%ymm0, %%ymm0; vpmaskmovd %%ymm0, %%ymm0, (%0); "
                               "vzeroupper" ::"r"(to)
                               : "xmm0", "memory");
              }},
    StoreForm{"x87", 0, 1, false,
              [](std::byte* to) { asm volatile("fld1; fstpt (%0)" ::"r"(to)
                                               : "memory"); }},
    StoreForm{"rep-stosb", 0, 64, true,
              [](std::byte* to) {
                  std::uint64_t count = 4096;
                  asm volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(0x5a) : "memory");
              }},
    StoreForm{
        "rep-stosq", 0, 64, true,
        [](std::byte* to) {
            std::uint64_t count = 512;
            asm volatile("rep stosq" : "+D"(to), "+c"(count) : "a"(0x5a5a5a5a5a5a5a5aU) : "memory");
        }},
    StoreForm{"rep-movsq", 0, 64, true,
              [](std::byte* to) {
                  static constexpr std::array<std::byte, 4096> from{};
                  const auto* source = from.data();
                  std::uint64_t count = 512;
                  asm volatile("rep movsq" : "+D"(to), "+S"(source), "+c"(count)::"memory");
              }},
    StoreForm{"xchg", 0, 1, false,
              [](std::byte* to) {
                  std::uint64_t number = 0x5a;
                  asm volatile("xchg %0, (%1)" : "+r"(number) : "r"(to) : "memory");
              }},
    StoreForm{"lock-or", 0, 1, false,
              [](std::byte* to) {
                  asm volatile("lock orq $0x5a, (%0)" ::"r"(to) : "cc", "memory");
              }},
    StoreForm{"add-zero", 0, 1, false,
              [](std::byte* to) { asm volatile("addq $0, (%0)" ::"r"(to)
                                               : "cc", "memory"); }},
    StoreForm{"lock-cmpxchg", 0, 1, false,
              [](std::byte* to) {
                  std::uint64_t expected = 0;
                  asm volatile("mov (%1), %0; lock cmpxchgq %0, (%1)"
                               : "+a"(expected)
                               : "r"(to)
                               : "cc", "memory");
              }},
    StoreForm{"cmpxchg16b", 0, 1, false,
              [](std::byte* to) {
                  asm volatile("mov (%0), %%rax; mov 8(%0), %%rdx; mov %%rax, %%rbx; "
                               "mov %%rdx, %%rcx; lock cmpxchg16b (%0)" ::"S"(to)
                               : "rax", "rbx", "rcx", "rdx", "cc", "memory");
              }},
    StoreForm{"fxsave", 0, 6, true,
              [](std::byte* to) {
                  known_registers();
                  asm volatile("fxsave64 (%0)" ::"r"(to) : "memory");
              }},
    StoreForm{"xsave", 0, 6, true,
              [](std::byte* to) {
                  known_registers();
                  asm volatile("xsave64 (%0)" ::"r"(to), "a"(3), "d"(0) : "memory");
              }},
};

// NOLINTEND(misc-const-correctness)

} // namespace cache_probe
