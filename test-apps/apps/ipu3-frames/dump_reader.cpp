// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-frames/dump_reader.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace frames {

DumpReader::DumpReader(base::UniqueFd fd, std::string name, std::optional<std::uint64_t> size)
    : fd_{std::move(fd)}, name_{std::move(name)}, size_{size} {}

base::Result<DumpReader> DumpReader::open(const std::string& path) {
    const bool standard_input = path == "-";
    base::UniqueFd fd{standard_input ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                     : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    const std::string name = standard_input ? "standard input" : "'" + path + "'";
    if (!fd) {
        return base::fail_errno(errno, "cannot open {}", name);
    }
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) {
        return base::fail_errno(errno, "cannot look at {}", name);
    }
    if (S_ISDIR(status.st_mode)) {
        return base::fail("{} is a directory", name);
    }
    std::optional<std::uint64_t> size;
    if (S_ISREG(status.st_mode)) {
        size = static_cast<std::uint64_t>(status.st_size);
    }
    return DumpReader{std::move(fd), name, size};
}

base::Result<std::size_t> DumpReader::read(std::span<std::byte> buffer) const {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const ssize_t got = ::read(fd_.get(), &buffer[filled], buffer.size() - filled);
        if (got < 0) {
            return base::fail_errno(errno, "cannot read {}", name_);
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    return filled;
}

} // namespace frames
