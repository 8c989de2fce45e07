// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/devices.hpp"

#include <gmock/gmock.h>

namespace ipu3::cache {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FunctionSpec whole(std::string name) {
    return {.name = std::move(name)};
}
FunctionSpec tables_of(std::string name) {
    return {.name = std::move(name), .tables = true, .buffers = false};
}
FunctionSpec buffers_of(std::string name) {
    return {.name = std::move(name), .tables = false, .buffers = true};
}

TEST(NonCoherentDevices, AreNamedOnceEach) {
    EXPECT_THAT(parse_noncoherent("cio2", 0).value(), ElementsAre(whole("cio2")));
    EXPECT_THAT(parse_noncoherent("dmatest", 2).value(),
                ElementsAre(whole("dmatest0"), whole("dmatest1")));
    EXPECT_THAT(parse_noncoherent("dmatest1,cio2,dmatest", 2).value(),
                ElementsAre(whole("dmatest1"), whole("cio2"), whole("dmatest0")));
}

TEST(NonCoherentDevices, MayBeSoInOneKindOfAccessOnly) {
    EXPECT_THAT(parse_noncoherent("imgu:tables", 0).value(), ElementsAre(tables_of("imgu")));
    EXPECT_THAT(parse_noncoherent("imgu:buffers,cio2", 0).value(),
                ElementsAre(buffers_of("imgu"), whole("cio2")));
    EXPECT_THAT(parse_noncoherent("dmatest:tables", 2).value(),
                ElementsAre(tables_of("dmatest0"), tables_of("dmatest1")));
    EXPECT_THAT(parse_noncoherent("dmatest1:buffers", 2).value(),
                ElementsAre(buffers_of("dmatest1")));
}

TEST(NonCoherentDevices, WhatIsSaidOfOneAddsUp) {
    EXPECT_THAT(parse_noncoherent("imgu:tables,imgu:buffers", 0).value(),
                ElementsAre(whole("imgu")));
    EXPECT_THAT(parse_noncoherent("imgu,imgu:tables", 0).value(), ElementsAre(whole("imgu")));
    EXPECT_THAT(parse_noncoherent("imgu:tables,imgu:tables", 0).value(),
                ElementsAre(tables_of("imgu")));
    EXPECT_THAT(parse_noncoherent("dmatest:tables,dmatest1:buffers", 2).value(),
                ElementsAre(tables_of("dmatest0"), whole("dmatest1")));
}

TEST(NonCoherentDevices, WithoutAnMmuHaveOneKindOfAccess) {
    for (const auto* text : {"cio2:tables", "imgu,cio2:buffers"}) {
        const auto parsed = parse_noncoherent(text, 0);
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error().message, HasSubstr("cio2 has no MMU")) << text;
    }
}

TEST(NonCoherentDevices, KindsOfAccessThatAreUnknownAreRefused) {
    for (const auto* text : {"imgu:", "imgu:walker", "imgu:tables:buffers", "cio2:frames"}) {
        const auto parsed = parse_noncoherent(text, 0);
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error().message, HasSubstr(":tables, :buffers or nothing")) << text;
    }
    EXPECT_THAT(parse_noncoherent("webcam:tables", 0).error().message,
                HasSubstr("unknown device 'webcam'"));
    EXPECT_FALSE(parse_noncoherent(":tables", 0));
}

TEST(NonCoherentDevices, DmatestMeansThoseThatAreThere) {
    EXPECT_THAT(parse_noncoherent("dmatest", 1).value(), ElementsAre(whole("dmatest0")));
    for (const auto* text : {"dmatest", "cio2,dmatest", "dmatest:tables"}) {
        const auto parsed = parse_noncoherent(text, 0);
        ASSERT_FALSE(parsed);
        EXPECT_THAT(parsed.error().message, HasSubstr("'dmatest' names DMA test functions"));
    }
}

TEST(NonCoherentDevices, ThatAreUnknownAreRefusedWithThePossibleNames) {
    for (const auto* text : {"", ",", "cio2,", "cio", "i2c0", "CIO2", "cio2 dmatest"}) {
        const auto parsed = parse_noncoherent(text, 2);
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error().message, HasSubstr("cio2, imgu, dmatest, dmatest0, dmatest1"))
            << text;
    }
}

} // namespace
} // namespace ipu3::cache
