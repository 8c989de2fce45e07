#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Three of the ImgU's four nodes start and stop, each time without another one: none of them hangs, no frame flows.
# Needs an ov5693, an ImgU under the kernel's own driver or one like it, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu-order.sh
. "$(dirname "$0")/lib-imgu-order.sh"
plan $((4 * (3 + 1 + 3) + 2))
no_frame() { ! grep -q 'dqbuf' output-0.log viewfinder-0.log stat-0.log 2>/dev/null; }
for without in output viewfinder stat input; do
    rm -f ./*-0.log
    pids=
    for node in output viewfinder stat input; do
        [ $node != $without ] || continue
        stream 0 $node &
        pids="$pids $!"
        holds "start of $node without $without" within 60 started $node
    done
    holds "no frame without $without" no_frame
    for pid in $pids; do
        kill "$pid"
        holds "stop without $without" within 60 gone "$pid"
    done
    # shellcheck disable=SC2086 # words
    wait $pids
done
process 0 in.raw 1296x972 768x576 640x480 3
ok $? 'frames afterwards'
is 'their bytes' "$(stat -c %s output-0.nv12)" $((3 * 640 * 480 * 3 / 2))
