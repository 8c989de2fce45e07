#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each step of the receiver driver's probe fails in turn: the error is told, nothing is left, the next attempt succeeds.
# Needs an ov5693, ipu3-capture, and the modules of make fail-modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-fail.sh
. "$(dirname "$0")/lib-cio2-fail.sh"
plan 27
unbind
ok $? 'unbound'
undo() { unbind; }
sweep bind 60 bind
failed_too kzalloc ipu_bridge_init pcim_enable_device pcim_iomap_region dma_set_mask_and_coherent v4l2_device_register \
    media_entity_pads_init v4l2_subdev_init_finalize vb2_queue_init pci_alloc_irq_vectors request_threaded_irq media_device_register \
    v4l2_device_register_subdev video_register_device media_create_pad_link v4l2_fwnode_endpoint_parse v4l2_async_nf_add_fwnode_remote \
    ipu_bridge_instantiate_vcm v4l2_create_fwnode_links_to_pad v4l2_device_register_subdev_nodes v4l2_async_nf_register
finds_a_leak bind
bind
ok $? 'bound in the end'
holds 'it streams' capture
