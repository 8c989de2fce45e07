#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two streams of an ov5693 in one boot: a fault of the virtual machine strikes a frame of each, for it counts frames since
# the stream began. Leaves first.raw and second.raw, v4l2-ctl's report of each in *.log, what the kernel said in fault.dmesg,
# and in unhandled how often the driver's handler found no cause; what is right is for the host to judge.
#   COUNT, FPS    frames of each, and how many a second
# Needs an ov5693 under any driver, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
: "${COUNT:?}" "${FPS:?}"
plan 1
irq=$(awk -F: '/ipu3-cio2/ { print $1 + 0 }' /proc/interrupts)
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracing /sys/kernel/tracing
exit=/sys/kernel/tracing/events/irq/irq_handler_exit
trace() { echo "irq == $irq && ret == 0" >$exit/filter && echo 1 >$exit/enable; }
holds 'the interrupts are traced' trace
dmesg -C
for stream in first second; do
    timeout 60 stream-raw --verbose --count "$COUNT" --fps "$FPS" ov5693 1296x972 $stream.raw >$stream.log 2>&1
done
dmesg | grep -v 'hrtimer: interrupt took' >fault.dmesg # a busy host, not the device
grep -c "irq=$irq ret=unhandled" /sys/kernel/tracing/trace >unhandled
true
