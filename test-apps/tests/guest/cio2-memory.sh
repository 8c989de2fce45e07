#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames in every kind of memory, every pixel compared, and what the comparison says of wrong ones.
# Needs an ov5693 of the virtual machine, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-checked.sh
. "$(dirname "$0")/lib-cio2-checked.sh"
plan $((4 * 3 + 3))
for memory in mmap userptr dmabuf 'mmap --export'; do checked 20 ov5693 ip3b 1296x972 "$memory"; done
# Negative controls: one wrong byte in the second frame, and one frame too few.
ipu3-capture --quiet --sensor ov5693 --size 1296x972 --count 3 --raw frames.raw >/dev/null
ok $? 'three frames'
printf '\125' | dd of=frames.raw bs=1 seek=2000000 conv=notrunc 2>/dev/null
ipu3-frames check frames.raw --format ip3b --size 1296x972 --scene counter --json >wrong.json
! grep -q '"bad_frames": *0,' wrong.json && grep -q '"frames": *3,' wrong.json
ok $? 'control: a wrong byte is found'
! grep -q '"frames": *4,' wrong.json
ok $? 'control: a missing frame is found'
