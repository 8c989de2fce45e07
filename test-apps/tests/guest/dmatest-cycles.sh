#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Loading, streaming in four ways and unloading over and over: modules, IOMMU groups, devices and memory are what they were.
#   FIRST    cycles before what is there is noted, in which slabs and caches grow
#   CYCLES   cycles afterwards
#   PAGES    fewer than so many pages of memory may be lost in them
#   LEAK     nothing, or how many frees the backend then forgets (of make fail-modules): PAGES at least must be lost, and
#            nothing else is looked at
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
: "${FIRST:?}" "${CYCLES:?}" "${PAGES:?}"
leak=0
cycle() {
    modprobe ipu-dmatest && within 20 dmatest_node 3 >/dev/null || return 1
    [ ! -e /sys/module/vb2_ipu_iommu/parameters/leak ] || echo "$leak" >/sys/module/vb2_ipu_iommu/parameters/leak
    ipu-dmatest-stream --count 5 &&
        ipu-dmatest-stream --count 5 --node output --memory userptr --userptr-offset 100 &&
        ipu-dmatest-stream --count 5 --memory dmabuf-import --exporter heap &&
        ipu-dmatest-stream --count 5 --node both --memory dmabuf-export || return 1
    udevadm settle
    modprobe -r ipu-dmatest && modprobe -r vb2-ipu-iommu
}
cycles() { # NUMBER
    done=0
    while [ $done -lt "$1" ]; do
        cycle >cycle.log 2>&1 || {
            fail "cycle $done: $(cat cycle.log)"
            return
        }
        done=$((done + 1))
    done
    ok 0 "$1 cycles"
}
state() {
    lsmod | cut -d ' ' -f 1 | sort
    find /sys/kernel/iommu_groups /sys/class/iommu /sys/devices /dev/ | grep -v '/wakeup/' | sort
    find /sys/kernel/debug -maxdepth 2 | grep -v 'kernel/debug/tracing' | sort
}
if [ -z "${LEAK:-}" ]; then plan 4; else plan 3; fi
[ -d /sys/kernel/debug/tracing ] || mount -t debugfs none /sys/kernel/debug
# Both, for which of them came first, and has the first numbers, is nobody's promise.
modprobe -r ipu3-cio2
modprobe -r ipu-dmatest
cycles "$FIRST"
state >before
pages=$(free_pages)
leak=${LEAK:-0}
cycles "$CYCLES"
state >after
lost=$((pages - $(free_pages)))
if [ -z "${LEAK:-}" ]; then
    cmp before after
    ok $? "the same modules, groups and devices: $(diff before after | head -n 20)"
    holds "pages of memory lost: $lost" test $lost -lt "$PAGES"
else
    holds "pages of memory lost: $lost" test $lost -ge "$PAGES"
fi
