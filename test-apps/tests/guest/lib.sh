# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What scripts begin with that test inside of the machine, or on a computer that has the camera:
#
#     . "$(dirname "$0")/lib.sh"
#     plan 2
#     modprobe ipu3-cio2; ok $? 'the driver loads'
#     is 'nodes' "$(ls /dev/video* | wc -l)" 4
#
# The report is KTAP, on standard output; whoever reads it sees by the plan when a script died early.
#
#   plan NUMBER              so many points will be told of; to be called before the first one
#   plan later, planned      where their number depends on what is found: `planned`, at the end, tells it
#   ok STATUS WHAT           a point, ok if STATUS is 0; further lines of WHAT become comments
#   holds WHAT COMMAND       a point, ok if the command succeeds
#   fail WHAT                a point that is not ok, where none is planned if all is well
#   is WHAT GOT WANTED       a point, ok if both are the same text
#   skip WHAT REASON         a point that this computer cannot have; in the machine that is a failure
#   skip_all REASON          the whole script, instead of a plan; ends it
#   bail WHY                 nothing more can be told of; ends the script
#   comment TEXT             something worth to be read
#   within SECONDS COMMAND   tries until COMMAND succeeds; its status is that of the last attempt
#   complains PATTERN COMMAND    for negative controls: whether COMMAND, a function that tells of
#                            points, tells of one that is not ok, with PATTERN (grep's) in its line or
#                            comments. Its points do not count; they are left in the file complaints.log
#   free_pages               prints how many pages of memory are free once caches are dropped
#
# The script's status is 0 only if all planned points came and are ok, and, with WATCH in its environment, a debug kernel
# has nothing to say at its end (lib-watch.sh). Programs of the project are looked for in the
# current folder first. What a script writes it writes to the current folder.
set -u
PATH=$(pwd):$PATH
ktap_folder=$(cd "$(dirname "$0")" && pwd)
ktap_plan=none ktap_points=0 ktap_failed=0

plan() {
    echo 'KTAP version 1'
    ktap_plan=$1
    [ "$1" = later ] || echo "1..$1"
}

planned() {
    ktap_plan=$ktap_points
    echo "1..$ktap_plan"
}

# Text for one line, and comments.
ktap_line() { printf '%s\n' "$1" | sed '2,$s/^/# /'; }

ok() {
    ktap_points=$((ktap_points + 1))
    if [ "$1" = 0 ]; then
        ktap_line "ok $ktap_points - $2"
    else
        ktap_failed=$((ktap_failed + 1))
        ktap_line "not ok $ktap_points - $2"
    fi
}

holds() {
    holds_what=$1
    shift
    "$@"
    ok $? "$holds_what"
}

fail() { ok 1 "$1"; }

is() {
    if [ "$2" = "$3" ]; then
        ok 0 "$1"
    else
        ok 1 "$1: $2, not $3"
    fi
}

skip() {
    ktap_points=$((ktap_points + 1))
    echo "ok $ktap_points - $1 # SKIP $2"
}

skip_all() {
    echo 'KTAP version 1'
    echo "1..0 # SKIP $1"
    ktap_plan=0
    exit 0
}

bail() {
    ktap_line "Bail out! $1"
    exit 1
}

comment() { printf '%s\n' "$1" | sed 's/^/# /'; }

ktap_end() {
    ktap_status=$?
    [ $ktap_status != 0 ] || { [ $ktap_failed = 0 ] && [ $ktap_points = "$ktap_plan" ]; } || ktap_status=1
    if [ -n "${WATCH:-}" ]; then
        # shellcheck source=lib-watch.sh
        . "$ktap_folder/lib-watch.sh"
        watch_kernel || [ $ktap_status != 0 ] || ktap_status=99
    fi
    exit $ktap_status
}
trap ktap_end EXIT

within() {
    within_left=$(($1 * 10))
    shift
    until "$@" 2>/dev/null; do
        within_left=$((within_left - 1))
        [ $within_left -gt 0 ] || return 1
        sleep 0.1
    done
}

complains() {
    complains_of=$1 complains_points=$ktap_points complains_failed=$ktap_failed
    shift
    "$@" >complaints.log
    ktap_points=$complains_points ktap_failed=$complains_failed
    awk '/^ok / { bad = 0 } /^not ok / { bad = 1 } bad' complaints.log | grep -q -e "$complains_of"
}

# Pages that each CPU keeps at hand are free, too. The most of five, for somebody else may hold some for a moment.
free_pages() {
    free_pages_most=0
    for _ in 1 2 3 4 5; do
        sync
        echo 3 >/proc/sys/vm/drop_caches
        free_pages_now=$(awk '$1 == "nr_free_pages" || $1 == "count:" {sum += $2} END {print sum}' /proc/zoneinfo)
        [ "$free_pages_now" -le "$free_pages_most" ] || free_pages_most=$free_pages_now
    done
    echo "$free_pages_most"
}
