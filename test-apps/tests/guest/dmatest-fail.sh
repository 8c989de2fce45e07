#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each allocation of the memory backend fails in turn, as user space sees it: it is told the right error, nothing is left,
# the next attempt succeeds.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the modules of make fail-modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
parameters=/sys/module/vb2_ipu_iommu/parameters
plan $((7 * 2 + 1 + 4 + 2 + 1))
dmatest_load || bail 'no nodes'
udevadm settle
state() {
    grep -hE '^(buffers|bytes|mapped_pages|table_pages) ' /sys/kernel/debug/vb2-ipu-iommu/*/stats
    cat $parameters/fail_live
}
# CALL MESSAGE: the error that a stream must end with.
# For read(), videobuf2 makes do with fewer buffers, or the next poll() tries anew.
# Once the translated device is being added, the core does not pass on why there is no domain for it.
wanted() {
    [ $added = 0 ] || [ "$1" = dma_coerce_mask_and_coherent ] || {
        echo 'No such device'
        return
    }
    case $1,$2 in
    'alloc_pages_node(run),'* | *'--memory read'*) echo 'frames=2 ' ;;
    dma_buf_export,*) echo 'VIDIOC_EXPBUF: Invalid argument' ;;
    # Other exporters map by themselves, and pass on what iommu-dma makes of it: Invalid argument. A table that is made
    # before they are asked is the backend's own: Input/output error.
    dma_map_page_attrs,*'--exporter heap'* | dma_map_page_attrs,*'--exporter udmabuf'*)
        echo 'VIDIOC_QBUF: In'
        ;;
    dma_map_page_attrs,*VIDIOC_QBUF*) echo 'VIDIOC_QBUF: Input/output error' ;;
    dma_map_page_attrs,bind:* | dma_coerce_mask_and_coherent,bind:*) echo 'Input/output error' ;;
    *) echo 'Cannot allocate memory' ;;
    esac
}
# WHAT STATUS MESSAGE: after an attempt with the allocation $nth failing; false, and a point, when none did.
judge() {
    call=$(cat $parameters/fail_name)
    echo 0 >$parameters/fail_nth
    # videobuf2's own leak, in both kernels: when attach_dmabuf() fails, and nothing but the first kzalloc() can make it
    # fail, __prepare_dmabuf() keeps its reference to the dma-buf. What is exported by this backend then shows it.
    case $1,$call,$3 in *'--exporter node,kzalloc,'*VIDIOC_QBUF*)
        [ $known = 1 ] || {
            known=1
            holds "$1: the known leak" test "$(state)" != "$before"
            before=$(state)
        }
        ;;
    esac
    [ "$(state)" = "$before" ] ||
        fail "$1: call $nth, $call: left $(state | tr '\n' ' '), not $(echo "$before" | tr '\n' ' ')"
    if [ -z "$call" ]; then
        ok "$2" "$1: $((nth - 1)) failures, then: $3"
        return 1
    fi
    case $3 in *"$(wanted "$call" "$1: $3")"*) ;; *) fail "$1: call $nth, $call: $3" ;; esac
    echo "$1: call $nth, $call: $3" >>sweep.log
    [ "$call" != platform_device_add ] || added=1
    nth=$((nth + 1))
    [ $nth -lt 200 ]
}
# OPTIONS...: two points: streams with the first allocation failing, then the second, until it ends well.
sweep() {
    nth=1 known=0 added=0 before=$(state)
    while :; do
        echo $nth >$parameters/fail_nth
        said=$(timeout 60 ipu-dmatest-stream --count 2 --size 100x100 --buffers 1 "$@" 2>&1)
        status=$?
        judge "$*" $status "$said" || break
    done
    holds "$*: $((nth - 1)) failures are enough" test $nth -gt 5
}
sweep --memory mmap
sweep --memory read
sweep --memory userptr --userptr-offset 100
sweep --memory dmabuf-export
for exporter in heap udmabuf node; do sweep --memory dmabuf-import --exporter $exporter; done
# A probe that fails, and the next one that does not.
nth=1 known=0 added=0
# The shell's own echo has one message for all errors.
bind() { /bin/echo $first >/sys/bus/pci/drivers/ipu-dmatest/bind; }
unbind() { /bin/echo $first >/sys/bus/pci/drivers/ipu-dmatest/unbind; }
holds 'unbound' unbind
before=$(state)
while :; do
    echo $nth >$parameters/fail_nth
    said=$(bind 2>&1)
    status=$?
    [ $status != 0 ] || unbind
    judge bind $status "$said" || break
done
holds "bind: $((nth - 1)) failures are enough" test $nth -gt 20
holds 'bound in the end' bind
within 20 dmatest_node 1 >/dev/null
udevadm settle
sweep --memory mmap
# Negative control.
before=$(state)
echo 1 >$parameters/leak
ipu-dmatest-stream --count 2 >/dev/null
holds 'control: a leak is seen' test "$(state)" != "$before"
