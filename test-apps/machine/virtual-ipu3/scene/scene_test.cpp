// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/scene.hpp"

#include "lib/frames/counter.hpp"
#include "lib/frames/png.hpp"
#include "machine/virtual-ipu3/scene/picture_field.hpp"
#include "machine/virtual-ipu3/scene/room_field.hpp"
#include "machine/virtual-ipu3/scene/sensor_scene.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace {

using frames::RawImage;
using frames::Size;
using ipu3::scene::ChartPatch;
using ipu3::scene::FieldBox;
using ipu3::scene::Light;
using ipu3::scene::make_scene;
using ipu3::scene::PictureField;
using ipu3::scene::Readout;
using ipu3::scene::RoomField;
using ipu3::scene::RoomOptions;
using ipu3::scene::RoomWorld;
using ipu3::scene::SensorScene;
using ipu3::scene::Vec3;
using testing::HasSubstr;
using Seconds = std::chrono::duration<double>;

constexpr Size small{120, 90};

RawImage render(ipu3::scene::Scene& scene, const Readout& readout) {
    RawImage image;
    scene.render(readout, image);
    return image;
}

Readout small_readout() {
    Readout readout;
    readout.array = readout.output = small;
    readout.exposure = Seconds{1.0 / 30};
    return readout;
}

std::unique_ptr<SensorScene> make_small_room(std::optional<std::uint64_t> seed = {}) {
    return std::make_unique<SensorScene>(std::make_unique<RoomField>(RoomOptions{}, small), seed);
}

TEST(MakeScene, UnknownOnesAreToldWhatIsPossible) {
    for (const auto* const bad : {"", "Room", "rooms", "picture.jpg", "png"}) {
        const auto scene = make_scene(bad, 1);
        ASSERT_FALSE(scene) << bad;
        EXPECT_THAT(scene.error().message, HasSubstr("possible are counter, bars, room"));
        EXPECT_THAT(scene.error().message, HasSubstr(bad));
    }
}

TEST(MakeScene, ABadPictureIsOneSentence) {
    EXPECT_THAT(make_scene("/no/such.png", 1).error().message,
                HasSubstr("cannot open '/no/such.png': No such file"));
    const auto path = std::filesystem::path{testing::TempDir()} /
                      ("scene_test." + std::to_string(::getpid()) + ".png");
    std::ofstream{path} << "no picture";
    EXPECT_THAT(make_scene(path.string(), 1).error().message, HasSubstr("is no readable PNG"));
    std::filesystem::remove(path);
}

TEST(MakeScene, EachNameMakesItsScene) {
    for (const auto* const name :
         {"counter", "bars", "room", "room:tungsten", "room:shade:0.5", "room:20"}) {
        EXPECT_TRUE(make_scene(name, 1)) << name; // an unused room gives its drawing up
    }
}

TEST(MakeScene, ARoomThatIsNoneIsOneSentence) {
    for (const auto* const bad : {"room:", "room:x", "room:0", "room:-1", "room:1001", "room:nan",
                                  "room:tungsten:", "room:tungstenx", "room:shade:1:2"}) {
        const auto scene = make_scene(bad, 1);
        ASSERT_FALSE(scene) << bad;
        EXPECT_THAT(scene.error().message, HasSubstr("write room, room:tungsten or room:shade"));
    }
}

TEST(Room, AnotherIlluminantColoursEverything) {
    const RoomWorld white{RoomOptions{}};
    const RoomWorld filtered{RoomOptions{.filter = {2.0F, 1.0F, 0.5F}}};
    for (const float u : {0.1F, 0.3F, 0.5F, 0.7F}) {
        const auto before = white.trace(RoomWorld::camera_ray(u, 0.4F));
        const auto after = filtered.trace(RoomWorld::camera_ray(u, 0.4F));
        EXPECT_FLOAT_EQ(after.x, 2 * before.x);
        EXPECT_FLOAT_EQ(after.y, before.y);
        EXPECT_FLOAT_EQ(after.z, before.z / 2);
    }
}

TEST(Room, TellsWhereTheChartsPatchesAre) {
    const RoomWorld world{RoomOptions{}};
    const auto patches = RoomWorld::chart_patches();
    const auto light = [&](const ChartPatch& patch) {
        const auto seen = world.trace(RoomWorld::camera_ray(patch.u, patch.v));
        return Vec3{seen.x / patch.colour.x, seen.y / patch.colour.y, seen.z / patch.colour.z};
    };
    // The light on the chart changes slowly, so a patch that is where it should be has its
    // neighbour's.
    for (std::size_t number = 19; number < 22; ++number) {
        const auto here = light(patches.at(number));
        const auto there = light(patches.at(number - 1));
        EXPECT_NEAR(here.x / there.x, 1, 0.15) << number;
        EXPECT_NEAR(here.y / there.y, 1, 0.15) << number;
        EXPECT_NEAR(here.z / there.z, 1, 0.15) << number;
    }
    EXPECT_LT(patches[0].u, patches[1].u);
    EXPECT_LT(patches[0].v, patches[6].v);
}

TEST(CounterScene, IsTheCheckersPatternWhateverTheReadout) {
    const auto scene = make_scene("counter", 1).value();
    for (const Size size : {Size{0, 0}, Size{1, 1}, Size{7, 3}, Size{64, 48}}) {
        Readout readout;
        readout.output = size;
        readout.frame = 12345;
        readout.flip_x = readout.flip_y = true;
        readout.left = 17;
        readout.gain = 9;
        readout.order = frames::BayerOrder::grbg;
        const auto image = render(*scene, readout);
        EXPECT_EQ(image.size, size);
        EXPECT_EQ(image.order, frames::BayerOrder::grbg);
        ASSERT_EQ(image.pixels.size(), std::size_t{size.width} * size.height);
        for (unsigned y = 0; y < size.height; ++y) {
            for (unsigned x = 0; x < size.width; ++x) {
                ASSERT_EQ(image.line(y)[x], frames::counter_pixel(12345, x, y));
            }
        }
    }
    Readout huge;
    huge.output = {65535, 65535};
    RawImage image;
    EXPECT_THROW(scene->render(huge, image), std::length_error);
}

TEST(PictureScene, ItsColoursAreLinearLightInTheirPlaces) {
    // Left half: sRGB 188 is half of the light; right half: pure blue.
    frames::Rgb8 picture{{4, 2}, {}};
    for (int pixel = 0; pixel < 8; ++pixel) {
        const bool left = pixel % 4 < 2;
        picture.pixels.insert(picture.pixels.end(), {static_cast<std::uint8_t>(left ? 188 : 0),
                                                     static_cast<std::uint8_t>(left ? 188 : 0),
                                                     static_cast<std::uint8_t>(left ? 188 : 255)});
    }
    SensorScene scene{std::make_unique<PictureField>(picture), std::nullopt};
    Readout readout;
    readout.array = readout.output = {40, 20};
    readout.exposure = Seconds{1.0 / 30};
    readout.order = frames::BayerOrder::bggr;
    const auto image = render(scene, readout);
    EXPECT_NEAR(image.line(10)[4], 16 + 350 * 0.72, 4);
    EXPECT_NEAR(image.line(10)[5], 16 + 350, 4);
    EXPECT_NEAR(image.line(11)[5], 16 + 350 * 0.60, 4);
    EXPECT_NEAR(image.line(10)[36], 16 + 700 * 0.72, 2);
    EXPECT_EQ(image.line(11)[37], 16);
}

TEST(PictureScene, OfOnePixelOrFarMoreThanTheArray) {
    SensorScene dot{std::make_unique<PictureField>(frames::Rgb8{{1, 1}, {255, 255, 255}}),
                    std::nullopt};
    auto readout = small_readout();
    readout.order = frames::BayerOrder::grey;
    EXPECT_THAT(render(dot, readout).pixels, testing::Each(716));
    // A fine chequer, 10 x 10 pixels for each of the array's: only its mean is left.
    frames::Rgb8 chequer{{1200, 900}, std::vector<std::uint8_t>(std::size_t{1200} * 900 * 3)};
    for (std::size_t i = 0; i < chequer.pixels.size(); ++i) {
        chequer.pixels[i] = (i / 3 % 1200 + i / 3600) % 2 == 0 ? 255 : 0;
    }
    SensorScene grey{std::make_unique<PictureField>(std::move(chequer)), std::nullopt};
    const auto image = render(grey, readout);
    EXPECT_THAT(image.pixels,
                testing::Each(testing::AllOf(testing::Ge(16 + 300), testing::Le(16 + 400))));
}

TEST(PictureScene, IsReadFromAFile) {
    const auto path = std::filesystem::path{testing::TempDir()} /
                      ("scene_test." + std::to_string(::getpid()) + ".file.png");
    ASSERT_TRUE(
        frames::write_file(path, frames::encode_png(frames::Rgb8{{1, 1}, {0, 255, 0}}).value()));
    const auto scene = make_scene(path.string(), 1);
    std::filesystem::remove(path);
    ASSERT_TRUE(scene) << scene.error().message;
    auto readout = small_readout();
    readout.order = frames::BayerOrder::grbg;
    const auto image = render(**scene, readout);
    EXPECT_NEAR(image.line(0)[0], 716, 60);
    EXPECT_NEAR(image.line(0)[1], 16, 5);
}

double mean(const RawImage& image) {
    double sum = 0;
    for (const auto value : image.pixels) {
        sum += value;
    }
    return sum / static_cast<double>(image.pixels.size());
}

TEST(Room, BrightnessFollowsExposureTimesGainUntilItClips) {
    const auto room = make_small_room();
    auto readout = small_readout();
    readout.exposure = Seconds{0.004};
    const double dim = mean(render(*room, readout)) - 16;
    readout.exposure = Seconds{0.008};
    EXPECT_NEAR(mean(render(*room, readout)) - 16, 2 * dim, 0.03 * dim);
    readout.exposure = Seconds{0.004};
    readout.gain = 2;
    EXPECT_NEAR(mean(render(*room, readout)) - 16, 2 * dim, 0.03 * dim);
    readout.gain = 10000;
    EXPECT_GT(mean(render(*room, readout)), 1000);
}

TEST(Room, AThirtiethOfASecondAtGainOneIsBrightAndHardlyClipped) {
    const auto room = make_small_room();
    const auto image = render(*room, small_readout());
    const auto clipped = std::ranges::count(image.pixels, 1023);
    EXPECT_GT(clipped, 0) << "the lamp";
    EXPECT_LT(static_cast<double>(clipped), 0.03 * small.width * small.height);
    EXPECT_GT(mean(image), 150);
    EXPECT_LT(mean(image), 400);
}

TEST(Room, HasColoursThatTheGreyWorldBalances) {
    const auto room = make_small_room();
    const auto image = render(*room, small_readout()); // bggr
    std::array<double, 3> sums{};
    for (unsigned y = 0; y < small.height; ++y) {
        for (unsigned x = 0; x < small.width; ++x) {
            const std::size_t blue_to_red = 2 - x % 2 - y % 2;
            sums.at(blue_to_red) += image.line(y)[x] - 16;
        }
    }
    const double green = sums[1] / 2;
    EXPECT_NEAR(green / sums[0], 1 / 0.60, 0.25);
    EXPECT_NEAR(green / sums[2], 1 / 0.72, 0.25);
}

TEST(Room, ASeedRepeatsThePictureWithItsNoise) {
    const auto readout = small_readout();
    const auto one = render(*make_small_room(1), readout);
    EXPECT_EQ(one.pixels, render(*make_small_room(1), readout).pixels);
    EXPECT_NE(one.pixels, render(*make_small_room(2), readout).pixels);
}

TEST(Room, TheBallMovesAndTheRestStands) {
    const auto room = make_small_room();
    auto readout = small_readout();
    const auto first = render(*room, readout);
    readout.time = Seconds{0.4};
    const auto second = render(*room, readout);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < first.pixels.size(); ++i) {
        changed += first.pixels[i] != second.pixels[i] ? 1U : 0U;
    }
    EXPECT_GT(changed, 50U);
    EXPECT_LT(changed, first.pixels.size() / 10);
    readout.time = Seconds{0};
    EXPECT_EQ(render(*room, readout).pixels, first.pixels) << "nothing is left where it was";
}

TEST(Room, NothingChangesOutsideOfTheBoxesThatMove) {
    RoomField field{RoomOptions{}, {4, 3}};
    field.prepare();
    constexpr unsigned columns = 160;
    constexpr unsigned lines = 120;
    for (unsigned step = 0; step < 47; ++step) {
        const double time = 0.13 * step;
        const auto boxes = field.move_to(time);
        unsigned changed = 0;
        for (unsigned y = 0; y < lines; ++y) {
            for (unsigned x = 0; x < columns; ++x) {
                const FieldBox box{static_cast<float>(x) / columns, static_cast<float>(y) / lines,
                                   static_cast<float>(x + 1) / columns,
                                   static_cast<float>(y + 1) / lines};
                const auto change = field.moved(box);
                if (change.keep == 1.0F && change.add == Light{}) {
                    continue;
                }
                ++changed;
                const bool inside = std::ranges::any_of(boxes, [&](const FieldBox& moving) {
                    return box.right >= moving.left && box.left <= moving.right &&
                           box.bottom >= moving.top && box.top <= moving.bottom;
                });
                ASSERT_TRUE(inside) << "at " << time << " s: " << x << ',' << y;
            }
        }
        EXPECT_GT(changed, 100U) << time;
    }
}

TEST(Room, AnyTimeIsAPlaceOfTheBall) {
    for (const double time : {0.0, -5.0, 1e9, 1e300}) {
        const auto ball = RoomWorld::ball_at(time);
        EXPECT_LT(std::abs(ball.centre.x), 2.0F) << time;
        EXPECT_GE(ball.centre.y, 0.0F) << time;
    }
}

TEST(Room, ProjectionAndRayAgree) {
    for (const float u : {0.0F, 0.3F, 1.0F}) {
        for (const float v : {0.0F, 0.6F, 1.0F}) {
            const auto ray = RoomWorld::camera_ray(u, v);
            const auto back = RoomWorld::project(ray.origin + 3.0F * ray.direction);
            EXPECT_NEAR(back.x, u, 1e-4);
            EXPECT_NEAR(back.y, v, 1e-4);
        }
    }
}

} // namespace
