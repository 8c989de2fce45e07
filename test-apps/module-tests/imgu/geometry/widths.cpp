// SPDX-License-Identifier: GPL-2.0-or-later
// imgu-widths: what becomes of each pair of widths that there is, as one number. check-mutations
// asks it last: of a mutant that it does not notice, no two widths differ.
#include "module-tests/imgu/geometry/pure.hpp"

#include <cinttypes>
#include <cstdio>
#include <functional>
#include <string_view>

namespace {

class Digest {
  public:
    template <class T>
    void add(const T& value) {
        const std::string_view bytes{reinterpret_cast<const char*>(&value), sizeof(value)};
        digest_ = digest_ * 1'000'003 + std::hash<std::string_view>{}(bytes);
    }
    [[nodiscard]] std::uint64_t value() const { return digest_; }

  private:
    std::uint64_t digest_{0};
};

struct Counts {
    std::uint64_t tried{0}, taken{0};
};

/// A frame of 1000 lines, of which nothing is scaled but the viewfinder.
void look(Digest& digest, Counts& counts, const imgu_program& program, u32 gdc, u32 out, u32 vf) {
    imgu_geometry made{};
    made.in = {4224, 3136};
    made.crop = made.bds = made.gdc = {gdc, 1000};
    made.out = {out, 1000};
    made.vf = {vf, 1000 * vf / gdc};
    made.vf_enabled = true;
    imgu_geometry_complete(&made);
    const auto reason = imgu_geometry_judge(&made, &program);
    digest.add(reason);
    ++counts.tried;
    imgu_acc_stripe stripe{};
    if (reason != IMGU_OK || imgu_stripes(&made, &program, &stripe) != IMGU_OK) {
        return;
    }
    imgu_acc_osys osys{};
    imgu_osys(&made, &program, &osys, &stripe);
    digest.add(osys);
    digest.add(stripe);
    ++counts.taken;
}

} // namespace

int main() {
    Digest digest;
    Counts counts;
    for (const u8 stripes : {u8{1}, u8{2}}) {
        imgu_program program{};
        program.stripes = stripes;
        program.block_width = 2;
        program.block_height = 32;
        for (u32 gdc = IMGU_MIN_SIZE; gdc <= IMGU_MAX_WIDTH; gdc += 8) {
            for (u32 vf = IMGU_MIN_SIZE; vf <= gdc; vf += 2) {
                look(digest, counts, program, gdc, gdc, vf);
            }
            for (u32 out = IMGU_MIN_SIZE; out < gdc; out += 8) {
                look(digest, counts, program, gdc, out, gdc);
                look(digest, counts, program, gdc, out, gdc / 4 * 2);
            }
        }
    }
    std::printf("%" PRIu64 " pairs of widths, %" PRIu64 " of them taken: %016" PRIx64 "\n",
                counts.tried, counts.taken, digest.value());
    return std::fflush(stdout) == 0 ? 0 : 1;
}
