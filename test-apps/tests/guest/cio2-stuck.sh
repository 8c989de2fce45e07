#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A channel that is stuck ends the stream, and the next one runs.
# Needs an ov5693 of the virtual machine with the fault stuck-dma:frame=6, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-frames.sh
. "$(dirname "$0")/lib-cio2-frames.sh"
plan 7
echo 1000 >/sys/module/ipu3_cio2/parameters/timeout_ms
dmesg -C
for name in first second; do
    stream $name >$name.frames
    is 'frames before it' "$(cut -d ' ' -f 1 $name.frames)" "$(seq 0 5)"
    grep -qE 'VIDIOC_DQBUF.*Input/output error|qbuf error' $name.log
    ok $? 'who waits gets an error'
done
is 'stuck' "$(counter port1 stuck)" 2
# Twice: the stream has ended, the channel cannot be halted; and once a reset.
is 'lines in the log' "$(said)" 5
# Before the fault strikes.
count=5
stream third >third.frames
is 'a short stream' "$(cat third.frames)" "$(good_frames 5)"
