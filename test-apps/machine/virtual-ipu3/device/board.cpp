// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/device/board.hpp"

#include <utility>

namespace ipu3::device {

Sabotage sabotage_of(sim::Mistake mistake) {
    switch (mistake) {
    case sim::Mistake::packing_bit:
        return {.cio2 = cio2::Sabotage::packing_bit};
    case sim::Mistake::lop_step:
        return {.cio2 = cio2::Sabotage::lop_step};
    case sim::Mistake::int_status_bit:
        return {.cio2 = cio2::Sabotage::int_status_bit};
    case sim::Mistake::chip_id:
        return {.wrong_chip_id = true};
    case sim::Mistake::swapped_chroma:
        return {.imgu = imgu::Sabotage::swapped_chroma};
    case sim::Mistake::shifted_pixel:
        return {.imgu = imgu::Sabotage::shifted_pixel};
    case sim::Mistake::wrong_stride:
        return {.imgu = imgu::Sabotage::wrong_stride};
    case sim::Mistake::previous_statistics:
        return {.imgu = imgu::Sabotage::previous_statistics};
    case sim::Mistake::lost_event:
        return {.imgu = imgu::Sabotage::lost_event};
    case sim::Mistake::late_event:
        return {.imgu = imgu::Sabotage::late_event};
    }
    return {};
}

base::Result<std::unique_ptr<Board>> Board::make(const BoardSpec& spec, sim::Scheduler& clock,
                                                 Workers workers, sim::Trace& trace) {
    auto scene = scene::make_scene(spec.scene, spec.seed);
    if (!scene) {
        return tl::unexpected{std::move(scene.error())};
    }
    std::optional<imgu::Firmware> firmware;
    if (!spec.imgu_firmware.empty()) {
        auto loaded = imgu::Firmware::load(spec.imgu_firmware);
        if (!loaded) {
            return tl::unexpected{std::move(loaded.error())};
        }
        firmware = std::move(*loaded);
    }
    return std::unique_ptr<Board>{
        new Board{spec, std::move(*scene), std::move(firmware), clock, workers, trace}};
}

Board::Board(const BoardSpec& spec, std::unique_ptr<scene::Scene> scene,
             std::optional<imgu::Firmware> firmware, sim::Scheduler& clock, Workers workers,
             sim::Trace& trace)
    : faults_{spec.faults, spec.seed}, scene_{std::move(scene)},
      cio2_{clock, trace, faults_, spec.sabotage.cio2},
      i2c_{i2c::LpssI2c{0, clock, trace, faults_}, i2c::LpssI2c{1, clock, trace, faults_}} {
    for (const auto* entry : spec.sensors) {
        const sensors::SensorContext context{
            .clock = clock,
            .worker = workers.sensors,
            .trace = trace,
            .faults = faults_,
            .scene = *scene_,
            .receiver = cio2_.port(entry->csi_port),
            .csi_port = entry->csi_port,
            .paced = spec.paced,
            .slow = spec.slow,
            .wrong_chip_id = spec.sabotage.wrong_chip_id,
        };
        auto sensor = sensors::make_sensor(*entry, context);
        i2c_.at(entry->i2c_bus).connect(entry->i2c_address, *sensor, entry->csi_port);
        sensors_.push_back(std::move(sensor));
    }
    if (firmware) {
        trace.emit("imgu", "firmware", {{"version", firmware->version()}});
        imgu_ = std::make_unique<imgu::Imgu>(std::move(*firmware), clock, workers.imgu, trace,
                                             faults_, spec.sabotage.imgu);
        if (spec.imgu_observer != nullptr) {
            imgu_->observe(*spec.imgu_observer);
        }
    }
    for (unsigned index = 0; index < spec.dmatest; ++index) {
        dmatest_.push_back(std::make_unique<dmatest::DmaTest>(index, clock, trace));
    }
}

std::vector<BoardFunction> Board::functions() {
    std::vector<BoardFunction> all{{"cio2", &cio2_}, {"i2c0", &i2c_.at(0)}, {"i2c1", &i2c_.at(1)}};
    if (imgu_) {
        all.push_back({.name = "imgu", .function = imgu_.get()});
    }
    for (unsigned index = 0; index < dmatest_.size(); ++index) {
        all.push_back({.name = dmatest::DmaTest::name(index), .function = dmatest_[index].get()});
    }
    return all;
}

} // namespace ipu3::device
