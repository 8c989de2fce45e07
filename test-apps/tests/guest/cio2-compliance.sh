#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# v4l2-compliance on all of the receiver's nodes: nothing fails, nothing is warned of. Not on the sensor's sub-device:
# v4l2-compliance makes the stock ov5693 driver divide by zero on 6.12.
# Needs an ov5693, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
plan 5
stream-raw --count 3 --fps 10 ov5693 1296x972 none >stream.log 2>&1
ok $? 'streams'
# What buffers are imported from: another node, with the same format.
v4l2-ctl -d /dev/video3 --set-fmt-video=width=1296,height=972,pixelformat=ip3b
{
    v4l2-compliance -M /dev/media0
    for number in 0 1 2 3; do v4l2-compliance -u /dev/v4l-subdev$number; done
    v4l2-compliance -d /dev/video0
    v4l2-compliance -d /dev/video1 -s5 -e /dev/video3
} >compliance.log 2>&1
is 'verdicts' "$(grep -c 'Total for .*, Failed: 0, Warnings: 0$' compliance.log)" 7
comment "$(grep -E '(fail|warn): |^Total' compliance.log)"
for memory in 'MMAP (select' 'USERPTR (select' 'DMABUF (select'; do
    grep -q "test $memory.*: OK" compliance.log
    ok $? "$memory)"
done
