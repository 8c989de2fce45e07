// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-frames/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace frames {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* capture_text = R"({"index":0,"buffer":1,"written":true}
{"index":1,"buffer":0,"written":false}
{"index":2,"buffer":0,"written":true}
{"buffers":[[["0x5000",2]],[["0x9000",1],[null,1],["0xb000",1]]]}
{"frames":3,"failure":null}
)";

std::string cache_text(bool loads = true) {
    return std::string{R"({"loads":)"} + (loads ? "true" : "false") + R"(,"wrong_pages":2,"pages":[
        {"address":"0x9000","last_writer":"cio2","last_reader":null,"poison_reads":0,
         "stale_reads":0,"writes_over_dirty_lines":0,"lost_writes":0,"stale_loads":7,
         "stale_lines_at_end":0},
        {"address":"0xb000","last_writer":"cio2","last_reader":null,"poison_reads":0,
         "stale_reads":0,"writes_over_dirty_lines":3,"lost_writes":2,"stale_loads":4,
         "stale_lines_at_end":64}]})";
}

BadFrame bad(std::uint64_t index, std::vector<std::size_t> pages, std::size_t byte) {
    return {
        .index = index, .first = BadPixel{index, 1, 2, 3, 4, 5, byte}, .pages = std::move(pages)};
}

std::string explained(const BadFrame& frame, bool loads = true) {
    const std::array all{frame};
    return explain(all, parse_capture_log(capture_text).value(),
                   parse_cache_log(cache_text(loads)).value());
}

TEST(Explain, CaptureLogHasPagesAndTheBufferOfEachFrameThatWasWritten) {
    const auto log = parse_capture_log(capture_text).value();
    EXPECT_THAT(log.written, ElementsAre(1, 0));
    EXPECT_THAT(log.buffers[0], ElementsAre(0x5000, 0x6000));
    EXPECT_THAT(log.buffers[1], ElementsAre(0x9000, std::nullopt, 0xb000));
}

TEST(Explain, WhatIsNoCaptureLogIsRefused) {
    for (const auto* text :
         {"", "x", "{}", R"({"index":0,"buffer":0,"written":true})",
          R"({"buffers":[[["0x1000",-1]]]})", R"({"buffers":[[["0x1000",1e9]]]})",
          R"({"buffers":[[7]]})", R"({"buffers":[]})",
          "{\"buffers\":[[]]}\n{\"buffer\":1,\"written\":true}"}) {
        EXPECT_FALSE(parse_capture_log(text)) << text;
    }
    EXPECT_THAT(parse_capture_log("{}").error().message, HasSubstr("--pages"));
}

TEST(Explain, WhatIsNoCacheLogIsRefused) {
    for (const auto* text : {"", "{}", R"({"loads":true,"wrong_pages":1,"pages":[{}]})",
                             R"({"loads":true,"wrong_pages":1,"pages":[{"address":"9000"}]})",
                             R"({"loads":1,"wrong_pages":0,"pages":[]})"}) {
        EXPECT_FALSE(parse_cache_log(text)) << text;
    }
}

TEST(Explain, ABadByteIsFoundInMemoryAndItsPagesHistoryIsTold) {
    const auto text = explained(bad(0, {0, 1, 2}, 8200));
    EXPECT_THAT(text, HasSubstr("frame 0: first bad pixel at column 2, line 3: byte 8200, cache "
                                "line 128; buffer 1, guest address 0xb008\n"));
    EXPECT_THAT(text, HasSubstr("of its 3 bad pages the cache model saw something wrong with 2, "
                                "last written by cio2; where 1 of them lay is not known\n"));
    EXPECT_THAT(text, HasSubstr("loaded stale bytes 11 times: no flush came between cio2's write"));
    EXPECT_THAT(text, HasSubstr("64 lines were stale at the end"));
    EXPECT_THAT(text, HasSubstr("cio2 wrote 3 lines that a cache had dirty"));
    EXPECT_THAT(text, HasSubstr("2 lines of cio2's were overwritten"));
}

TEST(Explain, OnlyWhatThePageHasIsSaid) {
    const auto text = explained(bad(0, {0}, 0));
    EXPECT_THAT(text, HasSubstr("loaded stale bytes 7 times"));
    EXPECT_THAT(text, Not(HasSubstr("at the end")));
    EXPECT_THAT(text, Not(HasSubstr("dirty")));
    EXPECT_THAT(text, Not(HasSubstr("overwritten")));
}

TEST(Explain, PagesWithNothingWrongAreNotBlamed) {
    EXPECT_THAT(explained(bad(1, {0, 1}, 4096)), HasSubstr("so no missing flush is to blame"));
    EXPECT_THAT(explained(bad(1, {0, 1}, 4096), false), HasSubstr("--cache-loads"));
}

TEST(Explain, AFrameThatTheCaptureDoesNotTellOfIsSaidToBe) {
    EXPECT_THAT(explained(bad(2, {0}, 0)), HasSubstr("the capture's report has no such frame"));
}

TEST(Explain, AnOldFrameIsOneAsAWhole) {
    const BadFrame old{.index = 0, .first = std::nullopt, .pages = {0, 1, 2}};
    EXPECT_THAT(explained(old), HasSubstr("frame 0: as a whole an old frame; buffer 1\n"));
}

TEST(Explain, AReportThatIsCutSaysSo) {
    auto cache = parse_cache_log(cache_text()).value();
    cache.wrong_pages = 5;
    EXPECT_THAT(explain({}, parse_capture_log(capture_text).value(), cache),
                HasSubstr("lists 2 of 5 pages"));
}

} // namespace
} // namespace frames
