# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Frames that are compared as they come, every pixel; behind lib.sh. The sensor shows the counter scene and
# waits (--pace). One that waits for a guest that is slow to compare is not stuck: the driver is given more time before it
# thinks so.
#
#   compare FRAMES SENSOR FOURCC SIZE MEMORY     streams and compares
#   compared FRAMES SENSOR FOURCC SIZE MEMORY    three points: what came of it
#   checked FRAMES SENSOR FOURCC SIZE MEMORY     both
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
echo 60000 >/sys/module/ipu3_cio2/parameters/timeout_ms
name_of() { echo "$2-$4-$5" | tr -d ' '; }
compare() {
    name=$(name_of "$@")
    # shellcheck disable=SC2086 # "mmap --export"
    ipu3-capture --quiet --sensor "$2" --size "$4" --memory $5 --count "$1" --timeout 60 --raw - 2>"$name.log" |
        ipu3-frames check - --format "$3" --size "$4" --scene counter --json >"$name.json"
}
compared() {
    name=$(name_of "$@")
    is "$name: frames, lost, damaged" "$(tail -n 1 "$name.log" | sed 's/, [0-9]* written.*//')" "$1 frames, 0 lost, 0 damaged"
    grep -q "\"frames\": *$1," "$name.json"
    ok $? "$name: all of them were compared"
    grep -q '"bad_frames": *0,' "$name.json"
    ok $? "$name: all of them are right"
}
checked() {
    compare "$@"
    compared "$@"
}
