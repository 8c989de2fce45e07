// SPDX-License-Identifier: GPL-2.0-or-later
// params_fuzz_seeds FOLDER NUMBER: writes inputs for params_fuzz to begin with, parameters that fit
// their sizes.
#include "cases.hpp"
#include "params_fuzz.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <string>

namespace {

void write(const std::filesystem::path& folder, std::uint32_t number) {
    using namespace differential;
    const auto exchange = std::make_unique<reference_exchange>();
    (void)make_case(fuzz_seed, number, *exchange);
    const auto& set = exchange->set[exchange->sets - 1];
    if (set.given == 0) {
        return;
    }
    std::ofstream out{folder / fmt::format("set-{}", number), std::ios::binary};
    const std::array header{static_cast<char>(number & 255U), static_cast<char>(number >> 8U)};
    const auto* const params = reinterpret_cast<const char*>(set.params);
    constexpr auto behind = fuzz_lut_at + fuzz_lut_bytes;
    out.write(header.data(), header.size());
    out.write(params, fuzz_lut_at);
    out.write(params + behind, sizeof(set.params) - behind);
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 3) {
            (void)std::fputs("usage: params_fuzz_seeds FOLDER NUMBER\n", stderr);
            return 2;
        }
        std::filesystem::create_directories(argv[1]);
        for (std::uint32_t number = 0; number < std::stoul(argv[2]); ++number) {
            write(argv[1], number);
        }
        return 0;
    } catch (const std::exception& error) {
        (void)std::fprintf(stderr, "params_fuzz_seeds: %s\n", error.what());
        return 1;
    }
}
