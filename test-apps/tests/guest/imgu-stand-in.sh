#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The stand-in for the ImgU's firmware makes video, for libcamera, and still pictures: five and three. The files are for the
# host to look at.
#   FRAMES           of libcamera's
#   WIDTH, HEIGHT    of the pictures
# Needs a sensor, an ImgU of the virtual machine with the stand-in for its firmware under the kernel's own driver,
# libcamera's cam, and ipu3-capture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu.sh
. "$(dirname "$0")/lib-imgu.sh"
: "${FRAMES:?}" "${WIDTH:?}" "${HEIGHT:?}"
plan 6
is 'what the driver loaded' "$(dmesg | grep -o 'loaded firmware version .* binaries')" \
    'loaded firmware version stand-in of vb2-ipu-iommu, noise for programs, 5 binaries'
# The driver tells only when it is asked to what program it takes.
echo 'module ipu3_imgu +p' >/sys/kernel/debug/dynamic_debug/control
programs() { dmesg | grep -o 'using binary .*' | sort -u; }
cam -c1 "--capture=$FRAMES" '--file=frame-#.bin' -s "width=$WIDTH,height=$HEIGHT" >cam.log 2>&1
ok $? "libcamera's pictures: $(tail -n 20 cam.log)"
is "libcamera's mode is video" "$(programs)" 'using binary video id = 236'
dmesg -C
still_mode() { find_imgu && v4l2-ctl -d "$(media-ctl -d "$imgu" -e 'ipu3-imgu 0')" --set-ctrl=ipu3_pipe_mode=1; }
holds 'the mode for still pictures' still_mode
still_pictures() {
    ipu3-capture --quiet --size 1296x972 --count 1 --raw in.raw >/dev/null &&
        process 0 in.raw 1296x972 1296x972 "${WIDTH}x$HEIGHT" 3
}
still_pictures
ok $? "still pictures: $(tail -n 5 ./*-0.log)"
is 'that mode is still' "$(programs)" 'using binary still id = 238'
