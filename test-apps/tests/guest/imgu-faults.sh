#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What becomes of streams while the ImgU misbehaves, as the machine's options have it (--fault).
#   STREAMS      how each of the streams is to end, one after the other: WORD..., of
#                pictures    all pictures come
#                error       a STREAMON or a buffer tells of an error
#                either      one of the two
#                hangs       nothing is told, and no more pictures come: of the kernel's own driver
#   COUNT        pictures of a stream
#   RESTARTS     how often the firmware was started anew in the end; nothing: it is not asked
# Needs an ImgU.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
: "${STREAMS:?}" "${COUNT:?}"
plan later
state=/sys/kernel/debug/ipu3-imgu/0000:00:05.0
truncate -s $((64 * 52 * 972)) in.raw
streams=0
for wanted in $STREAMS; do
    streams=$((streams + 1))
    rm -f ./*-0.log ./*-0.nv12
    # Whose STREAMON fails is whose comes last; the others' readers then wait.
    patience=40
    [ "$wanted" != pictures ] || patience=300
    process 0 in.raw 1296x972 768x576 640x480 "$COUNT" 2>processed.log
    status=$?
    pictures=$(grep -c 'dqbuf.*seq' output-0.log)
    said=$(grep -hiE 'failed: |returned -1' ./*-0.log | sort -u | head -n 3)
    is_whole() { [ "$pictures" = "$COUNT" ]; }
    tells() { [ -n "$said" ]; }
    ended() {
        case $1 in
        pictures) is_whole ;;
        error) ! is_whole && tells ;;
        either) is_whole || tells ;;
        hangs) ! is_whole && ! tells && [ $status = 124 ] ;;
        esac
    }
    ended "$wanted"
    ok $? "stream $streams: $wanted"
    comment "status $status, $pictures pictures of $COUNT; $said"
done
[ -z "${RESTARTS:-}" ] || is 'firmware started anew' "$(sed -n 's/^restarts //p' $state/device)" "$RESTARTS"
[ ! -e $state ] || comment "$(cat $state/device $state/pipe0)"
holds 'the driver goes' modprobe -r ipu3_imgu
holds 'and comes back' modprobe ipu3_imgu
planned
