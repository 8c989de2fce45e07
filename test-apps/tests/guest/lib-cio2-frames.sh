# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Frames of an ov5693 with stream-raw; behind lib.sh.
#
#   stream NAME              streams $count frames to NAME.raw, v4l2-ctl's report to NAME.log, and prints a line a frame:
#                            sequence number, bytes, "error" or "good"
#   frame NAME SEQUENCE      prints the rest of that line of NAME.frames
#   said                     how many lines of the kernel's log are of ipu3-cio2
#   good_frames NUMBER       prints the lines of so many whole frames, numbered from 0 on
#   $whole                   a whole frame's bytes
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
count=12 whole=1617408
stream() {
    timeout 60 stream-raw --count $count --fps 10 --verbose ov5693 1296x972 "$1.raw" >"$1.log" 2>&1
    sed -n 's/^cap dqbuf: .*seq: *\([0-9]*\) bytesused: \([0-9]*\) .*(\(error\)*.*/\1 \2 \3/p' "$1.log" | sed 's/ $/ good/'
}
frame() { sed -n "s/^$2 //p" "$1.frames"; }
said() { dmesg | grep -c 'ipu3-cio2'; }
good_frames() { seq 0 $(($1 - 1)) | sed "s/\$/ $whole good/"; }
