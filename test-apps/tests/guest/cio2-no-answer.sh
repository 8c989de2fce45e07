#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A sensor that does not answer fails the stream, and leaves nothing.
# Needs an ov5693 of the virtual machine with the fault i2c-nak:frame=60, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-frames.sh
. "$(dirname "$0")/lib-cio2-frames.sh"
plan 5
stream first >first.frames
is 'frames' "$(wc -l <first.frames)" 0
grep -q 'VIDIOC_STREAMON.*-1' first.log
ok $? 'STREAMON fails'
is 'streams' "$(counter device streams)" 0
is 'buffers left' "$(($(backend buffers)))" "$idle"
within 10 grep -q suspended /sys/bus/pci/devices/$function/power/runtime_status
ok $? 'asleep'
