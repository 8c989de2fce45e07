#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the memory backend costs, at a small size, by ipu-membench.ko, twice: into a.log and b.log; and with a flush too many
# (a control) into stray.log.
#   BYTES, PLANES    of a buffer
#   PARENT           the PCI function to measure for, whose driver is taken away; empty: something that stands for one
# Needs no camera; somebody who counts instructions and flushes.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
: "${BYTES:?}" "${PLANES:?}" "${PARENT=}"
plan 3
measure() { # LOG PARAMETERS...: the module tells in the kernel's log
    log=$1
    shift
    dmesg -C
    modprobe ipu-membench ${PARENT:+"parent=$PARENT"} "$@" || return 1
    dmesg >"$log"
    modprobe -r ipu-membench
}
[ -z "$PARENT" ] || echo "$PARENT" >"/sys/bus/pci/devices/$PARENT/driver/unbind" || bail "$PARENT keeps its driver"
echo -1 >/proc/sys/kernel/sched_rt_runtime_us
holds 'measured' measure a.log "size=$BYTES" "buffers=$PLANES"
holds 'measured again' measure b.log "size=$BYTES" "buffers=$PLANES"
holds 'measured with a flush too many' measure stray.log size=65536 buffers=1 rounds=1 stray=1
