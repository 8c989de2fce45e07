#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A stream goes on by itself after a sleep of the system, in every kind of memory.
# Needs an ov5693 of the virtual machine that shows the counter scene, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-sleep.sh
. "$(dirname "$0")/lib-cio2-sleep.sh"
plan $((3 * 12))
seconds=1
for memory in userptr dmabuf 'mmap --export'; do
    stream_begin
    stream_sleep 1
    stream_end
    stream_check 1
done
