#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests inside the kernel: loads a module that runs them, whose own report is for whoever reads the log.
#   MODULE        ipu-ktest, or ipu-fail-ktest (of make fail-modules)
#   PARAMETERS    the module's, or nothing
#   LOG           where the kernel's log goes meanwhile
#   REMOVE        modules to remove before, or nothing: a driver whose device the tests are to have
# Needs no camera; with the parameter parent a CIO2's or an ImgU's PCI function.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
: "${MODULE:?}" "${LOG:?}"
plan 2
# shellcheck disable=SC2086 # words
[ -z "${REMOVE:-}" ] || modprobe -r $REMOVE
dmesg -C
# shellcheck disable=SC2086 # words
modprobe "$MODULE" ${PARAMETERS:-}
ok $? "$MODULE ran"
dmesg >"$LOG"
unloads() { modprobe -r "$MODULE" && ! grep vb2_ipu_iommu /proc/modules; }
holds 'nothing stays loaded' unloads
