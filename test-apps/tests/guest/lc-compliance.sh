#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libcamera's own judge of cameras, lc-compliance, into lc.log; what it says is for the host to judge.
# Needs a camera, an ImgU under a driver that libcamera knows, and lc-compliance.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 2
camera=$(cam -l 2>/dev/null | sed -n 's/^1: .*(\(.*\))$/\1/p')
holds 'a camera' test -n "$camera"
lc-compliance -c "$camera" >lc.log 2>&1
status=$?
[ $status = 0 ] || [ $status = 1 ] # where tests failed; no signal
ok $? "it ran to its end: $status"
