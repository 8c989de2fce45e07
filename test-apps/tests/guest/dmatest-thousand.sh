#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A thousand frames in each kind of memory, on both nodes and from node to node.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
plan 12
dmatest_load || bail 'no nodes'
for memory in mmap userptr dmabuf-import dmabuf-export; do
    streams 0 --memory $memory --count 1000
    streams 0 --node output --memory $memory --count 1000
done
streams 0 --memory userptr --userptr-offset 100 --count 1000
streams 0 --node both --memory dmabuf-export --count 1000
streams 0 --node both --memory dmabuf-export --look --count 1000
streams 0 --node both --memory dmabuf-import --count 1000
