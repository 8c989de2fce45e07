// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/fourcc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/media-bus-format.h>
#include <linux/videodev2.h>

namespace frames {
namespace {

using testing::HasSubstr;

std::uint32_t number(const RawFormat& format) {
    return v4l2_fourcc(std::uint32_t(format.fourcc[0]), std::uint32_t(format.fourcc[1]),
                       std::uint32_t(format.fourcc[2]), std::uint32_t(format.fourcc[3]));
}

struct Name {
    const char* name;
    std::uint32_t fourcc; ///< by the kernel's own header
};

void PrintTo(const Name& name, std::ostream* out) {
    *out << name.name;
}

class FormatName : public testing::TestWithParam<Name> {};

TEST_P(FormatName, IsKnown) {
    const auto format = find_raw_format(GetParam().name);
    ASSERT_TRUE(format) << format.error().message;
    EXPECT_EQ(number(*format), GetParam().fourcc);
}

INSTANTIATE_TEST_SUITE_P(
    V4l2, FormatName,
    testing::Values(Name{"ip3b", V4L2_PIX_FMT_IPU3_SBGGR10},
                    Name{"ip3g", V4L2_PIX_FMT_IPU3_SGBRG10},
                    Name{"ip3G", V4L2_PIX_FMT_IPU3_SGRBG10},
                    Name{"ip3r", V4L2_PIX_FMT_IPU3_SRGGB10}, Name{"ip3y", V4L2_PIX_FMT_IPU3_Y10},
                    Name{"BG10", V4L2_PIX_FMT_SBGGR10}, Name{"GB10", V4L2_PIX_FMT_SGBRG10},
                    Name{"BA10", V4L2_PIX_FMT_SGRBG10}, Name{"RG10", V4L2_PIX_FMT_SRGGB10},
                    Name{"Y10", V4L2_PIX_FMT_Y10}, Name{"Y10 ", V4L2_PIX_FMT_Y10},
                    Name{"V4L2_PIX_FMT_IPU3_SBGGR10", V4L2_PIX_FMT_IPU3_SBGGR10},
                    Name{"IPU3_Y10", V4L2_PIX_FMT_IPU3_Y10},
                    Name{"V4L2_PIX_FMT_SGRBG10", V4L2_PIX_FMT_SGRBG10},
                    Name{"V4L2_PIX_FMT_Y10", V4L2_PIX_FMT_Y10}));
INSTANTIATE_TEST_SUITE_P(Libcamera, FormatName,
                         testing::Values(Name{"SBGGR10_IPU3", V4L2_PIX_FMT_IPU3_SBGGR10},
                                         Name{"SGBRG10_IPU3", V4L2_PIX_FMT_IPU3_SGBRG10},
                                         Name{"SGRBG10_IPU3", V4L2_PIX_FMT_IPU3_SGRBG10},
                                         Name{"SRGGB10_IPU3", V4L2_PIX_FMT_IPU3_SRGGB10},
                                         Name{"SBGGR10", V4L2_PIX_FMT_SBGGR10},
                                         Name{"SGBRG10", V4L2_PIX_FMT_SGBRG10},
                                         Name{"SGRBG10", V4L2_PIX_FMT_SGRBG10},
                                         Name{"SRGGB10", V4L2_PIX_FMT_SRGGB10},
                                         Name{"R10", V4L2_PIX_FMT_Y10}));
// What the CIO2 makes of it in memory.
INSTANTIATE_TEST_SUITE_P(MediaBus, FormatName,
                         testing::Values(Name{"SBGGR10_1X10", V4L2_PIX_FMT_IPU3_SBGGR10},
                                         Name{"SGBRG10_1X10", V4L2_PIX_FMT_IPU3_SGBRG10},
                                         Name{"SGRBG10_1X10", V4L2_PIX_FMT_IPU3_SGRBG10},
                                         Name{"SRGGB10_1X10", V4L2_PIX_FMT_IPU3_SRGGB10},
                                         Name{"Y10_1X10", V4L2_PIX_FMT_IPU3_Y10},
                                         Name{"MEDIA_BUS_FMT_SGRBG10_1X10",
                                              V4L2_PIX_FMT_IPU3_SGRBG10}));

class NoFormatName : public testing::TestWithParam<const char*> {};

TEST_P(NoFormatName, IsRefusedWithThosePossible) {
    const auto format = find_raw_format(GetParam());
    ASSERT_FALSE(format);
    EXPECT_THAT(format.error().message, HasSubstr("'" + std::string{GetParam()} + "' is no known"));
    EXPECT_THAT(format.error().message, HasSubstr("ip3b, ip3g, ip3G, ip3r, ip3y, BG10"));
}

// NV12 is a picture; cases differ, a CSI-2 packing is not the IPU3's, and a prefix is no name.
INSTANTIATE_TEST_SUITE_P(All, NoFormatName,
                         testing::Values("", " ", "NV12", "IP3B", "sbggr10_1x10", "SBGGR10_CSI2P",
                                         "SBGGR12_1X12", "V4L2_PIX_FMT_", "MEDIA_BUS_FMT_NV12",
                                         "V4L2_PIX_FMT_MEDIA_BUS_FMT_Y10_1X10"));

} // namespace
} // namespace frames
