#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# v4l2-compliance on the ImgU's media device, sub-devices and nodes, as they are when the driver has been loaded: nothing
# fails, nothing is warned of. Without streams: a node of it alone has none.
# Needs an ImgU under the project's driver.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
plan 13
find_imgu || bail 'no ImgU'
complies() { # OPTION NODE
    v4l2-compliance "$@" >compliance.log 2>&1
    cat compliance.log >>all.log
    grep -q '^Total for .*, Failed: 0, Warnings: 0$' compliance.log
    ok $? "v4l2-compliance $*: $(grep -E '(fail|warn): |^Total' compliance.log)"
}
complies -M "$imgu"
for pipe in 0 1; do
    complies -u "$(media-ctl -d "$imgu" -e "ipu3-imgu $pipe")"
    for node in input parameters output viewfinder '3a stat'; do complies -d "$(imgu_node $pipe "$node")"; done
done
