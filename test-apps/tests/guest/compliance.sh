#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# v4l2-compliance on the nodes of the kernel's own receiver driver, into compliance.log. Not on the sensor's sub-device:
# v4l2-compliance makes the stock ov5693 driver divide by zero on 6.12.
# Needs an ov5693, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 1
stream-raw --count 3 --fps 10 ov5693 1296x972 none >stream.log 2>&1
ok $? "streams: $(tail -n 5 stream.log)"
{
    v4l2-compliance -M /dev/media0
    for number in 0 1 2 3; do v4l2-compliance -u /dev/v4l-subdev$number; done
    v4l2-compliance -d /dev/video0
    v4l2-compliance -d /dev/video1 -s5
} >compliance.log 2>&1
true # whether it finds something the host judges
