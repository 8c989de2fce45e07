#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libcamera takes pictures and RAW frames at once; the last ones are left in picture.nv12 and frame.raw, and what libcamera
# chose in cam.log, for the host to judge.
#   FRAMES           how many
#   WIDTH, HEIGHT    of the pictures
# Needs a camera, an ImgU under a driver that libcamera knows, and libcamera's cam.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cam.sh
. "$(dirname "$0")/lib-cam.sh"
: "${FRAMES:?}" "${WIDTH:?}" "${HEIGHT:?}"
plan 3
mkdir /tmp/frames
take cam.log 1 "$FRAMES" '--file=/tmp/frames/#.bin' -s "role=viewfinder,width=$WIDTH,height=$HEIGHT" -s role=raw
took cam.log stream0 "$FRAMES"
# All RAW frames have the same name, so the last one is there.
keep() {
    last=$(find /tmp/frames -name '*stream0-*' | sort | tail -n 1)
    cp "$last" picture.nv12 && cp /tmp/frames/*stream1-000000.bin frame.raw
}
holds 'a picture and a RAW frame' keep
