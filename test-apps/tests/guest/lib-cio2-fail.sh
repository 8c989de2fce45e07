# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lib-fail.sh for the receiver's driver; behind lib.sh.
#
#   capture                  two frames, which may fail
# shellcheck source=lib-cio2.sh
. "$(dirname "$0")/lib-cio2.sh"
name=cio2
# shellcheck source=lib-fail.sh
. "$(dirname "$0")/lib-fail.sh"
capture() { timeout 120 ipu3-capture --quiet --json --sensor ov5693 --size 1296x972 --count 2 "$@"; }
