// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/fault_plan.hpp"

#include "lib/base/number.hpp"

#include <algorithm>
#include <array>
#include <fmt/ranges.h>

namespace ipu3::sim {

namespace {

struct KindText {
    FaultKind kind;
    std::string_view name;
    std::string_view description;
};

constexpr std::array kind_texts{
    KindText{FaultKind::csi_crc, "crc", "the receiver reports a payload CRC error for the frame"},
    KindText{FaultKind::fifo_overflow, "fifo-overflow",
             "the receiver's FIFO overflows in the frame"},
    KindText{FaultKind::short_frame, "short-frame",
             "the sensor sends only some of the frame's lines"},
    KindText{FaultKind::no_frame_end, "no-frame-end", "the frame-end packet is missing"},
    KindText{FaultKind::spurious_irq, "spurious-irq", "an interrupt with no cause"},
    KindText{FaultKind::lost_irq, "lost-irq", "the frame's completion interrupt is not raised"},
    KindText{FaultKind::i2c_nak, "i2c-nak", "the sensor does not acknowledge a transfer"},
    KindText{FaultKind::stuck_dma, "stuck-dma", "from the frame on the DMA queue stops moving"},
    KindText{FaultKind::imgu_no_boot, "imgu-no-boot",
             "the ImgU's firmware does not begin; N counts starts"},
    KindText{FaultKind::imgu_no_idle, "imgu-no-idle",
             "its programs do not end when they are told to; N counts that"},
    KindText{FaultKind::imgu_no_halt, "imgu-no-halt",
             "the gate of its MMU does not close; N counts that"},
    KindText{FaultKind::imgu_stuck_frame, "imgu-stuck-frame", "the frame never ends"},
    KindText{FaultKind::imgu_half_frame, "imgu-half-frame",
             "of the frame the picture comes back, and nothing more"},
    KindText{FaultKind::imgu_bad_event, "imgu-bad-event",
             "words that are no events come before the frame's"},
    KindText{FaultKind::imgu_bad_buffer, "imgu-bad-buffer", "a buffer comes back that nobody gave"},
    KindText{FaultKind::imgu_bad_ring, "imgu-bad-ring",
             "its ring of events gets an index that it does not have"},
    KindText{FaultKind::imgu_assert, "imgu-assert", "its firmware gives up in the frame"},
    KindText{FaultKind::imgu_event_flood, "imgu-event-flood",
             "its ring of events is full when the frame ends"},
    KindText{FaultKind::imgu_lost_irq, "imgu-lost-irq", "no interrupt tells of the frame"},
    KindText{FaultKind::imgu_spurious_irq, "imgu-spurious-irq", "an interrupt with no cause"},
    KindText{FaultKind::imgu_off_bus, "imgu-off-bus",
             "from the frame on all of its registers read as ones, until a reset"},
};

constexpr auto kinds = [] {
    std::array<FaultKind, kind_texts.size()> all{};
    std::ranges::transform(kind_texts, all.begin(), &KindText::kind);
    return all;
}();

constexpr unsigned ports = 4;

const KindText& text_of(FaultKind kind) {
    const auto* const found = std::ranges::find(kind_texts, kind, &KindText::kind);
    // Every enumerator has its row (a test walks them), so only a forged value gets here.
    return found == kind_texts.end() ? kind_texts.front() : *found;
}

base::Result<void> parse_parameter(std::string_view parameter, FaultSpec& spec) {
    const auto equals = parameter.find('=');
    const auto key = parameter.substr(0, equals);
    const auto value =
        equals == std::string_view::npos ? std::string_view{} : parameter.substr(equals + 1);
    if (key == "frame") {
        if (spec.frame) {
            return base::fail("'frame' is given twice");
        }
        spec.frame = base::parse_number<std::uint64_t>(value);
        if (!spec.frame) {
            return base::fail("'{}' is no frame number: write frame=N with a whole number from 0",
                              parameter);
        }
        return {};
    }
    if (key == "p") {
        if (spec.probability) {
            return base::fail("'p' is given twice");
        }
        const auto probability = base::parse_number<double>(value);
        // Written so that "nan" fails as well.
        const bool possible = probability && *probability >= 0.0 && *probability <= 1.0;
        if (!possible) {
            return base::fail("'{}' is no probability: write p=P with a number from 0 to 1",
                              parameter);
        }
        spec.probability = probability;
        return {};
    }
    if (key == "port") {
        if (spec.port) {
            return base::fail("'port' is given twice");
        }
        const auto port = base::parse_number<unsigned>(value);
        if (!port || *port >= ports) {
            return base::fail("'{}' is no CSI-2 port: write port=P with P from 0 to {}", parameter,
                              ports - 1);
        }
        spec.port = port;
        return {};
    }
    return base::fail("'{}' is unknown: possible are frame=N, p=PROBABILITY and port=P", parameter);
}

/// Uniform in [0, 1) with 53 bits. The standard fixes the engine's numbers but not those of its
/// distributions, so this is what makes a seed mean the same everywhere.
double draw(std::mt19937_64& random) {
    constexpr unsigned mantissa = 53;
    return static_cast<double>(random() >> (64 - mantissa)) /
           static_cast<double>(std::uint64_t{1} << mantissa);
}

} // namespace

std::string_view name(FaultKind kind) {
    return text_of(kind).name;
}

std::span<const FaultKind> all_fault_kinds() {
    return kinds;
}

std::string_view describe(FaultKind kind) {
    return text_of(kind).description;
}

base::Result<FaultSpec> parse_fault(std::string_view text) {
    const auto kind_end = text.find(':');
    const auto kind_name = text.substr(0, kind_end);
    const auto* const found = std::ranges::find(kind_texts, kind_name, &KindText::name);
    if (found == kind_texts.end()) {
        std::vector<std::string_view> names;
        std::ranges::transform(kind_texts, std::back_inserter(names), &KindText::name);
        return base::fail("fault '{}': '{}' is no kind of fault; possible are {}", text, kind_name,
                          fmt::join(names, ", "));
    }
    FaultSpec spec;
    spec.kind = found->kind;
    for (auto colon = kind_end; colon != std::string_view::npos;) {
        const auto next = text.find(':', colon + 1);
        const auto parameter =
            text.substr(colon + 1, next == std::string_view::npos ? next : next - colon - 1);
        if (const auto parsed = parse_parameter(parameter, spec); !parsed) {
            return base::fail("fault '{}': {}", text, parsed.error().message);
        }
        colon = next;
    }
    const bool has_no_port = spec.kind == FaultKind::imgu_no_boot ||
                             spec.kind == FaultKind::imgu_no_idle ||
                             spec.kind == FaultKind::imgu_no_halt;
    if (has_no_port && spec.port) {
        return base::fail("fault '{}': it is of the whole ImgU, and has no port", text);
    }
    return spec;
}

FaultPlan::FaultPlan(std::vector<FaultSpec> specs, std::uint64_t seed)
    : specs_{std::move(specs)}, random_{seed} {}

bool FaultPlan::strikes(FaultKind kind, std::uint64_t number, unsigned port) {
    bool struck = false;
    for (const auto& spec : specs_) {
        if (spec.kind != kind || (spec.port && *spec.port != port)) {
            continue;
        }
        if (spec.frame) {
            // A queue that stopped stays stopped; every other fault is over with its frame.
            const bool due =
                kind == FaultKind::stuck_dma ? number >= *spec.frame : number == *spec.frame;
            if (!due) {
                continue;
            }
        }
        // No short cut once struck: the draws that a spec takes must not depend on the others'
        // luck.
        struck |= !spec.probability || draw(random_) < *spec.probability;
    }
    return struck;
}

} // namespace ipu3::sim
