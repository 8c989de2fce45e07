// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/devices.hpp"

#include <gmock/gmock.h>

namespace ipu3::cache {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(NonCoherentDevices, AreNamedOnceEach) {
    EXPECT_THAT(parse_noncoherent("cio2").value(), ElementsAre("cio2"));
    EXPECT_THAT(parse_noncoherent("dmatest").value(), ElementsAre("dmatest0", "dmatest1"));
    EXPECT_THAT(parse_noncoherent("dmatest1,cio2,dmatest").value(),
                ElementsAre("dmatest1", "cio2", "dmatest0"));
}

TEST(NonCoherentDevices, ThatAreUnknownAreRefusedWithThePossibleNames) {
    for (const auto* text : {"", ",", "cio2,", "cio", "i2c0", "CIO2", "cio2 dmatest"}) {
        const auto parsed = parse_noncoherent(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error().message, HasSubstr("cio2, imgu, dmatest, dmatest0, dmatest1"))
            << text;
    }
}

} // namespace
} // namespace ipu3::cache
