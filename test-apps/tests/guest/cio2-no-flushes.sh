#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Negative control: a driver that takes the device for one that snoops gets no frame.
# Needs an ov5693, a receiver that does not snoop, ipu3_cio2.noncoherent=0, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-frames.sh
. "$(dirname "$0")/lib-cio2-frames.sh"
plan 2
is 'the parameter' "$(cat /sys/module/ipu3_cio2/parameters/noncoherent)" 0
stream first >first.frames
is 'good frames' "$(grep -c good first.frames)" 0
