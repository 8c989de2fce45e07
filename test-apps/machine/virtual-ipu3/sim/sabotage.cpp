// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/sabotage.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ipu3::sim {

namespace {

struct MistakeText {
    Mistake mistake;
    std::string_view name;
    bool imgu;
};

constexpr std::array texts{
    MistakeText{Mistake::packing_bit, "packing-bit", false},
    MistakeText{Mistake::lop_step, "lop-step", false},
    MistakeText{Mistake::int_status_bit, "int-status-bit", false},
    MistakeText{Mistake::chip_id, "chip-id", false},
    MistakeText{Mistake::swapped_chroma, "swapped-chroma", true},
    MistakeText{Mistake::shifted_pixel, "shifted-pixel", true},
    MistakeText{Mistake::wrong_stride, "wrong-stride", true},
    MistakeText{Mistake::previous_statistics, "previous-statistics", true},
    MistakeText{Mistake::lost_event, "lost-event", true},
    MistakeText{Mistake::late_event, "late-event", true},
};

constexpr auto mistakes = [] {
    std::array<Mistake, texts.size()> all{};
    std::ranges::transform(texts, all.begin(), &MistakeText::mistake);
    return all;
}();

const MistakeText& text_of(Mistake mistake) {
    const auto* const found = std::ranges::find(texts, mistake, &MistakeText::mistake);
    // Every enumerator has its row (a test walks them), so only a forged value gets here.
    return found == texts.end() ? texts.front() : *found;
}

} // namespace

std::span<const Mistake> all_mistakes() {
    return mistakes;
}

std::string_view name(Mistake mistake) {
    return text_of(mistake).name;
}

bool is_imgu(Mistake mistake) {
    return text_of(mistake).imgu;
}

std::string list_mistakes() {
    std::string list;
    bool imgu = false;
    for (const auto& text : texts) {
        if (text.imgu && !imgu) {
            list += "; in the image processor: ";
            imgu = true;
        } else if (!list.empty()) {
            list += ", ";
        }
        list += text.name;
    }
    return list;
}

base::Result<Mistake> parse_mistake(std::string_view text) {
    const auto* const found = std::ranges::find(texts, text, &MistakeText::name);
    if (found == texts.end()) {
        return base::fail("unknown sabotage '{}'; possible: {}", text, list_mistakes());
    }
    return found->mistake;
}

} // namespace ipu3::sim
