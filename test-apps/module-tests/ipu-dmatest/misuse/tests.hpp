// SPDX-License-Identifier: GPL-2.0-or-later
// What this program does, a function each. An error is one of the test itself; what is found wrong
// is in the verdict.
#pragma once

#include "lib/base/result.hpp"
#include "module-tests/misuse/verdict.hpp"

#include <cstdint>

namespace ipu3::dmatest::misuse {

using v4l2::Verdict;

/// Sizes, indexes, offsets and types that there are not.
[[nodiscard]] base::Result<void> try_bad_buffers(Verdict& verdict);
/// User memory and dma-bufs that cannot serve.
[[nodiscard]] base::Result<void> try_bad_memory(Verdict& verdict);
/// More bytes of buffers than the device has addresses.
[[nodiscard]] base::Result<void> try_full_space(Verdict& verdict);
/// The negative control of these: a wrong expectation, and a buffer that is left.
[[nodiscard]] base::Result<void> try_control(Verdict& verdict);

/// Kills @p rounds processes amid calls that are random, but for @p seed the same ones.
[[nodiscard]] base::Result<void> try_kills(Verdict& verdict, unsigned rounds, std::uint32_t seed);

struct OrderOptions {
    bool full{false};    ///< with the importer's unbinding, and a kill after each beginning
    bool control{false}; ///< expects memory to be gone that is not
};
/// Everything that ends a buffer, in every order.
[[nodiscard]] base::Result<void> try_orders(Verdict& verdict, const OrderOptions& options);

} // namespace ipu3::dmatest::misuse
