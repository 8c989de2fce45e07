#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A stream that the driver has given up stays off after a sleep of the system. The reader sleeps too, so that it does not end
# the stream before the system does.
# Needs an ov5693 of the virtual machine that shows the counter scene, with the fault stuck-dma:frame=5, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-sleep.sh
. "$(dirname "$0")/lib-cio2-sleep.sh"
plan 19
limit=/sys/module/ipu3_cio2/parameters/timeout_ms
echo 0 >$limit
memory=mmap buffers=8 seconds=1
taken() { grep -q '"sequence"' capture.json; }
given_up() { dmesg | grep -q 'port 1: no frame has come for too long'; }
stream_begin
within 60 taken
ok $? 'the reader reads'
kill -STOP $capture
echo 1000 >$limit
within 120 given_up
ok $? 'the stream is given up'
is 'streams' "$(counter device streams)" 1
system_sleep $seconds
is 'sleeps' $? 0
is 'streams afterwards' "$(counter device streams)" 0
dmesg | grep 'does not go on after sleep'
is 'another message' $? 1
kill -CONT $capture
told_of_the_end
stream_is_right 1
is 'buffers left' "$(($(backend buffers)))" "$idle"
within 10 asleep
ok $? 'the device has no power'
