#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A frame through the ImgU that none is to come out of: after a minute there is nothing.
# Needs an ov5693, an ImgU under the kernel's own driver, in a place where that cannot work, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
plan 3
ipu3-capture --quiet --size 1296x972 --count 1 --raw in.raw >/dev/null
ok $? 'a RAW frame'
process 0 in.raw 1296x972 768x576 640x480 1
is 'the status after a minute' $? 124
holds 'no picture' test ! -s output-0.nv12
