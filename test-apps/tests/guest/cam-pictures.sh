#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libcamera finds one camera and takes pictures, one file each, which are for the host to judge.
#   FRAMES           how many
#   WIDTH, HEIGHT    of the pictures
# Needs a camera, an ImgU under a driver that libcamera knows, and libcamera's cam.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
: "${FRAMES:?}" "${WIDTH:?}" "${HEIGHT:?}"
plan 2
cam -l >list 2>/dev/null
is 'cameras of cam -l' "$(grep -c '^[0-9]*: ' list)" 1
cam -c1 "--capture=$FRAMES" '--file=frame-#.bin' -s "width=$WIDTH,height=$HEIGHT" >cam.log 2>&1
ok $? "pictures: $(tail -n 20 cam.log)"
