// SPDX-License-Identifier: GPL-2.0-or-later
// What ipu3-judge says of pictures and statistics that a guest left in its share folder.
#pragma once

#include "tests/functional/subprocess.hpp"
#include "tests/functional/vm.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// WIDTHxHEIGHT of a RAW frame, of what it is scaled to, and of what geometric correction leaves.
struct ImguSizes {
    std::string frame;
    std::string bds;
    std::string picture;
    std::string half; ///< of the picture, for the viewfinder
};

/// `ipu3-judge picture` on @p file, made of the frame or frames in @p raw. @p more: further
/// arguments, such as --picture-size.
[[nodiscard]] Outcome judge_picture(const Vm& vm, const ImguSizes& sizes, std::string_view file,
                                    std::string_view raw, const std::vector<std::string>& more);

/// `ipu3-judge awb` on @p file.
[[nodiscard]] Outcome judge_awb(const Vm& vm, const ImguSizes& sizes, std::string_view file,
                                std::string_view raw, const std::vector<std::string>& more = {});

/// Gives the ImgU of @p vm (which has its drivers, and no share folder's contents yet) a frame of
/// two, and expects picture, viewfinder and statistics to be that frame's: imgu-process.sh, judged.
void expect_the_frame(Vm& vm, const ImguSizes& sizes);

/// Of a machine whose ImgU does not snoop: all that it read was in memory. What was not, and was
/// the same by chance, counts.
void expect_nothing_stale(const Vm& vm);

} // namespace tests
