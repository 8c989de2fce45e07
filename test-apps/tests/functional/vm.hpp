// SPDX-License-Identifier: GPL-2.0-or-later
// One boot of the virtual machine, as a functional test wants it.
#pragma once

#include "tests/functional/subprocess.hpp"

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

/// A script's parameters: variables of its environment, and their values.
using Environment = std::vector<std::pair<std::string, std::string>>;

/// A machine to be booted once: options first, then run_script() or run(). Its share folder holds
/// the guest's scripts and takes what the guest writes. Both it and the logs are removed with the
/// object, unless the test failed or the environment variable IPU3_KEEP is set to something (then
/// their path is printed). It has one processor unless the options say otherwise: on a host with
/// two, two machines of two each take twice as long as two of one. Tests of what runs at the same
/// time ask for two.
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
    Vm& options(const std::vector<std::string_view>& words);

    /// Boots, runs the script @p name of tests/guest in the guest's share folder, returns what came
    /// of it. The script reports in KTAP: see judge_ktap(), and expect_script(), which does both.
    /// The share folder then has the script and how it was called, the logs also what it said.
    /// The guest's project modules are those of the environment variable IPU3_MODULES, if it is set
    /// and the options do not say whose. IPU3_KERNEL, if it is set, is the kernel whatever the
    /// options say, IPU3_OVERLAY one more overlay, and with IPU3_WATCH each script, of those that
    /// share a boot as well, ends with what a debug kernel has to say (lib-watch.sh).
    /// Throws std::runtime_error when there is no such script, or ipu3-vm cannot be started at all.
    [[nodiscard]] Outcome run_script(std::string_view name, const Environment& environment = {});

    /// Copies the script @p name and the libraries that scripts have to the share folder. Throws
    /// std::runtime_error when there is no such script.
    void take_script(std::string_view name);

    /// The same with @p command, for sh. The rule: one or two lines, whose output or status the
    /// host judges, may be a string in C++; whatever is longer or judges by itself is a script.
    [[nodiscard]] Outcome run(std::string_view command);

    /// The share folder, as the host sees it.
    [[nodiscard]] const std::filesystem::path& share() const { return share_; }
    /// The logs of the run.
    [[nodiscard]] const std::filesystem::path& log() const { return log_; }
    /// One file that the guest wrote to the share folder, whole; empty when there is none.
    [[nodiscard]] std::string share_text(std::string_view name) const;
    /// The same of the logs.
    [[nodiscard]] std::string log_text(std::string_view name) const;
    /// What the cache model said at the end; null without a model.
    [[nodiscard]] nlohmann::json cache_report() const;

  private:
    std::filesystem::path folder_;
    std::filesystem::path share_;
    std::filesystem::path log_;
    std::vector<std::string> options_;
};

/// What is around the drivers in a machine, by a name for the names of tests.
struct Around {
    std::string name;
    std::vector<std::string_view> options;
};

/// Where the built programs are (build/bin), from the environment variable IPU3_BIN or the build's
/// own setting.
[[nodiscard]] std::filesystem::path programs();
/// The top of the source tree.
[[nodiscard]] std::filesystem::path source_tree();

/// The folder of the modules that `make fail-modules` built for the kernel that ipu3-vm calls
/// @p kernel, stable or newest; IPU3_FAIL_MODULES if that is set. Throws std::runtime_error when
/// they are not built, and where the test suite's name does not have "Fail" in it, by which make
/// check-vm knows what to build.
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

/// Expects of what a script came to that it ended with status 0 and that its report is good, every
/// point of it ok. A point that is skipped is a failure: the machine has all that a script wants;
/// who skips is on a computer that has not.
void expect_good(const Outcome& outcome);

/// Runs the script @p name in @p vm and expects all of it to be good.
Outcome expect_script(Vm& vm, std::string_view name, const Environment& environment = {});

/// The same with a script in which one call after the other fails; if it is not good, the failure
/// says which ones did, from the script's sweep.log.
void expect_sweep(Vm& vm, std::string_view name);

/// Runs several scripts in one boot, @p between (for sh) from one to the next, and expects each to
/// be good; none of them may let the system sleep. A script that is not good does not keep the next
/// from being run.
void expect_scripts(Vm& vm, std::initializer_list<std::string_view> names,
                    std::string_view between = "");

} // namespace tests
