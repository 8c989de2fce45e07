// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/room_charts.hpp"

#include "lib/frames/tone.hpp"

#include <array>
#include <cstdint>
#include <numbers>
#include <span>

namespace ipu3::scene {

namespace {

constexpr float pi = std::numbers::pi_v<float>;
constexpr Vec3 paper{0.88F, 0.87F, 0.84F};
constexpr Vec3 ink{0.03F, 0.03F, 0.035F};

float linear(unsigned code) {
    return static_cast<float>(frames::srgb_decode(static_cast<std::uint8_t>(code & 0xffU)));
}

/// A number in 0..1 that looks random, for board @p i, @p k.
float scatter(int i, int k) {
    auto v =
        static_cast<std::uint32_t>(i) * 0x9e3779b1U ^ static_cast<std::uint32_t>(k) * 0x85ebca6bU;
    v ^= v >> 15U;
    v *= 0x2c1b3c6dU;
    v ^= v >> 13U;
    return static_cast<float>(v & 0xffffU) / 65535.0F;
}

int floor_of(float value) {
    return static_cast<int>(std::floor(value));
}
float fraction(float value) {
    return value - std::floor(value);
}
bool within(float value, float low, float high) {
    return value >= low && value < high;
}

/// Letters of five by seven dots, a row in five bits, the left one highest.
struct Glyph {
    char letter;
    std::array<std::uint8_t, 7> rows;
};

constexpr std::array glyphs{
    Glyph{'3', {0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110}},
    Glyph{'C', {0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110}},
    Glyph{'D', {0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110}},
    Glyph{'E', {0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111}},
    Glyph{'F', {0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000}},
    Glyph{'I', {0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b11111}},
    Glyph{'L', {0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111}},
    Glyph{'O', {0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110}},
    Glyph{'P', {0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000}},
    Glyph{'T', {0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100}},
    Glyph{'U', {0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110}},
    Glyph{'V', {0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100}},
    Glyph{'Z', {0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b11111}},
};

/// Whether a line of text, letters one cell wide with a blank column between, is inked at column @p
/// u and row @p v of its letters (in dots).
bool inked(std::string_view text, float u, float v) {
    constexpr int advance = 6;
    constexpr int columns = 5;
    constexpr int rows = 7;
    const int column = floor_of(u);
    const int row = floor_of(v);
    if (row < 0 || row >= rows || column < 0 || column >= static_cast<int>(text.size()) * advance ||
        column % advance >= columns) {
        return false;
    }
    const char letter = text[static_cast<std::size_t>(column / advance)];
    for (const Glyph& glyph : glyphs) {
        if (glyph.letter == letter) {
            return ((glyph.rows.at(static_cast<std::size_t>(row)) >>
                     (columns - 1 - column % advance)) &
                    1) != 0;
        }
    }
    return false;
}

} // namespace

Vec3 paint(unsigned srgb) {
    return {linear(srgb >> 16U), linear(srgb >> 8U), linear(srgb)};
}

namespace {

constexpr int chart_columns = 6;
constexpr int chart_rows = 4;
constexpr float chart_border_x = 0.02F;
constexpr float chart_border_y = 0.03F;

} // namespace

std::pair<float, float> chart_patch(std::size_t number) {
    const std::size_t row_number = number / chart_columns;
    const auto column = static_cast<float>(number % chart_columns) + 0.5F;
    const auto row = static_cast<float>(row_number) + 0.5F;
    return {chart_border_x + column / chart_columns * (1 - 2 * chart_border_x),
            chart_border_y + row / chart_rows * (1 - 2 * chart_border_y)};
}

Vec3 colour_chart(float u, float v) {
    // The published sRGB values of the ColorChecker Classic (X-Rite), row by row.
    static const std::array<Vec3, 24> patches{
        paint(0x735244), paint(0xc29682), paint(0x627a9d), paint(0x576c43), paint(0x8580b1),
        paint(0x67bdaa), paint(0xd67e2c), paint(0x505ba6), paint(0xc15a63), paint(0x5e3c6c),
        paint(0x9dbc40), paint(0xe0a32e), paint(0x383d96), paint(0x469449), paint(0xaf363c),
        paint(0xe7c71f), paint(0xbb5695), paint(0x0885a1), paint(0xf3f3f2), paint(0xc8c8c8),
        paint(0xa0a0a0), paint(0x7a7a79), paint(0x555555), paint(0x343434)};
    constexpr float gap = 0.08F;
    const float x = (u - chart_border_x) / (1 - 2 * chart_border_x) * chart_columns;
    const float y = (v - chart_border_y) / (1 - 2 * chart_border_y) * chart_rows;
    const bool card = !within(x, 0, chart_columns) || !within(y, 0, chart_rows) ||
                      !within(fraction(x), gap, 1 - gap) || !within(fraction(y), gap, 1 - gap);
    const int patch = floor_of(y) * chart_columns + floor_of(x);
    return card ? ink : patches.at(static_cast<std::size_t>(patch));
}

Vec3 grey_chart(float u, float v) {
    if (!within(v, 0.12F, 0.88F) || !within(u, 0.01F, 0.99F)) {
        return ink;
    }
    const auto step = std::floor((u - 0.01F) / 0.98F * grey_steps);
    const float grey = 0.9F * std::exp2(-0.5F * step);
    return {grey, grey, grey};
}

Vec3 star_chart(float u, float v) {
    constexpr float star_bottom = 0.78F;
    if (v > star_bottom) { // line pairs
        const float x = u - 0.08F;
        if (!within(v, star_bottom + 0.03F, 0.95F) || !within(x, 0, 0.84F)) {
            return paper;
        }
        const float pairs = 40.0F * std::pow(x / 0.84F, 2.0F); // a chirp
        return fraction(pairs) < 0.5F ? ink : paper;
    }
    constexpr float spokes = 36.0F;
    const float dx = (u - 0.5F) / 0.46F;
    const float dy = (v - 0.5F * star_bottom) / (0.46F * star_bottom);
    const float radius = std::sqrt(dx * dx + dy * dy);
    if (radius > 1.0F) {
        return paper;
    }
    return fraction(std::atan2(dy, dx) / (2.0F * pi) * spokes) < 0.5F ? ink : paper;
}

Vec3 eye_chart(float u, float v) {
    struct Row {
        std::string_view text;
        float top, height;
    };
    constexpr std::array<Row, 6> rows{{{"IPU3", 0.06F, 0.16F},
                                       {"VIDEO", 0.29F, 0.13F},
                                       {"PLZTOE", 0.49F, 0.10F},
                                       {"LPEDCOTF", 0.65F, 0.07F},
                                       {"FEDCZPTOLV", 0.78F, 0.05F},
                                       {"ZLFTOPECDUVPO", 0.89F, 0.03F}}};
    constexpr float shape = 0.75F; // width over height of the sheet
    for (const Row& row : rows) {
        if (!within(v, row.top, row.top + row.height)) {
            continue;
        }
        const float dot = row.height / 7.0F;
        const float width = (static_cast<float>(row.text.size()) * 6.0F - 1.0F) * dot;
        if (inked(row.text, ((u - 0.5F) * shape + width / 2.0F) / dot, (v - row.top) / dot)) {
            return ink;
        }
    }
    return paper;
}

Vec3 painting(float u, float v) {
    constexpr float line = 0.018F;
    const auto on_line = [&](float value, float at) { return std::abs(value - at) < line; };
    if (on_line(u, 0.28F) || on_line(v, 0.34F) || (u > 0.28F && on_line(v, 0.78F)) ||
        (u > 0.28F && v > 0.34F && on_line(u, 0.8F)) || (u < 0.28F && on_line(v, 0.66F))) {
        return ink;
    }
    if (u > 0.28F && v < 0.34F) {
        return paint(0xd23a2a);
    }
    if (u < 0.28F && v > 0.66F) {
        return paint(0x2350a8);
    }
    if (u > 0.8F && v > 0.78F) {
        return paint(0xf0c020);
    }
    return paper;
}

Light view_outside(float u, float v) {
    const float hill = 0.66F + 0.07F * std::sin(u * 5.0F + 0.6F) + 0.02F * std::sin(u * 17.0F);
    const float meadow = 0.83F + 0.03F * std::sin(u * 4.0F + 2.0F);
    if (v > meadow) {
        return mix({0.55F, 0.85F, 0.28F}, {0.32F, 0.6F, 0.16F}, (v - meadow) * 5.0F);
    }
    if (v > hill) {
        return mix({0.42F, 0.62F, 0.55F}, {0.28F, 0.48F, 0.3F}, (v - hill) * 6.0F);
    }
    const float drift = u * 5.0F + 1.6F * std::sin(v * 9.0F);
    const float cloud = std::sin(drift + 0.8F) +
                        0.6F * std::sin(v * 19.0F + 2.2F * std::sin(u * 7.0F)) +
                        0.25F * std::sin(u * 31.0F + v * 23.0F);
    return mix(mix({0.62F, 0.95F, 1.75F}, {1.15F, 1.35F, 1.6F}, v / 0.7F), {1.7F, 1.7F, 1.7F},
               smooth_step(0.3F, 1.5F, cloud));
}

Vec3 floor_boards(float x, float z) {
    constexpr float width = 0.16F;
    constexpr float board_length = 1.3F;
    const float across = x / width;
    const int board = floor_of(across);
    const float along = z / board_length + scatter(board, 77);
    const int piece = floor_of(along);
    const float seam = std::min(std::min(fraction(across), 1.0F - fraction(across)) * width,
                                std::min(fraction(along), 1.0F - fraction(along)) * board_length);
    const float grain =
        0.5F +
        0.25F * std::sin(x * 420.0F + 7.0F * std::sin(z * 5.0F + x * 60.0F) +
                         40.0F * scatter(board, piece + 9)) +
        0.25F * std::sin(x * 170.0F + 3.0F * std::sin(z * 3.0F + static_cast<float>(board)));
    const float tone = 0.78F + 0.3F * scatter(board, piece) + 0.14F * (grain - 0.5F);
    return Vec3{0.46F, 0.295F, 0.175F} * (tone * (0.35F + 0.65F * smooth_step(0.0F, 0.006F, seam)));
}

Vec3 rug(float radius, float angle) {
    static const std::array colours{paint(0xe8dcc0), paint(0x2f6f73), paint(0xe8dcc0),
                                    paint(0xd98e2b), paint(0x24405e), paint(0xe8dcc0)};
    const auto ring = static_cast<std::size_t>(radius * static_cast<float>(colours.size()));
    if (ring == 3) { // a ring of triangles
        const float inside = radius * static_cast<float>(colours.size()) - 3.0F;
        const float tooth = std::abs(fraction(angle / (2.0F * pi) * 28.0F) - 0.5F) * 2.0F;
        return tooth > inside ? colours[3] : colours[4];
    }
    const float weave = 0.94F + 0.06F * std::sin(radius * 260.0F) * std::sin(angle * 180.0F);
    return colours.at(std::min(ring, colours.size() - 1)) * weave;
}

} // namespace ipu3::scene
