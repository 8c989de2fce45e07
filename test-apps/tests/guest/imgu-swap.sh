#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The project's drivers make way for the kernel's own and come back, without a reboot: libcamera finds the same camera each
# time.
# Needs a sensor and an ImgU under the project's drivers.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
plan 10
ours() { [ -e /sys/module/ipu3_imgu/version ] && [ -e /sys/module/ipu3_cio2/version ]; }
theirs() { [ -e /sys/module/ipu3_imgu ] && [ -e /sys/module/ipu3_cio2 ] && ! ours; }
# Links and numbers of nodes are as they were left; cameras are told by their sensors.
cameras() { cam -l 2>cam.log; }
here() { [ -n "$(ls /dev/v4l-subdev* 2>/dev/null)" ] && find_imgu 2>/dev/null; }
remove() { modprobe -r "$@" 2>&1; }
own() { find "/lib/modules/$(uname -r)/kernel" -name "$1.ko*"; }

holds "the project's drivers" ours
cameras >cameras.ours
holds 'there is a camera' grep -q '^1:' cameras.ours
said=$(remove ipu3_imgu ipu3_cio2 vb2_ipu_iommu)
ok $? "they go: $said"
# By their files, for modprobe takes the project's; what they want is in the files, too.
load_own() {
    for module in ipu3-cio2 ipu3-imgu; do
        file=$(own $module)
        # shellcheck disable=SC2046 # words
        modprobe -a $(modinfo -F depends "$file" | tr , ' ') && insmod "$file" || return
    done
}
holds "the kernel's own come" load_own
udevadm settle && within 20 here
holds "it is they" theirs
cameras >cameras.theirs
is 'their cameras' "$(cat cameras.theirs)" "$(cat cameras.ours)"
said=$(remove ipu3_imgu ipu3_cio2)
ok $? "they go: $said"
modprobe -a ipu3-cio2 ipu3-imgu && udevadm settle && within 20 here
ok $? "the project's come"
holds "it is they, again" ours
is 'cameras again' "$(cameras)" "$(cat cameras.ours)"
