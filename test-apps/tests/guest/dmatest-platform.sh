#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# However the platform is set up, the device streams with every byte right, or its driver says once why it cannot.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
#   WORDS     of the kernel's command line
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
plan 12
! dmesg | grep 'Unknown kernel command line parameters' | grep -F -e "${WORDS%% *}"
ok $? "the kernel knows the words: ${WORDS:?}"
group=$(cat /sys/bus/pci/devices/$first/iommu_group/type 2>/dev/null) || true
echo "$group" | grep -qx "${GROUP:-}"
ok $? "the function's IOMMU group: ${group:-none}"
dmatest_load || bail 'no nodes'
for memory in mmap userptr 'dmabuf-import --exporter heap'; do
    # shellcheck disable=SC2086 # two options
    streams 0 --memory $memory --count 12
    # shellcheck disable=SC2086
    streams 0 --node output --memory $memory --count 12
done
streams "${UDMABUF:-0}" --memory dmabuf-import --exporter udmabuf --count 12
streams 0 --node both --memory dmabuf-export --count 12
modprobe -r ipu-dmatest
ok $? 'the driver unloads'
! dmesg | grep -E 'WARNING:|BUG:|DMAR:.*fault'
ok $? 'no warning, no fault of an IOMMU'
