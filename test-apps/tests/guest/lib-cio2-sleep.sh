# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The receiver across sleeps of the system; behind lib.sh. An ov5693
# shows the counter scene and waits (--pace). Set before: $memory as for ipu3-capture, $seconds that a sleep takes.
#
#   stream_begin             streams, every pixel compared as it comes; through the command $through, in $buffers buffers
#   stream_sleep NUMBER      sleeps that often meanwhile; no point if all is well
#   stream_end               a point: the stream ends well, once all frames have come
#   stream_is_right NUMBER   nine points: all frames that came, and whether the system slept that often
#   stream_check NUMBER      eleven points: also whether the stream went on then
#   told_of_the_end          two points: the stream ended by itself, and its reader got an error
#   state                    prints what is not to grow
#   asleep                   whether the device has no power
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
# shellcheck source=lib-sleep.sh
. "$(dirname "$0")/lib-sleep.sh"
in_memory ipu3-capture ipu3-frames
said() { sed -n "s/.*\"$2\": *\([^,}]*\).*/\1/p" "$1"; } # FILE NAME: its values in lines of JSON
frames() { [ "$(($(counter port1 frames)))" -ge "$1" ]; }
frames_more() { within 120 frames $(($(counter port1 frames) + $1)); }

through=cat buffers=4
stream_begin() {
    came_before=$(($(counter port1 frames)))
    slept_before=$(sleeps) said_before=$(dmesg | grep -c 'PM: suspend exit')
    rm -f frames.fifo && mkfifo frames.fifo
    $through <frames.fifo | ipu3-frames check - --format ip3b --size 1296x972 --scene counter --json >check.json &
    checker=$!
    # shellcheck disable=SC2086,SC2154 # "mmap --export", of the script
    ipu3-capture --quiet --json --sensor ov5693 --size 1296x972 --memory $memory --buffers $buffers --count 0 --timeout 120 --raw - \
        >frames.fifo 2>capture.json &
    capture=$!
    frames_more 3 || bail "$memory: streams: $(tail -n 1 capture.json)"
}
stream_sleep() {
    to_go=$1
    while [ "$to_go" -gt 0 ]; do
        # shellcheck disable=SC2154 # the script's
        system_sleep "$seconds" || {
            fail "sleeps, $to_go to go"
            return
        }
        frames_more 3 || {
            fail "goes on, $to_go sleeps to go: $(tail -n 1 capture.json)"
            return
        }
        to_go=$((to_go - 1))
    done
}
caught_up() { [ "$(grep -c '"sequence"' capture.json)" -ge "$owed" ]; }
stream_end() {
    owed=$(($(counter port1 frames) - came_before))
    within 120 caught_up || fail "$memory: the capture takes all frames"
    kill -INT "$capture"
    wait "$capture"
    is "$memory: the capture's end" $? 0
    wait "$checker"
}
stream_is_right() {
    is "$memory: sleeps" $(($(sleeps) - slept_before)) "$1"
    is "$memory: sleeps in the log" $(($(dmesg | grep -c 'PM: suspend exit') - said_before)) "$1"
    grep '"sequence"' capture.json >sequence.json
    said sequence.json sequence >numbers
    is "$memory: the first number" "$(head -n 1 numbers)" 0
    sort -nu numbers | cmp - numbers
    ok $? "$memory: the numbers ascend"
    is "$memory: damaged frames" "$(grep -c '"error":true' sequence.json)" 0
    holds "$memory: all frames were compared" test "$(said check.json frames)" -ge "$(wc -l <numbers)"
    is "$memory: wrong frames" "$(said check.json bad_frames) $(said check.json unreadable_numbers)" '0 0'
    is "$memory: part of a frame" "$(said check.json truncated_bytes)" 0
    is "$memory: frames twice" "$(said check.json repeated_count)" 0
    comment "$memory: $(wc -l <numbers) frames, $(tail -n 1 capture.json)"
}
stream_check() {
    stream_is_right "$1"
    is "$memory: compared frames" "$(said check.json frames)" "$(wc -l <numbers)"
    # The sensor's own numbers begin anew whenever it does.
    is "$memory: how often the sensor began anew" "$(said check.json backwards_count)" "$1"
}
state() {
    ls -d /dev/media* /dev/video* /dev/v4l-subdev* # others come with a sleep: a console, the launcher's port
    ls /sys/kernel/iommu_groups "/sys/bus/pci/devices/$function/" /sys/kernel/debug/vb2-ipu-iommu
    counter device streams
    backend buffers
    backend bytes
    backend mapped_pages
    cat "/sys/bus/pci/devices/$function/power/runtime_usage"
}
asleep() { [ "$(cat "/sys/bus/pci/devices/$function/power/runtime_status")" = suspended ]; }
told_of_the_end() {
    wait "$capture"
    is 'the end of the capture' $? 1
    wait "$checker"
    grep -q '"failure":".*\(POLLERR\|Input/output error\)' capture.json
    ok $? "who waits gets an error: $(tail -n 1 capture.json)"
}
# What drop_caches takes from 9p it must take while that still answers.
free_pages >/dev/null
