#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A function sleeps when nobody uses it, and survives to be unbound and its module to be unloaded.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
plan 14
dmatest_load || bail 'no nodes'
within 10 state_is D3hot
ok $? 'asleep before use'
streams 0 --count 5
within 10 state_is D3hot
ok $? 'asleep after use'
ipu-dmatest-stream --count 1000000 --control delay=5000 >capture.log &
capture=$!
ipu-dmatest-stream --node both --memory dmabuf-export --count 1000000 --function 1 >both.log &
both=$!
within 20 state_is D0
ok $? 'awake in use'
within 20 sh -c "[ $(counter output frames) -gt 3 ]"
echo $first >/sys/bus/pci/drivers/ipu-dmatest/unbind
wait $capture
is 'the unbound capture fails' $? 1
wait $both
is 'the copy to the unbound function fails' $? 1
echo $first >/sys/bus/pci/drivers/ipu-dmatest/bind
within 20 dmatest_node 1 >/dev/null
ok $? 'bound again'
streams 0 --count 10 --control delay=1000
streams 0 --node both --memory dmabuf-export
# An unloaded module whose buffers somebody still has as a dma-buf would be a crash to come.
ipu-dmatest-stream --count 1000000 --control delay=5000 >capture.log &
capture=$!
within 20 state_is D0
rmmod ipu-dmatest 2>/dev/null
is 'a module in use stays' $? 1
kill -INT $capture
wait $capture
is 'Ctrl-C' $? 130
rmmod ipu-dmatest && modprobe -r ipu3-cio2 && ! grep vb2_ipu_iommu /proc/modules
ok $? 'unloads'
modprobe ipu-dmatest && within 20 dmatest_node 3 >/dev/null
ok $? 'loads again'
streams 0 --count 10
