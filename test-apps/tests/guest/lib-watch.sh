# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What lib.sh asks of the debug kernel when a script is done and WATCH is set, as check-debug does. Needs lib.sh or
# nothing.
#
#   watch_kernel             unloads the project's modules, and looks at what the kernel does not report by itself: memory
#                            that nobody can reach, and DMA mappings that nobody undid. What it finds comes in lines that
#                            begin with "watch: ", on standard error; fails if there is any, or if the kernel does not look
watch_debugfs=/sys/kernel/debug
watch_modules='ipu-planted ipu-ktest ipu-fail-ktest ipu-bad-exporter ipu-dmatest ipu-membench ipu3-imgu ipu3-cio2 vb2-ipu-iommu'

watch_found() {
    printf '%s\n' "$1" | sed 's/^/watch: /' >&2
    watch_status=1
}

watch_kernel() {
    watch_status=0 watch_scan=1
    cd /
    for watch_file in dma-api/dump kmemleak; do
        [ -e $watch_debugfs/$watch_file ] || watch_found "this kernel does not watch: it has no $watch_file"
    done
    [ $watch_status = 0 ] || return 1
    # Tests of failing allocations end with controls that leak, and count for themselves.
    [ ! -e /sys/module/vb2_ipu_iommu/parameters/leak ] || watch_scan=
    # After a sleep of the system there is no modprobe (lib-sleep.sh).
    if [ -z "${IN_MEMORY:-}" ]; then
        for watch_module in $watch_modules; do
            ! grep -q "^$(echo "$watch_module" | tr - _) " /proc/modules || modprobe -r "$watch_module" ||
                watch_found "$watch_module cannot be unloaded"
        done
        watch_left=$(cat $watch_debugfs/dma-api/dump)
        [ -z "$watch_left" ] || watch_found "left mapped for DMA: $watch_left"
    fi
    if [ -n "$watch_scan" ]; then
        # kmemleak suspects only what is 5 s old (jiffies_min_age in mm/kmemleak.c). The second scan is for what was on
        # its way from one holder to another during the first.
        sleep 6
        echo scan >$watch_debugfs/kmemleak
        echo scan >$watch_debugfs/kmemleak
        watch_left=$(cat $watch_debugfs/kmemleak)
        [ -z "$watch_left" ] || watch_found "leaked: $watch_left"
    fi
    return $watch_status
}
