#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is not a buffer's a device does not reach: neither beyond its end nor when it has been freed.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
plan 24
dmatest_load || bail 'no nodes'
# Beyond a buffer's end there is nothing to destroy and nothing to see: one page, and all up to the next buffer (75 pages
# each, and an address is a multiple of the next power of two).
# What is written there ends in the one page that unmapped addresses lead to, also where a VT-d stands before the device: no
# fault, and the device finds there what it wrote itself. The other device does not.
other=/sys/kernel/debug/ipu-dmatest/0000:00:07.0/output
for beyond in 4096 200000; do
    streams 0 --node output --control beyond=$beyond --count 10
done
is 'bytes that were not 0' "$(counter output leaked_bytes)" 0
for beyond in 4096 200000; do
    streams 0 --control beyond=$beyond --count 10
    streams 0 --memory userptr --control beyond=$beyond --count 10
done
streams 0 --node output --control beyond=4096 --count 10
is 'bytes that went astray' "$(counter output leaked_bytes)" 40960
streams 0 --node output --control beyond=4096 --count 10 --function 1
is 'bytes that the other device sees of them' "$(sed -n 's/^leaked_bytes //p' $other)" 0
# Control: from the next buffer on there is something.
streams 1 --control beyond=1000000 --count 10
control 0 bytes_beyond_the_end=0
control 1 bytes_beyond_the_end=0
# A device that goes on writing when its buffers are freed: whoever gets the pages keeps his bytes.
streams 0 --control keep=1 --count 10 --size 2000x1000 --buffers 8
state_is D0
ok $? 'the device that goes on has power'
mount -t tmpfs none /mnt
passes() { counter device keep_passes; }
dd if=/dev/zero of=/mnt/fill bs=1M count=100 2>/dev/null
before=$(passes)
more() { [ "$(passes)" -ge $((before + 10)) ]; }
within 20 more
ok $? 'the device goes on writing'
cmp -n 104857600 /mnt/fill /dev/zero
ok $? 'memory that was freed while the device wrote'
umount /mnt
control 0 keep_going=0
within 10 state_is D3hot
ok $? 'the device sleeps again'
streams 0 --count 10
# Buffers of a power of two pages are neighbours, unless a guard comes after each.
for guard in 1 0; do
    modprobe -r ipu-dmatest && modprobe ipu-dmatest guard=$guard && dmatest_load
    ok $? "the driver comes back with guard=$guard"
    # The device says so of a frame behind which it saw something.
    streams $((1 - guard)) --node output --size 1024x1024 --control beyond=4096 --count 10
    leaked=$(counter output leaked_bytes)
    if [ $guard = 1 ]; then
        is 'bytes of a neighbour that the device saw' "$leaked" 0
    else
        [ "$leaked" -gt 0 ]
        ok $? "control: without a guard it sees them: $leaked"
    fi
done
