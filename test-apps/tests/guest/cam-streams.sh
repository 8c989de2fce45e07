#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libcamera takes each kind of stream from each of two cameras.
#   FRAMES    of each
# Needs an ov5693 and an ov8865, an ImgU under a driver that libcamera knows, and libcamera's cam.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cam.sh
. "$(dirname "$0")/lib-cam.sh"
: "${FRAMES:?}"
plan $((1 + 2 * 7))
is 'cameras of cam -l' "$(cam -l 2>/dev/null | grep -c '^[0-9]*: ')" 2
for camera in 1 2; do
    take viewfinder-$camera.log $camera "$FRAMES" -s role=viewfinder,width=640,height=480
    took viewfinder-$camera.log stream0 "$FRAMES"
    take still-$camera.log $camera "$FRAMES" -s role=still
    took still-$camera.log stream0 "$FRAMES"
    take both-$camera.log $camera "$FRAMES" -s role=viewfinder,width=640,height=480 -s role=raw
    took both-$camera.log stream0 "$FRAMES"
    took_raw both-$camera.log stream1 "$FRAMES"
done
