#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A camera lacks its lens, then its sensor: the other one works, what is missing is named, and what comes late, goes, and
# comes back works in a new program.
# Needs an ov5693, an ov8865 whose firmware tells of a dw9719, ipu-test-lens, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-late.sh
. "$(dirname "$0")/lib-late.sh"
plan 27
front() { sees ov5693 1296x972; }
back() { sees ov8865 3264x2448; }
focuses() { v4l2-ctl -d "$(node ipu-test-lens)" --set-ctrl focus_absolute=100 --get-ctrl focus_absolute | grep -q ': 100$'; }
has_lens() { node ipu-test-lens >lens.node && [ -e "$(cat lens.node)" ]; }

# Its driver is not there.
holds 'a lens is waited for' within 20 test -e /sys/bus/i2c/devices/i2c-INT347A:00-VCM
holds 'the front camera without the other one its lens' front
holds 'the back camera without its lens' back
holds 'the lens is named' within 30 sh -c 'dmesg | grep -q "ipu3-cio2.*port 0: .*dw9719"'
is 'once' "$(names dw9719)" 1
is 'and nothing else' "$(names 'ov5693\|INT33BE')" 0

modprobe ipu-test-lens
ok $? 'the lens comes'
holds 'it has a node' within 20 has_lens
holds 'and can be moved' focuses
holds 'the back camera with its lens' back

# While the other one streams.
sensor=$(basename /sys/bus/i2c/drivers/ov8865/i2c-*) lens=$(basename /sys/bus/i2c/drivers/ipu-test-lens/i2c-*)
ipu3-capture --sensor ov5693 --size 1296x972 --count 0 --json --quiet >meanwhile.json 2>meanwhile.log &
stream=$!
streams() { [ "$(counter port1 frames)" -gt "$1" ]; }
holds 'the front camera streams' within 60 streams "$(counter port1 frames)"
unbind_from ov8865 "$sensor"
! linked ov8865
ok $? 'the sensor has gone'
# The kernel does so: it needs the sensor's power.
holds 'and its lens with it' within 20 test ! -e "/sys/bus/i2c/drivers/ipu-test-lens/$lens"
bind_to ov8865 "$sensor"
holds 'the sensor is back' within 20 linked ov8865
holds 'and takes pictures' back
bind_to ipu-test-lens "$lens"
holds 'the lens is back' within 20 has_lens
holds 'and can be moved again' focuses
holds 'the front camera still streams' within 60 streams "$(counter port1 frames)"
kill -INT $stream
wait $stream
ok $? "its program ended well: $(tail -n 1 meanwhile.log)"
is 'its damaged frames' "$(counter port1 bad_frames)" 0

# A sensor that is not there when the driver comes.
unbind_from ov8865 "$sensor"
modprobe -r ipu3_cio2 && modprobe ipu3-cio2 && udevadm settle
ok $? 'loaded again, without a sensor'
holds 'the front camera' front
holds 'the sensor is named' within 30 sh -c 'dmesg | grep -q "ipu3-cio2.*port 0: .*the sensor INT347A"'
is 'once, too' "$(names 'the sensor INT347A')" 1
bind_to ov8865 "$sensor"
holds 'the sensor comes late' within 20 linked ov8865
holds 'and takes pictures, too' back
quiet
