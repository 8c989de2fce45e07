// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/subprocess.hpp"

#include "lib/base/unique_fd.hpp"

#include <cerrno>
#include <cstddef>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tests {

namespace {

// Memory files instead of pipes: the child never blocks on us, so nothing has to be polled.
base::Result<base::UniqueFd> memory_file(const char* name, std::string_view content) {
    base::UniqueFd fd{::memfd_create(name, MFD_CLOEXEC)};
    if (!fd) {
        return base::fail_errno(errno, "memfd_create");
    }
    while (!content.empty()) {
        const auto written = ::write(fd.get(), content.data(), content.size());
        if (written < 0) {
            return base::fail_errno(errno, "write to a memory file");
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::lseek(fd.get(), 0, SEEK_SET) < 0) {
        return base::fail_errno(errno, "lseek");
    }
    return fd;
}

base::Result<std::string> read_back(const base::UniqueFd& fd) {
    const auto size = ::lseek(fd.get(), 0, SEEK_END);
    if (size < 0) {
        return base::fail_errno(errno, "lseek");
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    std::size_t got = 0;
    while (got < text.size()) {
        const auto n =
            ::pread(fd.get(), text.data() + got, text.size() - got, static_cast<off_t>(got));
        if (n <= 0) {
            return base::fail_errno(errno, "read from a memory file");
        }
        got += static_cast<std::size_t>(n);
    }
    return text;
}

class FileActions {
  public:
    FileActions() { ::posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    FileActions(FileActions&&) = delete;
    FileActions& operator=(FileActions&&) = delete;

    void redirect(const base::UniqueFd& from, int to) {
        ::posix_spawn_file_actions_adddup2(&actions_, from.get(), to);
    }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

} // namespace

base::Result<Outcome> run(const std::vector<std::string>& argv, std::string_view input) {
    auto in = memory_file("stdin", input);
    auto out = memory_file("stdout", {});
    auto err = memory_file("stderr", {});
    for (const auto* file : {&in, &out, &err}) {
        if (!*file) {
            return tl::unexpected{file->error()};
        }
    }
    FileActions actions;
    actions.redirect(*in, STDIN_FILENO);
    actions.redirect(*out, STDOUT_FILENO);
    actions.redirect(*err, STDERR_FILENO);

    auto words = argv; // posix_spawn takes them as writable
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);

    pid_t child = -1;
    if (const int code = ::posix_spawnp(&child, pointers.front(), actions.get(), nullptr,
                                        pointers.data(), environ);
        code != 0) {
        return base::fail_errno(code, "cannot start {}", argv.front());
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return base::fail_errno(errno, "waitpid for {}", argv.front());
        }
    }
    auto said = read_back(*out);
    auto complained = read_back(*err);
    if (!said || !complained) {
        return tl::unexpected{said ? complained.error() : said.error()};
    }
    return Outcome{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                   std::move(*said), std::move(*complained)};
}

} // namespace tests
