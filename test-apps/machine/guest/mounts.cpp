// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest/mounts.hpp"

#include <array>
#include <fstream>
#include <string>
#include <sys/mount.h>
#include <sys/stat.h>

namespace ipu3::guest {
namespace {

namespace fs = std::filesystem;

struct Mount {
    const char* source;
    const char* target;
    const char* type;
    unsigned long flags;
    const char* options;
};

// msize: the kernel's virtio transport takes 128 pages at most; cache=loose: nobody changes the
// tree while the guest runs on it, so every answer may be kept.
constexpr const char* root_options =
    "trans=virtio,version=9p2000.L,msize=512000,cache=loose,access=any";
// The share is written by both sides, and read in the guest while it is written. cache=mmap keeps
// writes back (7.3: fs/9p/v9fs.h), and who looks the file up meanwhile sets its size to the
// server's (v9fs_refresh_inode_dotl()): lines of logs became holes of zeroes. Without a cache
// programs can be carried out and files mapped to be read; no mapping can be written to.
constexpr const char* share_options =
    "trans=virtio,version=9p2000.L,msize=512000,cache=none,access=any";

// The project's programs, which may be built anew meanwhile: the same.
constexpr const char* programs_options = share_options;

constexpr auto first = std::to_array<Mount>({
    {"dev", "/dev", "devtmpfs", MS_NOSUID, "mode=0755"},
    {"proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, ""},
    {"sys", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, ""},
});

constexpr auto below_root = std::to_array<Mount>({
    {"run", "/root/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"},
    {"tmp", "/root/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"},
    {"pts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=0620,ptmxmode=0666"},
    {"shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"},
    {"debug", "/sys/kernel/debug", "debugfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, ""},
    {"mnt", "/root/mnt", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"},
    {share_tag, "/root/mnt/share", "9p", MS_NOSUID | MS_NODEV, share_options},
    {programs_tag, "/programs", "9p", MS_RDONLY | MS_NOSUID | MS_NODEV, programs_options},
    // What the tree and its layers have there comes first: a person's own build is meant to win.
    {"programs", "/root/usr/local/bin", "overlay", MS_RDONLY | MS_NOSUID | MS_NODEV,
     "lowerdir=/root/usr/local/bin:/programs"},
});

Status make_folder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) {
        return base::fail_errno(error.value(), "cannot make the folder {}", path.string());
    }
    return {};
}

Status mount_one(const Mount& mount) {
    if (auto made = make_folder(mount.target); !made) {
        return made;
    }
    if (::mount(mount.source, mount.target, mount.type, mount.flags, mount.options) != 0) {
        return base::fail_errno(errno, "cannot mount {} ({}) at {}", mount.source, mount.type,
                                mount.target);
    }
    return {};
}

template <std::size_t N>
Status mount_all(const std::array<Mount, N>& mounts) {
    for (const auto& mount : mounts) {
        if (auto done = mount_one(mount); !done) {
            return done;
        }
    }
    return {};
}

/// Mounts each 9p export that @p list names, a tag a line. Their folders as overlayfs wants them, a
/// colon behind each.
base::Result<std::string> mount_layers(const fs::path& list) {
    std::ifstream tags{list};
    if (!tags) {
        return base::fail("cannot read {}", list.string());
    }
    std::string folders;
    for (std::string tag; std::getline(tags, tag);) {
        const auto folder = "/" + tag;
        const Mount layer{tag.c_str(), folder.c_str(), "9p", MS_RDONLY, root_options};
        if (auto done = mount_one(layer); !done) {
            return tl::unexpected<base::Error>{done.error()};
        }
        folders += folder + ":";
    }
    return folders;
}

Status copy_over(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::exists(from, error)) {
        return {};
    }
    fs::copy(from, to,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing |
                 fs::copy_options::copy_symlinks,
             error);
    if (error) {
        return base::fail_errno(error.value(), "cannot copy {} to {}", from.string(), to.string());
    }
    return {};
}

} // namespace

Status mount_first() {
    ::umask(0022);
    return mount_all(first);
}

Status mount_root() {
    constexpr auto root = std::to_array<Mount>({
        {root_tag, "/lower", "9p", MS_RDONLY, root_options},
        {"overlay", "/upper", "tmpfs", 0, "mode=0755"},
    });
    if (auto done = mount_all(root); !done) {
        return done;
    }
    const auto layers = mount_layers("/layers");
    if (!layers) {
        return tl::unexpected<base::Error>{layers.error()};
    }
    for (const auto* folder : {"/upper/files", "/upper/work"}) {
        if (auto made = make_folder(folder); !made) {
            return made;
        }
    }
    const auto options =
        fmt::format("lowerdir={}/lower,upperdir=/upper/files,workdir=/upper/work", *layers);
    const Mount overlay{"overlay", "/root", "overlay", 0, options.c_str()};
    if (auto done = mount_one(overlay); !done) {
        return done;
    }
    if (auto done = mount_all(below_root); !done) {
        return done;
    }
    if (auto done = copy_over("/overlay", "/root"); !done) {
        return done;
    }
    for (const auto& mount : first) {
        const auto target = fs::path{"/root"} / (mount.target + 1);
        if (::mount(mount.target, target.c_str(), nullptr, MS_MOVE, nullptr) != 0) {
            return base::fail_errno(errno, "cannot move {} to {}", mount.target, target.string());
        }
    }
    return {};
}

Status enter_root() {
    // The initramfs cannot be unmounted; moving the new root over it and entering that is
    // switch_root's way.
    if (::chdir("/root") != 0 || ::mount(".", "/", nullptr, MS_MOVE, nullptr) != 0 ||
        ::chroot(".") != 0 || ::chdir("/") != 0) {
        return base::fail_errno(errno, "cannot enter the root tree");
    }
    return {};
}

void unmount_share() {
    ::sync();
    // What still holds it open has been killed; a detached mount is written back all the same.
    (void)::umount2("/mnt/share", MNT_DETACH);
}

} // namespace ipu3::guest
