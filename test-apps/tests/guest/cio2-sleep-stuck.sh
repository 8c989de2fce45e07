#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A channel that is stuck when the system sleeps is reset, and the stream goes on. With eight buffers frame 3 comes whatever
# the program does meanwhile. The system may still be quicker, so that it sleeps until it has met a stuck channel.
# Needs an ov5693 of the virtual machine that shows the counter scene, with the fault stuck-dma:frame=3, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-sleep.sh
. "$(dirname "$0")/lib-cio2-sleep.sh"
plan 18
echo 0 >/sys/module/ipu3_cio2/parameters/timeout_ms
memory=mmap buffers=8 seconds=1
said_cut_off() { dmesg | grep -c 'cut off from memory'; }
stream_begin
come=3
sleeps_stuck() { system_sleep $seconds && come=$((come + 3)) && within 60 frames $come && [ "$(said_cut_off)" = 1 ]; }
within 1 sleeps_stuck
ok $? 'sleeps with a stuck channel'
is 'resets' "$(dmesg | grep -c "$function: reset")" 1
stream_end
stream_check $(($(sleeps) - slept_before))
is 'stuck channels' "$(said_cut_off)" 2
is 'streams' "$(counter device streams)" 0
is 'buffers left' "$(($(backend buffers)))" "$idle"
within 10 asleep
ok $? 'the device has no power afterwards'
