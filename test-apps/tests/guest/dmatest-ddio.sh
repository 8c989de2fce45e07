#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames that a function that snoops writes and one that does not reads, with no mapping in between.
# Needs two DMA test functions of the virtual machine, of which the second one alone looks past the caches, ipu-dmatest-stream,
# and the project's modules.
#   CASES    words STREAM:DDIO: the backend's parameter, and whether every byte arrives (0) or not (1)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
: "${CASES:?}"
# shellcheck disable=SC2086 # one word a case
set -- $CASES
plan $(($# * 3))
# Those of cameras use the backend, too.
modprobe -r ipu3-imgu ipu3-cio2 2>/dev/null || true
for case in "$@"; do
    modprobe -r ipu-dmatest || bail 'the driver does not unload'
    modprobe -r vb2-ipu-iommu || bail 'the backend does not unload'
    modprobe vb2-ipu-iommu ddio="${case#*:}" || bail 'the backend does not load'
    modprobe ipu-dmatest noncoherent_buffers=0,1 noncoherent_tables=0,1 || bail 'the driver does not load'
    dmatest_load || bail 'no nodes'
    comment "ddio=${case#*:}"
    streams "${case%:*}" --node both --memory dmabuf-export --function 0 --count 12
    # The other way what was written past the caches is stale for who snoops, in any case.
    streams 0 --node both --memory dmabuf-export --function 1 --count 12
    # Who imports writes, and who exports reads.
    streams "${case%:*}" --node both --memory dmabuf-import --exporter node --function 0 --count 12
done
