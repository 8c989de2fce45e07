#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A cam that is killed again and again, and captures all the same afterwards. The moments are the same in each run: between
# the start of cam and its tenth frame or so.
#   KILLS    how often, a multiple of 10
# Needs a camera, an ImgU under a driver that libcamera knows, and libcamera's cam.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cam.sh
. "$(dirname "$0")/lib-cam.sh"
: "${KILLS:?}"
tens=$((KILLS / 10))
plan $((tens * 2 + 1))
moment=7 killed=0
while [ $killed -lt "$KILLS" ] && [ $ktap_failed = 0 ]; do
    cam -c1 --capture=1000 -s role=viewfinder,width=640,height=480 >killed.log 2>&1 &
    victim=$!
    moment=$((moment * 1103515245 + 12345 & 0x7fffffff))
    sleep $((moment / 65536 % 4)).$((moment / 4096 % 10))
    kill -KILL $victim || bail "kill $killed: it had ended by itself: $(tail -n 5 killed.log)"
    wait $victim 2>/dev/null
    killed=$((killed + 1))
    [ $((killed % 10)) = 0 ] || continue
    take after.log 1 5 -s role=viewfinder,width=640,height=480
    took after.log stream0 5
done
is 'kills' $killed "$KILLS"
