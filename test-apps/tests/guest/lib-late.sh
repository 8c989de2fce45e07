# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sensors that come and go; behind lib.sh.
#
#   sees SENSOR SIZE         streams three frames of a sensor in a program of their own
#   linked SENSOR            whether the media graph has a link from it to a receiver
#   node ENTITY              prints the node of the entity whose name begins so; fails without one
#   bind_to DRIVER DEVICE, unbind_from DRIVER DEVICE    of the I2C bus
#   names TEXT               how many lines of the receiver driver's about a port in the kernel's log have TEXT
#   quiet                    a point: the kernel has no complaint
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
sees() { timeout 60 stream-raw --count 3 "$1" "$2" none >sees.log 2>&1; }
linked() { media-ctl -p | awk -v sensor="$1" '/^- entity/ { mine = $4 == sensor } mine && /-> "ipu3-csi2/ { found = 1 } END { exit !found }'; }
node() {
    media-ctl -p | awk -v entity="$1" '
        /^- entity/ { mine = $4 == entity }
        mine && /device node name/ { print $4; found = 1; exit }
        END { exit !found }'
}
bind_to() { echo "$2" >"/sys/bus/i2c/drivers/$1/bind"; }
unbind_from() { echo "$2" >"/sys/bus/i2c/drivers/$1/unbind"; }
names() { dmesg | grep 'ipu3-cio2.*: port [0-3]:' | grep -c -e "$1"; }
quiet() {
    ! dmesg | grep -E 'BUG|Oops|WARNING|general protection|refcount|list_(add|del) corruption'
    ok $? 'no oops'
}
