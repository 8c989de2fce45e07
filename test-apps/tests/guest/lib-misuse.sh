# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What user space does wrong to the memory backend; behind lib.sh. Loads the modules.
#
#   found STATUS OPTIONS     a point: ipu-dmatest-misuse with these options ends with that status; $said is what it said
#   silent                   a point: the kernel said nothing but what a bind says always, how long a timer took on a busy
#                            host, and what iommu-dma says when 4 GiB before a VT-d are full
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
found() {
    wanted=$1
    shift
    said=$(ipu-dmatest-misuse "$@" 2>&1)
    status=$?
    holds "$* -> $status: $(echo "$said" | head -n 20)" test $status = "$wanted"
}
silent() {
    udevadm settle
    dmesg -c | grep -vE 'Adding to iommu group|bytes are contiguous for the device|Using 39-bit DMA addresses|hrtimer: interrupt took' >dmesg.log
    holds "the log is silent: $(head -n 20 dmesg.log)" test ! -s dmesg.log
}
streams_afterwards() {
    ipu-dmatest-stream --count 5
    ok $? 'streams afterwards'
}
{ modprobe ipu-bad-exporter && dmatest_load; } || bail 'no nodes'
udevadm settle
dmesg -C
