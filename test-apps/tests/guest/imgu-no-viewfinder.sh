#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Without the viewfinder's link the kernel's own ImgU driver dereferences a null pointer (imgu_css_pipeline_init()).
# Needs an ov5693, an ImgU under the kernel's own driver or one like it, and ipu3-capture. Crashes the computer.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu-order.sh
. "$(dirname "$0")/lib-imgu-order.sh"
plan 2
holds 'no link' imgu_link '"ipu3-imgu 0":3 -> "ipu3-imgu 0 viewfinder":0 [0]'
for node in output stat input; do
    stream 0 $node &
done
said() { dmesg | grep -q 'BUG: kernel NULL pointer dereference'; }
holds 'it crashes' within 20 said
