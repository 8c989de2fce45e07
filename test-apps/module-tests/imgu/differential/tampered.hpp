// SPDX-License-Identifier: GPL-2.0-or-later
// For tests of the comparer: the packaged driver's own answers with something changed in them.
#pragma once

#include "differ.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace differential {

class Tampered final : public Subject {
  public:
    explicit Tampered(std::filesystem::path program) : child_{std::move(program)} {}

    /// Bits to turn over in each block of a kind.
    void flip(BlockKind kind, std::size_t at, std::uint8_t bits) {
        kind_ = kind;
        at_ = at;
        bits_ = bits;
    }
    /// Whether to say the opposite of what the driver says of each set.
    void contradict(bool yes) { contradicts_ = yes; }

    std::string begin(const reference_exchange& exchange) override;
    std::string set(const reference_exchange& exchange, std::uint32_t index) override;
    [[nodiscard]] Blocks blocks() const override;
    [[nodiscard]] std::span<const std::uint8_t> warp() override;
    [[nodiscard]] std::string broken_invariant(const reference_pipe& /*pipe*/) const override {
        return {};
    }

  private:
    [[nodiscard]] std::span<std::uint8_t> changed(BlockKind kind, std::uint8_t* bytes,
                                                  std::size_t size) const;

    Child child_;
    const reference_verdict* verdict_{nullptr};
    BlockKind kind_{BlockKind::acc};
    std::size_t at_{0};
    std::uint8_t bits_{0};
    bool contradicts_{false};
};

} // namespace differential
