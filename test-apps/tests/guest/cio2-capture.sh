#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames in two kinds of memory, then from two ports at once; the files are for the host to compare.
# Needs an ov5693 and an ov8865, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
plan 5
for memory in mmap userptr; do
    stream-raw --memory $memory --count 8 ov5693 1296x972 $memory.raw >$memory.log 2>&1
    ok $? "$memory: $(tail -n 1 $memory.log)"
done
stream-raw --buffers 6 --count 30 ov5693 2592x1944 none >one.log 2>&1 &
one=$!
# The share has no cache: what is written there while both stream would hold the writer up.
stream-raw --buffers 6 --count 8 ov8865 3264x2448 /tmp/other.raw >other.log 2>&1
ok $? "two ports: $(tail -n 1 other.log)"
wait $one
ok $? "the other of two ports: $(tail -n 1 one.log)"
mv /tmp/other.raw .
is 'frames with an error' "$(counter port1 bad_frames)" 0
