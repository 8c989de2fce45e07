// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/cache_session.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace ipu3::vm {
namespace {

using testing::HasSubstr;

Options with_model() {
    Options options;
    options.memory_mib = 256;
    options.cache.functions = {{.name = "cio2"}};
    options.cache.evict = 9;
    return options;
}

class CacheSessionTest : public testing::Test {
  public:
    CacheSessionTest() : folder_{testing::TempDir() + "cache-session-XXXXXX"} {
        if (::mkdtemp(folder_.data()) == nullptr) {
            throw std::runtime_error{"no folder for the test"};
        }
    }
    ~CacheSessionTest() override { std::filesystem::remove_all(folder_); }
    CacheSessionTest(const CacheSessionTest&) = delete;
    CacheSessionTest& operator=(const CacheSessionTest&) = delete;
    CacheSessionTest(CacheSessionTest&&) = delete;
    CacheSessionTest& operator=(CacheSessionTest&&) = delete;

  protected:
    [[nodiscard]] std::filesystem::path file() const {
        return std::filesystem::path{folder_} / "cache.json";
    }
    /// What the plugin and the devices of a real run do to the model.
    static cache::CacheModel attach(const CacheSession& session) {
        return cache::CacheModel::attach(session.state_fd(), session.ram_fd()).value();
    }

  private:
    std::string folder_;
};

TEST_F(CacheSessionTest, TheRamIsOfTheGuestsSizeAndSealed) {
    const auto session = CacheSession::make(with_model());
    ASSERT_TRUE(session) << session.error().message;
    struct stat status{};
    ASSERT_EQ(::fstat(session->ram_fd(), &status), 0);
    EXPECT_EQ(status.st_size, 256 << 20);
    EXPECT_LT(status.st_blocks, 64); // and takes no memory yet
    const int seals = ::fcntl(session->ram_fd(), F_GET_SEALS);
    EXPECT_EQ(seals & (F_SEAL_SHRINK | F_SEAL_GROW), F_SEAL_SHRINK | F_SEAL_GROW);
    EXPECT_NE(::fcntl(session->ram_fd(), F_GETFD) & FD_CLOEXEC, 0); // only who is meant inherits it
}

TEST_F(CacheSessionTest, ItsFindingsDoNotChangeTheExitStatus) {
    auto session = CacheSession::make(with_model()).value();
    auto model = attach(session);
    cache::CacheModel::count(model.cpu_totals().processors);
    std::byte poisoned{};
    model.device_read(model.function("cio2").value(), cache::RamOffset{0}, {&poisoned, 1});
    testing::internal::CaptureStderr();
    EXPECT_EQ(session.conclude(7, file()), 7);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("1 poison"));
    const auto report = nlohmann::json::parse(std::ifstream{file()});
    EXPECT_EQ(report.at("functions").at("cio2").at("poison_reads"), 1);
    EXPECT_EQ(report.at("evict"), 9);
}

TEST_F(CacheSessionTest, SaysWhereWritesOfFunctionsThatSnoopGo) {
    for (const bool ddio : {false, true}) {
        auto options = with_model();
        options.cache.ddio = ddio;
        auto session = CacheSession::make(options).value();
        EXPECT_EQ(attach(session).ddio(), ddio);
        testing::internal::CaptureStderr();
        (void)session.conclude(0, file());
        (void)testing::internal::GetCapturedStderr();
        EXPECT_EQ(nlohmann::json::parse(std::ifstream{file()}).at("ddio"), ddio);
    }
}

TEST_F(CacheSessionTest, AModelThatSawNothingIsAFailureOfTheMachine) {
    auto session = CacheSession::make(with_model()).value();
    testing::internal::CaptureStderr();
    EXPECT_EQ(session.conclude(0, file()), exit_machine);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("no processor"));
}

TEST_F(CacheSessionTest, SoIsAnotherLayoutOfGuestMemory) {
    auto session = CacheSession::make(with_model()).value();
    auto model = attach(session);
    cache::CacheModel::count(model.cpu_totals().processors);
    cache::CacheModel::count(model.cpu_totals().mapping_errors);
    testing::internal::CaptureStderr();
    EXPECT_EQ(session.conclude(0, file()), exit_machine);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("laid out differently"));
}

TEST_F(CacheSessionTest, AReportThatCannotBeWrittenIsAFailure) {
    auto session = CacheSession::make(with_model()).value();
    testing::internal::CaptureStderr();
    EXPECT_EQ(session.conclude(0, file() / "x"), exit_machine);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("cache.json"));
}

} // namespace
} // namespace ipu3::vm
