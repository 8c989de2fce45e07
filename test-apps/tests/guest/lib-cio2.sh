# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The receiver under the project's driver; behind lib.sh. Gives up where another driver is in use.
#
#   $function                the PCI function's address
#   counter FILE NAME        a counter of the driver
#   backend NAME             one of the memory backend
#   $idle                    buffers that the driver has for itself
[ -d /sys/kernel/debug/tracing ] || mount -t debugfs none /sys/kernel/debug
function=0000:00:14.3
counter() { sed -n "s/^$2 //p" "/sys/kernel/debug/ipu3-cio2/$function/$1"; }
backend() { sed -n "s/^$1 //p" "/sys/kernel/debug/vb2-ipu-iommu/cio2.$function/stats"; }
[ -e /sys/module/vb2_ipu_iommu/holders/ipu3_cio2 ] || bail "the driver in use is not this project's"
# shellcheck disable=SC2034 # for the script
idle=$(($(backend buffers)))
