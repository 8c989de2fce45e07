// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/vm.hpp"

#include "tests/functional/ktap.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace tests {

namespace {

constexpr std::size_t shown_characters = 4000;

std::string_view tail(std::string_view text) {
    return text.size() > shown_characters ? text.substr(text.size() - shown_characters) : text;
}

std::string text_of(const std::filesystem::path& path) {
    const std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Outcome run_or_throw(const std::vector<std::string>& argv) {
    auto outcome = run(argv);
    if (!outcome) {
        throw std::runtime_error{outcome.error().message};
    }
    return std::move(*outcome);
}

} // namespace

std::filesystem::path programs() {
    const char* set = std::getenv("IPU3_BIN");
    return set != nullptr ? std::filesystem::path{set} : std::filesystem::path{IPU3_BIN_DIR};
}

std::filesystem::path source_tree() {
    return std::filesystem::path{IPU3_SOURCE_DIR};
}

std::filesystem::path fail_nth_modules(std::string_view kernel) {
    const std::string suite{testing::UnitTest::GetInstance()->current_test_suite()->name()};
    if (suite.find("Fail") == std::string::npos) {
        throw std::runtime_error{suite + " wants make fail-modules: call it something with Fail"};
    }
    if (const char* set = std::getenv("IPU3_FAIL_MODULES"); set != nullptr) {
        return set;
    }
    std::vector<std::filesystem::path> releases;
    std::error_code error; // no folder, no releases
    for (std::filesystem::directory_iterator
             entry{programs().parent_path() / "fail-modules", error},
         end;
         !error && entry != end; entry.increment(error)) {
        releases.push_back(entry->path());
    }
    if (releases.size() != 2) {
        throw std::runtime_error{"not two kernels in build/fail-modules: make fail-modules"};
    }
    std::ranges::sort(releases); // as long as both major versions have one digit
    return kernel == "stable" ? releases.front() : releases.back();
}

Vm::Vm() {
    auto pattern = (std::filesystem::temp_directory_path() / "ipu3-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error{"cannot make a folder from " + pattern};
    }
    folder_ = pattern;
    share_ = folder_ / "share";
    log_ = folder_ / "log";
    std::filesystem::create_directories(share_);
    std::filesystem::create_directories(log_);
    std::filesystem::copy_file(source_tree() / "test-apps/apps/scripts/stream-raw",
                               share_ / "stream-raw");
}

Vm::~Vm() {
    const char* keep = std::getenv("IPU3_KEEP");
    if (::testing::Test::HasFailure() || (keep != nullptr && *keep != '\0')) {
        fmt::print("kept for a look: {}\n", folder_.string());
        return;
    }
    std::error_code ignored; // a test that passed does not fail over its leftovers
    std::filesystem::remove_all(folder_, ignored);
}

Vm& Vm::options(std::initializer_list<std::string_view> words) {
    options_.insert(options_.end(), words.begin(), words.end());
    return *this;
}

Vm& Vm::options(const std::vector<std::string_view>& words) {
    options_.insert(options_.end(), words.begin(), words.end());
    return *this;
}

namespace {

void write_text(const std::filesystem::path& path, std::string_view text) {
    std::ofstream file{path, std::ios::binary};
    file << text;
    if (!file.flush()) {
        throw std::runtime_error{"cannot write " + path.string()};
    }
}

/// One word of sh.
std::string shell_word(std::string_view text) {
    std::string word{"'"};
    for (const char c : text) {
        word += c == '\'' ? std::string{R"('\'')"} : std::string(1, c);
    }
    return word + "'";
}

} // namespace

void Vm::take_script(std::string_view name) {
    const auto scripts = source_tree() / "test-apps/tests/guest";
    std::error_code error; // a folder that is not there has no script
    for (std::filesystem::directory_iterator entry{scripts, error}, end; !error && entry != end;
         entry.increment(error)) {
        const auto file = entry->path().filename();
        if (file == name || file.string().starts_with("lib")) {
            std::filesystem::copy_file(entry->path(), share_ / file,
                                       std::filesystem::copy_options::overwrite_existing);
        }
    }
    if (!std::filesystem::exists(share_ / name)) {
        throw std::runtime_error{fmt::format("no script {} is in {}", name, scripts.string())};
    }
}

Outcome Vm::run_script(std::string_view name, const Environment& environment) {
    take_script(name);
    std::string command;
    for (const auto& [variable, value] : environment) {
        command += fmt::format("export {}={}\n", variable, shell_word(value));
    }
    // Nothing but the script: a shell that waits for it could not go on after a sleep of the
    // system, which the file system that it comes from does not survive.
    return run(fmt::format("{}exec sh ./{}", command, name));
}

namespace {

/// A debug kernel needs a multiple of the time that the test names for others.
void give_time(std::vector<std::string>& argv) {
    constexpr unsigned long slower = 10;
    for (auto word = argv.begin(); word != argv.end(); ++word) {
        if (*word == "--timeout" && std::next(word) != argv.end()) {
            *std::next(word) = std::to_string(slower * std::stoul(*std::next(word)));
        }
    }
}

} // namespace

Outcome Vm::run(std::string_view command) {
    std::vector<std::string> argv{(programs() / "ipu3-vm").string(), "--share", share_.string(),
                                  "--log", log_.string()};
    argv.insert(argv.end(), options_.begin(), options_.end());
    const bool watch = std::getenv("IPU3_WATCH") != nullptr;
    if (watch) {
        give_time(argv);
    }
    if (std::ranges::find(options_, "--cpus") == options_.end()) {
        argv.insert(argv.end(), {"--cpus", "1"});
    }
    const auto names_modules = [](std::string_view word) {
        return word == "--modules" || word == "stock";
    };
    if (const char* modules = std::getenv("IPU3_MODULES");
        modules != nullptr && std::ranges::none_of(options_, names_modules)) {
        argv.insert(argv.end(), {"--modules", modules});
    }
    if (const char* kernel = std::getenv("IPU3_KERNEL"); kernel != nullptr) {
        argv.insert(argv.end(), {"--kernel", kernel}); // of two the last one counts
    }
    if (const char* overlay = std::getenv("IPU3_OVERLAY"); overlay != nullptr) {
        argv.insert(argv.end(), {"--overlay", overlay});
    }
    const auto text = fmt::format("{}cd /mnt/share\n{}", watch ? "export WATCH=1\n" : "", command);
    write_text(share_ / "command", text + '\n');
    argv.insert(argv.end(), {"--", "sh", "-c", text});
    auto outcome = run_or_throw(argv);
    write_text(log_ / "stdout", outcome.out);
    write_text(log_ / "stderr", outcome.err);
    return outcome;
}

std::string Vm::share_text(std::string_view name) const {
    return text_of(share_ / name);
}

std::string Vm::log_text(std::string_view name) const {
    return text_of(log_ / name);
}

nlohmann::json Vm::cache_report() const {
    std::ifstream file{log() / "cache.json"};
    return file ? nlohmann::json::parse(file, nullptr, false) : nlohmann::json(nullptr);
}

namespace {

std::vector<std::string> check_command(const std::filesystem::path& dump, std::string_view fourcc,
                                       unsigned width, unsigned height) {
    return {(programs() / "ipu3-frames").string(),
            "check",
            dump.string(),
            "--format",
            std::string{fourcc},
            "--size",
            fmt::format("{}x{}", width, height),
            "--scene",
            "counter"};
}

} // namespace

Outcome run_program(std::string_view name, const std::vector<std::string>& arguments) {
    std::vector<std::string> argv{(programs() / name).string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_or_throw(argv);
}

Outcome check_frames(const std::filesystem::path& dump, std::string_view fourcc, unsigned width,
                     unsigned height) {
    return run_or_throw(check_command(dump, fourcc, width, height));
}

Outcome check_frames_json(const std::filesystem::path& dump, std::string_view fourcc,
                          unsigned width, unsigned height) {
    auto command = check_command(dump, fourcc, width, height);
    command.emplace_back("--json");
    return run_or_throw(command);
}

std::string describe(const Outcome& outcome) {
    return fmt::format("status {}\n--- stdout\n{}\n--- stderr\n{}", outcome.status,
                       tail(outcome.out), tail(outcome.err));
}

void expect_good(const Outcome& outcome) {
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    const auto report = judge_ktap(outcome.out);
    EXPECT_TRUE(report.good()) << describe(report) << describe(outcome);
    EXPECT_TRUE(report.skipped.empty()) << describe(report);
}

void expect_sweep(Vm& vm, std::string_view name) {
    expect_script(vm, name);
    if (testing::Test::HasFailure()) {
        ADD_FAILURE() << vm.share_text("sweep.log");
    }
}

void expect_scripts(Vm& vm, std::initializer_list<std::string_view> names,
                    std::string_view between) {
    std::string command;
    for (const auto name : names) {
        vm.take_script(name);
        if (!command.empty()) {
            command += fmt::format("{} || exit\n", between.empty() ? "true" : between);
        }
        command += fmt::format("sh ./{0} >{0}.report 2>&1; echo $? >{0}.status\n", name);
    }
    const auto outcome = vm.run(command);
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    for (const auto name : names) {
        const auto file = std::string{name};
        const auto status = vm.share_text(file + ".status");
        SCOPED_TRACE(file);
        expect_good({.status = status.empty() ? -1 : std::stoi(status),
                     .out = vm.share_text(file + ".report"),
                     .err = outcome.err});
    }
}

Outcome expect_script(Vm& vm, std::string_view name, const Environment& environment) {
    auto outcome = vm.run_script(name, environment);
    expect_good(outcome);
    return outcome;
}

} // namespace tests
