// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/initramfs.hpp"

#include "machine/vm/cpio.hpp"
#include "machine/vm/helper_program.hpp"
#include "machine/vm/log_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <ranges>
#include <sys/stat.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

constexpr unsigned executable = 0755;
constexpr unsigned plain = 0644;

/// The channel to the launcher. Debian's kernels have it built in.
constexpr auto first_modules = std::to_array<std::string_view>({"virtio_pci", "virtio_console"});
/// 9p over virtio for the tree, and the overlay above it.
constexpr auto root_modules = std::to_array<std::string_view>({"9pnet_virtio", "9p", "overlay"});

/// "kernel/fs/9p/9p.ko.xz" is the module 9p; in names a dash and an underscore are the same.
std::string module_name(std::string_view path) {
    const auto slash = path.rfind('/');
    auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    name = name.substr(0, name.find(".ko"));
    std::string result{name};
    std::ranges::replace(result, '-', '_');
    return result;
}

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> found;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) {
            found.emplace_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return found;
}

void add_once(std::vector<std::string>& order, const std::string& path) {
    if (std::ranges::find(order, path) == order.end()) {
        order.push_back(path);
    }
}

base::Result<void> add_overlay(CpioArchive& archive, const Overlay& overlay) {
    const auto add = [&archive](const fs::path& from, const fs::path& to) -> base::Result<void> {
        const auto contents = read_file(from);
        if (!contents) {
            return tl::unexpected<base::Error>{contents.error()};
        }
        return archive.add_file("overlay/" + to.relative_path().string(), *contents, plain);
    };
    std::error_code error;
    if (!fs::is_directory(overlay.from, error)) {
        return add(overlay.from, overlay.to);
    }
    for (fs::directory_iterator entry{overlay.from, error}, end; !error && entry != end;
         entry.increment(error)) {
        if (entry->is_regular_file()) {
            if (auto added = add(entry->path(), overlay.to / entry->path().filename()); !added) {
                return added;
            }
        }
    }
    if (error) {
        return base::fail_errno(error.value(), "cannot read the folder {}", overlay.from.string());
    }
    return {};
}

/// Adds the modules at @p paths in @p folder and the list of them.
base::Result<void> add_modules(CpioArchive& archive, const fs::path& folder,
                               std::span<const std::string> paths, std::string_view list,
                               int signals) {
    std::string order;
    for (const auto& module : paths) {
        const auto path = folder / module;
        const bool packed = path.extension() == ".xz";
        const auto contents =
            packed ? run_helper({"xz", "-dc", path.string()}, signals) : read_file(path);
        const auto name = "modules/" + (packed ? path.stem() : path.filename()).string();
        if (!contents) {
            return tl::unexpected<base::Error>{contents.error()};
        }
        if (auto added = archive.add_file(name, *contents, plain); !added) {
            return added;
        }
        order += "/" + name + "\n";
    }
    return archive.add_file(list, order, plain);
}

} // namespace

base::Result<std::vector<std::string>> resolve_modules(std::string_view dep,
                                                       std::string_view builtin,
                                                       std::span<const std::string_view> wanted) {
    std::map<std::string, std::vector<std::string>, std::less<>>
        files; // file first, then what it needs
    while (!dep.empty()) {
        const auto line = take_line(dep);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) {
            continue;
        }
        auto entry = words(line.substr(colon + 1));
        entry.insert(entry.begin(), std::string{line.substr(0, colon)});
        files.emplace(module_name(entry.front()), std::move(entry));
    }
    std::vector<std::string> built_in;
    while (!builtin.empty()) {
        built_in.push_back(module_name(take_line(builtin)));
    }
    std::vector<std::string> order;
    for (const auto name : wanted) {
        if (const auto found = files.find(name); found != files.end()) {
            // modules.dep names what a module needs nearest first, so the last one must be loaded
            // first.
            for (const auto& file : found->second | std::views::reverse) {
                add_once(order, file);
            }
        } else if (std::ranges::find(built_in, name) == built_in.end()) {
            return base::fail("the kernel has no module {}, which its boot needs", name);
        }
    }
    return order;
}

base::Result<std::string> make_initramfs(const Kernel& kernel, const fs::path& init,
                                         std::span<const Overlay> overlays,
                                         std::span<const std::string> layers, int signals) {
    const auto dep = read_file(kernel.modules / "modules.dep");
    const auto builtin = read_file(kernel.modules / "modules.builtin");
    const auto program = read_file(init);
    for (const auto* file : {&dep, &builtin, &program}) {
        if (!*file) {
            return tl::unexpected<base::Error>{file->error()};
        }
    }
    CpioArchive archive;
    if (auto added = archive.add_file("init", *program, executable); !added) {
        return tl::unexpected<base::Error>{added.error()};
    }
    // A kernel without a /dev/console in its own archive needs the folder for the device file
    // system.
    archive.add_folder("dev");
    struct List {
        std::span<const std::string_view> modules;
        std::string_view name;
    };
    for (const auto& list :
         {List{first_modules, first_modules_list}, List{root_modules, root_modules_list}}) {
        const auto files = resolve_modules(*dep, *builtin, list.modules);
        if (!files) {
            return tl::unexpected<base::Error>{files.error()};
        }
        if (auto added = add_modules(archive, kernel.modules, *files, list.name, signals); !added) {
            return tl::unexpected<base::Error>{added.error()};
        }
    }
    std::string tags;
    for (const auto& tag : layers) {
        tags += tag + "\n";
    }
    if (auto added = archive.add_file(layers_list, tags, plain); !added) {
        return tl::unexpected<base::Error>{added.error()};
    }
    for (const auto& overlay : overlays) {
        if (auto added = add_overlay(archive, overlay); !added) {
            return tl::unexpected<base::Error>{added.error()};
        }
    }
    return std::move(archive).finish();
}

base::Result<std::string> read_file(const fs::path& path) {
    const base::UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status{};
    if (!fd || ::fstat(fd.get(), &status) != 0) {
        return base::fail_errno(errno, "cannot read {}", path.string());
    }
    std::string contents(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t done = 0;
    while (done < contents.size()) {
        const auto count = ::read(fd.get(), contents.data() + done, contents.size() - done);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return base::fail_errno(errno, "cannot read {}", path.string());
        }
        if (count == 0) {
            break; // it has been cut short meanwhile
        }
        done += static_cast<std::size_t>(count);
    }
    contents.resize(done);
    return contents;
}

base::Result<void> write_file(const fs::path& path, std::string_view contents) {
    auto file = LogFile::open(path);
    if (!file) {
        return tl::unexpected<base::Error>{file.error()};
    }
    return file->write(contents);
}

} // namespace ipu3::vm
