#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A sensor that does not answer after a sleep of the system ends the stream, and the next one runs.
#   The ov5693 driver makes some 174 transfers to probe and to start for the first time, and a dozen when a stream goes on.
#   Only one of these fails: 6.12's driver never gets over one that fails when it gets its power.
# Needs an ov5693 of the virtual machine that shows the counter scene, with the fault i2c-nak:frame=180, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-sleep.sh
. "$(dirname "$0")/lib-cio2-sleep.sh"
plan 27
memory=mmap seconds=1
stream_begin
system_sleep $seconds
is 'sleeps' $? 0
dmesg | grep -q 'port 1: does not go on after sleep' || bail 'the log does not tell of it'
told_of_the_end
stream_is_right 1
is 'streams' "$(counter device streams)" 0
is 'buffers left' "$(($(backend buffers)))" "$idle"
within 10 asleep
ok $? 'the device has no power'
stream_begin
stream_end
stream_check 0
