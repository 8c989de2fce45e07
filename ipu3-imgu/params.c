// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameter sets: what user space has set so far, brought into blocks of memory that the firmware
 * reads. A block belongs to the firmware until all sets that name it are free; a set is free once
 * the firmware has given it back and no frame that uses it is on its way.
 */
#include <linux/pci.h>

#include "acc.h"
#include "late.h"
#include "run.h"

/* Which settings each part is made of. */
static const struct {
	enum imgu_section first;
	enum imgu_section last;
} imgu_parts[IMGU_PARTS] = {
	[IMGU_PART_ACC] = { IMGU_SECTION_BNR, IMGU_SECTION_AWB },
	[IMGU_PART_VMEM] = { IMGU_SECTION_LIN_VMEM, IMGU_SECTION_XNR3_VMEM },
	[IMGU_PART_DMEM] = { IMGU_SECTION_TNR3_DMEM, IMGU_SECTION_XNR3_DMEM },
	[IMGU_PART_OBGRID] = { IMGU_SECTION_OBGRID, IMGU_SECTION_OBGRID },
};

static struct imgu_block *imgu_params_block(struct imgu_run *run, enum imgu_part part,
					    unsigned int number)
{
	return &run->told_block[IMGU_TOLD_PART + part * IMGU_PARAM_SETS + number];
}

/**
 * imgu_params_reset() - forget all parameter sets
 * @run: A run; the firmware has none of its sets.
 *
 * What the blocks hold is still known.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 */
void imgu_params_reset(struct imgu_run *run)
{
	unsigned int i;

	memset(run->sets, 0, sizeof(run->sets));
	for (i = 0; i < IMGU_PARTS * IMGU_PARAM_SETS; i++)
		run->told_block[IMGU_TOLD_PART + i].users = 0;
	run->due = true;
}

/**
 * imgu_params_merge() - take over what user space has set
 * @run: A run.
 * @user: The driver's own copy of what it gave.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: %IMGU_OK; or the rule that is broken, and then nothing has changed.
 */
enum imgu_reason imgu_params_merge(struct imgu_run *run, const struct ipu3_uapi_params *user)
{
	enum imgu_reason reason;

	lockdep_assert_held(&imgu_run_device(run)->engine_lock);
	reason = imgu_settings_merge(&run->settings, user, &run->geometry, &run->chosen.program);
	if (!reason)
		run->due = true;
	return reason;
}

static void imgu_params_free(struct imgu_run *run, struct imgu_param_set *set)
{
	enum imgu_part part;

	for (part = 0; part < IMGU_PARTS; part++)
		imgu_params_block(run, part, set->part[part])->users--;
	*set = (struct imgu_param_set){};
}

static bool imgu_params_is_free(struct imgu_run *run, struct imgu_param_set *set)
{
	if (set->number && set->returned && !set->frames)
		imgu_params_free(run, set);
	return !set->number;
}

static int imgu_params_find(struct imgu_run *run)
{
	struct imgu_param_set *oldest = NULL;
	unsigned int i;

	for (i = 0; i < IMGU_PARAM_SETS; i++) {
		struct imgu_param_set *set = &run->sets[i];

		if (imgu_params_is_free(run, set))
			return i;
		if (i != run->newest && !set->frames &&
		    (!oldest || set->number < oldest->number))
			oldest = set;
	}
	/*
	 * There are more sets than can be in use: the oldest one was followed by another that a
	 * frame has since been made with, though the firmware has not said that it is done with it.
	 */
	if (!oldest)
		return -EBUSY;
	run->pipe->stats.params_unreturned++;
	imgu_params_free(run, oldest);
	return oldest - run->sets;
}

static bool imgu_params_is_stale(const struct imgu_run *run, enum imgu_part part,
				 const struct imgu_block *block)
{
	enum imgu_section i;

	for (i = imgu_parts[part].first; i <= imgu_parts[part].last; i++)
		if (block->written.generation[i] != run->settings.generation[i])
			return true;
	return false;
}

static enum imgu_reason imgu_params_write(struct imgu_run *run, enum imgu_part part,
					  struct imgu_block *block)
{
	const struct imgu_settings *settings = &run->settings;
	struct imgu_written *written = &block->written;
	struct imgu_ranges changed = {};
	enum imgu_reason reason = IMGU_OK;

	switch (part) {
	case IMGU_PART_ACC:
		reason = imgu_acc_build(settings, &run->geometry, &run->chosen.program,
					block->vaddr, written, &changed);
		break;
	case IMGU_PART_VMEM:
		imgu_late_vmem(settings, &run->chosen.late, block->vaddr, written, &changed);
		break;
	case IMGU_PART_DMEM:
		imgu_late_dmem(settings, &run->chosen.late, block->vaddr, written, &changed);
		break;
	default:
		if (imgu_late_obgrid(settings, block->vaddr,
				     block->size / sizeof(struct ipu3_uapi_obgrid_param),
				     written))
			imgu_ranges_add(&changed, 0, block->size);
		break;
	}
	imgu_blocks_sync_ranges(&run->told, block, &changed);
	return reason;
}

/* Lets a set name a block of @part that is up to date. */
static enum imgu_reason imgu_params_update(struct imgu_run *run, enum imgu_part part,
					   struct imgu_param_set *set)
{
	unsigned int number = run->current_part[part];
	struct imgu_block *block = imgu_params_block(run, part, number);
	enum imgu_reason reason;

	if (imgu_params_is_stale(run, part, block)) {
		/* No more sets are in use than there are others. */
		for (number = 0; number < IMGU_PARAM_SETS - 1; number++)
			if (!imgu_params_block(run, part, number)->users)
				break;
		block = imgu_params_block(run, part, number);
		reason = imgu_params_write(run, part, block);
		if (reason)
			return reason;
		run->current_part[part] = number;
	}
	set->part[part] = number;
	block->users++;
	return IMGU_OK;
}

static void imgu_params_describe(struct imgu_run *run, unsigned int number)
{
	struct imgu_param_set *set = &run->sets[number];
	struct imgu_block *block = &run->told_block[IMGU_TOLD_SET + number];
	struct imgu_parameter_set *told = block->vaddr;
	u32 obgrid = imgu_params_block(run, IMGU_PART_OBGRID, set->part[IMGU_PART_OBGRID])->dma;
	unsigned int i;

	memset(told, 0, sizeof(*told));
	told->memory[0][IMGU_MEMORY_VMEM0] =
		imgu_params_block(run, IMGU_PART_VMEM, set->part[IMGU_PART_VMEM])->dma;
	told->memory[0][IMGU_MEMORY_DMEM0] =
		imgu_params_block(run, IMGU_PART_DMEM, set->part[IMGU_PART_DMEM])->dma;
	for (i = 0; i < run->chosen.program.stripes; i++)
		told->obgrid[i] = obgrid + i * run->chosen.obgrid_cells *
					   sizeof(struct ipu3_uapi_obgrid_param);
	told->acc = imgu_params_block(run, IMGU_PART_ACC, set->part[IMGU_PART_ACC])->dma;
	told->warp = run->told_block[IMGU_TOLD_WARP].dma;
	imgu_blocks_sync(&run->told, block, 0, sizeof(*told));
}

/**
 * imgu_params_give() - give the firmware the settings as a parameter set, for the next frame
 * @run: A run that is up.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: 0; -EBUSY if the firmware has all sets that there are; -EINVAL if the blocks cannot be
 * made for these sizes; or what imgu_dmem_put() said. The settings are still due then.
 */
int imgu_params_give(struct imgu_run *run)
{
	struct imgu_device *imgu = imgu_run_device(run);
	struct imgu_param_set *set, next = {};
	unsigned int pipe = run->pipe->number;
	enum imgu_part part;
	int number, ret;

	lockdep_assert_held(&imgu->engine_lock);
	number = imgu_params_find(run);
	if (number < 0)
		return number;
	for (part = 0; part < IMGU_PARTS; part++) {
		enum imgu_reason reason = imgu_params_update(run, part, &next);

		if (!reason)
			continue;
		dev_err(imgu_dev(imgu), "pipe %u: %s\n", pipe, imgu_reason_text(reason));
		while (part-- > 0)
			imgu_params_block(run, part, next.part[part])->users--;
		return -EINVAL;
	}
	next.number = ++run->numbers;
	set = &run->sets[number];
	*set = next;
	imgu_params_describe(run, number);
	ret = imgu_dmem_put(imgu, pipe, IMGU_QUEUE_PARAMS,
			    run->told_block[IMGU_TOLD_SET + number].dma);
	if (!ret)
		ret = imgu_dmem_put(imgu, pipe, IMGU_QUEUE_EVENT,
				    imgu_event_queued(pipe, IMGU_QUEUE_PARAMS));
	if (ret) {
		imgu_params_free(run, set);
		return ret;
	}
	run->newest = number;
	run->due = false;
	return 0;
}

static bool imgu_params_take(struct imgu_run *run, u32 address)
{
	unsigned int i;

	for (i = 0; i < IMGU_PARAM_SETS; i++) {
		if (!run->sets[i].number || run->told_block[IMGU_TOLD_SET + i].dma != address)
			continue;
		run->sets[i].returned = true;
		return true;
	}
	return false;
}

/**
 * imgu_params_drain() - take the parameter sets that the firmware has given back
 * @imgu: The device, whose rings are open.
 *
 * They come without an event, all pipes' through one ring.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: 0, or what imgu_dmem_get() or imgu_dmem_put() said.
 */
int imgu_params_drain(struct imgu_device *imgu)
{
	bool known;
	unsigned int i;
	u32 address;
	int ret;

	while (true) {
		if (!imgu_dmem_room(imgu, 0, IMGU_QUEUE_EVENT, 1))
			return 0;
		ret = imgu_dmem_get(imgu, IMGU_QUEUE_PARAMS, &address);
		if (ret)
			return ret == -EAGAIN ? 0 : ret;
		ret = imgu_dmem_put(imgu, 0, IMGU_QUEUE_EVENT,
				    imgu_event_dequeued(IMGU_QUEUE_PARAMS));
		if (ret)
			return ret;
		known = false;
		for (i = 0; i < IMGU_PIPES && !known; i++)
			known = imgu->pipes[i].run &&
				imgu_params_take(imgu->pipes[i].run, address);
		if (!known)
			dev_dbg(imgu_dev(imgu), "a parameter set at %#x, which nobody gave\n",
				address);
	}
}

/**
 * imgu_params_frame_begins() - a frame set uses the newest parameter set
 * @run: A run that is up.
 * @frame: The frame set.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 */
void imgu_params_frame_begins(struct imgu_run *run, struct imgu_frame_set *frame)
{
	frame->params = run->newest;
	run->sets[run->newest].frames++;
}

/**
 * imgu_params_frame_ends() - a frame set no longer uses its parameter set
 * @run: A run.
 * @frame: The frame set.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 */
void imgu_params_frame_ends(struct imgu_run *run, struct imgu_frame_set *frame)
{
	run->sets[frame->params].frames--;
}
