# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A pipe of the ImgU that is ready to start, node by node; behind lib.sh. Makes the RAW frame in.raw and gives up if it
# cannot.
#
#   started NODE             whether a node's stream has started
#   gone PID                 whether a process has gone
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
ipu3-capture --quiet --size 1296x972 --count 1 --raw in.raw >/dev/null || bail 'no RAW frame'
raw=in.raw
configure 0 1296x972 768x576 640x480 || bail 'no pipe'
started() { grep -q 'VIDIOC_STREAMON returned 0' "$1-0.log"; }
gone() { ! kill -0 "$1" 2>/dev/null; }
