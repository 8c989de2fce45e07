#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What user space finds at the ImgU, for a comparison of drivers: names, links, controls and formats as media-ctl and v4l2-ctl
# tell them into the file texts, a section each; and what imgu-answers asks for, into the file answers-PIPE. Nodes are
# numbered from the ImgU's first one on, since those of the receiver may come before or after.
# Needs an ImgU under any driver, as the driver left it when it was loaded, and imgu-answers.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
plan 5
find_imgu || bail 'no ImgU'
subdevice() { media-ctl -d "$imgu" -e "ipu3-imgu $1"; }
first_node=$(imgu_node 0 input)
first_subdevice=$(subdevice 0)
numbered() {
    awk -v video="${first_node#/dev/video}" -v subdev="${first_subdevice#/dev/v4l-subdev}" '{
        while (match($0, /\/dev\/(video|v4l-subdev)[0-9]+/)) {
            name = substr($0, RSTART, RLENGTH)
            number = name
            sub(/.*[a-z]/, "", number)
            printf "%s%s", substr($0, 1, RSTART - 1), name ~ /video/ ? "node " number - video : "subdevice " number - subdev
            $0 = substr($0, RSTART + RLENGTH)
        }
        print
    }'
}
nodes() { for node in input parameters output viewfinder '3a stat'; do imgu_node "$1" "$node"; done; }
section() { echo "## $*"; }
{
    section graph
    media-ctl -d "$imgu" -p
    ok $? 'the media graph' >&3
    for pipe in 0 1; do
        for node in $(nodes $pipe); do
            section "$node"
            v4l2-ctl -d "$node" --all --list-formats --list-formats-out --list-ctrls-menus
        done
        section "$(subdevice $pipe)"
        v4l2-ctl -d "$(subdevice $pipe)" --all --list-ctrls-menus
    done
} 3>&1 2>&1 >texts.log
numbered <texts.log >texts

answers() { # PIPE OPTION...
    answers_pipe=$1
    shift
    # shellcheck disable=SC2046 # names without blanks
    imgu-answers "$@" $(nodes "$answers_pipe") "$(subdevice "$answers_pipe")"
}
link_all() {
    imgu_link "\"ipu3-imgu $1 input\":0 -> \"ipu3-imgu $1\":0 [1]" &&
        imgu_link "\"ipu3-imgu $1 parameters\":0 -> \"ipu3-imgu $1\":1 [1]" &&
        imgu_link "\"ipu3-imgu $1\":3 -> \"ipu3-imgu $1 viewfinder\":0 [1]" &&
        imgu_link "\"ipu3-imgu $1\":4 -> \"ipu3-imgu $1 3a stat\":0 [1]"
}
for pipe in 0 1; do
    answers $pipe --unlinked >unlinked-$pipe
    ok $? "pipe $pipe, whose links are disabled"
    link_all $pipe && answers $pipe >linked-$pipe
    ok $? "pipe $pipe, with all of its links"
done
