// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/devices.hpp"

#include <gmock/gmock.h>

namespace ipu3::cache {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(NonCoherentDevices, AreNamedOnceEach) {
    EXPECT_THAT(parse_noncoherent("cio2", 0).value(), ElementsAre("cio2"));
    EXPECT_THAT(parse_noncoherent("dmatest", 2).value(), ElementsAre("dmatest0", "dmatest1"));
    EXPECT_THAT(parse_noncoherent("dmatest1,cio2,dmatest", 2).value(),
                ElementsAre("dmatest1", "cio2", "dmatest0"));
}

TEST(NonCoherentDevices, DmatestMeansThoseThatAreThere) {
    EXPECT_THAT(parse_noncoherent("dmatest", 1).value(), ElementsAre("dmatest0"));
    for (const auto* text : {"dmatest", "cio2,dmatest"}) {
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
