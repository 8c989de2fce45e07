# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# libcamera's cam; behind lib.sh.
#
#   take LOG CAMERA COUNT ARGUMENTS...   a point: cam captures so many frames from that camera
#   took LOG STREAM COUNT                a point: the log of a cam tells of so many frames of that stream, each later than
#                                        the one before
#   took_raw LOG STREAM COUNT            a point: the same of the RAW stream, whose order cannot be told: libcamera queues its
#                                        buffers to the ImgU as well, whose driver gives them back with number 0
take() {
    take_log=$1 take_from=$2 take_count=$3
    shift 3
    LIBCAMERA_LOG_LEVELS=IPU3:DEBUG cam "-c$take_from" "--capture=$take_count" "$@" >"$take_log" 2>&1
    ok $? "cam -c$take_from --capture=$take_count $*"
}
took() {
    took_count=$(sed -n "s/.* fps) .*$2 seq: \([0-9]*\) .*/\1/p" "$1" |
        awk 'NR > 1 && $1 <= last { bad = 1 } { last = $1 } END { print bad ? "disorder" : NR }')
    is "$1: frames of $2, in order" "$took_count" "$3"
}
took_raw() { is "$1: frames of $2" "$(grep -c "fps) .*$2 seq: 0* " "$1")" "$3"; }
