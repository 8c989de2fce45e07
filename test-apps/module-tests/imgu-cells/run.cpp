// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-cells/run.hpp"

#include "module-tests/imgu-cells/stream.hpp"

#include <algorithm>
#include <deque>
#include <fmt/format.h>

namespace imgu_cells {

namespace {

base::Result<void> run(std::deque<Stream>& streams, std::size_t frames) {
    for (auto& stream : streams) {
        if (auto made = stream.allocate(); !made) {
            return made;
        }
    }
    // All before the first frame, as libcamera does: which pipes run is settled then.
    for (auto& stream : streams) {
        if (auto started = stream.start(); !started) {
            return started;
        }
    }
    for (std::size_t number = 0; number < frames; ++number) {
        for (auto& stream : streams) {
            if (auto queued = stream.queue(number); !queued) {
                return queued;
            }
        }
        for (auto& stream : streams) {
            if (auto collected = stream.collect(number); !collected) {
                return collected;
            }
        }
    }
    return {};
}

} // namespace

bool run(const Cell& cell, std::span<const imgu_answers::Pipe> pipes) {
    constexpr std::size_t least_frames = 2;
    std::size_t frames = least_frames;
    std::deque<Stream> streams;
    for (const auto& wanted : cell.pipes) {
        frames = std::max(frames, wanted.sets.size());
        streams.emplace_back(pipes[wanted.pipe], wanted,
                             fmt::format("{} pipe {}", cell.name, wanted.pipe));
    }
    const auto done = run(streams, frames);
    imgu_answers::write_answer(cell.name,
                               done ? fmt::format("{} frames", frames) : done.error().message);
    return done.has_value();
}

} // namespace imgu_cells
