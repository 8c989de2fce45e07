#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Processes that are killed leave nothing.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-misuse, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 3
# shellcheck source=lib-misuse.sh
. "$(dirname "$0")/lib-misuse.sh"
found 0 kills --rounds 40
silent
streams_afterwards
