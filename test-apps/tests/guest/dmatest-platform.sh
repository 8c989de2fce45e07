#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# However the platform is set up, the device streams with every byte right, or its driver says once why it cannot.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
#   WORDS     of the kernel's command line
#   ABOVE     1: the function's own addresses are above 4 GiB, for it was asked for; else none is
#   GROUP     type of the function's IOMMU group, a regular expression; empty: it has none
#   REFUSED   words of the one line in the kernel's log that says why; empty: it streams
#   UDMABUF   status of a capture into a udmabuf: 1 where everything is bounced, for udmabuf's begin_cpu_access() then
#             brings back what the bounce buffer of its own mapping holds (docs/found.md); default 0
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
if [ -n "${REFUSED:-}" ]; then
    plan 2
    ! modprobe ipu-dmatest 2>/dev/null || ! dmatest_node 0 >/dev/null
    ok $? 'there are no nodes'
    is 'lines of each function that say why' "$(dmesg | grep -c "$REFUSED")" 2
    exit
fi
plan 13
# Of words with a dot it says nothing: what they change is looked at below.
unknown=$(dmesg | grep 'Unknown kernel command line parameters') || true
for word in ${WORDS:?}; do
    case $unknown in *"$word"*) bail "the kernel does not know $word" ;; esac
done
group=$(cat /sys/bus/pci/devices/$first/iommu_group/type 2>/dev/null) || true
echo "$group" | grep -qx "${GROUP:-}"
ok $? "the function's IOMMU group: ${group:-none}"
dmatest_load || bail 'no nodes'
# Behind the IPU's MMU all addresses have 32 bits: those that have more are the PCI function's.
trace=/sys/kernel/tracing
[ -e $trace/events ] || mount -t tracefs none $trace
echo 1 >$trace/events/iommu/map/enable
echo >$trace/trace
for memory in mmap userptr 'dmabuf-import --exporter heap'; do
    # shellcheck disable=SC2086 # two options
    streams 0 --memory $memory --count 12
    # shellcheck disable=SC2086
    streams 0 --node output --memory $memory --count 12
done
streams "${UDMABUF:-0}" --memory dmabuf-import --exporter udmabuf --count 12
streams 0 --node both --memory dmabuf-export --count 12
echo 0 >$trace/events/iommu/map/enable
is 'whether mappings were seen at all' "$(grep -c 'iova=' $trace/trace | grep -cvx 0)" 1
is 'whether any was above 4 GiB' "$(grep -cE 'iova=0x0*[1-9a-f][0-9a-f]{8,} ' $trace/trace | grep -cvx 0)" "${ABOVE:-0}"
modprobe -r ipu-dmatest
ok $? 'the driver unloads'
! dmesg | grep -E 'WARNING:|BUG:|DMAR:.*fault'
ok $? 'no warning, no fault of an IOMMU'
