#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The streams of the file cells, which imgu-cells has written on the host, through the ImgU: first those of both pipes, then
# those of one. Into the file answers: what the driver said.
# Needs an ImgU under the kernel's own driver or one like it, and imgu-run-cells.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
plan 6
find_imgu || bail 'no ImgU'
nodes() {
    for node in input parameters output viewfinder '3a stat'; do imgu_node "$1" "$node"; done
    media-ctl -d "$imgu" -e "ipu3-imgu $1"
}
link() { # PIPE 0|1
    imgu_link "\"ipu3-imgu $1 input\":0 -> \"ipu3-imgu $1\":0 [$2]" &&
        imgu_link "\"ipu3-imgu $1 parameters\":0 -> \"ipu3-imgu $1\":1 [$2]" &&
        imgu_link "\"ipu3-imgu $1\":3 -> \"ipu3-imgu $1 viewfinder\":0 [$2]" &&
        imgu_link "\"ipu3-imgu $1\":4 -> \"ipu3-imgu $1 3a stat\":0 [$2]"
}
streams() { # PIPE...
    # shellcheck disable=SC2046 # names without blanks
    imgu-run-cells --cells cells --pipes "$@" -- $(nodes 0) $(nodes 1) >>answers 2>said
    streams_status=$?
    [ $streams_status = 0 ] || comment "$(cat said)"
    return $streams_status
}
only() { link 0 "$1" && link 1 "$2"; }
holds 'links of both' only 1 1
holds 'streams of both' streams 0 1
# A pipe that is linked and does not stream keeps the kernel's own driver from beginning.
holds 'links of pipe 0' only 1 0
holds 'streams of pipe 0' streams 0
holds 'links of pipe 1' only 0 1
holds 'streams of pipe 1' streams 1
