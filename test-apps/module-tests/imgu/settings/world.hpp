// SPDX-License-Identifier: GPL-2.0-or-later
// A pipe with settings, as a stream has it, and the packaged driver beside it.
#pragma once

#include "module-tests/imgu/settings/pure.hpp"
#include "reference.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <vector>

namespace settings {

/// Sizes that go together, with a Bayer scaler's output of @p width pixels, a multiple of 8, and @p
/// height lines, of 4.
[[nodiscard]] imgu_geometry sizes(std::uint32_t width, std::uint32_t height);
/// A program like the one for video, or with one stripe.
[[nodiscard]] imgu_program program(unsigned stripes = 2);
/// One that makes no statistics, like the one for still pictures.
[[nodiscard]] imgu_program still_program();

/// Zeroes, at an address like that of the driver's own copy.
class Params {
  public:
    [[nodiscard]] ipu3_uapi_params& operator*() { return *params_; }
    [[nodiscard]] ipu3_uapi_params* operator->() { return params_.get(); }
    [[nodiscard]] const ipu3_uapi_params* get() const { return params_.get(); }

    /// With every bit at random but for the use flags, which are zero.
    [[nodiscard]] static Params random(std::mt19937& random);
    /// As random(), with grids and a shading grid that are accepted for these sizes.
    [[nodiscard]] static Params legal(std::mt19937& random, const imgu_geometry& geometry);
    void use_all();

  private:
    std::unique_ptr<ipu3_uapi_params> params_{std::make_unique<ipu3_uapi_params>()};
};

/// Settings and a block that is brought up to date after each merge.
class Pipe {
  public:
    Pipe(const imgu_geometry& geometry, const imgu_program& program);

    imgu_reason merge(const Params& user);
    /// The block, brought up to date.
    const imgu_acc_param& acc();
    /// What the settings make of a block that holds nothing.
    [[nodiscard]] std::unique_ptr<imgu_acc_param> fresh() const;

    [[nodiscard]] const imgu_settings& settings() const { return *settings_; }
    [[nodiscard]] imgu_acc_param& block() { return *acc_; }
    /// What the last acc() has written.
    [[nodiscard]] std::span<const imgu_range> changed() const {
        return {changed_.range, changed_.count};
    }
    /// Lines of 64 bytes that these touch.
    [[nodiscard]] std::size_t changed_lines() const;

    imgu_geometry geometry;
    imgu_program program;

  private:
    std::unique_ptr<imgu_settings> settings_{std::make_unique<imgu_settings>()};
    std::unique_ptr<imgu_acc_param> acc_{std::make_unique<imgu_acc_param>()};
    imgu_written written_{};
    imgu_ranges changed_{};
};

/// What the packaged driver makes of a set on top of its defaults, or nothing if it refuses it.
[[nodiscard]] std::unique_ptr<imgu_acc_param>
packaged(const imgu_geometry& geometry, const imgu_program& program, const Params& user);
/// The same on top of another block.
[[nodiscard]] std::unique_ptr<imgu_acc_param> packaged_after(const imgu_geometry& geometry,
                                                             const imgu_program& program,
                                                             const Params& user,
                                                             imgu_acc_param& old);
/// The same without a set: what a stream begins with.
[[nodiscard]] std::unique_ptr<imgu_acc_param> packaged(const imgu_geometry& geometry,
                                                       const imgu_program& program);

/// Whether two values of the firmware's or the interface's are the same byte by byte: they have no
/// padding that nobody writes.
template <class T>
[[nodiscard]] bool same_bytes(const T& a, const T& b) {
    const auto bytes = [](const T& of) { return std::as_bytes(std::span{&of, 1}); };
    return std::ranges::equal(bytes(a), bytes(b));
}

/// Lines that a list processes until it ends, or nothing if it never does, or goes on behind its
/// end.
[[nodiscard]] std::optional<std::uint32_t> lines_of(std::span<const imgu_acc_operation> operations,
                                                    std::span<const imgu_acc_lines> lines);

} // namespace settings
