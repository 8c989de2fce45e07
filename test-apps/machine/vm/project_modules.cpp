// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/project_modules.hpp"

#include "machine/vm/helper_program.hpp"
#include "machine/vm/log_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> find_modules(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::recursive_directory_iterator entry{folder, error}, end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().extension() == ".ko" && entry->is_regular_file(ignored)) {
            found.push_back(entry->path());
        }
    }
    std::ranges::sort(found);
    return found;
}

/// Whether @p module was built for @p release: the loader would refuse it in the guest, where
/// nobody sees why.
base::Result<void> check_release(const fs::path& module, std::string_view release) {
    const auto contents = read_file(module);
    if (!contents) {
        return tl::unexpected<base::Error>{contents.error()};
    }
    const auto built_for = module_release(*contents);
    if (built_for != release) {
        return base::fail("the module {} is of another build: it is for {}, the kernel is {}",
                          module.string(), built_for.empty() ? "no kernel" : built_for, release);
    }
    return {};
}

/// A line for each file that the indexes depend on; equal text, equal indexes.
std::string fingerprint(const Kernel& kernel, const std::vector<fs::path>& modules) {
    std::string text;
    const auto add = [&text](const fs::path& path) {
        std::error_code ignored; // a file that vanished changes the text too
        text += fmt::format("{}\t{}\t{}\n", path.string(), fs::file_size(path, ignored),
                            fs::last_write_time(path, ignored).time_since_epoch().count());
    };
    add(kernel.modules / "modules.dep");
    std::ranges::for_each(modules, add);
    return text;
}

} // namespace

std::string_view module_release(std::string_view module) {
    constexpr std::string_view key = "vermagic=";
    auto start = module.find(key);
    if (start == std::string_view::npos) {
        return {};
    }
    start += key.size();
    const auto text = module.substr(start, module.find('\0', start) - start);
    return text.substr(0, text.find(' '));
}

bool has_modules(const fs::path& folder) {
    return !find_modules(folder).empty();
}

base::Result<std::vector<Overlay>> prefer_modules(const Kernel& kernel, const fs::path& folder,
                                                  const fs::path& cache, int signals) {
    std::error_code error;
    const auto absolute = fs::canonical(folder, error);
    if (error) {
        return base::fail_errno(error.value(), "cannot read the modules' folder {}",
                                folder.string());
    }
    if (absolute.string().find_first_of(" \t\n") != std::string::npos) {
        return base::fail("depmod cannot take a folder with a space in its name: {}",
                          absolute.string());
    }
    const auto modules = find_modules(absolute);
    if (modules.empty()) {
        return base::fail("there is no .ko file in {}", absolute.string());
    }
    for (const auto& module : modules) {
        if (auto fits = check_release(module, kernel.release); !fits) {
            return tl::unexpected<base::Error>{fits.error()};
        }
    }
    const auto home = cache / kernel.release;
    fs::create_directories(home, error);
    if (error) {
        return base::fail_errno(error.value(), "cannot make the folder {}", home.string());
    }
    // Two launchers at once: the second waits for the first one's indexes.
    const base::UniqueFd lock{::open(home.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!lock || ::flock(lock.get(), LOCK_EX) != 0) {
        return base::fail_errno(errno, "cannot lock the folder {}", home.string());
    }
    const auto indexes = home / "lib/modules" / kernel.release;
    const auto wanted = fingerprint(kernel, modules);
    const auto stamp = home / "made-from";
    if (const auto made_from = read_file(stamp); !made_from || *made_from != wanted) {
        fs::remove(stamp, error);
        // "search": which folder wins when two modules share a name; "external": a folder outside
        // of /lib/modules, which the indexes then name by its whole path (depmod.d(5)).
        const auto configuration = home / "depmod.conf";
        const auto text =
            fmt::format("search external updates built-in\nexternal * {}\n", absolute.string());
        if (auto written = write_file(configuration, text); !written) {
            return tl::unexpected<base::Error>{written.error()};
        }
        fs::create_directories(indexes, error);
        std::vector<std::string> depmod{"depmod", "-C", configuration.string(), "-o",
                                        home.string()};
        if (!kernel.layer.empty()) {
            depmod.insert(depmod.end(), {"-b", kernel.layer.string()});
        }
        depmod.push_back(kernel.release);
        if (auto done = run_helper(depmod, signals); !done) {
            return tl::unexpected<base::Error>{done.error()};
        }
        // Last, so that an interrupted run is never taken for a finished one.
        if (auto written = write_file(stamp, wanted); !written) {
            return tl::unexpected<base::Error>{written.error()};
        }
    }
    std::vector<Overlay> overlays;
    for (const auto* name :
         {"modules.dep.bin", "modules.alias.bin", "modules.symbols.bin", "modules.softdep"}) {
        overlays.push_back({indexes / name, kernel.guest_modules() / name});
    }
    for (const auto& module : modules) {
        overlays.push_back({module, module});
    }
    return overlays;
}

} // namespace ipu3::vm
