// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/recording.hpp"

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

namespace ipu3::record {

namespace {

using nlohmann::json;

constexpr std::string_view magic = "ipu3-recording";
constexpr unsigned version = 1;

std::vector<std::uint8_t> header(std::string_view firmware) {
    return json::to_cbor({{magic, version}, {"firmware", firmware}});
}

Write write_of(const json& item) {
    return {.name = item.at("write").get<std::string>(),
            .at = item.at("at").get<std::uint64_t>(),
            .size = item.at("size").get<std::uint32_t>(),
            .value = item.at("value").get<std::uint32_t>(),
            .pointer = item.value("pointer", std::string{})};
}

json places(const std::map<std::uint32_t, std::string>& names) {
    auto made = json::array();
    for (const auto& [offset, name] : names) {
        made.push_back({offset, name});
    }
    return made;
}

std::map<std::uint32_t, std::string> places_of(const json& item) {
    std::map<std::uint32_t, std::string> names;
    for (const auto& place : item) {
        names.emplace(place.at(0).get<std::uint32_t>(), place.at(1).get<std::string>());
    }
    return names;
}

std::shared_ptr<const Block> block_of(const json& item) {
    auto block = std::make_shared<Block>();
    block->kind = item.at("kind").get<std::string>();
    block->bytes = item.at("bytes").get_binary();
    block->pointers = places_of(item.at("pointers"));
    block->sections = places_of(item.at("sections"));
    return block;
}

using Blocks = std::vector<std::shared_ptr<const Block>>;

HandOver hand_over_of(const json& item, const Blocks& blocks) {
    HandOver made{.what = item.at("hand-over").get<std::string>(),
                  .pipe = item.at("pipe").get<unsigned>(),
                  .parts = {}};
    for (const auto& part : item.at("parts")) {
        const auto& number = part.at(1);
        made.parts.push_back(
            {.kind = part.at(0).get<std::string>(),
             .block = number.is_null() ? nullptr : blocks.at(number.get<std::size_t>())});
    }
    return made;
}

} // namespace

// ---- writing ----

base::Result<Writer> Writer::create(const std::filesystem::path& path, std::string_view firmware) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    if (!file) {
        return base::fail_errno(errno, "cannot write the recording {}", path.string());
    }
    Writer writer{std::move(file), path};
    writer.put(header(firmware));
    return writer;
}

void Writer::put(const std::vector<std::uint8_t>& item) {
    // After an error the stream takes nothing more, so that what is there can be read.
    file_.write(reinterpret_cast<const char*>(item.data()),
                static_cast<std::streamsize>(item.size()));
}

void Writer::add(const Write& write) {
    json item{
        {"write", write.name}, {"at", write.at}, {"size", write.size}, {"value", write.value}};
    if (!write.pointer.empty()) {
        item["pointer"] = write.pointer;
    }
    put(json::to_cbor(item));
}

std::uint64_t Writer::number(const Block& block) {
    auto& known = known_[block.kind];
    const auto same = std::ranges::find(known, block, &Known::block);
    if (same != known.end()) {
        return same->number;
    }
    constexpr std::size_t used_in_turn = 8;
    if (known.size() == used_in_turn) {
        known.pop_front();
    }
    known.push_back({.block = block, .number = blocks_++});
    put(json::to_cbor({{"kind", block.kind},
                       {"bytes", json::binary(block.bytes)},
                       {"pointers", places(block.pointers)},
                       {"sections", places(block.sections)}}));
    return known.back().number;
}

void Writer::add(const HandOver& hand_over) {
    auto parts = json::array();
    for (const auto& part : hand_over.parts) {
        parts.push_back({part.kind, part.block ? json(number(*part.block)) : json(nullptr)});
    }
    put(json::to_cbor(
        {{"hand-over", hand_over.what}, {"pipe", hand_over.pipe}, {"parts", std::move(parts)}}));
}

base::Result<void> Writer::finish() {
    file_.flush();
    if (!file_) {
        return base::fail("the recording {} is not whole: it could not be written to its end",
                          path_.string());
    }
    return {};
}

// ---- reading ----

base::Result<Recording> read(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return base::fail_errno(errno, "cannot read {}", path.string());
    }
    Recording recording;
    Blocks blocks;
    std::size_t items = 0;
    try {
        const auto first = json::from_cbor(file, false);
        if (!first.is_object() || !first.contains(magic)) {
            return base::fail("{} is not a recording of the ImgU", path.string());
        }
        if (first.at(magic) != version) {
            return base::fail("{} is a recording of another version than {}", path.string(),
                              version);
        }
        recording.firmware = first.at("firmware").get<std::string>();
        while (file.peek() != std::ifstream::traits_type::eof()) {
            ++items;
            const auto item = json::from_cbor(file, false);
            if (item.contains("write")) {
                recording.entries.emplace_back(write_of(item));
            } else if (item.contains("hand-over")) {
                recording.entries.emplace_back(hand_over_of(item, blocks));
            } else {
                blocks.push_back(block_of(item));
            }
        }
    } catch (const std::exception& error) { // json's, and at()'s
        return items == 0 ? base::fail("{} is not a recording of the ImgU", path.string())
                          : base::fail("{}: item {} is cut off or damaged: {}", path.string(),
                                       items, error.what());
    }
    if (file.bad()) {
        return base::fail_errno(errno, "cannot read {}", path.string());
    }
    return recording;
}

// ---- starts ----

namespace {

/// Written once in each start, in the middle of what brings up the hardware.
bool begins_start(const Entry& entry) {
    const auto* const write = std::get_if<Write>(&entry);
    return write != nullptr && write->name == "system_req";
}

bool is_frame(const Entry& entry) {
    const auto* const hand_over = std::get_if<HandOver>(&entry);
    return hand_over != nullptr && hand_over->what == "input";
}

} // namespace

Recording without_idle_starts(const Recording& recording) {
    const auto& entries = recording.entries;
    const auto next = [&](auto from) {
        return from == entries.end() ? from : std::find_if(from + 1, entries.end(), begins_start);
    };
    Recording kept{.firmware = recording.firmware, .entries = {}};
    auto start = next(std::ranges::find_if(entries, begins_start));
    kept.entries.assign(entries.begin(), start);
    while (start != entries.end()) {
        const auto end = next(start);
        if (std::any_of(start, end, is_frame)) {
            kept.entries.insert(kept.entries.end(), start, end);
        }
        start = end;
    }
    return kept;
}

} // namespace ipu3::record
