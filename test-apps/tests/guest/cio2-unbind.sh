#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Unbinding the receiver's driver, and the sensor's, while they stream ends the stream only.
# Needs an ov5693, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-frames.sh
. "$(dirname "$0")/lib-cio2-frames.sh"
plan 7
runs() { [ "$(counter device streams)" = 1 ] && [ "$(counter port1 frames)" -gt 2 ]; }
count=100000
stream driver >driver.frames &
stream=$!
within 60 runs
ok $? 'streams'
echo $function >/sys/bus/pci/drivers/ipu3-cio2/unbind
wait $stream
grep -qE 'VIDIOC_DQBUF.*No such device|qbuf error' driver.log
ok $? 'who waits learns that the device has gone'
echo $function >/sys/bus/pci/drivers/ipu3-cio2/bind && udevadm settle
stream sensor >sensor.frames &
stream=$!
within 60 runs
ok $? 'streams again'
sensor=$(basename /sys/bus/i2c/drivers/ov5693/i2c-*)
echo "$sensor" >/sys/bus/i2c/drivers/ov5693/unbind
wait $stream
grep -qE 'VIDIOC_DQBUF.*Input/output error|qbuf error' sensor.log
ok $? 'who waits gets an error'
echo "$sensor" >/sys/bus/i2c/drivers/ov5693/bind && udevadm settle
within 20 sh -c 'media-ctl -p | grep -q ov5693'
ok $? 'the sensor is there again'
count=5
stream again >again.frames
is 'a stream afterwards' "$(cat again.frames)" "$(good_frames 5)"
! dmesg | grep -E 'BUG|Oops|ipu3_cio2.*RIP'
ok $? 'no oops'
