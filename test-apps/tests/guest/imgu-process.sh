#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# RAW frames of a sensor through the ImgU's first pipe, into output-0.nv12, viewfinder-0.nv12 and stat-0.bin, for the host to
# judge; v4l2-ctl's reports are in output-0.log and so on.
#   FRAME, BDS, PICTURE    sizes: of the RAW frame, of what it is scaled to, of the picture
#   COUNT        pictures
#   EXPOSURES    the sensor's, of a frame each, into EXPOSURE.raw; nothing: one as it comes, into in.raw
#   FED          all (into both.raw, by turns), or last: which of them go through
#   LOAD         the command that loads the ImgU's driver, or nothing
# Needs a sensor, an ImgU under the kernel's own driver or one like it, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
: "${FRAME:?}" "${BDS:?}" "${PICTURE:?}" "${COUNT:?}"
plan later
frame() { ipu3-capture --quiet --size "$FRAME" --count 1 --raw "$@" >/dev/null; }
prepare() {
    if [ -n "${LOAD:-}" ]; then $LOAD && udevadm settle || return; fi
    fed=in.raw
    if [ -z "${EXPOSURES:-}" ]; then
        frame $fed
        return
    fi
    for exposure in $EXPOSURES; do
        fed=$exposure.raw
        frame "$fed" --set "exposure=$exposure" || return
        cat "$fed" >>both.raw
    done
    [ "$FED" = last ] || fed=both.raw
}
holds 'a RAW frame' prepare
process 0 "$fed" "$FRAME" "$BDS" "$PICTURE" "$COUNT"
status=$?
[ $status = 0 ] || comment "$(tail -n 5 ./*-0.log)"
is "status of $COUNT pictures" $status 0
# Of this project's driver: it looks twice a second whether it missed one, so that pictures come all the same. On a busy
# host one may be found while its interrupt is on its way.
device=/sys/kernel/debug/ipu3-imgu/0000:00:05.0/device
if [ -e $device ]; then
    lost=$(sed -n 's/^lost_interrupts //p' $device)
    [ "$lost" -le 2 ]
    ok $? "interrupts come: $lost lost"
fi
planned
