#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel-side tests of buffers within a memory cgroup, the only place where it is seen who is charged. The kernel's log
# is left in ktap.log.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
plan 3
mount -t cgroup2 none /sys/fs/cgroup && echo +memory >/sys/fs/cgroup/cgroup.subtree_control &&
    mkdir /sys/fs/cgroup/test && echo $$ >/sys/fs/cgroup/test/cgroup.procs
ok $? 'a memory cgroup'
dmesg -C
modprobe ipu-ktest suite=buffer
ok $? 'the tests'
dmesg >ktap.log
grep -q ' ok [0-9]* charged$' ktap.log
ok $? 'the test of charges is among them, and passes'
