// SPDX-License-Identifier: GPL-2.0-or-later
// Rings and events with a processor that writes anything: the driver never touches an entry that
// there is not, never sees more than there can be, and keeps its own account.
#include "module-tests/imgu/firmware/fuzz.hpp"

#include "module-tests/imgu/firmware/pure.hpp"

#include <array>
#include <span>
#include <vector>

namespace {

void expect(bool right) {
    if (!right) {
        __builtin_trap();
    }
}

/// All rings as the driver has them, over memory that the input is.
class Driver {
  public:
    explicit Driver(std::span<const std::uint8_t> memory) : memory_(sizeof(imgu_rings)) {
        if (!memory.empty()) {
            std::memcpy(memory_.data(), memory.data(), std::min(memory_.size(), memory.size()));
        }
    }

    void run(std::span<const std::uint8_t> steps) {
        for (const auto kind : {IMGU_RING_TO_SP, IMGU_RING_FROM_SP, IMGU_RING_EVENTS_TO_SP,
                                IMGU_RING_EVENTS_FROM_SP}) {
            for (unsigned pipe = 0; pipe < IMGU_SP_PIPES; ++pipe) {
                for (unsigned queue = 0; queue < IMGU_QUEUES; ++queue) {
                    run(kind, pipe, queue, steps);
                }
            }
        }
    }

  private:
    void run(imgu_ring_kind kind, unsigned pipe, unsigned queue,
             std::span<const std::uint8_t> steps) {
        imgu_ring_place place{};
        expect(imgu_ring_find(kind, pipe, queue, &place));
        imgu_ring_info info{};
        std::memcpy(&info, &memory_.at(place.info), sizeof(info));
        // Half of the rings are of the right size, or hardly one would be used.
        info.size = steps.empty() || steps[0] % 2 == 0 ? place.size : info.size;
        imgu_ring ring{};
        if (imgu_ring_open(&ring, kind, &info) != IMGU_OK) {
            return;
        }
        for (const auto step : steps) {
            const auto count = ring.count;
            expect(count < place.size && ring.own < place.size && ring.other < place.size);
            if (step % 2 == 0) {
                const auto before = ring;
                const auto reason = imgu_ring_see(&ring, step / 2);
                expect(ring.own == before.own);
                expect(reason == IMGU_OK ? ring.other == step / 2 : ring.other == before.other);
                expect(ring.count >= count); // the SP only ever makes more room
                continue;
            }
            std::uint8_t entry = 0xff;
            const auto reason = imgu_ring_step(&ring, &entry);
            expect((reason == IMGU_OK) == (count > 0));
            if (reason == IMGU_OK) {
                expect(entry < place.size && ring.count == count - 1);
                touch(place.entries + 4U * entry);
            }
        }
    }

    void touch(std::uint32_t at) {
        std::uint32_t word = 0;
        std::memcpy(&word, &memory_.at(at), sizeof(word));
        expect(at + sizeof(word) <= memory_.size());
        imgu_event event{};
        if (imgu_event_parse(word, &event) == IMGU_OK) {
            expect(event.pipe < IMGU_PIPES && event.queue >= IMGU_QUEUE_EVENT &&
                   event.queue < IMGU_QUEUES);
        }
    }

    std::vector<std::uint8_t> memory_;
};

} // namespace

namespace firmware {

void fuzz_rings(const std::uint8_t* data, std::size_t size) {
    const std::span all{data, size};
    const auto steps = std::min<std::size_t>(64, size);
    Driver{all.subspan(steps)}.run(all.first(steps));
}

} // namespace firmware
