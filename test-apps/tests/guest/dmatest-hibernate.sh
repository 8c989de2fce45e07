#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Streams of both functions go on after an image of the system was made and restored by the kernel that made it
# (test_resume). In between the devices go on with what the image holds as not begun, and the image is made and restored
# through the caches. When it is made, some frames are in memory that nobody has looked at, and some buffers have not begun:
# there are more than the seconds until then can fill.
# Needs two DMA test functions of the virtual machine, hibernate=nocompress on its kernel's command line,
# ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
# shellcheck source=lib-sleep.sh
. "$(dirname "$0")/lib-sleep.sh"
if [ -z "${IN_MEMORY:-}" ]; then
    dmatest_load || bail 'no nodes'
    { modprobe brd rd_nr=1 rd_size=700000 && mkswap /dev/ram0 >mkswap.log && swapon /dev/ram0; } || bail 'nowhere to put an image'
fi
in_memory ipu-dmatest-stream
plan 11
stream() { ipu-dmatest-stream --count 60 --buffers 32 --control delay=300000 "$@"; }
stream >capture.log &
# shellcheck disable=SC2034 # for both_go_on
capture=$!
stream --node output --function 1 >output.log &
# shellcheck disable=SC2034 # for both_go_on
output=$!
second=/sys/kernel/debug/ipu-dmatest/0000:00:07.0/output
second_frames() { sed -n 's/^frames //p' $second; }
run_both() { [ "$(counter capture frames)" -gt 3 ] && [ "$(second_frames)" -gt 3 ]; }
within 20 run_both
ok $? 'both stream'
dmesg -n 7
capture_before=$(counter capture frames) output_before=$(second_frames)
hibernate() { echo test_resume >/sys/power/disk && echo disk >/sys/power/state; }
holds 'hibernation' hibernate
for done in $(($(counter capture frames) - capture_before)) $(($(second_frames) - output_before)); do
    [ "$done" -ge 2 ] && [ "$done" -le 28 ]
    ok $? "$done of 32 were done when the image was made"
done
# The log in memory is part of the image, the console is not.
dmesg | grep 'Image loading done'
is 'memory is as it was before the image was loaded' $? 1
both_go_on 60
