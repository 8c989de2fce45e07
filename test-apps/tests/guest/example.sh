#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The driver of docs/driver-authors.md brings the same bytes as the DMA test driver, also when the system sleeps in between,
# and is unbound while it streams.
# Needs two DMA test functions of the virtual machine, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
# shellcheck source=lib-sleep.sh
. "$(dirname "$0")/lib-sleep.sh"
driver=/sys/bus/pci/drivers/ipu-example
# The first function is the example's, the second one stays the test driver's.
if [ -z "${IN_MEMORY:-}" ]; then
    dmatest_load || bail 'no nodes'
    { modprobe ipu-example && echo "$first" >/sys/bus/pci/drivers/ipu-dmatest/unbind && echo 1234 1d0a >$driver/new_id &&
        [ -d "$driver/$first" ]; } || bail 'the example does not take the function'
fi
in_memory v4l2-ctl
plan 10

node() {
    found=$(grep -lx ipu-example /sys/class/video4linux/video*/name) && found=${found%/name} && found=/dev/${found##*/} &&
        [ -c "$found" ] && echo "$found"
}
# FILE COUNT NODE: so many frames of that node's
take() { v4l2-ctl -d "$3" -v width=640,height=480,pixelformat=GREY --stream-mmap --stream-count="$2" --stream-to="$1" >take.log 2>&1; }
bytes() { wc -c <"$1"; }

within 20 node >/dev/null
ok $? 'a node'
take reference 100 "$(dmatest_node 2)"
is 'bytes of the test driver' "$(bytes reference)" $((100 * 640 * 480))
take frames 20 "$(node)"
head -c $((20 * 640 * 480)) reference | cmp - frames
ok $? 'the same bytes'

take slept 100 "$(node)" &
taking=$!
some() { [ "$(bytes slept)" -ge $((5 * 640 * 480)) ]; }
within 60 some
ok $? 'it streams'
before=$(sleeps)
system_sleep 1
is 'going to sleep' $? 0
is 'sleeps' $(($(sleeps) - before)) 1
wait $taking
is 'the capture ends' $? 0
cmp reference slept
ok $? 'the same bytes, a sleep in between'

rm slept
take endless 100000 "$(node)" &
taking=$!
begun() { [ -s endless ]; }
within 60 begun
echo "$first" >$driver/unbind
wait $taking
grep -q 'returned -1' take.log
ok $? "unbound while it streams: the capture ends with an error: $(tail -c 300 take.log)"
rm endless
echo "$first" >$driver/bind
within 20 node >/dev/null && take again 20 "$(node)" && cmp frames again
ok $? 'bound again: the same bytes'
