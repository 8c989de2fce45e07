# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lib-fail.sh for the image processor's driver; behind lib.sh. Gives up where another driver is in use. Makes the RAW frame
# in.raw.
[ -e /sys/module/vb2_ipu_iommu/holders/ipu3_imgu ] || bail "the driver in use is not this project's"
# shellcheck disable=SC2034 # for lib-fail.sh
function=0000:00:05.0 name=imgu
# shellcheck source=lib-fail.sh
. "$(dirname "$0")/lib-fail.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
ipu3-capture --quiet --size 1296x972 --count 1 --raw in.raw >/dev/null || bail 'no RAW frame'
# shellcheck disable=SC2034 # for lib-imgu.sh
raw=in.raw
