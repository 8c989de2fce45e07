#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The nodes of the ImgU start and stop in every order, and frames flow each time.
# Needs an ov5693, an ImgU under the kernel's own driver or one like it, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu-order.sh
. "$(dirname "$0")/lib-imgu-order.sh"
plan 3
flows() { grep -q 'dqbuf.* seq: *[2-9]' "$1-0.log"; }
# NODE...: whether they start in this order, frames flow, and they stop in this order: the first one's end stops the driver.
in_order() {
    rm -f ./*-0.log
    pids=
    for node; do
        stream 0 "$node" &
        pids="$pids $!"
        within 60 started "$node" || {
            comment "start of $node: $(tail -n 3 "$node-0.log")"
            return 1
        }
    done
    for node in output viewfinder stat; do
        within 60 flows $node || {
            comment "frames at $node"
            return 1
        }
    done
    for pid in $pids; do
        kill "$pid"
        within 60 gone "$pid" || {
            comment 'stop'
            return 1
        }
    done
    # shellcheck disable=SC2086 # words
    wait $pids
    return 0
}
all_orders() {
    orders=0
    for a in output viewfinder stat input; do for b in output viewfinder stat input; do
        for c in output viewfinder stat input; do for d in output viewfinder stat input; do
            [ "$(printf '%s\n' $a $b $c $d | sort -u | wc -l)" = 4 ] || continue
            orders=$((orders + 1))
            in_order $a $b $c $d || {
                fail "$a $b $c $d"
                return
            }
        done; done
    done; done
}
all_orders
is 'orders' $orders 24
# shellcheck disable=SC2086 # words
kill $pids 2>/dev/null
wait
process 0 in.raw 1296x972 768x576 640x480 3
ok $? 'frames after all of them'
is 'their bytes' "$(stat -c %s output-0.nv12)" $((3 * 640 * 480 * 3 / 2))
