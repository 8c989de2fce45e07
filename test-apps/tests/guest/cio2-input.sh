#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input to the receiver's driver has the errno that V4L2's documentation names, and leaves nothing; other processes that
# want a node in use do not disturb whoever has it, and who is killed leaves the node to the next one.
# Needs an ov5693 of the virtual machine that shows the counter scene, the module ipu-bad-exporter, ipu3-capture,
# ipu3-frames and ipu3-misuse.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
plan 48

# STATUS OPTIONS...: a point: ipu3-misuse ends with that status.
found() {
    wanted=$1
    shift
    said=$(ipu3-misuse "$@" 2>&1)
    status=$?
    if [ $status = "$wanted" ]; then
        ok 0 "$*: $(echo "$said" | tail -n 1)"
    else
        ok 1 "$* -> $status: $(echo "$said" | tail -n 15)"
    fi
}
log() {
    udevadm settle
    dmesg -c | grep -v 'hrtimer: interrupt took' >dmesg.log # a busy host's
}
# What is said of streams that cannot begin is limited to so many lines a second, which is said too.
silent_but_why() {
    [ "${1:-}" = logged ] || log
    is 'only why streams cannot begin is said' "$(grep -v -e 'ipu3-cio2.* does not stream: ' -e 'callbacks suppressed$' dmesg.log)" ''
}
silent() {
    log
    holds "the log is silent: $(head -n 20 dmesg.log)" test ! -s dmesg.log
}
held() { echo "$(($(backend buffers))) $(($(backend bytes))) $(($(backend mapped_pages))) $(counter device streams)"; }
at_rest() { is 'buffers, bytes, pages, streams' "$(held)" "$held_idle"; }
frames_now() { counter port1 frames; }
goes_on() { [ "$(frames_now)" -ge $goal ]; }
# NAME OPTIONS...: a point: it streams, every pixel compared.
begin() {
    stream=$1
    shift
    ipu3-frames check - --format ip3b --size 1296x972 --scene counter --json </run/frames >"$stream.json" &
    checker=$!
    ipu3-capture --quiet --sensor ov5693 --size 1296x972 --timeout 60 --raw - "$@" >/run/frames 2>"$stream.log" &
    capture=$!
    goal=$(($(frames_now) + 3))
    within 60 goes_on
    ok $? "$stream: streams"
}
more() {
    goal=$(($(frames_now) + $1))
    within 60 goes_on
    ok $? "$1 more frames"
}
# A point: the stream ends, and all of its frames are right.
right() {
    wait $capture
    wait $checker
    sum=$(sed -n 's/^\([0-9]*\) frames, 0 lost, 0 damaged, \1 written.*/\1/p' "$stream.log")
    [ "${sum:-0}" -gt 2 ] && grep -q "\"frames\": *$sum," "$stream.json" && grep -q '"bad_frames": *0,' "$stream.json"
    ok $? "$stream: all of its frames are right: $(tail -n 1 "$stream.log")"
}
end() {
    kill $capture
    right
}
mkfifo /run/frames
within 20 sh -c 'ipu3-capture --list | grep -q ov5693'
udevadm settle
held_idle=$(held)
dmesg -C

# What bad input does.
modprobe ipu-bad-exporter
ok $? 'the bad exporter'
found 0 input
# The exporter that maps too little is at fault, and the log says so.
log
is 'the bad exporter is named' "$(grep -c 'bytes are contiguous for the device' dmesg.log)" 1
is 'nothing else is said' "$(grep -v 'bytes are contiguous for the device' dmesg.log)" ''
at_rest
pages_before=$(free_pages)
found 0 input
# The largest buffers that were refused or taken have eight times as many.
lost=$((pages_before - $(free_pages)))
dmesg -C
holds "$lost pages fewer are free" test $lost -lt 1000
found 1 input --control
case $said in *failures=3*) true ;; *) false ;; esac
ok $? 'control: three failures'
silent
at_rest

# Streams that do not fit, and what others do to one that does.
found 0 pipeline
log
for why in '"ov5693 .*" is set to .*, "ipu3-csi2 1" to ' '"ipu3-csi2 1" is set to .*, "ipu3-cio2 1" to ' 'the link from ov5693 .* is off' \
    'there is no sensor'; do
    holds "the log says why: $why" grep -q "ipu3-cio2.*: port .: does not stream: $why" dmesg.log
done
silent_but_why logged
at_rest
begin watched --count 0
found 0 beside
is 'streams' "$(counter device streams)" 1
# Whoever opens the node and leaves ends nothing.
for _ in $(seq 20); do
    : </dev/video1
    : </dev/v4l-subdev1
done
more 5
end
silent_but_why
at_rest
found 1 beside --rounds 1
case $said in *'not Device or resource busy'*) true ;; *) false ;; esac
ok $? 'control: nothing is busy'

# Who is killed leaves the node to the next one.
for memory in mmap userptr dmabuf 'mmap --export'; do
    # shellcheck disable=SC2086 # words
    begin "killed-${memory#* --}" --count 0 --memory $memory
    kill -KILL $capture
    wait $capture $checker
    found 0 fight --rounds 1
    at_rest
done
ipu3-misuse fight --rounds 6 >one.log &
one=$!
found 0 fight --rounds 6
wait $one
ok $? "the other one: $(cat one.log)"
case "$said$(cat one.log)" in *refused=[1-9]*) true ;; *) false ;; esac
ok $? 'they met'
# Of `beside`, which asks a port without a sensor.
silent_but_why
at_rest

begin afterwards --count 5
right
silent
at_rest
