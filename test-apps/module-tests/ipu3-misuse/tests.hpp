// SPDX-License-Identifier: GPL-2.0-or-later
// What this program does, a function each. An error is one of the test itself; what is found wrong
// is in the verdict.
#pragma once

#include "lib/base/result.hpp"
#include "module-tests/ipu3-misuse/bench.hpp"

namespace ipu3::misuse {

/// Formats of the node and of the receiver that there are not: they are adjusted.
[[nodiscard]] base::Result<void> try_formats(Verdict& verdict, const Bench& bench);
/// Sizes, indexes, types, planes and memories that there are not, and calls out of order.
[[nodiscard]] base::Result<void> try_buffers(Verdict& verdict, const Bench& bench);
/// User memory and dma-bufs that cannot serve.
[[nodiscard]] base::Result<void> try_memory(Verdict& verdict, const Bench& bench);
/// Streams whose sensor, receiver and node do not fit, or whose links are closed; and changes of
/// them while this process streams.
[[nodiscard]] base::Result<void> try_pipeline(Verdict& verdict, const Bench& bench);
/// The negative control of these: a wrong errno, a wrong format, and a buffer that is left.
[[nodiscard]] base::Result<void> try_control(Verdict& verdict, const Bench& bench);

/// What is refused, and what is not, while another process streams from the node.
[[nodiscard]] base::Result<void> try_beside(Verdict& verdict, const Bench& bench, unsigned rounds);
/// Streams @p rounds times from a node that other processes want, too.
[[nodiscard]] base::Result<void> fight(Verdict& verdict, const Bench& bench, unsigned rounds);

} // namespace ipu3::misuse
