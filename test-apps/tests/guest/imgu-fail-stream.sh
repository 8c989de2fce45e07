#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each call of a start of the ImgU that may fail fails in turn: who starts it is told, nobody else notices, nothing is
# left, the next start succeeds. So does the second pipe's start while the first one runs, and goes on.
# Needs an ov5693, an ImgU, ipu3-capture, and the modules of make fail-modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu-fail.sh
. "$(dirname "$0")/lib-imgu-fail.sh"
plan 17
started() { grep -q 'VIDIOC_STREAMON returned 0' "$1.log"; }
flows() { [ "$(grep -c dqbuf "$1.log")" -gt "$2" ]; }
more() { within 60 flows "$1" "$(grep -c dqbuf "$1.log")"; }
# NUMBER: all of a pipe but its input, whose STREAMON will then start it
others() {
    pipe_to_start=$1 waiting=''
    rm -f ./*-"$1".log
    for node in output viewfinder stat; do
        stream "$1" $node &
        waiting="$waiting $!"
    done
    for node in output viewfinder stat; do
        within 60 started $node-"$1" || bail "$node of pipe $1 does not stream"
    done
}
leave() {
    # shellcheck disable=SC2086 # words
    kill $waiting
    # shellcheck disable=SC2086 # words
    wait $waiting
}
# What was made for a start is kept while a node of the pipe streams.
undo() {
    may_do_without "$call" || flows output-"$pipe_to_start" 0 || fail "nothing came from pipe $pipe_to_start"
    leave
    others "$pipe_to_start"
}
# v4l2-ctl maps its buffers twice. When that fails the first time it ends, and says nothing.
may_do_without() { [ "$1" = vm_map_pages ]; }
# Frames through the pipe, one after the other in one buffer, with nothing from it but why it cannot be started: v4l2-ctl
# ends well all the same.
start() {
    damaged=$(grep -c 'dqbuf.*error' output-0.log)
    start_said=$(timeout 60 v4l2-ctl -d "$(imgu_node "$pipe_to_start" input)" --stream-out-mmap=1 --stream-from=in.raw --stream-loop --stream-count=4 2>&1)
    start_status=$?
    case $start_said in *'returned -1'* | *failed* | *rror*) start_status=1 ;; esac
    [ $start_status = 0 ] && return
    echo "$start_said"
    [ "$pipe_to_start" = 0 ] || more output-0 || echo 'the first pipe does not go on'
    return 1
}
# The second pipe was up; when it ended the first one could not go on alone.
over() { [ "$pipe_to_start,$status,$call" = 1,0,pm_runtime_resume_and_get ]; }

configure 0 1296x972 768x576 640x480 || bail 'no pipe'
others 0
# The program is loaded once, and stays.
call=''
start && undo
ok $? 'a start in which nothing fails'
sweep 'the first pipe' 60 start
leave

configure 1 1296x972 768x576 640x480 || bail 'no second pipe'
others 0
first=$waiting
stream 0 input &
first="$first $!"
holds 'the first pipe runs' more output-0
others 1
# It keeps a page table from now on.
call=''
start && undo
dmesg -C
sweep 'the second pipe' 60 start
leave
is 'damaged frames of the first pipe' "$damaged" 0
! grep -q 'does not go on' sweep.log
ok $? 'the first pipe went on each time'
dmesg | grep -q 'pipe 0 cannot go on; its stream has ended'
ok $? 'it is told when the second one ends and it cannot be started again'
# shellcheck disable=SC2086 # words
kill $first
# shellcheck disable=SC2086 # words
wait $first
failed_too pm_runtime_resume_and_get video_device_pipeline_start kvzalloc sg_alloc_table_from_pages kzalloc vm_map_pages
grep -qE ', dma_(iova_try_alloc|map_resource):' sweep.log
ok $? 'a range of addresses could not be had, too'
pictures() { process 0 in.raw 1296x972 768x576 640x480 2; }
undo() { :; }
finds_a_leak pictures
