# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The DMA test functions; behind lib.sh. What $1 may be of other functions than the first one is said with them.
#
#   dmatest_load             mounts debugfs and loads the driver if need be; succeeds once all nodes are there
#   dmatest_node N           prints the path of a node once it is there: capture and output of the first function are 0 and
#                            1, of the second one 2 and 3. The receiver has nodes, too, and whose come first is not said
#   streams STATUS OPTIONS   a point: ipu-dmatest-stream with these options ends with that status
#   state_is STATE           whether the first function has that power state
#   counter NODE NAME        prints a counter of the first function's capture, output, interrupts or device
#   control NODE NAME=VALUE  sets a control of node N
#   both_go_on COUNT         six points: the processes $capture and $output, which write capture.log and output.log, end with so
#                            many frames and no error; neither has ended yet
first=0000:00:06.0

dmatest_load() {
    # Not debugfs itself: the driver makes its folder.
    [ -d /sys/kernel/debug/tracing ] || mount -t debugfs none /sys/kernel/debug
    { [ -d /sys/module/ipu_dmatest ] || modprobe ipu-dmatest; } && within 20 dmatest_node 3 >/dev/null
}

dmatest_node() {
    case $1 in
    0) set -- 'capture 00:06.0' ;;
    1) set -- 'output 00:06.0' ;;
    2) set -- 'capture 00:07.0' ;;
    3) set -- 'output 00:07.0' ;;
    esac
    dmatest_found=$(grep -lxF "ipu-dmatest $1" /sys/class/video4linux/video*/name) && dmatest_found=${dmatest_found%/name} &&
        dmatest_found=/dev/${dmatest_found##*/} && [ -c "$dmatest_found" ] && echo "$dmatest_found"
}

streams() {
    wanted=$1
    shift
    said=$(timeout 300 ipu-dmatest-stream "$@" 2>&1)
    status=$?
    ok $((status != wanted)) "$* -> $status: $said"
}

state_is() { [ "$(cat /sys/bus/pci/devices/$first/power_state)" = "$1" ]; }

counter() { sed -n "s/^$2 //p" "/sys/kernel/debug/ipu-dmatest/$first/$1"; }

control() { v4l2-ctl -d "$(dmatest_node "$1")" -c "$2"; }

both_go_on() {
    for stream in capture output; do
        ! grep 'frames=' $stream.log
        ok $? "$stream: was not over before"
    done
    # shellcheck disable=SC2154 # the script's
    wait "$capture"
    is 'the capture' $? 0
    # shellcheck disable=SC2154 # the script's
    wait "$output"
    is 'the output' $? 0
    for stream in capture output; do
        grep -q "frames=$1 errors=0" $stream.log
        ok $? "$stream: $(cat $stream.log)"
    done
}
