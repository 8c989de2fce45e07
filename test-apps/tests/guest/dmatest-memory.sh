#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every kind of memory carries every byte: any size, alignment and exporter, on both nodes and from node to node.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
#   SIZES    frames, WxH
#   COUNT    how many of them a stream has; default 30
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
# shellcheck disable=SC2086 # a list
set -- ${SIZES:-640x480 1x1 7x3 1000x33}
plan $(($# * 5 * 2 + 5 * 4 + 2 * 2 + 2 * (2 + 3 * 2) + 2 * 4 + 2))
COUNT=${COUNT:-30}
dmatest_load || bail 'no nodes'
for size in "$@"; do
    for memory in mmap userptr dmabuf-import dmabuf-export read; do
        streams 0 --memory $memory --size "$size" --count 12
        streams 0 --node output --memory $memory --size "$size" --count 12
    done
done
for offset in 1 63 64 100 4095; do
    streams 0 --memory userptr --userptr-offset $offset --size 333x77 --count "$COUNT"
    streams 0 --memory userptr --userptr-offset $offset --size 5x1 --count "$COUNT"
    streams 0 --memory userptr --userptr-offset $offset --size 64x1 --count "$COUNT"
    streams 0 --node output --memory userptr --userptr-offset $offset --size 333x77 --count "$COUNT"
done
for exporter in heap node; do
    streams 0 --memory dmabuf-import --exporter $exporter --count "$COUNT"
    streams 0 --node output --memory dmabuf-import --exporter $exporter --count "$COUNT"
done
for function in 0 1; do
    streams 0 --node both --memory dmabuf-export --function $function --count "$COUNT"
    streams 0 --node both --memory dmabuf-export --function $function --look --count "$COUNT"
    for exporter in node udmabuf heap; do
        streams 0 --node both --memory dmabuf-import --exporter $exporter --function $function --count "$COUNT"
        streams 0 --node both --memory dmabuf-import --exporter $exporter --function $function --look --count "$COUNT"
    done
done
for node in capture output; do
    streams 0 --node $node --format y16 --stride 2000 --sizeimage 1000001 --count "$COUNT"
    streams 0 --node $node --hints right --count "$COUNT"
    streams 1 --node $node --hints wrong --count "$COUNT"
    streams 0 --node $node --size 8192x8192 --count 3 --buffers 1
done
streams 0 --hints once --count "$COUNT"
streams 0 --cycles 10 --count 4
