#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a driver may do wrong with the backend warns, once each: the suite `bug`, whose report is left in ktap.log.
# Needs the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 4
dmesg -C
modprobe ipu-ktest suite=bug
ok $? 'the suite is loaded'
dmesg >ktap.log
is 'warnings' "$(grep -c 'WARNING: ' ktap.log)" 2
is 'tables freed under power' "$(grep -c 'ends with power on' ktap.log)" 1
is 'a forgotten buf_finish()' "$(grep -c 'buf_finish() is not called' ktap.log)" 1
