#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Buffers of the kernel's virtual camera, of vmalloc and of contiguous memory: the DMA test device imports them, and the
# camera imports the device's. Needs two DMA test functions of the virtual machine, ipu-dmatest-stream, and the project's modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-dmatest.sh
. "$(dirname "$0")/lib-dmatest.sh"
# camera OPTIONS: three frames that show the same, of the first camera, with v4l2-ctl's OPTIONS, to standard output
camera() {
    v4l2-ctl -d "$vivid" --stream-count 3 --stream-to - "$@" 2>camera.log
}
plan $((2 * 7))
dmatest_load || bail 'no nodes'
# 64 KiB: for the camera's contiguous memory the device's buffer must be one run of pages.
device=$(dmatest_node 0)
for allocator in 0 1; do
    modprobe vivid n_devs=1 allocators=$allocator || bail 'no virtual camera'
    udevadm settle || bail 'udev does not come to rest'
    vivid=$(grep -lx 'vivid-000-vid-cap' /sys/class/video4linux/video*/name) || bail 'the camera has no node'
    vivid=${vivid%/name}
    vivid=/dev/${vivid##*/}
    streams 0 --memory dmabuf-import --exporter vivid --count 12
    streams 0 --memory dmabuf-import --exporter vivid --count 12 --size 1000x33
    streams 0 --node output --memory dmabuf-import --exporter vivid --count 12
    # Its frames must not differ: no clock, no number in them.
    v4l2-ctl -d "$vivid" -v width=320,height=180,pixelformat=GREY -c osd_text_mode=2 >/dev/null
    v4l2-ctl -d "$device" -v width=256,height=256,pixelformat=GREY >/dev/null
    # Not into the share: 9p without a cache pins what is written, and contiguous memory is mapped without pages to pin.
    camera --stream-mmap >/tmp/own || true
    is "allocator $allocator: bytes of the camera's own frames" "$(wc -c </tmp/own)" $((3 * 320 * 180))
    camera --stream-dmabuf --export-device "$device" >/tmp/imported
    ok $? "allocator $allocator: the camera takes the device's buffers: $(tail -n 1 camera.log)"
    cmp /tmp/own /tmp/imported
    ok $? "allocator $allocator: with the same frames in them"
    modprobe -r vivid
    ok $? "allocator $allocator: nothing of the device's holds the camera"
done
