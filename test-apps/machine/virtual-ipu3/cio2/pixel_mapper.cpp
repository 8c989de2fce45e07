// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/pixel_mapper.hpp"

namespace ipu3::cio2 {

using reg::pxm::FrfCfg;
using reg::pxm::PxfFmtCfg;
using reg::pxm::Sid2Bid;

PixelMapper::PixelMapper() {
    for (unsigned index = 0; index < PxfFmtCfg::registers; ++index) {
        bank_.declare(PxfFmtCfg::offset + (std::uint64_t{4} * index));
    }
    bank_.declare<FrfCfg>();
    for (unsigned index = 0; index < Sid2Bid::registers; ++index) {
        bank_.declare(Sid2Bid::offset + (std::uint64_t{4} * index));
    }
}

std::optional<std::size_t> PixelMapper::line_alignment(unsigned stream_id) const {
    const auto format = PxfFmtCfg::of(bank_.value(PxfFmtCfg::at(stream_id)), stream_id);
    if (format.get<PxfFmtCfg::Bpp>() != PxfFmtCfg::bpp_10 || format.get<PxfFmtCfg::Spec>() != 0 ||
        format.get<PxfFmtCfg::Swap>() != 0) {
        return std::nullopt;
    }
    return format.get<PxfFmtCfg::Pck32B>() != 0 ? 32 : 64;
}

unsigned PixelMapper::channel(unsigned stream_id) const {
    return Sid2Bid::channel(bank_.value(Sid2Bid::at(stream_id)), stream_id);
}

bool PixelMapper::aborting() const {
    return bank_.get<FrfCfg>().get<FrfCfg::Abort>() != 0;
}

} // namespace ipu3::cio2
