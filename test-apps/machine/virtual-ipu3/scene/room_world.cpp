// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/room_world.hpp"

#include "machine/virtual-ipu3/scene/room_charts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace ipu3::scene {

namespace {

constexpr float pi = std::numbers::pi_v<float>;
constexpr float infinity = std::numeric_limits<float>::infinity();

// The room.
constexpr float half_width = 2.2F;
constexpr float ceiling = 2.75F;
constexpr float back = 4.3F;
constexpr float behind = -3.0F;

// The camera, level, at the height of a person who sits.
constexpr Vec3 eye{0.0F, 1.32F, -1.2F};
constexpr float half_view = RoomWorld::field_width / 2.0F;
constexpr float tilt = -0.045F; ///< the view's rise at distance 1

constexpr Vec3 lamp_at{0.12F, 2.22F, 2.7F};
constexpr float lamp_radius = 0.15F;
constexpr float lamp_power = 2.7F;
constexpr float lamp_glow = 4.5F; ///< light of the globe itself

constexpr Vec3 window_at{-half_width, 1.55F, 3.58F};
constexpr float window_half_height = 0.72F;
constexpr float window_half_width = 0.50F;
constexpr float window_power = 3.2F;

constexpr float ambient_power = 0.34F;

constexpr Vec3 rug_at{-0.05F, 0.0F, 2.72F};
constexpr float rug_radius = 1.08F;

struct Sphere {
    Vec3 centre;
    float radius{};
    unsigned srgb{};
    float mirror{}; ///< share of light reflected straight on; below 0.1 it is varnish
};

constexpr std::array spheres{
    Sphere{{-1.42F, 0.36F, 3.35F}, 0.36F, 0xd8dadd, 0.88F}, // chrome
    Sphere{{1.24F, 0.90F, 3.20F}, 0.20F, 0x1f5fb8, 0.06F},  // on the table
    Sphere{{1.62F, 0.83F, 2.92F}, 0.13F, 0xe3b21c, 0.05F},
    Sphere{{-0.78F, 0.19F, 3.80F}, 0.19F, 0x2e8b3d, 0.05F},
    Sphere{{-1.58F, 0.15F, 2.62F}, 0.15F, 0xc2452d, 0.05F},
};

struct Block {
    Vec3 low, high;
    unsigned srgb{};
};

constexpr std::array blocks{
    Block{{0.95F, 0.64F, 2.75F}, {1.90F, 0.70F, 3.55F}, 0xc9a274}, // table top
    Block{{1.00F, 0.0F, 2.80F}, {1.06F, 0.64F, 2.86F}, 0x8a6848},  // legs
    Block{{1.79F, 0.0F, 2.80F}, {1.85F, 0.64F, 2.86F}, 0x8a6848},
    Block{{1.00F, 0.0F, 3.44F}, {1.06F, 0.64F, 3.50F}, 0x8a6848},
    Block{{1.79F, 0.0F, 3.44F}, {1.85F, 0.64F, 3.50F}, 0x8a6848},
    Block{{1.54F, 0.70F, 3.20F}, {1.84F, 0.76F, 3.46F}, 0x8c2f39}, // books
    Block{{1.57F, 0.76F, 3.22F}, {1.82F, 0.81F, 3.44F}, 0x2f5d50},
    Block{{1.56F, 0.81F, 3.21F}, {1.80F, 0.85F, 3.43F}, 0xe0d6c0},
};
/// All of them: most rays miss the lot.
constexpr Block block_bounds{{0.95F, 0.0F, 2.75F}, {1.90F, 0.85F, 3.55F}, 0};

/// Distance along the ray, or infinity.
float meet(const Ray& ray, const Sphere& sphere) {
    const Vec3 to = ray.origin - sphere.centre;
    const float b = dot(to, ray.direction);
    const float h = b * b - dot(to, to) + sphere.radius * sphere.radius;
    if (h < 0) {
        return infinity;
    }
    const float t = -b - std::sqrt(h);
    return t > 1e-3F ? t : infinity;
}

/// Entry and exit along the ray; entry above exit: it misses.
std::pair<float, float> chord(const Ray& ray, const Block& block) {
    const auto slab = [](float from, float step, float low, float high) {
        const float a = (low - from) / step;
        const float b = (high - from) / step;
        return std::pair{std::min(a, b), std::max(a, b)};
    };
    const auto x = slab(ray.origin.x, ray.direction.x, block.low.x, block.high.x);
    const auto y = slab(ray.origin.y, ray.direction.y, block.low.y, block.high.y);
    const auto z = slab(ray.origin.z, ray.direction.z, block.low.z, block.high.z);
    return {std::max({x.first, y.first, z.first}), std::min({x.second, y.second, z.second})};
}

/// What a disk-shaped source of @p source_radius at @p distance shows past a sphere: 0 covered, 1
/// free.
float past_sphere(Vec3 point, Vec3 towards, float distance, float source_radius, Vec3 centre,
                  float radius) {
    const Vec3 to = centre - point;
    const float along = dot(to, towards);
    if (along <= 0 || along >= distance) {
        return 1.0F;
    }
    const float aside = std::sqrt(std::max(dot(to, to) - along * along, 0.0F));
    const float soft = source_radius * along / distance + 1e-4F;
    return smooth_step(radius - soft, radius + soft, aside);
}

/// The same past a block: the penumbra lies inside of its outline, where the way through it is
/// short.
float past_block(Vec3 point, Vec3 towards, float distance, float source_radius,
                 const Block& block) {
    const auto [entry, exit] = chord({point, towards}, block);
    if (entry >= exit || exit <= 2e-3F || entry >= distance) {
        return 1.0F;
    }
    const float soft = source_radius * std::max(entry, 0.0F) / distance * 0.8F + 2e-3F;
    return 1.0F - smooth_step(0.0F, soft, exit - std::max(entry, 0.0F));
}

float free_view(Vec3 point, Vec3 towards, float distance, float source_radius) {
    float free = 1.0F;
    for (const Sphere& sphere : spheres) {
        free *= past_sphere(point, towards, distance, source_radius, sphere.centre, sphere.radius);
    }
    if (const auto [entry, exit] = chord({point, towards}, block_bounds);
        entry >= exit || exit < 0 || entry > distance) {
        return free;
    }
    for (const Block& block : blocks) {
        free *= past_block(point, towards, distance, source_radius, block);
    }
    return free;
}

/// How much of the room's stray light reaches a point: less in corners, under and beside things.
float openness(Vec3 point, Vec3 normal) {
    constexpr float reach = 0.4F;
    const auto near_wall = [&](float distance, float facing) {
        // A wall that the surface itself belongs to does not darken it.
        return 1.0F -
               0.38F * (1.0F - std::abs(facing)) * std::exp(-std::max(distance, 0.0F) / reach);
    };
    float open = near_wall(half_width - std::abs(point.x), normal.x) *
                 near_wall(point.y, normal.y) * near_wall(ceiling - point.y, normal.y) *
                 near_wall(back - point.z, normal.z);
    for (const Sphere& sphere : spheres) {
        const Vec3 to = sphere.centre - point;
        const float d2 = dot(to, to);
        const float facing = dot(to, normal) / std::sqrt(d2);
        if (d2 > sphere.radius * sphere.radius * 1.001F && facing > 0) {
            open *= 1.0F - facing * sphere.radius * sphere.radius / d2;
        }
    }
    // The table's top shades the floor below it.
    const Block& top = blocks.front();
    if (normal.y > 0.5F && point.y < top.low.y) {
        const float dx = std::max({top.low.x - point.x, point.x - top.high.x, 0.0F});
        const float dz = std::max({top.low.z - point.z, point.z - top.high.z, 0.0F});
        open *= 1.0F - 0.6F * std::exp(-std::sqrt(dx * dx + dz * dz) / 0.25F);
    }
    return open;
}

/// A chart's place on a wall: its centre and half its size, metres.
struct Place {
    float across, up, half_across, half_up;
};

/// 0..1 within the place from its left and its top, when the point lies there.
std::optional<std::pair<float, float>> within(const Place& place, float across, float up) {
    const float u = (across - place.across) / place.half_across * 0.5F + 0.5F;
    const float v = 0.5F - (up - place.up) / place.half_up * 0.5F;
    if (u < 0 || u >= 1 || v < 0 || v >= 1) {
        return std::nullopt;
    }
    return std::pair{u, v};
}

Place grown(Place place, float by) {
    place.half_across += by;
    place.half_up += by;
    return place;
}

constexpr Place colours{-0.88F, 1.64F, 0.62F, 0.415F};

Vec3 back_wall(float x, float y) {
    constexpr Place greys{-0.88F, 1.06F, 0.62F, 0.075F};
    constexpr Place letters{0.66F, 1.62F, 0.33F, 0.44F};
    constexpr Place star{1.48F, 1.62F, 0.34F, 0.44F};
    static const Vec3 wall = paint(0xb3c6cb);
    static const Vec3 frame = paint(0x5b3d28);
    if (const auto at = within(colours, x, y)) {
        return colour_chart(at->first, at->second);
    }
    if (const auto at = within(greys, x, y)) {
        return grey_chart(at->first, at->second);
    }
    if (const auto at = within(letters, x, y)) {
        return eye_chart(at->first, at->second);
    }
    if (const auto at = within(star, x, y)) {
        return star_chart(at->first, at->second);
    }
    if (within(grown(letters, 0.03F), x, y) || within(grown(star, 0.03F), x, y)) {
        return frame;
    }
    return y < 0.11F ? Vec3{0.8F, 0.79F, 0.76F} : wall;
}

/// What a ray can meet.
enum class Thing : std::uint8_t { side, level, end, sphere, block, lamp, cord };

struct Paint {
    Vec3 colour;
    Light glow{};
    float mirror{0};
};

Paint left_wall(float z, float y) {
    constexpr Place window{window_at.z, window_at.y, window_half_width, window_half_height};
    constexpr float sash = 0.035F;
    static const Vec3 wall = paint(0xcfc9bd);
    constexpr Vec3 white{0.82F, 0.82F, 0.8F};
    if (const auto at = within(window, z, y)) {
        const bool bar = std::abs(z - window.across) < sash * 0.6F ||
                         std::abs(y - (window.up + 0.18F)) < sash * 0.5F;
        return bar ? Paint{white} : Paint{{}, view_outside(at->first, at->second)};
    }
    if (within(grown(window, 0.06F), z, y)) {
        return {white};
    }
    return {y < 0.11F ? Vec3{0.8F, 0.79F, 0.76F} : wall};
}

Paint right_wall(float z, float y) {
    constexpr Place picture{3.55F, 1.62F, 0.44F, 0.42F};
    static const Vec3 wall = paint(0x7f8fb5);
    if (const auto at = within(picture, z, y)) {
        return {painting(at->first, at->second)};
    }
    if (within(grown(picture, 0.03F), z, y)) {
        return {{0.12F, 0.11F, 0.10F}};
    }
    return {y < 0.11F ? Vec3{0.8F, 0.79F, 0.76F} : wall};
}

Paint floor_paint(float x, float z) {
    const float dx = x - rug_at.x;
    const float dz = z - rug_at.z;
    const float radius = std::sqrt(dx * dx + dz * dz) / rug_radius;
    if (radius < 1.0F) {
        return {rug(radius, std::atan2(dz, dx))};
    }
    return {floor_boards(x, z), {}, 0.035F};
}

} // namespace

struct RoomWorld::Hit {
    float distance{infinity};
    Vec3 point{};
    Vec3 normal{};
    Paint paint{};
};

RoomWorld::RoomWorld(const RoomOptions& options) : options_{options} {}

Ray RoomWorld::camera_ray(float u, float v) {
    const float right = (u * 2.0F - 1.0F) * half_view;
    const float up = (1.0F - v * 2.0F) * half_view / field_aspect + tilt;
    return {eye, normalised({right, up, 1.0F})};
}

Vec3 RoomWorld::project(Vec3 point) {
    const Vec3 to = point - eye;
    const float right = to.x / to.z;
    const float up = to.y / to.z - tilt;
    return {(right / half_view + 1.0F) / 2.0F, (1.0F - up * field_aspect / half_view) / 2.0F, to.z};
}

std::array<ChartPatch, 24> RoomWorld::chart_patches() {
    std::array<ChartPatch, 24> patches;
    for (std::size_t number = 0; number < patches.size(); ++number) {
        const auto [u, v] = chart_patch(number);
        const auto seen = project({colours.across + (u * 2.0F - 1.0F) * colours.half_across,
                                   colours.up + (1.0F - v * 2.0F) * colours.half_up, back});
        patches.at(number) = {.u = seen.x, .v = seen.y, .colour = colour_chart(u, v)};
    }
    return patches;
}

RoomWorld::Hit RoomWorld::hit(const Ray& ray) const {
    Hit best;
    const Vec3 d = ray.direction;
    // From inside of a box each ray leaves through one wall.
    const float tx = ((d.x > 0 ? half_width : -half_width) - ray.origin.x) / d.x;
    const float ty = ((d.y > 0 ? ceiling : 0.0F) - ray.origin.y) / d.y;
    const float tz = ((d.z > 0 ? back : behind) - ray.origin.z) / d.z;
    auto thing = Thing::side;
    std::size_t which = 0;
    const auto nearer = [&](float t, Thing candidate, std::size_t index = 0) {
        if (t > 1e-3F && t < best.distance) {
            best.distance = t;
            thing = candidate;
            which = index;
        }
    };
    nearer(tx, Thing::side);
    nearer(ty, Thing::level);
    nearer(tz, Thing::end);
    for (std::size_t i = 0; i < spheres.size(); ++i) {
        nearer(meet(ray, spheres[i]), Thing::sphere, i);
    }
    if (const auto [bounds_entry, bounds_exit] = chord(ray, block_bounds);
        bounds_entry < bounds_exit && bounds_exit > 0) {
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            if (const auto [entry, exit] = chord(ray, blocks[i]); entry < exit) {
                nearer(entry, Thing::block, i);
            }
        }
    }
    nearer(meet(ray, {lamp_at, lamp_radius, 0, 0}), Thing::lamp);
    if (const auto [entry, exit] = chord(ray, {{lamp_at.x - 0.008F, lamp_at.y, lamp_at.z - 0.008F},
                                               {lamp_at.x + 0.008F, ceiling, lamp_at.z + 0.008F},
                                               0});
        entry < exit) {
        nearer(entry, Thing::cord);
    }

    best.point = ray.origin + best.distance * d;
    const Vec3 p = best.point;
    switch (thing) {
    case Thing::side:
        best.normal = {d.x > 0 ? -1.0F : 1.0F, 0, 0};
        best.paint = d.x > 0 ? right_wall(p.z, p.y) : left_wall(p.z, p.y);
        break;
    case Thing::level:
        best.normal = {0, d.y > 0 ? -1.0F : 1.0F, 0};
        best.paint = d.y > 0 ? Paint{{0.84F, 0.83F, 0.81F}} : floor_paint(p.x, p.z);
        break;
    case Thing::end:
        best.normal = {0, 0, d.z > 0 ? -1.0F : 1.0F};
        best.paint = {d.z > 0 ? back_wall(p.x, p.y) : Vec3{0.5F, 0.47F, 0.42F}};
        break;
    case Thing::sphere:
        best.normal = (p - spheres[which].centre) * (1.0F / spheres[which].radius);
        best.paint = {paint(spheres[which].srgb), {}, spheres[which].mirror};
        break;
    case Thing::block: {
        const Vec3 middle = 0.5F * (blocks[which].low + blocks[which].high);
        const Vec3 half = 0.5F * (blocks[which].high - blocks[which].low);
        const Vec3 out{(p.x - middle.x) / half.x, (p.y - middle.y) / half.y,
                       (p.z - middle.z) / half.z};
        const float most = std::max({std::abs(out.x), std::abs(out.y), std::abs(out.z)});
        const auto side = [&](float o) {
            return std::abs(o) == most ? std::copysign(1.0F, o) : 0.0F;
        };
        best.normal = normalised({side(out.x), side(out.y), side(out.z)});
        best.paint = {paint(blocks[which].srgb), {}, which == 0 ? 0.03F : 0.0F};
        break;
    }
    case Thing::lamp:
        best.normal = (p - lamp_at) * (1.0F / lamp_radius);
        // A frosted globe is a little darker at its rim.
        best.paint = {{}, options_.lamp * (lamp_glow * (0.55F + 0.45F * -dot(best.normal, d)))};
        break;
    case Thing::cord:
        best.normal = {0, 0, -1};
        best.paint = {{0.05F, 0.05F, 0.05F}};
        break;
    }
    return best;
}

Light RoomWorld::lit(Vec3 point, Vec3 normal, bool shaded) const {
    // The lamp: a small globe.
    Vec3 to = lamp_at - point;
    float distance = length(to);
    Vec3 towards = to * (1.0F / distance);
    Light light{};
    if (const float facing = dot(normal, towards); facing > 0) {
        light = options_.lamp *
                (lamp_power * facing / (distance * distance + 0.3F) *
                 (shaded ? free_view(point, towards, distance, lamp_radius * 1.5F) : 1.0F));
    }
    // The window: a large source, seen from its centre, that shines into the room.
    to = window_at - point;
    distance = length(to);
    towards = to * (1.0F / distance);
    const float sill = -towards.x; // cosine at the window, whose normal is +x
    if (const float facing = dot(normal, towards) * 0.85F + 0.15F; facing > 0 && sill > 0) {
        constexpr float area = 4.0F * window_half_width * window_half_height;
        light = light +
                options_.daylight * (window_power * area * facing * sill /
                                     (pi * (distance * distance + area / pi)) *
                                     (shaded ? free_view(point, towards, distance, 0.45F) : 1.0F));
    }
    // Stray light: cool from above and from the window's side, warm from the floor.
    const float up = 0.5F + 0.5F * normal.y;
    const Light stray = mix({1.0F, 0.86F, 0.74F}, {0.96F, 0.98F, 1.0F}, up);
    return light + stray * (ambient_power * (shaded ? openness(point, normal) : 0.5F + 0.5F * up));
}

Light RoomWorld::highlight(Vec3 point, Vec3 normal, Vec3 direction) const {
    const Vec3 mirrored = direction - 2.0F * dot(direction, normal) * normal;
    const Vec3 to = normalised(lamp_at - point);
    const float along = dot(mirrored, to);
    return along < 0.9F ? Light{} : options_.lamp * (0.9F * std::pow(along, 90.0F));
}

Light RoomWorld::trace(const Ray& ray) const {
    const Hit seen = hit(ray);
    Light light = seen.paint.glow;
    if (seen.paint.colour != Vec3{}) {
        light = light +
                seen.paint.colour * lit(seen.point, seen.normal, true) * (1.0F - seen.paint.mirror);
    }
    if (seen.paint.mirror > 0) {
        const float facing = std::clamp(-dot(ray.direction, seen.normal), 0.0F, 1.0F);
        // Schlick's approximation of Fresnel's reflection.
        const float share =
            seen.paint.mirror + (1.0F - seen.paint.mirror) * std::pow(1.0F - facing, 5.0F);
        const Vec3 mirrored = ray.direction + 2.0F * facing * seen.normal;
        const Hit behind_it = hit({seen.point + 1e-3F * seen.normal, normalised(mirrored)});
        const Light there = behind_it.paint.glow +
                            behind_it.paint.colour * lit(behind_it.point, behind_it.normal, true);
        const bool metal = seen.paint.mirror > 0.5F;
        light = light + (metal ? there * seen.paint.colour : there) * share;
    }
    // The lens scatters a little of the lamp around it.
    const Vec3 to_lamp = normalised(lamp_at - ray.origin);
    const float off = std::sqrt(std::max(2.0F - 2.0F * dot(to_lamp, ray.direction), 0.0F)) / 0.1F;
    return (light + options_.lamp * (0.16F / (1.0F + off * off * off))) * options_.filter;
}

Ball RoomWorld::ball_at(double seconds) {
    constexpr double period = 6.0; // of the way to and fro
    constexpr double bounce = 1.2;
    // std::fmod() keeps the sign, so that a time before the start needs one more round.
    const auto within_round = [](double time, double round) {
        return std::fmod(std::fmod(time, round) + round, round) / round;
    };
    const double way = std::sin(2.0 * std::numbers::pi * within_round(seconds, period));
    const double phase = within_round(seconds + 0.35, bounce);
    const double height = 4.0 * phase * (1.0 - phase); // a parabola, as gravity has it
    const double turned = -0.8 * way / Ball::radius;
    return {{static_cast<float>(-0.1 + 0.8 * way), static_cast<float>(Ball::radius + 0.62 * height),
             2.25F},
            static_cast<float>(std::cos(turned)),
            static_cast<float>(std::sin(turned))};
}

Vec3 RoomWorld::ball_colour(const Ball& ball, Vec3 point) {
    const Vec3 out = (point - ball.centre) * (1.0F / Ball::radius);
    // Six gores in three colours and white, about an axis that leans to the camera.
    const Vec3 rolled{ball.cosine * out.x - ball.sine * out.y,
                      ball.sine * out.x + ball.cosine * out.y, out.z};
    const Vec3 leaning{rolled.x, 0.8F * rolled.y - 0.6F * rolled.z,
                       0.6F * rolled.y + 0.8F * rolled.z};
    static const std::array gores{paint(0xf2efe8), paint(0xd8322e), paint(0x2b62b5),
                                  paint(0xf0bd27)};
    constexpr float cap = 0.95F;
    if (leaning.z * leaning.z > cap * cap * dot(leaning, leaning)) {
        return gores[0];
    }
    // The three great circles between the gores; which side of each a point lies on tells its gore.
    const float slope = std::numbers::sqrt3_v<float> * leaning.x;
    const bool above = leaning.y > 0;
    const bool left = leaning.y > slope;
    const bool right = leaning.y > -slope;
    if (above && left && right) {
        return gores[1];
    }
    if (!above && left && !right) {
        return gores[2];
    }
    return !above && !left && right ? gores[3] : gores[0];
}

Light RoomWorld::ball_light(const Ball& ball, Vec3 point, Vec3 direction, float pixel) const {
    const Vec3 normal = (point - ball.centre) * (1.0F / Ball::radius);
    // The pattern has sharp edges, so its colour is the mean of four places within the pixel.
    const float q = pixel / 4.0F;
    const Vec3 colour =
        0.25F *
        (ball_colour(ball, point + Vec3{q, q, 0}) + ball_colour(ball, point + Vec3{-q, q, 0}) +
         ball_colour(ball, point + Vec3{q, -q, 0}) + ball_colour(ball, point + Vec3{-q, -q, 0}));
    // It is in front of all that could shade it.
    return (colour * lit(point, normal, false) + highlight(point, normal, direction)) *
           options_.filter;
}

RoomWorld::Spot RoomWorld::ball_shadow(const Ball& ball) {
    // Away from the lamp, through the ball, down to the floor.
    const Vec3 way = ball.centre - lamp_at;
    const float reach = lamp_at.y / -way.y;
    const Vec3 centre = lamp_at + reach * way;
    return {{centre.x, 0.0F, centre.z}, Ball::radius * reach * 1.25F + 0.25F * ball.centre.y};
}

float RoomWorld::ball_shade(const Ball& ball, Vec3 point) {
    const Vec3 to = lamp_at - point;
    const float distance = length(to);
    const float free = past_sphere(point, to * (1.0F / distance), distance, lamp_radius * 1.5F,
                                   ball.centre, Ball::radius);
    // Stray light is missed right below the ball only.
    const Vec3 up = ball.centre - point;
    const float near = Ball::radius * Ball::radius / dot(up, up);
    const Spot spot = ball_shadow(ball);
    const float inside = 1.0F - smooth_step(0.7F, 1.0F, length(point - spot.centre) / spot.radius);
    return 1.0F - inside * (1.0F - (0.45F + 0.55F * free) * (1.0F - 0.5F * near * near));
}

} // namespace ipu3::scene
