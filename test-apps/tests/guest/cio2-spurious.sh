#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An interrupt without a cause is counted, and nothing else comes of it; the file is for the host to compare.
# Needs an ov5693 of the virtual machine with the fault spurious-irq:p=1, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-frames.sh
. "$(dirname "$0")/lib-cio2-frames.sh"
plan 3
dmesg -C
stream first >first.frames
is 'frames, all of them good' "$(cat first.frames)" "$(good_frames 12)"
# One with every frame; the processor merges one with another that it has not taken yet.
holds "interrupts without a cause: $(counter device spurious_interrupts)" test "$(counter device spurious_interrupts)" -gt 0
is 'lines in the log' "$(said)" 0
