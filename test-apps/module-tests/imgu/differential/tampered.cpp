// SPDX-License-Identifier: GPL-2.0-or-later
#include "tampered.hpp"

#include <algorithm>

namespace differential {

std::string Tampered::begin(const reference_exchange& exchange) {
    auto& mine = child_.exchange();
    mine.pipe = exchange.pipe;
    mine.sets = exchange.sets;
    mine.want_warp = exchange.want_warp;
    std::copy_n(exchange.set, exchange.sets, mine.set);
    (void)child_.run();
    return {};
}

std::string Tampered::set(const reference_exchange& /*exchange*/, std::uint32_t index) {
    verdict_ = &child_.exchange().verdicts[index];
    const bool refuses = index >= child_.exchange().sets_done || verdict_->error != 0;
    return refuses != contradicts_ ? "theirs" : "";
}

std::span<std::uint8_t> Tampered::changed(BlockKind kind, std::uint8_t* bytes,
                                          std::size_t size) const {
    if (kind == kind_ && bits_ != 0) {
        bytes[at_] = static_cast<std::uint8_t>(bytes[at_] ^ bits_);
    }
    return {bytes, size};
}

Subject::Blocks Tampered::blocks() const {
    // The child's memory is this object's, however it is reached.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    auto& mine = const_cast<Child&>(child_).exchange();
    const bool video = mine.pipe.video != 0;
    return {.acc = changed(BlockKind::acc, mine.acc[verdict_->acc], REFERENCE_ACC_BYTES),
            .vmem = changed(BlockKind::vmem, mine.vmem[verdict_->vmem],
                            video ? std::size_t{REFERENCE_VMEM_BYTES} : std::size_t{1536}),
            .dmem = changed(BlockKind::dmem, mine.dmem[verdict_->dmem],
                            video ? std::size_t{REFERENCE_DMEM_BYTES} : std::size_t{48})};
}

std::span<const std::uint8_t> Tampered::warp() {
    auto& mine = child_.exchange();
    return changed(BlockKind::warp, mine.warp[0],
                   mine.warp_blocks * std::size_t{REFERENCE_WARP_BLOCK_BYTES});
}

} // namespace differential
