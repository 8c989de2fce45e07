#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Streaming, opening, binding and loading the receiver's driver over and over: nothing grows, nothing is left.
#   TIMES    how often
#   KINDS    of these: open_close start_stop rebind unbind_streaming reload
#   PAGES    fewer than so many pages of memory may be lost meanwhile. A forgotten frame has 395; two cycles were seen to
#            cost up to 46
# Needs an ov5693, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
: "${TIMES:?}" "${KINDS:?}" "${PAGES:?}"
kinds=0
for kind in $KINDS; do kinds=$((kinds + 1)); done
plan $((3 + 2 * kinds))
state() {
    lsmod | cut -d ' ' -f 1 | sort
    find /sys/kernel/iommu_groups /sys/class/iommu /sys/bus/pci/devices/$function/ /dev/ | grep -v '/wakeup\|/power/' | sort
    find /sys/kernel/debug -maxdepth 3 | grep -v 'kernel/debug/tracing' | sort
    counter device streams
    backend buffers
    backend bytes
    backend mapped_pages
}
# udev's workers wait some seconds for more to do, and have a thousand pages.
no_workers() { ! pgrep -P "$(pgrep -o udevd)" >/dev/null; }
free_pages_at_rest() {
    within 60 no_workers || echo 'udev does not come to rest' >&2
    free_pages
}
# NUMBER FUNCTION: two points: after so many calls there is what was before, devices, groups, debugfs, the driver's and the
# backend's counts; and the page allocator lost little since the first quarter, in which caches fill.
cycles() {
    number=$1 what=$2
    for part in first rest; do
        [ $part = first ] && to_go=$((number / 4 + 1)) || to_go=$number
        while [ "$to_go" -gt 0 ]; do
            $what >cycle.log 2>&1 || {
                fail "$what, $to_go to go: $(tail -n 5 cycle.log)"
                return
            }
            to_go=$((to_go - 1))
        done
        if [ $part = first ]; then
            state >before
            pages_before=$(free_pages_at_rest)
        fi
    done
    state >after
    is "$number times $what: what there is" "$(diff before after)" ''
    lost=$((pages_before - $(free_pages_at_rest)))
    holds "$number times $what: $lost pages fewer are free" test $lost -lt "$PAGES"
}
streams() { [ "$(counter device streams)" = 1 ] && [ "$(counter port1 frames)" -gt 2 ]; }
here() { [ -e /dev/media0 ] && ipu3-capture --list | grep -q ov5693; }
start_stop() { ipu3-capture --quiet --size 1296x972 --count 2; }
open_close() { : </dev/video1 && : </dev/v4l-subdev1 && : </dev/media0; }
unbind() { echo $function >/sys/bus/pci/drivers/ipu3-cio2/unbind; }
bind() { echo $function >/sys/bus/pci/drivers/ipu3-cio2/bind && udevadm settle && within 20 here; }
rebind() { unbind && bind; }
unbind_streaming() {
    ipu3-capture --quiet --size 1296x972 --count 0 >stream.log 2>&1 &
    stream=$!
    within 60 streams && unbind || return 1
    wait $stream && return 1 # the stream must have failed
    grep -q 'ipu3-capture: .*No such device' stream.log || {
        cat stream.log
        return 1
    }
    bind
}
reload() {
    modprobe -r ipu3-cio2 && modprobe -r vb2-ipu-iommu && modprobe ipu3-cio2 && udevadm settle && within 20 here
}
within 20 here

# Negative controls: memory that stays, a node that stays, a stream that stays.
forget_memory() { head -c $((2 * PAGES * 4096)) /dev/zero >"/run/forgotten-$part"; } # others give some back meanwhile
forget_node() { [ "$part" = first ] || touch /dev/forgotten; }
forget_stream() {
    [ "$part" = rest ] || return 0
    ipu3-capture --quiet --size 1296x972 --count 0 --timeout 120 >/dev/null 2>&1 &
    forgotten=$!
    within 60 streams
}
complains 'pages fewer are free' cycles 1 forget_memory
ok $? 'control: memory that stays is found'
complains /dev/forgotten cycles 1 forget_node
ok $? 'control: a node that stays is found'
complains 'what there is' cycles 1 forget_stream
ok $? 'control: a stream that stays is found'
kill "$forgotten"
wait "$forgotten"
rm -f /run/forgotten-* /dev/forgotten

for kind in $KINDS; do cycles "$TIMES" "$kind"; done
