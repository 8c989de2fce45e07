// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/scene.hpp"

#include "lib/frames/counter.hpp"
#include "lib/frames/png.hpp"
#include "machine/virtual-ipu3/scene/bars_field.hpp"
#include "machine/virtual-ipu3/scene/picture_field.hpp"
#include "machine/virtual-ipu3/scene/room_field.hpp"
#include "machine/virtual-ipu3/scene/sensor_scene.hpp"
#include "machine/virtual-ipu3/scene/size_limit.hpp"

#include <array>
#include <charconv>
#include <cmath>

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

struct Illuminant {
    std::string_view name;
    Light light;
};

// CIE 15: illuminants A and D75, in linear sRGB, of luminance 1.
constexpr std::array illuminants{Illuminant{"tungsten", {1.845F, 0.826F, 0.233F}},
                                 Illuminant{"shade", {0.929F, 1.007F, 1.145F}}};

/// What is behind "room": nothing, or an illuminant and a level, each with its colon.
base::Result<RoomOptions> room_options(std::string_view spec) {
    RoomOptions options;
    auto rest = spec;
    for (const auto& [name, light] : illuminants) {
        if (rest.substr(rest.empty() ? 0 : 1).starts_with(name)) {
            options.filter = light;
            rest.remove_prefix(1 + name.size());
            break;
        }
    }
    if (rest.empty()) {
        return options;
    }
    float level = 0;
    const auto* const end = rest.data() + rest.size();
    const auto parsed = std::from_chars(rest.data() + 1, end, level);
    if (rest.front() != ':' || parsed.ec != std::errc{} || parsed.ptr != end || level < 0.001F ||
        level > 1000.0F || std::isnan(level)) {
        return base::fail("'room{}' is no room; write room, room:tungsten or room:shade, and a "
                          "level of light from 0.001 to 1000 behind it, for example room:shade:0.1",
                          spec);
    }
    options.filter = options.filter * level;
    return options;
}

} // namespace

base::Result<std::unique_ptr<Scene>> make_scene(std::string_view spec, std::uint64_t seed) {
    if (spec == "counter") {
        return std::make_unique<CounterScene>();
    }
    if (spec == "bars") {
        return std::make_unique<SensorScene>(std::make_unique<BarsField>(), std::nullopt);
    }
    if (spec == "room" || spec.starts_with("room:")) {
        return room_options(spec.substr(4))
            .map([&](const RoomOptions& options) -> std::unique_ptr<Scene> {
                return std::make_unique<SensorScene>(std::make_unique<RoomField>(options), seed);
            });
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
