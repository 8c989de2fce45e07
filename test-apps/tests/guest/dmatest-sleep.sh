#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Streams of both functions go on after a sleep of the system.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
# shellcheck source=lib-sleep.sh
. "$(dirname "$0")/lib-sleep.sh"
[ -n "${IN_MEMORY:-}" ] || dmatest_load || bail 'no nodes'
in_memory ipu-dmatest-stream
plan 9
ipu-dmatest-stream --count 400 --control delay=30000 >capture.log &
# shellcheck disable=SC2034 # for both_go_on
capture=$!
ipu-dmatest-stream --node output --count 400 --control delay=30000 --function 1 >output.log &
# shellcheck disable=SC2034 # for both_go_on
output=$!
second=/sys/kernel/debug/ipu-dmatest/0000:00:07.0/output
run_both() { [ "$(counter capture frames)" -gt 3 ] && [ "$(sed -n 's/^frames //p' $second)" -gt 3 ]; }
within 20 run_both
ok $? 'both stream'
slept=$(sleeps)
system_sleep 1
is 'going to sleep' $? 0
is 'sleeps' $(($(sleeps) - slept)) 1
both_go_on 400
