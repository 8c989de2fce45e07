#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Damaged frames are marked, and the others are not; the files are for the host to compare.
# Needs an ov5693 of the virtual machine with faults crc:frame=2, fifo-overflow:frame=4, short-frame:frame=6,
# lost-irq:frame=8 and no-frame-end:frame=10, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-frames.sh
. "$(dirname "$0")/lib-cio2-frames.sh"
plan $((2 * 9 + 2))
dmesg -C
for name in first second; do
    stream $name >$name.frames
    is 'a checksum error' "$(frame $name 2)" "$whole error"
    is 'an overflow' "$(frame $name 4)" "$((whole / 2)) error"
    is 'a short frame' "$(frame $name 6)" "$((whole / 2)) error"
    is 'a lost interrupt' "$(frame $name 8)" "$whole good"
    # Last: its frame is open when the sensor looks for room, which then may be short of a buffer.
    is 'a missing end' "$(frame $name 10)" "$whole error"
    is 'frames with an error' "$(grep -c error $name.frames)" 4
    is 'the first number' "$(head -n 1 $name.frames)" "0 $whole good"
    is 'numbers ascend' "$(cut -d ' ' -f 1 $name.frames)" "$(cut -d ' ' -f 1 $name.frames | sort -nu)"
    is 'numbers without a gap' "$(head -n 10 $name.frames | cut -d ' ' -f 1)" "$(seq 0 9)"
done
# A line for a kind of error and a stream: checksum, overflow, missing end.
is 'lines in the log' "$(said)" 6
is 'bad frames' "$(counter port1 bad_frames)" 8
