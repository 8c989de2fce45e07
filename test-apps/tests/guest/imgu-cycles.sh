#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Loading and binding the ImgU's driver, and unbinding it while it is idle and while it streams, over and over: nothing is
# left, and pictures come afterwards.
#   TIMES    how often
#   KINDS    of these: reload rebind unbind_streaming start_stop
# Needs an ov5693, an ImgU under the project's driver, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
: "${TIMES:?}" "${KINDS:?}"
kinds=0
for kind in $KINDS; do kinds=$((kinds + 1)); done
plan $((2 * kinds + 2))
function=0000:00:05.0
driver=/sys/bus/pci/drivers/ipu3-imgu
ipu3-capture --quiet --size 1296x972 --count 1 --raw in.raw >/dev/null || bail 'no RAW frame'
raw=in.raw
state() {
    lsmod | cut -d ' ' -f 1 | sort
    find /sys/kernel/iommu_groups /sys/class/iommu /sys/bus/pci/devices/$function/ /dev/ | grep -v '/wakeup\|/power/' | sort
    find /sys/kernel/debug -maxdepth 3 | grep -v 'kernel/debug/tracing' | sort
    grep -E '^(buffers|bytes|mapped_pages|faults) ' "/sys/kernel/debug/vb2-ipu-iommu/imgu.$function/stats"
}
here() { [ -e "/sys/kernel/debug/ipu3-imgu/$function/pipe1" ] && find_imgu 2>/dev/null; }
bind() { echo $function >$driver/bind && udevadm settle && within 20 here; }
unbind() { echo $function >$driver/unbind; }
rebind() { unbind && bind; }
reload() { modprobe -r ipu3-imgu && modprobe ipu3-imgu && udevadm settle && within 20 here; }
start_stop() { process 0 in.raw 1296x972 768x576 640x480 2; }
flows() { grep -q 'dqbuf.* seq: *[2-9]' output-0.log; }
unbind_streaming() {
    rm -f ./*-0.log
    configure 0 1296x972 768x576 640x480 || return
    pids=''
    for node in output viewfinder stat input; do
        stream 0 $node &
        pids="$pids $!"
    done
    within 60 flows && unbind || return 1
    # Who waits for a buffer learns that there is none.
    # shellcheck disable=SC2086 # words
    wait $pids
    bind
}
# NUMBER FUNCTION: two points: all calls succeed, and there is what was before.
cycles() {
    cycles_to_go=$1
    $2 >cycle.log 2>&1
    state >before
    while [ "$cycles_to_go" -gt 0 ]; do
        $2 >cycle.log 2>&1 || break
        cycles_to_go=$((cycles_to_go - 1))
    done
    state >after
    is "$1 times $2, to go: $(tail -n 3 cycle.log)" "$cycles_to_go" 0
    is "$1 times $2: what there is" "$(diff before after)" ''
}
within 20 here
for kind in $KINDS; do cycles "$TIMES" "$kind"; done
start_stop
ok $? 'pictures afterwards'
is 'their bytes' "$(stat -c %s output-0.nv12)" $((2 * 640 * 480 * 3 / 2))
