#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The firmware tells of a sensor without lanes: it is warned of, and the other one works.
# Needs an ov5693, an ov5670 of whose lanes the firmware does not tell, and stream-raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-late.sh
. "$(dirname "$0")/lib-late.sh"
plan 4
is 'warnings' "$(names 'port 2.* 0 lanes')" 1
holds 'the other camera' sees ov5693 1296x972
! linked ov5670
ok $? 'a sensor without lanes is not linked'
quiet
