#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A second sensor comes while the first one streams, and each step of its coming fails in turn: the error is told, nothing
# is left, the next attempt succeeds, and the stream is not disturbed.
# Needs an ov5693, an ov8865, ipu3-capture, and the modules of make fail-modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-fail.sh
. "$(dirname "$0")/lib-cio2-fail.sh"
plan 10
second=/sys/bus/i2c/drivers/ov8865
sensor=$(basename $second/i2c-*)
come() { /bin/echo "$sensor" >$second/bind; }
undo() { /bin/echo "$sensor" >$second/unbind; }
streams() { [ "$(counter port1 frames)" -gt "$1" ]; }

ipu3-capture --quiet --sensor ov5693 --size 1296x972 --count 0 2>first.log &
first=$!
holds 'the first one streams' within 60 streams 2
undo
ok $? 'the second one has gone'
sweep second 3 come
failed_too ipu_bridge_instantiate_vcm v4l2_create_fwnode_links_to_pad v4l2_device_register_subdev_nodes
holds 'the first one still streams' within 60 streams "$(counter port1 frames)"
kill -INT $first
wait $first
ok $? "it ends well: $(tail -n 1 first.log)"
is 'its damaged frames' "$(counter port1 bad_frames)" 0
