#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What user space finds at the receiver, for a comparison of drivers: names, formats, controls and links, into the file
# found. One sensor: several come in an order of their own, boot by boot.
# Needs a receiver with one sensor, under any driver.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 2
{
    media-ctl -p
    ok $? 'the media graph' >&3
    for node in 0 1 2 3; do
        v4l2-ctl -d /dev/video$node --all
        v4l2-ctl -d /dev/video$node --list-formats-ext --list-inputs --list-ctrls-menus
    done
    for node in /dev/v4l-subdev*; do
        echo "$node"
        v4l2-ctl -d "$node" --list-subdev-mbus-codes pad=0 --get-subdev-fmt pad=0
    done
    for size in 1x1 33x77 4224x3136 9999x9999; do
        v4l2-ctl -d /dev/video0 --try-fmt-video="width=${size%x*},height=${size#*x},pixelformat=ip3r"
    done
    v4l2-ctl -d /dev/video0 --try-fmt-video=width=640,height=480,pixelformat=NV12
    ok $? 'a format that the receiver does not have' >&3
} 3>&1 >found
