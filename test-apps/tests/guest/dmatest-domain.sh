#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The superuser cannot take the domain of a translated device away while something is mapped: all of it would be lost,
# without a word to who mapped it.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
plan 6
dmatest_load || bail 'no nodes'
ipu-dmatest-stream --count 1000000 --control delay=5000 >capture.log &
capture=$!
within 20 state_is D0
for group in /sys/bus/platform/drivers/ipu-translated/*/iommu_group; do
    is "the type of $group" "$(cat "$group/type")" DMA
    for type in identity DMA-FQ DMA auto; do
        echo $type >"$group/type" 2>/dev/null || true
    done
    comment "types written to $group: now $(cat "$group/type")"
done
is 'translated devices' "$(find /sys/bus/platform/drivers/ipu-translated/*/iommu_group -maxdepth 0 | wc -l)" 2
kill -INT $capture
wait $capture
is 'Ctrl-C' $? 130
streams 0 --count 10
streams 0 --node output --count 10
