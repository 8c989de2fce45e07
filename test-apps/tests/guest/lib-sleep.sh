# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What scripts need that go on after a sleep of the system; behind lib.sh. Virtio's 9p does not survive it, so that
# neither the machine's root tree nor the share folder may be looked at any more.
#
#   in_memory PROGRAM...     copies programs, the shell, this folder's scripts and all libraries to memory and begins the
#                            script anew with that as its root; the second time it does nothing. To be called before the
#                            plan. What is in the current folder is there as well, but for other files than programs
#   sleeps                   prints how often the system has slept since it booted
#   system_sleep SECONDS     is one sleep
udevd='systemd-udevd|\(udev-worker\)'
no_udevd() { ! pgrep -x "$udevd" >/dev/null; }

in_memory() {
    [ -z "${IN_MEMORY:-}" ] || return 0
    script=$(basename "$0")
    # It would wait for the root tree for ever. Now and then it does not go when it is only told to (udevadm control --exit).
    { udevadm settle && pkill -KILL -x "$udevd" && within 60 no_udevd; } || bail 'udevd does not end'
    # What is to be copied is named before something is mounted over it.
    here=$(pwd -P) files='' own=''
    for program in sh awk cat cmp cut diff dirname dmesg grep head ls mkfifo rm sed sleep sort sync tail tr wc "$@"; do
        found=$(command -v "$program") || bail "no $program"
        case $found in
        "$here"/*) own="$own ./$program" ;;
        *) files="$files $found" ;;
        esac
    done
    scripts=$(dirname "$0")
    # ldd, which is a script of bash's, takes four times as long.
    libraries=$(for file in $files $own; do /lib64/ld-linux-x86-64.so.2 --list "$file"; done |
        sed -n 's,^[^/]*\(/[^ ]*\) .*,\1,p' | sort -u)
    {
        mount -t tmpfs none /mnt &&
            mkdir -p /mnt/mnt/share /mnt/tmp /mnt/usr/bin /mnt/usr/sbin /mnt/usr/lib /mnt/usr/lib64
    } || bail 'no memory'
    for folder in bin sbin lib lib64; do ln -s "usr/$folder" "/mnt/$folder"; done
    for folder in dev proc sys; do
        { mkdir "/mnt/$folder" && mount --rbind "/$folder" "/mnt/$folder"; } || bail "no /$folder"
    done
    # shellcheck disable=SC2086 # words
    { cp "$scripts"/lib*.sh "$scripts/$script" $own /mnt/mnt/share && cp -L --parents $files $libraries /mnt; } ||
        bail 'programs and libraries'
    trap - EXIT
    export IN_MEMORY=1
    exec chroot /mnt /bin/sh -c "cd /mnt/share && exec sh ./$script"
}

sleeps() { cat /sys/power/suspend_stats/success; }

# Nothing in this machine wakes the system. The kernel's own test does: all devices sleep, each phase of theirs, and the
# processor waits the seconds.
system_sleep() {
    echo "$1" >/sys/module/suspend/parameters/pm_test_delay && echo platform >/sys/power/pm_test &&
        echo freeze >/sys/power/state
}
