// SPDX-License-Identifier: GPL-2.0-or-later
// One boot of the virtual machine, as a functional test wants it.
#pragma once

#include "tests/functional/subprocess.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// A machine to be booted once: options first, then run(). Its share folder holds the guest's
/// scripts and takes what the guest writes; it is removed with the object unless the test failed
/// (then its path is printed). It has one processor unless the options say otherwise: on a host
/// with two, two machines of two each take twice as long as two of one. Tests of what runs at the
/// same time ask for two.
class Vm {
  public:
    /// Throws std::runtime_error when the folders cannot be made.
    Vm();
    ~Vm();
    Vm(const Vm&) = delete;
    Vm& operator=(const Vm&) = delete;
    Vm(Vm&&) = delete;
    Vm& operator=(Vm&&) = delete;

    /// Adds options of ipu3-vm, e.g. {"--kernel", "newest"}.
    Vm& options(std::initializer_list<std::string_view> words);

    /// Boots, runs @p script with sh in the guest's share folder, returns what came of it. The
    /// guest's project modules are those of the environment variable IPU3_MODULES, if it is set and
    /// the options do not say whose.
    /// Throws std::runtime_error when ipu3-vm cannot be started at all.
    [[nodiscard]] Outcome run(std::string_view script);

    /// The share folder, as the host sees it.
    [[nodiscard]] const std::filesystem::path& share() const { return share_; }
    /// The logs of the run.
    [[nodiscard]] const std::filesystem::path& log() const { return log_; }
    /// One file that the guest wrote to the share folder, whole; empty when there is none.
    [[nodiscard]] std::string share_text(std::string_view name) const;
    /// The same of the logs.
    [[nodiscard]] std::string log_text(std::string_view name) const;

  private:
    std::filesystem::path folder_;
    std::filesystem::path share_;
    std::filesystem::path log_;
    std::vector<std::string> options_;
};

/// Where the built programs are (build/bin), from the environment variable IPU3_BIN or the build's
/// own setting.
[[nodiscard]] std::filesystem::path programs();
/// The top of the source tree.
[[nodiscard]] std::filesystem::path source_tree();

/// The folder of the modules that `make fail-modules` built for the kernel that ipu3-vm calls
/// @p kernel, stable or newest. Throws std::runtime_error when they are not built.
[[nodiscard]] std::filesystem::path fail_nth_modules(std::string_view kernel);

/// Runs one of the built programs on the host.
[[nodiscard]] Outcome run_program(std::string_view name, const std::vector<std::string>& arguments);

/// Runs `ipu3-frames check` on a dump of @p fourcc frames of @p width x @p height.
[[nodiscard]] Outcome check_frames(const std::filesystem::path& dump, std::string_view fourcc,
                                   unsigned width, unsigned height);

/// The same with the report as JSON on standard output.
[[nodiscard]] Outcome check_frames_json(const std::filesystem::path& dump, std::string_view fourcc,
                                        unsigned width, unsigned height);

/// Prints an outcome for a failing assertion: status, the end of both streams.
[[nodiscard]] std::string describe(const Outcome& outcome);

} // namespace tests
