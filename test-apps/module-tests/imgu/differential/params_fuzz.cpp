// SPDX-License-Identifier: GPL-2.0-or-later
#include "params_fuzz.hpp"

#include "cases.hpp"
#include "invariants.hpp"
#include "ours.h"
#include "uapi.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace differential {

static_assert(fuzz_lut_at == offsetof(ipu3_uapi_params, acc_param.shd.shd_lut));
static_assert(fuzz_lut_bytes == sizeof(ipu3_uapi_shd_lut));

namespace {

struct Free {
    void operator()(ours* object) const { ours_free(object); }
};

struct World {
    std::unique_ptr<reference_exchange> exchange{std::make_unique<reference_exchange>()};
    std::unique_ptr<reference_set> nothing{std::make_unique<reference_set>()};
    std::unique_ptr<ours, Free> subject{ours_new()};
    ours_result result{};
};

void check(World& world, const reference_set& set, bool must_be_taken) {
    ours_set(world.subject.get(), &set, &world.result);
    if (world.result.reason != 0) {
        if (must_be_taken) {
            throw std::logic_error{
                fmt::format("refused: {}", ours_reason_text(world.result.reason))};
        }
        return;
    }
    const auto broken =
        broken_invariant(world.exchange->pipe, {world.result.acc, REFERENCE_ACC_BYTES});
    if (!broken.empty()) {
        throw std::logic_error{broken};
    }
}

} // namespace

void run_fuzz_input(std::span<const std::uint8_t> input) {
    static World world;
    if (input.size() < fuzz_header_bytes) {
        return;
    }
    world.exchange->pipe = make_pipe(fuzz_seed, input[0] + 256U * input[1]);
    if (ours_begin(world.subject.get(), &world.exchange->pipe) != 0) {
        return;
    }
    auto& set = world.exchange->set[0];
    set.given = 0;
    check(world, set, true);

    set.given = 1;
    auto bytes = input.subspan(fuzz_header_bytes);
    std::memset(set.params, 0, sizeof(set.params));
    const auto before = std::min(bytes.size(), fuzz_lut_at);
    std::copy_n(bytes.begin(), before, set.params);
    bytes = bytes.subspan(before);
    std::memset(set.params + fuzz_lut_at, set.params[fuzz_lut_at - 1], fuzz_lut_bytes);
    const auto behind = fuzz_lut_at + fuzz_lut_bytes;
    std::copy_n(bytes.begin(), std::min(bytes.size(), sizeof(set.params) - behind),
                set.params + behind);
    check(world, set, false);

    // Whether the set before was taken or not.
    world.nothing->given = 1;
    check(world, *world.nothing, true);
}

} // namespace differential
