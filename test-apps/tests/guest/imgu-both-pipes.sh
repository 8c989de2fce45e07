#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Both pipes of the ImgU run at once, each with a frame of its own: raw-0 and raw-1; the files are for the host to judge.
# libcamera cannot do that: it sets the second camera's links while the first one streams, and the media core refuses that.
#   FRAME0, BDS0, PICTURE0, FRAME1, BDS1, PICTURE1    sizes of each pipe, as for configure
# Needs an ov5693, an ImgU under the kernel's own driver or one like it, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
: "${FRAME0:?}" "${BDS0:?}" "${PICTURE0:?}" "${FRAME1:?}" "${BDS1:?}" "${PICTURE1:?}"
plan 8
frame() { ipu3-capture --quiet --size 1296x972 --set "exposure=$1" --count 1 --raw "$2" >/dev/null; }
frames() { frame 900 raw-0 && frame 500 raw-1; }
both_pipes() { configure 0 "$FRAME0" "$BDS0" "$PICTURE0" && configure 1 "$FRAME1" "$BDS1" "$PICTURE1"; }
holds 'RAW frames' frames
holds 'both pipes' both_pipes
flows() { grep -q 'dqbuf.* seq: *[5-9]' "$1.log"; }
pids=
for number in 0 1; do
    raw=raw-$number
    for node in output viewfinder stat input; do
        stream $number $node &
        pids="$pids $!"
    done
done
for number in 0 1; do
    for node in output viewfinder stat; do
        holds "frames at $node of pipe $number" within 120 flows $node-$number
    done
done
# shellcheck disable=SC2086 # words
kill $pids
# shellcheck disable=SC2086 # words
wait $pids
true
