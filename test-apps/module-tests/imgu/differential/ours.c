// SPDX-License-Identifier: GPL-2.0-or-later
#include "ours.h"

#include "ipu3-imgu/acc.h"
#include "ipu3-imgu/late.h"
#include "ipu3-imgu/warp.h"

#include <stdlib.h>

_Static_assert(sizeof(struct ipu3_uapi_params) == REFERENCE_PARAMS_BYTES, "another layout of parameters");
_Static_assert(sizeof(struct imgu_acc_param) == REFERENCE_ACC_BYTES, "another layout of the accelerators' block");
_Static_assert(sizeof(struct imgu_warp_block) == REFERENCE_WARP_BLOCK_BYTES, "another layout of warp blocks");

struct block {
	_Alignas(64) struct imgu_acc_param acc;
	_Alignas(64) uint8_t vmem[REFERENCE_VMEM_BYTES];
	_Alignas(64) uint8_t dmem[(REFERENCE_DMEM_BYTES + 63) / 64 * 64];
	struct imgu_written acc_written, vmem_written, dmem_written;
};

struct ours {
	struct imgu_geometry geometry;
	struct imgu_program program;
	struct imgu_late_layout layout;
	struct imgu_settings settings;
	unsigned int next;
	struct block block[OURS_BLOCKS];
};

struct ours *ours_new(void)
{
	struct ours *ours = aligned_alloc(64, (sizeof(*ours) + 63) / 64 * 64);

	/* Not zero: nothing may rely on what a block holds at first. */
	if (ours)
		memset(ours, 0xa5, sizeof(*ours));
	return ours;
}

void ours_free(struct ours *ours)
{
	free(ours);
}

static struct imgu_size size(struct reference_size size)
{
	return (struct imgu_size){ size.width, size.height };
}

int ours_begin(struct ours *ours, const struct reference_pipe *pipe)
{
	const bool video = pipe->video;
	enum imgu_reason reason;

	ours->geometry = (struct imgu_geometry){
		.in = size(pipe->in),
		.in_stride = pipe->in_stride,
		.bayer = (enum imgu_bayer)pipe->bayer,
		.crop = size(pipe->crop),
		.bds = size(pipe->bds),
		.envelope = size(pipe->envelope),
		.gdc = size(pipe->gdc),
		.out = size(pipe->out),
		.out_stride = pipe->out_stride,
		.vf = size(pipe->vf),
		.vf_stride = pipe->vf_stride,
		.ref = size(pipe->ref),
		.vf_enabled = true,
	};
	ours->program = (struct imgu_program){
		.stripes = (u8)pipe->stripes,
		.block_width = pipe->block_width,
		.block_height = 32,
		.has_af = pipe->has_af,
		.has_awb = pipe->has_awb,
		.has_awb_fr = pipe->has_awb_fr,
		.has_ae = pipe->has_ae,
	};
	ours->layout = (struct imgu_late_layout){
		.vmem_size = video ? REFERENCE_VMEM_BYTES : 1536,
		.vmem_lin = 0,
		.vmem_tnr3 = video ? 1536 : IMGU_LATE_ABSENT,
		.vmem_xnr3 = 1024,
		.dmem_size = video ? REFERENCE_DMEM_BYTES : 48,
		.dmem_tnr3 = video ? 48 : IMGU_LATE_ABSENT,
		.dmem_xnr3 = 4,
	};
	ours->next = 0;
	for (unsigned int i = 0; i < OURS_BLOCKS; i++) {
		memset(&ours->block[i].acc_written, 0, sizeof(ours->block[i].acc_written));
		memset(&ours->block[i].vmem_written, 0, sizeof(ours->block[i].vmem_written));
		memset(&ours->block[i].dmem_written, 0, sizeof(ours->block[i].dmem_written));
	}
	reason = imgu_geometry_judge(&ours->geometry, &ours->program);
	if (!reason)
		reason = imgu_late_judge(&ours->layout);
	if (!reason)
		imgu_settings_init(&ours->settings, &ours->geometry);
	return (int)reason;
}

static uint32_t ranges(const struct imgu_ranges *from, struct ours_range *to)
{
	for (u32 i = 0; i < from->count; i++)
		to[i] = (struct ours_range){ from->range[i].offset, from->range[i].size };
	return from->count;
}

static struct block *set_acc(struct ours *ours, const struct reference_set *set, struct ours_result *result)
{
	struct block *block = &ours->block[ours->next % OURS_BLOCKS];
	struct imgu_ranges changed = { 0 };
	enum imgu_reason reason = IMGU_OK;

	if (set->given)
		reason = imgu_settings_merge(&ours->settings, (const struct ipu3_uapi_params *)set->params,
					     &ours->geometry, &ours->program);
	if (!reason)
		reason = imgu_acc_build(&ours->settings, &ours->geometry, &ours->program, &block->acc,
					&block->acc_written, &changed);
	result->reason = (int)reason;
	if (reason)
		return NULL;
	result->acc = (uint8_t *)&block->acc;
	result->acc_ranges = ranges(&changed, result->acc_range);
	ours->next++;
	return block;
}

void ours_acc(struct ours *ours, const struct reference_set *set, struct ours_result *result)
{
	set_acc(ours, set, result);
}

void ours_set(struct ours *ours, const struct reference_set *set, struct ours_result *result)
{
	struct block *block = set_acc(ours, set, result);
	struct imgu_ranges changed = { 0 };

	if (!block)
		return;
	imgu_late_vmem(&ours->settings, &ours->layout, block->vmem, &block->vmem_written, &changed);
	result->vmem = block->vmem;
	result->vmem_bytes = ours->layout.vmem_size;
	result->vmem_ranges = ranges(&changed, result->vmem_range);
	changed.count = 0;
	imgu_late_dmem(&ours->settings, &ours->layout, block->dmem, &block->dmem_written, &changed);
	result->dmem = block->dmem;
	result->dmem_bytes = ours->layout.dmem_size;
	result->dmem_ranges = ranges(&changed, result->dmem_range);
}

const uint8_t *ours_next_acc(const struct ours *ours)
{
	return (const uint8_t *)&ours->block[ours->next % OURS_BLOCKS].acc;
}

uint32_t ours_warp(const struct ours *ours, void *blocks)
{
	imgu_warp_unity(&ours->geometry, blocks);
	return imgu_warp_blocks(&ours->geometry);
}

#define NAME(name, text) [IMGU_REASON_##name] = #name,
static const char *const names[] = {
	[IMGU_OK] = "OK",
	IMGU_REASONS_GEOMETRY(NAME)
	IMGU_REASONS_SETTINGS(NAME)
	IMGU_REASONS_FIRMWARE(NAME)
	IMGU_REASONS_RING(NAME)
};

const char *ours_reason_name(int reason)
{
	return reason >= 0 && reason < (int)IMGU_REASONS ? names[reason] : "?";
}

const char *ours_reason_text(int reason)
{
	return imgu_reason_text((enum imgu_reason)reason);
}

int ours_reasons(void)
{
	return IMGU_REASONS;
}
