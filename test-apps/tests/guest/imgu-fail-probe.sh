#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each step of the image processor driver's probe fails in turn: the error is told, nothing is left, the next attempt
# succeeds.
# Needs an ov5693, an ImgU, ipu3-capture, and the modules of make fail-modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-imgu-fail.sh
. "$(dirname "$0")/lib-imgu-fail.sh"
plan 25
unbind
ok $? 'unbound'
undo() { unbind; }
sweep bind 80 bind
failed_too kzalloc pcim_enable_device pcim_iomap_region dma_set_mask_and_coherent v4l2_device_register firmware_request_nowarn \
    kcalloc pm_runtime_resume_and_get vb2_queue_init media_entity_pads_init v4l2_ctrl_handler_init v4l2_ctrl_new_custom \
    v4l2_subdev_init_finalize pci_alloc_irq_vectors request_threaded_irq v4l2_device_register_subdev video_register_device \
    media_create_pad_link v4l2_device_register_subdev_nodes
finds_a_leak bind
bind
ok $? 'bound in the end'
udevadm settle
pictures() { process 0 in.raw 1296x972 768x576 640x480 2; }
holds 'pictures' pictures
