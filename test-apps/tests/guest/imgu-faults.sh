#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What becomes of streams while the ImgU misbehaves, as the machine's options have it (--fault).
#   STREAMS      how each of the streams is to end, one after the other: WORD..., of
#                pictures    all pictures come
#                error       STREAMON or a buffer tells of an error, at each node that is waited at
#                any         either of them
#   COUNT        pictures of a stream
#   RESTARTS     how often the firmware was started anew in between at the end, in the driver's counter; nothing: not asked
#   RESET        not empty: before the last stream the function is reset
# Needs an ImgU under this project's driver.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
: "${STREAMS:?}" "${COUNT:?}"
plan later
function=0000:00:05.0
raw=in.raw
truncate -s $((1296 / 25 * 32 * 1000)) $raw
counter() { sed -n "s/^$1 //p" /sys/kernel/debug/ipu3-imgu/$function/device; }
streams=0 last=$(echo "$STREAMS" | wc -w)
for wanted in $STREAMS; do
    streams=$((streams + 1))
    if [ -n "${RESET:-}" ] && [ $streams = "$last" ]; then
        holds 'the function is reset' sh -c "echo 1 >/sys/bus/pci/devices/$function/reset"
    fi
    rm -f ./*-0.log ./*.nv12
    process 0 $raw 1296x972 768x576 640x480 "$COUNT" 2>processed.log
    status=$?
    pictures=$(grep -c 'dqbuf.*seq' output-0.log)
    said=$(grep -hiE 'error|failed|returned -1' ./*-0.log | sort -u | head -n 3)
    comment "stream $streams: status $status, $pictures pictures; $said"
    case $wanted in
    pictures) is "stream $streams: pictures" "$pictures" "$COUNT" ;;
    error)
        # Not after the minute that a stream without an end takes.
        [ $status != 124 ] && [ "$pictures" -lt "$COUNT" ] && [ -n "$said" ]
        ok $? "stream $streams ends with an error"
        ;;
    any)
        [ $status != 124 ]
        ok $? "stream $streams ends by itself"
        ;;
    esac
done
[ -z "${RESTARTS:-}" ] || is 'firmware started anew' "$(counter restarts)" "$RESTARTS"
comment "$(cat /sys/kernel/debug/ipu3-imgu/$function/device)"
comment "$(cat /sys/kernel/debug/ipu3-imgu/$function/pipe0)"
modprobe -r ipu3_imgu
ok $? 'the driver goes'
holds 'and comes back' modprobe ipu3_imgu
planned
