#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What becomes of streams while the ImgU misbehaves, as the machine's options have it (--fault).
#   GONE         not empty: the ImgU no longer answers in the end, so that no driver takes it
#   STREAMS      how each of the streams is to end, one after the other: WORD..., of
#                pictures    all pictures come, and the frames that were given, with numbers from 0 on without a gap
#                error       a STREAMON or a buffer tells of an error
#                either      one of the two
#                hangs       nothing is told, and no more pictures come: of the kernel's own driver
#   COUNT        pictures of a stream
#   LOST         so many interrupts at least were lost in the end, by the driver's count; nothing: it is not asked
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
    first=0
    [ -e $state ] || first=1 # of the kernel's own driver
    numbers_of() { sed -n 's/.*dqbuf.* seq: *\([0-9][0-9]*\) .*/\1/p' "$1-0.log"; }
    follow() {
        numbers_of "$1" >numbers
        seq $first $((first + $(wc -l <numbers) - 1)) | cmp -s - numbers && return
        comment "numbers at $1: $(tr '\n' ' ' <numbers)"
        return 1
    }
    # Those of the input only by this project's driver. Its report may lack the end.
    all_follow() { follow output && { [ $first = 1 ] || follow input; }; }
    tells() { [ -n "$said" ]; }
    ended() {
        case $1 in
        pictures) is_whole && all_follow ;;
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
if [ -n "${LOST:-}" ]; then
    lost=$(sed -n 's/^lost_interrupts //p' $state/device)
    [ "$lost" -ge "$LOST" ]
    ok $? "interrupts lost: $lost"
fi
[ ! -e $state ] || comment "$(cat $state/device $state/pipe0)"
holds 'the driver goes' modprobe -r ipu3_imgu
modprobe ipu3_imgu
udevadm settle
if [ -z "${GONE:-}" ]; then
    holds 'and comes back' find_imgu
else
    ! find_imgu 2>/dev/null
    ok $? 'and does not take what does not answer'
fi
planned
