// SPDX-License-Identifier: GPL-2.0-or-later
// Runs cases through the packaged driver's code and through a subject, compares what they make, and
// counts what the cases have covered.
#pragma once

#include "cases.hpp"
#include "child.hpp"
#include "differences.hpp"
#include "ours.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace differential {

/// What is compared with the packaged driver: the module's code; in tests of the comparer,
/// something else.
class Subject {
  public:
    struct Blocks {
        std::span<const std::uint8_t> acc, vmem, dmem;
    };

    Subject() = default;
    Subject(const Subject&) = delete;
    Subject& operator=(const Subject&) = delete;
    Subject(Subject&&) = delete;
    Subject& operator=(Subject&&) = delete;
    virtual ~Subject() = default;

    /// A stream begins. The name of the reason to refuse its sizes, or empty.
    virtual std::string begin(const reference_exchange& exchange) = 0;
    /// The stream's set of this index. The name of the reason to refuse it, or empty.
    virtual std::string set(const reference_exchange& exchange, std::uint32_t index) = 0;
    /// Of the last set that was not refused.
    [[nodiscard]] virtual Blocks blocks() const = 0;
    [[nodiscard]] virtual std::span<const std::uint8_t> warp() = 0;
    /// What is wrong with the last set's blocks whatever the other driver makes of it, or empty.
    [[nodiscard]] virtual std::string broken_invariant(const reference_pipe& pipe) const = 0;
};

/// The module's code.
class Ours final : public Subject {
  public:
    Ours();
    ~Ours() override;
    Ours(const Ours&) = delete;
    Ours& operator=(const Ours&) = delete;
    Ours(Ours&&) = delete;
    Ours& operator=(Ours&&) = delete;

    std::string begin(const reference_exchange& exchange) override;
    std::string set(const reference_exchange& exchange, std::uint32_t index) override;
    [[nodiscard]] Blocks blocks() const override;
    [[nodiscard]] std::span<const std::uint8_t> warp() override;
    [[nodiscard]] std::string broken_invariant(const reference_pipe& pipe) const override;

  private:
    ours* ours_;
    ours_result result_{};
    std::vector<std::uint8_t> warp_;
    std::vector<std::uint8_t>
        before_; ///< the block of accelerators before the set was written to it
    bool before_is_known_{false};
    std::uint64_t sets_{0};
};

/// How much of what the cases have covered, of those that both take.
struct Coverage {
    std::uint64_t cases{0};
    std::uint64_t accepted{0}; ///< by both, each set of it
    std::uint64_t sets{0};     ///< compared
    std::uint64_t sequences{0};
    std::array<std::uint64_t, flags.size()> flag{};
    std::array<std::uint64_t, scaling_names.size()> scaling{};
    std::array<std::uint64_t, origin_names.size()> origin{};
    std::array<std::uint64_t, 2> stripes{};
    std::uint64_t still{0};
    std::uint64_t both_refuse{0};
    std::map<std::string, std::uint64_t> stricter; ///< cases that only ours refuses, by reason
    std::uint64_t crashed{0}, hung{0};             ///< the other driver's code
};
/// Whether hardly any case is taken by both, after a thousand of them: nobody should wait for more.
[[nodiscard]] bool starves(const Coverage& coverage);
/// What falls short of the quotas: of accepted cases each use flag in a tenth, each way of scaling
/// in a twentieth, half of them sequences, both numbers of stripes. Empty if nothing does.
[[nodiscard]] std::vector<std::string> shortfalls(const Coverage& coverage);
[[nodiscard]] std::string report(const Coverage& coverage, const Differences& differences,
                                 const Child& child);

class Differ {
  public:
    Differ(std::filesystem::path program, const std::filesystem::path& differences,
           Subject& subject);

    /// Runs one case. What is wrong with it, in words, or empty.
    std::string run(std::uint64_t seed, std::uint64_t number);
    /// Runs the case that exchange() holds.
    std::string run(const Case& made);

    [[nodiscard]] reference_exchange& exchange() noexcept { return child_.exchange(); }
    [[nodiscard]] const Coverage& coverage() const noexcept { return coverage_; }
    [[nodiscard]] const Differences& differences() const noexcept { return differences_; }
    [[nodiscard]] const Child& child() const noexcept { return child_; }

  private:
    std::string compare(BlockKind kind, std::span<const std::uint8_t> ours,
                        std::span<std::uint8_t> theirs);
    void count_accepted(const Case& made);

    Child child_;
    Differences differences_;
    Subject& subject_;
    Coverage coverage_;
};

} // namespace differential
