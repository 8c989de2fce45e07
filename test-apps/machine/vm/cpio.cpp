// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/cpio.hpp"

#include <array>
#include <iterator>
#include <limits>

namespace ipu3::vm {
namespace {

constexpr std::uint32_t folder_mode = 0040755;
constexpr std::uint32_t file_type = 0100000;
constexpr std::size_t alignment = 4;

} // namespace

base::Result<void> CpioArchive::add_file(std::string_view name, std::string_view contents,
                                         unsigned permissions) {
    if (contents.size() > std::numeric_limits<std::uint32_t>::max()) {
        return base::fail("{} is too large for an initramfs", name);
    }
    add_parents(name);
    add(name, file_type | permissions, contents);
    return {};
}

void CpioArchive::add_folder(std::string_view name) {
    if (name.empty() || folders_.contains(name)) {
        return;
    }
    add_parents(name);
    folders_.emplace(name);
    add(name, folder_mode, {});
}

std::string CpioArchive::finish() && {
    add("TRAILER!!!", 0, {});
    return std::move(bytes_);
}

void CpioArchive::add_parents(std::string_view name) {
    const auto slash = name.rfind('/');
    if (slash != std::string_view::npos) {
        add_folder(name.substr(0, slash));
    }
}

void CpioArchive::add(std::string_view name, std::uint32_t mode, std::string_view contents) {
    const bool folder = mode == folder_mode;
    // ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
    const std::array<std::uint32_t, 13> fields{++inode_,
                                               mode,
                                               0,
                                               0,
                                               folder ? 2U : 1U,
                                               0,
                                               static_cast<std::uint32_t>(contents.size()),
                                               0,
                                               0,
                                               0,
                                               0,
                                               static_cast<std::uint32_t>(name.size() + 1),
                                               0};
    const auto pad = [this] {
        bytes_.resize((bytes_.size() + alignment - 1) / alignment * alignment, '\0');
    };
    bytes_ += "070701";
    for (const auto field : fields) {
        fmt::format_to(std::back_inserter(bytes_), "{:08X}", field);
    }
    bytes_ += name;
    bytes_ += '\0';
    pad();
    bytes_ += contents;
    pad();
}

} // namespace ipu3::vm
