#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same in all orders that there are, and many processes that are killed.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-misuse, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 4
# shellcheck source=lib-misuse.sh
. "$(dirname "$0")/lib-misuse.sh"
found 0 orders --full
silent
found 0 kills --rounds 500 --seed 2
silent
