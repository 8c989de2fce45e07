#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Negative control: an MMU that ignores invalidates is seen. The device only reads, so that nothing breaks; `keep` holds the
# power from cycle to cycle, and with it the stale translations.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
plan 3
dmatest_load || bail 'no nodes'
streams 0 --node output --memory userptr --cycles 5 --count 4 --control keep=1
control 1 keep_going=0
within 10 state_is D3hot
ok $? 'off and on again'
echo 1 >/sys/module/ipu_dmatest/parameters/deaf
streams 1 --node output --memory userptr --cycles 5 --count 4 --control keep=1
# What comes next is not to read and write where something else is by now.
echo 0 >/sys/module/ipu_dmatest/parameters/deaf
control 1 keep_going=0
