#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sleeps of the system while streaming, over and over: nothing grows, nothing is left.
#   TIMES    how often
#   PAGES    fewer than so many pages of memory may be lost meanwhile. A forgotten frame has 395
# Needs an ov5693 of the virtual machine that shows the counter scene, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-sleep.sh
. "$(dirname "$0")/lib-cio2-sleep.sh"
plan $((2 * 14 + 3))
: "${TIMES:?}" "${PAGES:?}"
seconds=0 memory=mmap
for part in first rest; do
    [ $part = first ] && number=$((TIMES / 4 + 1)) || number=$TIMES
    stream_begin
    stream_sleep "$number"
    is "$memory: streams" "$(counter device streams)" 1
    stream_end
    stream_check "$number"
    rm -f capture.json check.json sequence.json numbers # memory, too
    within 10 asleep
    ok $? "$memory: the device has no power afterwards"
    if [ $part = first ]; then
        state >before
        pages_before=$(free_pages)
    fi
done
state >after
diff before after
ok $? "$memory: what there is"
lost=$((pages_before - $(free_pages)))
holds "$memory: $TIMES sleeps: $lost pages fewer are free" test $lost -lt "$PAGES"
head -c $((2 * PAGES * 4096)) /dev/zero >forgotten
lost=$((pages_before - $(free_pages)))
holds "control: $lost pages fewer with $((2 * PAGES)) forgotten ones" test $lost -ge "$PAGES"
rm forgotten
