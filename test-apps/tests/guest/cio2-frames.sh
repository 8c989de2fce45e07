#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames of one sensor, every pixel compared as they come.
#   FRAMES    how many
#   SENSOR, FOURCC, SIZE, MEMORY    as for ipu3-capture and ipu3-frames
# Needs that sensor of the virtual machine, ipu3-capture and ipu3-frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-checked.sh
. "$(dirname "$0")/lib-cio2-checked.sh"
: "${FRAMES:?}" "${SENSOR:?}" "${FOURCC:?}" "${SIZE:?}" "${MEMORY:?}"
plan 3
checked "$FRAMES" "$SENSOR" "$FOURCC" "$SIZE" "$MEMORY"
