// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-cells/cell.hpp"

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace imgu_cells {

namespace {

using nlohmann::json;

json of(const Size& size) {
    return {size.width, size.height};
}

Size size_of(const json& item) {
    return {.width = item.at(0).get<std::uint32_t>(), .height = item.at(1).get<std::uint32_t>()};
}

json of(const CellPipe& pipe) {
    auto sets = json::array();
    for (const auto& set : pipe.sets) {
        sets.push_back(json::binary(set));
    }
    return {{"pipe", pipe.pipe},      {"video", pipe.video},   {"fourcc", pipe.fourcc},
            {"in", of(pipe.in)},      {"crop", of(pipe.crop)}, {"bds", of(pipe.bds)},
            {"gdc", of(pipe.gdc)},    {"out", of(pipe.out)},   {"vf", of(pipe.vf)},
            {"sets", std::move(sets)}};
}

CellPipe pipe_of(const json& item) {
    constexpr unsigned pipes = 2;
    CellPipe pipe{.pipe = item.at("pipe").get<unsigned>(),
                  .video = item.at("video").get<bool>(),
                  .fourcc = item.at("fourcc").get<std::uint32_t>(),
                  .in = size_of(item.at("in")),
                  .crop = size_of(item.at("crop")),
                  .bds = size_of(item.at("bds")),
                  .gdc = size_of(item.at("gdc")),
                  .out = size_of(item.at("out")),
                  .vf = size_of(item.at("vf")),
                  .sets = {}};
    if (pipe.pipe >= pipes) {
        throw std::runtime_error{"there is no pipe " + std::to_string(pipe.pipe)};
    }
    for (const auto& set : item.at("sets")) {
        pipe.sets.push_back(set.get_binary());
    }
    return pipe;
}

Cell cell_of(const json& item) {
    Cell cell{.name = item.at("name").get<std::string>(), .pipes = {}};
    for (const auto& pipe : item.at("pipes")) {
        cell.pipes.push_back(pipe_of(pipe));
    }
    if (cell.pipes.empty()) {
        throw std::runtime_error{"no pipe"};
    }
    return cell;
}

} // namespace

base::Result<void> write_cells(const std::filesystem::path& path, const std::vector<Cell>& cells) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    if (!file) {
        return base::fail_errno(errno, "cannot write {}", path.string());
    }
    for (const auto& cell : cells) {
        auto pipes = json::array();
        for (const auto& pipe : cell.pipes) {
            pipes.push_back(of(pipe));
        }
        const auto bytes = json::to_cbor({{"name", cell.name}, {"pipes", std::move(pipes)}});
        file.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
    file.close();
    return file ? base::Result<void>{}
                : base::fail("{} could not be written to its end", path.string());
}

base::Result<std::vector<Cell>> read_cells(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return base::fail_errno(errno, "cannot read {}", path.string());
    }
    std::vector<Cell> cells;
    try {
        while (file.peek() != std::ifstream::traits_type::eof()) {
            cells.push_back(cell_of(json::from_cbor(file, false)));
        }
    } catch (const std::exception& error) { // json's, and those above
        return base::fail("{}: cell {} is cut off or damaged: {}", path.string(), cells.size(),
                          error.what());
    }
    if (file.bad()) {
        return base::fail_errno(errno, "cannot read {}", path.string());
    }
    return cells;
}

} // namespace imgu_cells
