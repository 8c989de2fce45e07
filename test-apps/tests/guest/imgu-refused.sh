#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the project's ImgU driver refuses when a pipe starts and while it runs: the last STREAMON tells the error, the log has
# one line with the rule and the sizes of both sides, and the pipe works afterwards. Numbers and times of frames.
# Needs an ov5693, an ImgU under the project's driver, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu-order.sh
. "$(dirname "$0")/lib-imgu-order.sh"
plan 29
told() { dmesg | grep -c "ipu3-imgu .*$1"; }
streams_on() { grep -q "VIDIOC_STREAMON returned $2" "$1-0.log"; }
stop_all() {
    # shellcheck disable=SC2086 # words
    kill $pids 2>/dev/null
    # shellcheck disable=SC2086 # words
    wait $pids
    pids=
}
start() { # NODE...: they wait for each other
    for start_node; do
        stream 0 "$start_node" &
        pids="$pids $!"
        within 60 started "$start_node" || return
    done
}
pids=

# WHAT PATTERN: the sizes that are set do not go together, which the input's STREAMON tells; two points.
refuses() {
    rm -f ./*-0.log
    before=$(told "$2")
    start output viewfinder stat || comment "$(tail -n 2 ./*-0.log)"
    stream 0 input &
    last=$!
    within 60 streams_on input '-1 (Broken pipe)'
    ok $? "$1 is refused: $(grep STREAMON input-0.log)"
    is "$1: lines in the log" $(($(told "$2") - before)) 1
    pids="$pids $last"
    stop_all
}
rectangle() { media-ctl -d "$imgu" -V "\"ipu3-imgu 0\":0 [$1]"; }
picture() { v4l2-ctl -d "$(imgu_node 0 "$1")" --set-fmt-video="width=${2%x*},height=${2#*x},pixelformat=NV12"; }
usual() { configure 0 1296x972 768x576 640x480; }

usual && rectangle 'crop:(0,0)/1400x1050'
refuses 'a crop wider than the input' 'crop rectangle is wider.*input 1296x972, crop 1400x1050'
usual && rectangle 'compose:(0,0)/768x300'
refuses 'a scaler of two factors' 'different factors.*crop 1296x972, BDS 768x300'
usual && rectangle 'fmt:FIXED/800x600'
refuses 'a correction larger than the scaler' "correction's size is larger.*BDS 768x576, GDC 800x600"
usual && picture output 800x600
refuses 'an output larger than the correction' 'main picture is larger.*GDC 640x480, output 800x600'
usual && picture viewfinder 800x600
refuses 'a viewfinder larger than the correction' 'viewfinder is larger.*GDC 640x480.*viewfinder 800x600'

# Without its link a node has nothing to wait for.
usual && imgu_link '"ipu3-imgu 0":3 -> "ipu3-imgu 0 viewfinder":0 [0]'
stream 0 viewfinder &
pids=$!
within 60 streams_on viewfinder '-1 (Link has been severed)'
ok $? "a viewfinder without its link: $(grep STREAMON viewfinder-0.log)"
stop_all

# While the pipe runs, what its nodes share stays as it is.
rm -f ./*-0.log
usual
start output viewfinder stat input
flows() { grep -q "dqbuf.* seq: *$2" "$1-0.log"; }
for node in output viewfinder stat input; do holds "frames at $node" within 60 flows $node '[5-9]'; done
busy() { # WHAT COMMAND...
    busy_what=$1
    shift
    "$@" >busy.log 2>&1
    grep -q 'Device or resource busy' busy.log
    ok $? "$busy_what while it runs: $(tail -n 1 busy.log)"
}
busy 'a format' picture output 320x240
busy 'a format of the input' v4l2-ctl -d "$(imgu_node 0 input)" --set-fmt-video-out=width=640,height=480
busy 'a crop' rectangle 'crop:(0,0)/1280x960'
busy 'a pad' rectangle 'fmt:FIXED/320x240'
busy 'a link' imgu_link '"ipu3-imgu 0":4 -> "ipu3-imgu 0 3a stat":0 [0]'
mode() { v4l2-ctl -d "$(media-ctl -d "$imgu" -e 'ipu3-imgu 0')" --set-ctrl=ipu3_pipe_mode="$1"; }
busy 'the mode' mode 1
holds 'frames go on' within 60 flows output '[1-9][0-9]'

# A frame has one number at all nodes, from 0.
for node in output viewfinder stat input; do
    is "first number at $node" "$(sed -n 's/.*dqbuf: .* seq: *\([0-9]*\) .*/\1/p' $node-0.log | head -n 1)" 0
done
stop_all
mode 1 && mode 0
ok $? 'the mode afterwards'
usual && process 0 in.raw 1296x972 768x576 640x480 3
ok $? 'pictures afterwards'
is 'their bytes' "$(stat -c %s output-0.nv12)" $((3 * 640 * 480 * 3 / 2))
