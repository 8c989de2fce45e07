#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Both pipes stream while the firmware gives up again and again (--fault): one of them ends and begins meanwhile, and at last the
# driver is unbound.
#   RESTARTS     so many times at least the firmware is started anew before that
# Needs an ImgU under this project's driver.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
: "${RESTARTS:?}"
plan 12
function=0000:00:05.0
state=/sys/kernel/debug/ipu3-imgu/$function
truncate -s $((64 * 52 * 972)) in.raw
# shellcheck disable=SC2034 # for lib-imgu.sh
raw=in.raw
# Of frames alone: what its counters say, for v4l2-ctl writes its report late.
frames() { sed -n 's/^frames //p' "$state/pipe$1"; }
restarts() { sed -n 's/^restarts //p' $state/device; }
start() { # PIPE, sets $pids
    pids=
    for node in output viewfinder stat input; do
        stream "$1" $node &
        pids="$pids $!"
    done
}
more_frames() { [ "$(frames "$1")" -gt "$2" ]; }
flows() { within 60 more_frames "$1" $(($(frames "$1") + 3)); }
stop() { # PID...
    kill "$@" 2>/dev/null
    wait "$@"
    true
}
ended() { for pid; do ! kill -0 "$pid" 2>/dev/null || return 1; done; }
started_anew() { [ "$(restarts)" -ge "$RESTARTS" ]; }

both_pipes() { configure 0 1296x972 768x576 640x480 && configure 1 1296x972 768x576 640x480; }
holds 'both pipes' both_pipes
start 0
of_first=$pids
holds 'frames of pipe 0' flows 0
for round in 1 2 3; do
    start 1
    of_second=$pids
    holds "frames of pipe 1, round $round" flows 1
    holds "and of pipe 0" flows 0
    # shellcheck disable=SC2086 # words
    [ $round = 3 ] || stop $of_second
done
within 120 started_anew
ok $? "the firmware was started anew $(restarts) times"
echo $function >/sys/bus/pci/drivers/ipu3-imgu/unbind
# shellcheck disable=SC2086 # words
holds 'readers end when the driver goes' within 30 ended $of_first $of_second
# shellcheck disable=SC2086 # words
stop $of_first $of_second
echo $function >/sys/bus/pci/drivers/ipu3-imgu/bind
udevadm settle
holds 'the driver is back' find_imgu
holds 'and makes pictures' process 0 in.raw 1296x972 768x576 640x480 5
