#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory lives as long as its last holder, in every order of holding.
# Needs two DMA test functions of the virtual machine, ipu-dmatest-misuse, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 4
# shellcheck source=lib-misuse.sh
. "$(dirname "$0")/lib-misuse.sh"
found 0 orders
silent
found 1 orders --control
streams_afterwards
