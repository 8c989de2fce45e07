#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What comes of streams when the driver is told that the DMA test function's table walker, or its accesses to buffers,
# look into the caches or do not.
#   CASES    words STREAM:TABLES:BUFFERS: noncoherent_tables and noncoherent_buffers of the driver, and whether every byte
#            of both directions is then right (0) or not (1)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
: "${CASES:?}"
# shellcheck disable=SC2086 # one word a case
set -- $CASES
plan $#
for case in "$@"; do
    wanted=${case%%:*} parameters=${case#*:}
    modprobe ipu-dmatest noncoherent_tables="${parameters%:*}" noncoherent_buffers="${parameters#*:}" ||
        bail 'the driver does not load'
    udevadm settle || bail 'udev does not come to rest'
    wrong=0
    for node in capture output; do
        timeout 300 ipu-dmatest-stream --node $node --count 8 >"said-$node" 2>&1 || wrong=1
    done
    is "tables ${parameters%:*}, buffers ${parameters#*:}: $(tail -qn 1 said-capture said-output)" $wrong "$wanted"
    modprobe -r ipu-dmatest || bail 'the driver does not unload'
done
