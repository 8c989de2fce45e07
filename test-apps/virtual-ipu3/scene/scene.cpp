// SPDX-License-Identifier: GPL-2.0-or-later
#include "virtual-ipu3/scene/scene.hpp"

#include "frames/counter.hpp"
#include "frames/png.hpp"
#include "virtual-ipu3/scene/bars_field.hpp"
#include "virtual-ipu3/scene/picture_field.hpp"
#include "virtual-ipu3/scene/room_field.hpp"
#include "virtual-ipu3/scene/sensor_scene.hpp"
#include "virtual-ipu3/scene/size_limit.hpp"

namespace ipu3::scene {

namespace {

class CounterScene final : public Scene {
  public:
    void render(const Readout& readout, frames::RawImage& image) override {
        resize(image, readout);
        for (unsigned y = 0; y < readout.output.height; ++y) {
            frames::counter_line(readout.frame, y, image.line(y));
        }
    }
};

} // namespace

base::Result<std::unique_ptr<Scene>> make_scene(std::string_view spec, std::uint64_t seed) {
    if (spec == "counter") {
        return std::make_unique<CounterScene>();
    }
    if (spec == "bars") {
        return std::make_unique<SensorScene>(std::make_unique<BarsField>(), std::nullopt);
    }
    if (spec == "room") {
        return std::make_unique<SensorScene>(std::make_unique<RoomField>(RoomOptions{}), seed);
    }
    if (spec.ends_with(".png") || spec.ends_with(".PNG")) {
        return frames::read_png(spec)
            .map_error([](base::Error error) {
                error.message = "scene: " + error.message;
                return error;
            })
            .map([&](frames::Rgb8 picture) -> std::unique_ptr<Scene> {
                return std::make_unique<SensorScene>(
                    std::make_unique<PictureField>(std::move(picture)), seed);
            });
    }
    return base::fail("'{}' is no scene; possible are counter, bars, room and the path of a file "
                      "whose name ends in .png",
                      spec);
}

} // namespace ipu3::scene
