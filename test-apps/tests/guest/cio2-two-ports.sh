#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames from two sensors at the same time, every pixel compared.
# Needs an ov5693 and an ov8865 of the virtual machine, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-checked.sh
. "$(dirname "$0")/lib-cio2-checked.sh"
plan 6
compare 500 ov8865 ip3b 1632x1224 mmap &
other=$!
checked 500 ov5693 ip3b 1296x972 mmap
wait $other
compared 500 ov8865 ip3b 1632x1224 mmap
