// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/own_kernel.hpp"

#include "lib/base/unique_fd.hpp"
#include "machine/vm/helper_program.hpp"
#include "machine/vm/initramfs.hpp"
#include "machine/vm/kernel_image.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sys/file.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view image_in_tree = "arch/x86/boot/bzImage";
constexpr std::array beside_modules{"modules.builtin", "modules.builtin.modinfo", "modules.order"};

bool is_folder(const fs::path& path) {
    std::error_code ignored; // what cannot be looked at is none
    return fs::is_directory(path, ignored);
}

bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

std::string_view next_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

bool is_module(const fs::path& path) {
    const auto name = path.filename().string();
    return name.ends_with(".ko") || name.ends_with(".ko.xz") || name.ends_with(".ko.zst") ||
           name.ends_with(".ko.gz");
}

/// The modules of a build tree that was built and not installed.
base::Result<void> take_tree(const fs::path& tree, OwnKernel& kernel) {
    // Older Kbuilds name modules here, newer ones the objects beside which the modules lie.
    const auto order = read_file(tree / "modules.order");
    if (!order) {
        return base::fail("the kernel in {} has no modules.order: build its modules as well (make "
                          "bzImage modules)",
                          tree.string());
    }
    std::string_view rest = *order;
    while (!rest.empty()) {
        fs::path module{next_line(rest)};
        if (module.empty()) {
            continue;
        }
        module.replace_extension(".ko");
        if (!is_file(tree / module)) {
            return base::fail("the kernel in {} has no {}, which its modules.order names: build "
                              "its modules as well (make bzImage modules)",
                              tree.string(), module.string());
        }
        kernel.files.push_back({tree / module, fs::path{"kernel"} / module});
    }
    for (const auto* name : beside_modules) {
        if (is_file(tree / name)) {
            kernel.files.push_back({tree / name, name});
        }
    }
    kernel.built = true;
    return {};
}

/// The folder lib/modules/RELEASE that @p given is or has.
std::optional<fs::path> installed_folder(const fs::path& given, const std::string& release) {
    for (const auto& folder : {given, given / release, given / "lib/modules" / release,
                               given / "usr/lib/modules" / release}) {
        // By its name as well: another release's folder looks the same.
        if (folder.filename() == release &&
            (is_file(folder / "modules.builtin") || is_file(folder / "modules.order"))) {
            return folder;
        }
    }
    return std::nullopt;
}

base::Result<void> take_installed(const fs::path& folder, OwnKernel& kernel) {
    std::error_code error;
    // Links lead to build trees ("build", "source"), which are no part of this.
    for (fs::recursive_directory_iterator entry{folder, error}, end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->is_regular_file(ignored) && is_module(entry->path())) {
            kernel.files.push_back({entry->path(), entry->path().lexically_relative(folder)});
        }
    }
    if (error) {
        return base::fail_errno(error.value(), "cannot read the folder {}", folder.string());
    }
    for (const auto* name : beside_modules) {
        if (is_file(folder / name)) {
            kernel.files.push_back({folder / name, name});
        }
    }
    std::ranges::sort(kernel.files, {}, &ModuleFile::to);
    return {};
}

/// The build tree that an image lies in, if it does.
std::optional<fs::path> tree_of(const fs::path& image) {
    // .../arch/x86/boot/bzImage; Kbuild keeps a link to it in .../arch/x86_64/boot.
    auto tree = image;
    for (unsigned up = 0; up < 4; ++up) {
        tree = tree.parent_path();
    }
    return is_file(tree / image_in_tree) && is_file(tree / "modules.order") ? std::optional{tree}
                                                                            : std::nullopt;
}

void take_config(const fs::path& candidate, OwnKernel& kernel) {
    if (!kernel.config && is_file(candidate)) {
        kernel.config = candidate;
    }
}

/// A line for each file that the stage depends on; equal text, equal stage.
std::string fingerprint(const OwnKernel& kernel) {
    auto text = kernel.release + "\n";
    for (const auto& file : kernel.files) {
        std::error_code ignored; // a file that vanished changes the text too
        text += fmt::format("{}\t{}\t{}\n", file.from.string(), fs::file_size(file.from, ignored),
                            fs::last_write_time(file.from, ignored).time_since_epoch().count());
    }
    return text;
}

base::Result<void> copy_files(const OwnKernel& kernel, const fs::path& target, int signals) {
    std::vector<std::string> strip{"strip", "--strip-debug"};
    for (const auto& file : kernel.files) {
        const auto copy = target / file.to;
        std::error_code error;
        fs::create_directories(copy.parent_path(), error);
        if (!error) {
            fs::copy_file(file.from, copy, fs::copy_options::overwrite_existing, error);
        }
        if (error) {
            return base::fail_errno(error.value(), "cannot copy {} to {}", file.from.string(),
                                    copy.string());
        }
        if (kernel.built && copy.extension() == ".ko") {
            strip.push_back(copy.string());
        }
    }
    if (strip.size() > 2) {
        if (auto done = run_helper(strip, signals); !done) {
            return tl::unexpected<base::Error>{done.error()};
        }
    }
    return {};
}

} // namespace

bool is_own_kernel(std::string_view which) {
    return which.find('/') != std::string_view::npos || which == "debug" || which == "debug-rt";
}

base::Result<OwnKernel> locate_kernel(const fs::path& path,
                                      const std::optional<fs::path>& modules) {
    std::error_code error;
    auto found = fs::canonical(path, error);
    if (error) {
        return base::fail_errno(error.value(), "{}", path.string());
    }
    OwnKernel kernel;
    std::optional<fs::path> tree;
    if (is_folder(found)) {
        tree = found;
        kernel.image = found / image_in_tree;
        if (!is_file(kernel.image)) {
            return base::fail("{} is no kernel that was built: it has no {} (make bzImage modules)",
                              found.string(), image_in_tree);
        }
    } else {
        kernel.image = found;
        tree = tree_of(found);
    }
    const auto image = read_file(kernel.image);
    if (!image) {
        return tl::unexpected<base::Error>{image.error()};
    }
    const auto release = image_release(*image);
    if (!release) {
        return base::fail("{} is no kernel image for x86 (a bzImage)", kernel.image.string());
    }
    kernel.release = *release;
    // Releases become names of folders.
    if (kernel.release.find('/') != std::string::npos || kernel.release.starts_with('.')) {
        return base::fail("{} calls its release \"{}\", which is none", kernel.image.string(),
                          kernel.release);
    }
    if (modules) {
        const auto folder = installed_folder(*modules, kernel.release);
        if (!folder) {
            return base::fail("--kernel-modules: there are no modules of {} in {}", kernel.release,
                              modules->string());
        }
        if (auto taken = take_installed(*folder, kernel); !taken) {
            return tl::unexpected<base::Error>{taken.error()};
        }
        take_config(*folder / "config", kernel);
    } else if (tree) {
        const auto configured = read_file(*tree / "include/config/kernel.release");
        if (configured &&
            std::string_view{*configured}.substr(0, configured->find('\n')) != kernel.release) {
            return base::fail("the kernel in {} was not built since it became another one: its "
                              "image is {}, its tree {} (make bzImage modules)",
                              tree->string(), kernel.release,
                              configured->substr(0, configured->find('\n')));
        }
        if (auto taken = take_tree(*tree, kernel); !taken) {
            return tl::unexpected<base::Error>{taken.error()};
        }
    } else {
        return base::fail("{} is an image without its modules: name them with --kernel-modules",
                          kernel.image.string());
    }
    if (tree) {
        take_config(*tree / ".config", kernel);
    }
    take_config(kernel.image.parent_path() / ("config-" + kernel.release), kernel);
    return kernel;
}

base::Result<Kernel> stage_kernel(const OwnKernel& kernel, const fs::path& cache, int signals) {
    // One folder an image: two trees of one release must not take turns in one.
    const auto home = cache / fmt::format("{}-{:016x}", kernel.release,
                                          std::hash<std::string>{}(kernel.image.string()));
    const auto layer = home / "layer";
    const auto modules = layer / "usr/lib/modules" / kernel.release;
    std::error_code error;
    fs::create_directories(home, error);
    if (error) {
        return base::fail_errno(error.value(), "cannot make the folder {}", home.string());
    }
    // Two launchers at once: the second waits for the first one's copies.
    const base::UniqueFd lock{::open(home.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!lock || ::flock(lock.get(), LOCK_EX) != 0) {
        return base::fail_errno(errno, "cannot lock the folder {}", home.string());
    }
    const auto wanted = fingerprint(kernel);
    const auto stamp = home / "made-from";
    if (const auto made_from = read_file(stamp); !made_from || *made_from != wanted) {
        fs::remove(stamp, error);
        fs::remove_all(layer, error);
        fs::create_directories(modules, error);
        // The same link as in the root tree, so that both name the folder; depmod goes by it.
        fs::create_directory_symlink("usr/lib", layer / "lib", error);
        if (error) {
            return base::fail_errno(error.value(), "cannot make the folder {}", layer.string());
        }
        if (auto copied = copy_files(kernel, modules, signals); !copied) {
            return tl::unexpected<base::Error>{copied.error()};
        }
        if (auto done = run_helper({"depmod", "-b", layer.string(), kernel.release}, signals);
            !done) {
            return tl::unexpected<base::Error>{done.error()};
        }
        // Last, so that an interrupted run is never taken for a finished one.
        if (auto written = write_file(stamp, wanted); !written) {
            return tl::unexpected<base::Error>{written.error()};
        }
    }
    return Kernel{
        .release = kernel.release, .image = kernel.image, .modules = modules, .layer = layer};
}

} // namespace ipu3::vm
