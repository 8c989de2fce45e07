#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every mode of a sensor in one boot; the files SENSOR-WIDTHxHEIGHT.raw are for the host to compare.
# The emulated guest cannot write 200 MB/s to a file, and how much it can depends on what else the host does. So the sensor
# waits for it: no frame may be missing, but the rate is the guest's. A driver that loses a buffer for good stops the stream.
#   SENSOR    its driver's name
#   SIZES     its modes: WIDTHxHEIGHT...
#   COUNT     frames of each
# Needs that sensor, under any driver, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
: "${SENSOR:?}" "${SIZES:?}" "${COUNT:?}"
modes=0
for size in $SIZES; do modes=$((modes + 1)); done
plan $modes
for size in $SIZES; do
    stream-raw --buffers 16 --count "$COUNT" "$SENSOR" "$size" "$SENSOR-$size.raw" 2>stream.err
    ok $? "$SENSOR at $size: $(tail -n 20 stream.err)"
done
