// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/lpss-i2c/level_msi.hpp"

#include <utility>

namespace ipu3::i2c {

LevelMsi::LevelMsi(sim::Scheduler& clock, std::function<void()> raise)
    : clock_{clock}, raise_{std::move(raise)} {}

void LevelMsi::level(std::uint32_t pending) {
    pending_ = pending;
    read_ &= pending;
    if (pending == 0) {
        reset();
        return;
    }
    if (!on_its_way_ && (pending & ~read_) != 0) {
        announce();
    }
}

void LevelMsi::status_read() {
    on_its_way_ = false;
    read_ = pending_;
    if (pending_ != 0) {
        watch();
    }
}

void LevelMsi::mask_written() {
    read_ = 0;
}

void LevelMsi::reset() {
    pending_ = 0;
    read_ = 0;
    on_its_way_ = false;
    watching_ = false;
    timer_.cancel();
}

void LevelMsi::announce() {
    on_its_way_ = true;
    raise_();
}

void LevelMsi::watch() {
    if (watching_) {
        return;
    }
    watching_ = true;
    timer_ = clock_.after(patience, [this] {
        watching_ = false;
        if (pending_ != 0 && !on_its_way_) {
            announce();
        }
    });
}

} // namespace ipu3::i2c
