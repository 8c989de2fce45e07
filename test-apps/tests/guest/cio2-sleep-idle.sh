#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A receiver that nobody uses is after a sleep of the system what it was, and streams in every kind of memory.
# Needs an ov5693 of the virtual machine that shows the counter scene, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-sleep.sh
. "$(dirname "$0")/lib-cio2-sleep.sh"
plan $((2 + 4 + 5 + 3 * 12))
seconds=1

# Negative controls: no sleep, a byte that is wrong.
spoil() {
    head -c 1000000
    head -c 1 >/dev/null
    printf '\125'
    cat
}
finds() { # SLEEPS PATTERN: a point: stream_check complains of the stream that was, with so many sleeps
    complains "- $memory: $2" stream_check "$1"
    ok $? "control: $2"
}
memory=mmap
stream_begin
stream_end
finds 1 'sleeps: 0, not 1'
finds 1 'sleeps in the log: 0, not 1'
finds 1 'how often the sensor began anew: 0, not 1'
through=spoil
stream_begin
stream_end
finds 0 'wrong frames: 1 0, not 0 0'
through='cat'

within 10 asleep
ok $? 'the device has no power'
state >before
slept_before=$(sleeps)
system_sleep $seconds
ok $? 'sleeps'
is 'how often' $(($(sleeps) - slept_before)) 1
within 10 asleep
ok $? 'the device has no power afterwards'
state >after
diff before after
ok $? 'what there is'
for memory in mmap userptr dmabuf; do
    stream_begin
    stream_end
    stream_check 0
done
