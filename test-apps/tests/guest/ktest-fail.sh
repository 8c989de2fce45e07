#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests inside the kernel with each allocation failing in turn, twice: with a device of their own, into direct.log, and with
# the CIO2, into vtd.log. Their own reports are for whoever reads the logs.
# Needs a CIO2's PCI function, and the modules of make fail-modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 3
modprobe -r ipu3-cio2
run() { # LOG PARAMETERS...
    log=$1
    shift
    dmesg -C
    modprobe ipu-fail-ktest "$@" || return
    dmesg >"$log"
    rmmod ipu-fail-ktest
}
holds 'with a device of its own' run direct.log
holds 'with the CIO2' run vtd.log parent=0000:00:14.3
holds 'the backend unloads' rmmod vb2-ipu-iommu
