#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A device that misbehaves is seen, and the next stream is right.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
plan 17
dmatest_load || bail 'no nodes'
streams 1 --control flip-bit=1 --count 10
streams 0 --control flip-bit=0 --count 10
streams 1 --node output --control flip-bit=1 --count 10
is 'bad bytes' "$(counter output bad_bytes)" 10
streams 0 --node output --control flip-bit=0 --count 10
streams 1 --control fault=4 --count 10
is 'injected errors' "$(counter capture errors)" 1
streams 0 --count 10
# Of several commands in the device the next interrupt finds a lost one's; of one only the watchdog does.
streams 0 --control fault=1 --count 10
streams 0 --control fault=1 --count 3 --buffers 1
is 'lost interrupts that the watchdog found' "$(counter capture late)" 1
before=$(counter interrupts spurious)
streams 0 --control fault=2 --count 10 --control delay=20000
is 'spurious interrupts' $(($(counter interrupts spurious) - before)) 1
streams 1 --control fault=3 --count 10 --control delay=1000
is 'stuck commands' "$(counter capture stuck)" 1
dmesg | grep -q 'frame 0 is stuck'
ok $? 'the log tells of the stuck frame'
streams 0 --count 10
