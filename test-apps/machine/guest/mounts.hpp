// SPDX-License-Identifier: GPL-2.0-or-later
// The guest's file systems: the root tree (9p, read-only) under a writable overlay, and what every
// Linux has.
#pragma once

#include "machine/guest/system_call.hpp"

namespace ipu3::guest {

/// Mount tags of the 9p exports.
inline constexpr const char* root_tag = "root";
inline constexpr const char* share_tag = "share";
inline constexpr const char* programs_tag = "programs";

/// Mounts /dev, /proc and /sys in the initramfs.
[[nodiscard]] Status mount_first();

/// Mounts the root tree, the layers that the initramfs's /layers names, a writable overlay above
/// them and everything below it at /root, and copies the initramfs's /overlay over it. The share is
/// at /mnt/share, the project's programs are in /usr/local/bin, which every user's PATH has,
/// beneath what is there already.
[[nodiscard]] Status mount_root();

/// Makes what mount_root() mounted the root directory.
[[nodiscard]] Status enter_root();

/// Writes back and unmounts the share.
void unmount_share();

} // namespace ipu3::guest
