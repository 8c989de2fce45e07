#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A firmware file with one byte that is wrong, the size of its header, is refused by the driver: 80, and then 72 again.
# Needs an ImgU of the virtual machine with the stand-in for its firmware under the kernel's own driver. Overwrites a byte
# of the firmware's file: not for a computer of anybody's.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 5
file=/lib/firmware/intel/ipu/irci_irci_ecr-master_20161208_0213_20170112_1500.bin
bound() { [ -n "$(find /sys/bus/pci/drivers/ipu3-imgu/ -name '0000:*')" ]; }
not_bound() { ! bound; }
again() { # BYTE, as printf wants it
    within 10 rmmod ipu3_imgu
    dmesg -C
    # shellcheck disable=SC2059 # a format it is
    printf "$1" | dd of=$file bs=1 seek=68 conv=notrunc status=none
    modprobe ipu3_imgu
}
holds 'a driver with the stand-in' bound
again '\120'
dmesg | grep -q "invalid firmware binary, size $(stat -c %s $file)"
ok $? 'refused'
holds 'no driver' not_bound
again '\110'
dmesg | grep -q 'loaded firmware version stand-in'
ok $? 'taken again'
holds 'a driver again' bound
