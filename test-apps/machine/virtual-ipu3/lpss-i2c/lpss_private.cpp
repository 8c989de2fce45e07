// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/lpss-i2c/lpss_private.hpp"

namespace ipu3::i2c {

namespace {

constexpr bool is_scratch(std::uint64_t offset) {
    return offset >= lpss::Scratch::offset &&
           offset < lpss::Scratch::offset + (4 * lpss::Scratch::words);
}

constexpr std::size_t scratch_index(std::uint64_t offset) {
    return static_cast<std::size_t>((offset - lpss::Scratch::offset) / 4);
}

} // namespace

std::uint32_t LpssPrivate::read(std::uint64_t offset) const {
    if (is_scratch(offset)) {
        return registers_.scratch.at(scratch_index(offset));
    }
    switch (offset) {
    case lpss::Resets::offset:
        return registers_.resets.raw;
    case lpss::ActiveLtr::offset:
        return registers_.active_ltr;
    case lpss::IdleLtr::offset:
        return registers_.idle_ltr;
    case lpss::ClockGate::offset:
        return registers_.clock_gate;
    case lpss::RemapLow::offset:
        return registers_.remap_low;
    case lpss::RemapHigh::offset:
        return registers_.remap_high;
    case lpss::DevIdle::offset:
        return registers_.dev_idle.raw;
    case lpss::Capabilities::offset:
        return lpss::Capabilities{}
            .with<lpss::Capabilities::Instance>(index_)
            .with<lpss::Capabilities::NoDma>(1)
            .raw;
    default:
        return 0;
    }
}

void LpssPrivate::write(std::uint64_t offset, std::uint32_t value) {
    if (is_scratch(offset)) {
        registers_.scratch.at(scratch_index(offset)) = value;
        return;
    }
    switch (offset) {
    case lpss::Resets::offset:
        registers_.resets = lpss::Resets::from(value & lpss::Resets::implemented);
        break;
    case lpss::ActiveLtr::offset:
        registers_.active_ltr = value & lpss::ActiveLtr::implemented;
        break;
    case lpss::IdleLtr::offset:
        registers_.idle_ltr = value & lpss::IdleLtr::implemented;
        break;
    case lpss::ClockGate::offset:
        registers_.clock_gate = value & lpss::ClockGate::implemented;
        break;
    case lpss::RemapLow::offset:
        registers_.remap_low = value;
        break;
    case lpss::RemapHigh::offset:
        registers_.remap_high = value;
        break;
    case lpss::DevIdle::offset: {
        const auto written = lpss::DevIdle::from(value);
        if (written.get<lpss::DevIdle::RestoreRequired>() != 0) {
            registers_.dev_idle = registers_.dev_idle.with<lpss::DevIdle::RestoreRequired>(0);
        }
        registers_.dev_idle =
            registers_.dev_idle.with<lpss::DevIdle::Idle>(written.get<lpss::DevIdle::Idle>());
        break;
    }
    default: // reserved, or Capabilities, which is read-only
        break;
    }
}

} // namespace ipu3::i2c
