// SPDX-License-Identifier: GPL-2.0-or-later
// Cases: sizes of a pipe and a sequence of parameter sets, made from a seed and a number alone, so
// that a case can be printed and run again.
#pragma once

#include "pipes.hpp"
#include "reference.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace differential {

/// Where a case's sizes come from.
enum class Origin : std::uint8_t {
    libcamera, ///< what libcamera's handler chooses for a sensor's mode
    random,    ///< anything that obeys the rules
    edge,      ///< the same, next to where stripes and blocks end
    illegal,   ///< with one rule broken
};
inline constexpr std::array<std::string_view, 4> origin_names{"libcamera", "random", "edge",
                                                              "illegal"};

/// How the picture's scaler works, as far as another code is run for it.
enum class Scaling : std::uint8_t {
    none,      ///< the viewfinder is what geometric correction makes
    crop,      ///< as wide, but lower
    above_7_8, ///< to more than 7/8 of the width
    above_1_2, ///< to between half of it and 7/8
    below_1_2, ///< to less than half
};
inline constexpr std::array<std::string_view, 5> scaling_names{"none", "crop", "above 7/8",
                                                               "above 1/2", "below 1/2"};
[[nodiscard]] Scaling scaling_of(const reference_pipe& pipe);

/// The use flags that have an effect, and where each is in struct ipu3_uapi_flags.
struct Flag {
    std::string_view name;
    std::uint32_t word, bit;
};
inline constexpr std::array flags{
    Flag{"acc_bnr", 1, 0},          Flag{"acc_green_disparity", 1, 1},
    Flag{"acc_dm", 1, 2},           Flag{"acc_ccm", 1, 3},
    Flag{"acc_gamma", 1, 4},        Flag{"acc_csc", 1, 5},
    Flag{"acc_cds", 1, 6},          Flag{"acc_shd", 1, 7},
    Flag{"acc_iefd", 1, 10},        Flag{"acc_yds_c0", 1, 11},
    Flag{"acc_chnr_c0", 1, 12},     Flag{"acc_y_ee_nr", 1, 13},
    Flag{"acc_yds", 1, 14},         Flag{"acc_chnr", 1, 15},
    Flag{"acc_yds2", 1, 17},        Flag{"acc_tcc", 1, 18},
    Flag{"acc_anr", 1, 21},         Flag{"acc_awb_fr", 1, 22},
    Flag{"acc_ae", 1, 23},          Flag{"acc_af", 1, 24},
    Flag{"acc_awb", 1, 25},         Flag{"lin_vmem_params", 2, 0},
    Flag{"tnr3_vmem_params", 2, 1}, Flag{"xnr3_vmem_params", 2, 2},
    Flag{"tnr3_dmem_params", 2, 3}, Flag{"xnr3_dmem_params", 2, 4},
    Flag{"obgrid_param", 2, 6},
};
[[nodiscard]] bool uses(const reference_set& set, const Flag& flag);
/// Flags that some program sets but that nobody obeys, or that refuse the set.
inline constexpr Flag flag_dpc{"acc_dpc", 1, 19};

struct Case {
    std::uint64_t seed{0}, number{0};
    Origin origin{Origin::random};
};

/// The sizes of case @p number of @p seed alone.
[[nodiscard]] reference_pipe make_pipe(std::uint64_t seed, std::uint64_t number);
/// Makes case @p number of @p seed in @p exchange.
Case make_case(std::uint64_t seed, std::uint64_t number, reference_exchange& exchange);

/// The case in words: its sizes, its sets with their flags and grids.
[[nodiscard]] std::string describe(const Case& made, const reference_exchange& exchange);

} // namespace differential
