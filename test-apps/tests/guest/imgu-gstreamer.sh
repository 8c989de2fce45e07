#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GStreamer: through libcamera's element, through libcamera's V4L2 compatibility layer, and on the driver's own output node.
# The files WAY.nv12 and fed.raw are for the host to judge.
#   LIBCAMERA_COUNT, DIRECT_COUNT    pictures of the ways through libcamera, and of the other one
# Needs a sensor, an ImgU under the kernel's own driver or one like it, GStreamer with libcamera, and imgu-nv12.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
: "${LIBCAMERA_COUNT:?}" "${DIRECT_COUNT:?}"
plan 4
export XDG_CACHE_HOME=/tmp
for way in libcamerasrc v4l2src-libcamera; do
    imgu-nv12 --count "$LIBCAMERA_COUNT" $way 640x480 $way.nv12
    ok $? "$way"
done
direct() {
    imgu-nv12 --count "$DIRECT_COUNT" --set exposure=900 --fed /tmp/fed.raw v4l2src 640x480 v4l2src.nv12 && cp /tmp/fed.raw .
}
holds 'v4l2src' direct
# Negative control: a size that the driver does not have. One that tells of its sizes is not even asked for it.
! imgu-nv12 --count 1 v4l2src 641x480 odd.nv12 2>odd.log && grep -q -e 'cannot capture at 641x480' -e 'not-negotiated' odd.log
ok $? "control: an odd size: $(cat odd.log)"
