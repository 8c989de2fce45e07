#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input to the memory backend has its errno and leaves nothing.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-misuse, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 6
# shellcheck source=lib-misuse.sh
. "$(dirname "$0")/lib-misuse.sh"
found 0 input
# The exporters that map too little and leave a hole are at fault, and the log says so.
is 'bad exporters are named' "$(dmesg | grep -c 'bytes are contiguous for the device')" 2
silent
found 1 input --control
case $said in *failures=2*) true ;; *) false ;; esac
ok $? 'control: two failures'
streams_afterwards
