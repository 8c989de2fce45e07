#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libcamera takes pictures, one file each, from which the host sees how exposure and white balance come to rest.
#   FRAMES    how many
# Needs a camera, an ImgU under a driver that libcamera knows, and libcamera's cam.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cam.sh
. "$(dirname "$0")/lib-cam.sh"
: "${FRAMES:?}"
plan 1
take cam.log 1 "$FRAMES" '--file=#.bin' -s role=viewfinder,width=640,height=480
