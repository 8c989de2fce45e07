// SPDX-License-Identifier: GPL-2.0-or-later
// What scripts in the guest need that go on after a sleep of the system. For use behind
// guest_shell.
#pragma once

#include <string_view>

namespace tests {

/// Virtio's 9p does not survive a system sleep, so that neither the root tree nor the share folder
/// may be looked at any more. `in_memory PROGRAM...` copies programs (by name, or as ./NAME of the
/// share folder), the shell and all their libraries to memory and begins the script anew with that
/// as its root; the second time it does nothing. `sleeps` is how often the system has slept since
/// it booted, and `system_sleep SECONDS` is one sleep.
inline constexpr std::string_view guest_sleep = R"sh(
in_memory() {
    [ ! -e /script ] || return 0
    # It would wait for the root tree for ever. Now and then it does not go when it is only told to (udevadm control --exit).
    udevadm settle && pkill -KILL -x "$udevd" && within 60 no_udevd || { echo 'udevd does not end' >&2; exit 1; }
    mount -t tmpfs none /mnt && mkdir -p /mnt/mnt/share /mnt/tmp /mnt/usr/bin /mnt/usr/sbin /mnt/usr/lib /mnt/usr/lib64 || exit 1
    for folder in bin sbin lib lib64; do ln -s usr/$folder /mnt/$folder; done
    for folder in dev proc sys; do mkdir /mnt/$folder && mount --rbind /$folder /mnt/$folder || exit 1; done
    files=
    for program in sh awk cat cmp cut diff dmesg grep head ls mkfifo rm sed sleep sort sync tail wc "$@"; do
        case $program in
        ./*) cp $program /mnt/mnt/share && files="$files $program" ;;
        *) files="$files $(command -v $program)" ;;
        esac || exit 1
    done
    # ldd, which is a script of bash's, takes four times as long.
    libraries=$(for file in $files; do /lib64/ld-linux-x86-64.so.2 --list $file; done | sed -n 's,^[^/]*\(/[^ ]*\) .*,\1,p' | sort -u)
    cp -L --parents $libraries $(echo $files | tr ' ' '\n' | grep -v '^\.') /mnt || exit 1
    # sh -c SCRIPT
    tr '\0' '\n' </proc/$$/cmdline | tail -n +3 >/mnt/script
    exec chroot /mnt /bin/sh /script
}
udevd='systemd-udevd|\(udev-worker\)'
no_udevd() { ! pgrep -x "$udevd" >/dev/null; }
sleeps() { cat /sys/power/suspend_stats/success; }
# Nothing in this machine wakes the system. The kernel's own test does: all devices sleep, each phase of theirs, and the
# processor waits the seconds.
system_sleep() {
    echo $1 >/sys/module/suspend/parameters/pm_test_delay && echo platform >/sys/power/pm_test &&
        echo freeze >/sys/power/state
}
)sh";

} // namespace tests
