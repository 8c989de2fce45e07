// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/check_options.hpp"

#include "machine/virtual-ipu3/scene/scene.hpp"
#include "machine/virtual-ipu3/sim/fault_plan.hpp"

#include <cerrno>
#include <unistd.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

base::Result<fs::path> existing_folder(const fs::path& path, std::string_view option) {
    std::error_code error;
    auto absolute = fs::canonical(path, error);
    if (error) {
        return base::fail_errno(error.value(), "{}: {}", option, path.string());
    }
    if (!fs::is_directory(absolute, error)) {
        return base::fail("{}: {} is no folder", option, path.string());
    }
    return absolute;
}

/// In Debian these are links into /usr; a folder over a link hides all that it leads to, the
/// guest's shell and loader among it.
base::Result<void> check_overlay(const fs::path& folder) {
    for (const auto* name : {"bin", "sbin", "lib", "lib64"}) {
        std::error_code ignored; // what cannot be looked at is not laid over anything either
        const auto inside = folder / name;
        if (fs::is_directory(inside, ignored) && !fs::is_symlink(inside, ignored)) {
            return base::fail("--overlay: {} would hide all of the guest's /{}, which is a link "
                              "to usr/{}; it has to be {}",
                              inside.string(), name, name, (folder / "usr" / name).string());
        }
    }
    return {};
}

} // namespace

base::Result<std::vector<const sensors::CatalogueEntry*>> check_options(Options& options) {
    auto sensors = sensors::parse_sensors(options.sensors);
    if (!sensors) {
        return base::fail("--sensors: {}", sensors.error().message);
    }
    for (const auto& fault : options.faults) {
        if (const auto parsed = sim::parse_fault(fault); !parsed) {
            return base::fail("--fault: {}", parsed.error().message);
        }
        if (fault.starts_with("imgu-") && !options.imgu) {
            return base::fail("--fault {}: there is no ImgU without --imgu", fault);
        }
    }
    if (options.scene.ends_with(".png")) {
        std::error_code error;
        const auto absolute = fs::absolute(options.scene, error);
        if (!error) {
            options.scene = absolute.string(); // the device process may run elsewhere
        }
    }
    if (const auto scene = scene::make_scene(options.scene, options.seed); !scene) {
        return base::fail("--scene: {}", scene.error().message);
    }
    if (options.share) {
        auto folder = existing_folder(*options.share, "--share");
        if (!folder) {
            return tl::unexpected<base::Error>{folder.error()};
        }
        if (::access(folder->c_str(), W_OK | X_OK) != 0) {
            return base::fail_errno(errno, "--share: {}", options.share->string());
        }
        options.share = std::move(*folder);
    }
    if (options.log) {
        std::error_code error;
        if (fs::exists(*options.log, error) && !fs::is_directory(*options.log, error)) {
            return base::fail("--log: {} is no folder", options.log->string());
        }
        const auto parent =
            existing_folder(fs::absolute(*options.log, error).parent_path(), "--log");
        if (!parent) {
            return tl::unexpected<base::Error>{parent.error()};
        }
        options.log = fs::absolute(*options.log, error);
    }
    for (auto& plugin : options.plugins) {
        std::error_code error;
        auto file = fs::canonical(plugin, error);
        if (error) {
            return base::fail_errno(error.value(), "--plugin: {}", plugin.string());
        }
        plugin = std::move(file);
    }
    for (auto& overlay : options.overlays) {
        auto folder = existing_folder(overlay, "--overlay");
        if (!folder) {
            return tl::unexpected<base::Error>{folder.error()};
        }
        if (auto fits = check_overlay(*folder); !fits) {
            return tl::unexpected<base::Error>{fits.error()};
        }
        overlay = std::move(*folder);
    }
    if (options.modules) {
        auto folder = existing_folder(*options.modules, "--modules");
        if (!folder) {
            return tl::unexpected<base::Error>{folder.error()};
        }
        options.modules = std::move(*folder);
    }
    return sensors;
}

} // namespace ipu3::vm
