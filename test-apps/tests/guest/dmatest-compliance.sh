#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# v4l2-compliance with all that it has for streaming, on both nodes of the first function: nothing fails, nothing is warned
# of.
#   OPTIONS    more options of v4l2-compliance, or nothing
# Needs two DMA test functions of the virtual machine and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
plan 12
dmatest_load || bail 'no nodes'
for node in 0 1; do
    # It warns of a buffer that is done before QBUF has returned: a guest that the host keeps waiting is that slow.
    control $node delay_in_microseconds=20000
    ok $? "node $node: a delay"
    # shellcheck disable=SC2086 # words
    v4l2-compliance -d "$(dmatest_node $node)" -s10 ${OPTIONS:-} -e "$(dmatest_node 2)" >compliance-$node.log 2>&1
    is "node $node: the delay afterwards" "$(v4l2-ctl -d "$(dmatest_node $node)" -C delay_in_microseconds)" 'delay_in_microseconds: 20000'
    for wanted in 'Total for ipu-dmatest device .*, Failed: 0, Warnings: 0' \
        'test MMAP (select, REQBUFS): OK' 'test USERPTR (select): OK' 'test DMABUF (select): OK'; do
        is "node $node: lines with $wanted" "$(grep -c "$wanted" compliance-$node.log)" 1
    done
    comment "$(cat compliance-$node.log)"
done
