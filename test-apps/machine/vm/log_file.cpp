// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/log_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

constexpr unsigned most_folders = 1000;
constexpr std::streamoff tail_bytes = std::streamoff{64} << 10U;
constexpr mode_t log_mode = 0644;

} // namespace

base::Result<LogFile> LogFile::open(const fs::path& path) {
    base::UniqueFd fd{
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, log_mode)};
    if (!fd) {
        return base::fail_errno(errno, "cannot write {}", path.string());
    }
    return LogFile{path, std::move(fd)};
}

base::Result<void> LogFile::write(std::string_view text) {
    while (!text.empty()) {
        const auto count = ::write(fd_.get(), text.data(), text.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return base::fail_errno(count == 0 ? ENOSPC : errno, "cannot write {}", path_.string());
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

base::Result<LogFolder> LogFolder::open(const fs::path& wanted) {
    for (unsigned number = 1; number < most_folders; ++number) {
        auto path = wanted;
        if (number > 1) {
            path += fmt::format(".{}", number);
        }
        std::error_code error;
        fs::create_directory(path, error); // an existing one is fine
        base::UniqueFd lock{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (!lock) {
            return base::fail_errno(error ? error.value() : errno, "cannot open the log folder {}",
                                    path.string());
        }
        if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) {
            return LogFolder{std::move(path), std::move(lock)};
        }
        if (errno != EWOULDBLOCK) {
            return base::fail_errno(errno, "cannot lock the log folder {}", path.string());
        }
    }
    return base::fail("{} and {} folders like it are all in use", wanted.string(),
                      most_folders - 1);
}

std::string tail_of(const fs::path& path, unsigned lines) {
    std::ifstream file{path, std::ios::binary | std::ios::ate};
    if (!file) {
        return {};
    }
    const auto size = static_cast<std::streamoff>(file.tellg());
    const auto taken = std::min(size, tail_bytes);
    file.seekg(size - taken);
    std::string text(static_cast<std::size_t>(taken), '\0');
    file.read(text.data(), taken);
    text.resize(static_cast<std::size_t>(file.gcount()));
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    auto start = text.size();
    for (unsigned found = 0; found < lines && start != std::string::npos && start > 0; ++found) {
        start = text.rfind('\n', start - 1);
    }
    return start == std::string::npos || start == 0 ? text : text.substr(start + 1);
}

} // namespace ipu3::vm
