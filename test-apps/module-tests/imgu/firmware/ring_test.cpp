// SPDX-License-Identifier: GPL-2.0-or-later
// Rings and events: what the SP may say, and what it may not.
#include "module-tests/imgu/firmware/pure.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <gtest/gtest.h>
#include <vector>

namespace {

constexpr std::array kinds{IMGU_RING_TO_SP, IMGU_RING_FROM_SP, IMGU_RING_EVENTS_TO_SP,
                           IMGU_RING_EVENTS_FROM_SP};

std::uint8_t size_of(imgu_ring_kind kind) {
    imgu_ring_place place{};
    EXPECT_TRUE(imgu_ring_find(kind, 0, 0, &place));
    return place.size;
}

bool is_writer(imgu_ring_kind kind) {
    return kind == IMGU_RING_TO_SP || kind == IMGU_RING_EVENTS_TO_SP;
}

imgu_ring_info info_of(imgu_ring_kind kind, std::uint8_t start, std::uint8_t end) {
    return {.size = size_of(kind), .step = 4, .start = start, .end = end};
}

imgu_ring open(imgu_ring_kind kind, std::uint8_t start, std::uint8_t end) {
    imgu_ring ring{};
    const auto info = info_of(kind, start, end);
    EXPECT_EQ(imgu_ring_open(&ring, kind, &info), IMGU_OK);
    return ring;
}

} // namespace

// Addresses of the firmware of 2016-12-08, whose rings begin at 0x2d7c of SP0's memory.
TEST(ImguRing, Places) {
    constexpr std::uint32_t base = 0xad7c;
    imgu_ring_place place{};
    for (unsigned pipe = 0; pipe < IMGU_SP_PIPES; ++pipe) {
        for (unsigned queue = 0; queue < IMGU_QUEUES; ++queue) {
            ASSERT_TRUE(imgu_ring_find(IMGU_RING_TO_SP, pipe, queue, &place));
            EXPECT_EQ(base + place.info, 0xad7c + 4 * (8 * pipe + queue));
            EXPECT_EQ(base + place.entries, 0xadfc + 12 * (8 * pipe + queue));
            EXPECT_EQ(place.own, place.info + 3);
            EXPECT_EQ(place.other, place.info + 2);
            EXPECT_EQ(place.size, 3);
            ASSERT_TRUE(imgu_ring_find(IMGU_RING_FROM_SP, pipe, queue, &place));
            EXPECT_EQ(base + place.info, 0xaf7c + 4 * queue);
            EXPECT_EQ(base + place.entries, 0xaf9c + 32 * queue);
            EXPECT_EQ(place.own, place.info + 2);
            EXPECT_EQ(place.other, place.info + 3);
            EXPECT_EQ(place.size, 8);
        }
    }
    ASSERT_TRUE(imgu_ring_find(IMGU_RING_EVENTS_TO_SP, 0, 0, &place));
    EXPECT_EQ(base + place.info, 0xb09cU);
    EXPECT_EQ(base + place.own, 0xb09fU);
    EXPECT_EQ(base + place.entries, 0xb0a0U);
    EXPECT_EQ(place.size, 80);
    ASSERT_TRUE(imgu_ring_find(IMGU_RING_EVENTS_FROM_SP, 0, 0, &place));
    EXPECT_EQ(base + place.info, 0xb1e0U);
    EXPECT_EQ(base + place.entries, 0xb1e4U);
    EXPECT_EQ(place.size, 24);
    for (const auto kind : kinds) {
        EXPECT_FALSE(imgu_ring_find(kind, IMGU_SP_PIPES, 0, &place));
        EXPECT_FALSE(imgu_ring_find(kind, 0, IMGU_QUEUES, &place));
    }
}

TEST(ImguRing, OfAnotherSizeOrIndexIsRefused) {
    for (const auto kind : kinds) {
        imgu_ring ring{};
        for (unsigned size = 0; size < 256; ++size) {
            auto info = info_of(kind, 0, 0);
            info.size = static_cast<std::uint8_t>(size);
            EXPECT_EQ(imgu_ring_open(&ring, kind, &info),
                      size == size_of(kind) ? IMGU_OK : IMGU_REASON_RING_SIZE);
        }
        for (unsigned index = 0; index < 256; ++index) {
            const auto expected = index < size_of(kind) ? IMGU_OK : IMGU_REASON_RING_INDEX;
            const auto at = static_cast<std::uint8_t>(index);
            auto info = info_of(kind, at, 0);
            EXPECT_EQ(imgu_ring_open(&ring, kind, &info), expected);
            info = info_of(kind, 0, at);
            EXPECT_EQ(imgu_ring_open(&ring, kind, &info), expected);
        }
    }
}

// Each state and each index that the SP may name: what it can have reached is believed.
TEST(ImguRing, TheOthersIndexIsBelievedAsFarAsItCanBeTrue) {
    for (const auto kind : kinds) {
        const auto size = size_of(kind);
        for (std::uint8_t start = 0; start < size; ++start) {
            for (std::uint8_t end = 0; end < size; ++end) {
                const auto filled = static_cast<unsigned>((end + size - start) % size);
                // As a reader frees what is filled, or as a writer fills what is free.
                std::array<bool, 256> possible{};
                const auto most = is_writer(kind) ? filled : size - 1U - filled;
                for (unsigned steps = 0; steps <= most; ++steps) {
                    possible.at(((is_writer(kind) ? start : end) + steps) % size) = true;
                }
                const auto before = open(kind, start, end);
                for (unsigned index = 0; index<256; index += index> size ? 31 : 1) {
                    auto ring = before;
                    const auto reason = imgu_ring_see(&ring, static_cast<std::uint8_t>(index));
                    if (index >= size) {
                        ASSERT_EQ(reason, IMGU_REASON_RING_INDEX);
                    } else {
                        ASSERT_EQ(reason, possible.at(index) ? IMGU_OK : IMGU_REASON_RING_BEYOND);
                    }
                    ASSERT_EQ(ring.other, reason == IMGU_OK ? index : before.other);
                    ASSERT_EQ(ring.own, before.own);
                    const auto now = static_cast<unsigned>(ring.other);
                    ASSERT_EQ(ring.count, is_writer(kind) ? size - 1U - (end + size - now) % size
                                                          : (now + size - start) % size);
                }
            }
        }
    }
}

// Against a queue of the standard library's: what comes out is what went in.
TEST(ImguRing, EntriesComeInOrder) {
    for (const auto kind : {IMGU_RING_TO_SP, IMGU_RING_EVENTS_TO_SP}) {
        const auto size = size_of(kind);
        auto ring = open(kind, 1, 1);
        std::vector<int> entries(size);
        std::deque<int> model;
        std::uint8_t start = 1;
        int next = 0;
        for (int round = 0; round < 1000; ++round) {
            std::uint8_t entry = 0xff;
            const auto room = size - 1U - model.size();
            EXPECT_EQ(ring.count, room);
            const auto reason = imgu_ring_step(&ring, &entry);
            EXPECT_EQ(reason, room > 0 ? IMGU_OK : IMGU_REASON_RING_FULL);
            if (reason == IMGU_OK) {
                entries.at(entry) = next;
                model.push_back(next++);
            }
            if (round % 3 != 0 || room == 0) { // the SP reads all
                while (start != ring.own) {
                    ASSERT_EQ(entries.at(start), model.front());
                    model.pop_front();
                    start = static_cast<std::uint8_t>((start + 1) % size);
                }
                EXPECT_EQ(imgu_ring_see(&ring, start), IMGU_OK);
            }
        }
    }
    for (const auto kind : {IMGU_RING_FROM_SP, IMGU_RING_EVENTS_FROM_SP}) {
        const auto size = size_of(kind);
        auto ring = open(kind, 2, 2);
        std::uint8_t end = 2;
        for (int round = 0; round < 1000; ++round) {
            const auto count = static_cast<std::uint8_t>(round % size);
            const auto first = end;
            end = static_cast<std::uint8_t>((end + count) % size);
            EXPECT_EQ(imgu_ring_see(&ring, end), IMGU_OK);
            EXPECT_EQ(ring.count, count);
            std::uint8_t entry = 0xff;
            for (unsigned i = 0; i < count; ++i) {
                ASSERT_EQ(imgu_ring_step(&ring, &entry), IMGU_OK);
                ASSERT_EQ(entry, (first + i) % size);
            }
            EXPECT_EQ(imgu_ring_step(&ring, &entry), IMGU_REASON_RING_EMPTY);
        }
    }
}

// Numbers of ipu3-abi.h.
TEST(ImguEvent, ToTheSp) {
    EXPECT_EQ(imgu_event_queued(1, IMGU_QUEUE_OUT), 0x00010300U);
    EXPECT_EQ(imgu_event_queued(0, IMGU_QUEUE_PARAMS), 0U);
    EXPECT_EQ(imgu_event_dequeued(IMGU_QUEUE_STATS), 0x01000500U);
    EXPECT_EQ(IMGU_EVENT_EVENT_DEQUEUED, 0x02000000);
    EXPECT_EQ(imgu_event_start(1), 0x03010000U);
    EXPECT_EQ(IMGU_EVENT_STOP, 0x04000000);
}

TEST(ImguEvent, OfBuffers) {
    const std::vector<std::pair<std::uint32_t, imgu_queue>> types{{0, IMGU_QUEUE_OUT},
                                                                  {2, IMGU_QUEUE_VF},
                                                                  {4, IMGU_QUEUE_STATS},
                                                                  {8, IMGU_QUEUE_IN},
                                                                  {6, IMGU_QUEUE_EVENT}};
    for (const auto& [type, queue] : types) {
        for (std::uint32_t pipe = 0; pipe < 256; ++pipe) {
            imgu_event event{};
            // The pipe's number of 24 to 16, which nobody needs, may be any.
            const auto reason = imgu_event_parse(0x00ff0000 | pipe << 8 | type, &event);
            if (pipe >= IMGU_PIPES) {
                EXPECT_EQ(reason, IMGU_REASON_EVENT_PIPE);
                continue;
            }
            ASSERT_EQ(reason, IMGU_OK);
            EXPECT_EQ(event.type, static_cast<imgu_event_type>(type));
            EXPECT_EQ(event.queue, queue);
            EXPECT_EQ(event.pipe, pipe);
        }
    }
}

TEST(ImguEvent, OfTheFirmwareItself) {
    imgu_event event{};
    ASSERT_EQ(imgu_event_parse(0x34120e0f, &event), IMGU_OK);
    EXPECT_EQ(event.type, IMGU_EVENT_ASSERT);
    EXPECT_EQ(event.module, 0x0e);
    EXPECT_EQ(event.line, 0x1234);
    EXPECT_EQ(event.queue, IMGU_QUEUE_EVENT);
    ASSERT_EQ(imgu_event_parse(0x0000ff0e, &event), IMGU_OK);
    EXPECT_EQ(event.type, IMGU_EVENT_WARNING);
    EXPECT_EQ(event.module, 0xff);
    ASSERT_EQ(imgu_event_parse(0xffffff0c, &event), IMGU_OK);
    EXPECT_EQ(event.type, IMGU_EVENT_TIMER);
}

TEST(ImguEvent, OtherTypesAreUnknown) {
    constexpr std::array known{0U, 2U, 4U, 6U, 8U, 12U, 14U, 15U};
    for (std::uint32_t type = 0; type < 256; ++type) {
        imgu_event event{};
        const bool is_known = std::ranges::find(known, type) != known.end();
        EXPECT_EQ(imgu_event_parse(type, &event), is_known ? IMGU_OK : IMGU_REASON_EVENT_TYPE);
        EXPECT_EQ(imgu_event_parse(0xffffffff, &event), IMGU_REASON_EVENT_TYPE);
    }
}
