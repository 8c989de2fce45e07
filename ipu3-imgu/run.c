// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of a pipe that is about to run, and what the firmware is told of the pipe when it starts.
 */
#include <linux/err.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>

#include "run.h"
#include "warp.h"

static const struct imgu_segments *imgu_run_segments(const struct imgu_run *run)
{
	const struct imgu_firmware_info *info =
		imgu_firmware_get_info(&imgu_run_device(run)->firmware, run->chosen.number);

	return &info->isp.program.initializers;
}

static void imgu_run_size_told(struct imgu_run *run)
{
	const u32 parts[IMGU_PARTS] = {
		[IMGU_PART_ACC] = sizeof(struct imgu_acc_param),
		[IMGU_PART_VMEM] = run->chosen.late.vmem_size,
		[IMGU_PART_DMEM] = run->chosen.late.dmem_size,
		[IMGU_PART_OBGRID] = run->chosen.program.stripes * run->chosen.obgrid_cells *
				     sizeof(struct ipu3_uapi_obgrid_param),
	};
	struct imgu_block *block = run->told_block;
	unsigned int i;

	block[IMGU_TOLD_SP_STAGE].size = sizeof(struct imgu_sp_stage);
	block[IMGU_TOLD_ISP_STAGE].size = sizeof(struct imgu_isp_stage);
	block[IMGU_TOLD_WARP].size =
		imgu_warp_blocks(&run->geometry) * sizeof(struct imgu_warp_block);
	for (i = 0; i < IMGU_MEMORIES; i++)
		block[IMGU_TOLD_CONFIG + i].size =
			imgu_run_segments(run)->in[IMGU_CLASS_CONFIG][i].size;
	for (i = 0; i < IMGU_PARAM_SETS; i++)
		block[IMGU_TOLD_SET + i].size = sizeof(struct imgu_parameter_set);
	for (i = 0; i < IMGU_PARTS * IMGU_PARAM_SETS; i++)
		block[IMGU_TOLD_PART + i].size = parts[i / IMGU_PARAM_SETS];
	run->told.block = block;
	run->told.count = IMGU_TOLDS;
}

static void imgu_run_size_shared(struct imgu_run *run)
{
	struct imgu_block *block = run->shared_block;
	unsigned int i;

	block[IMGU_SHARED_MAP].size = IMGU_STAGE_MAP;
	for (i = 0; i < IMGU_MEMORIES; i++)
		block[IMGU_SHARED_STATE + i].size =
			imgu_run_segments(run)->in[IMGU_CLASS_STATE][i].size;
	for (i = IMGU_SHARED_DESCRIPTOR; i < IMGU_SHAREDS; i++)
		block[i].size = sizeof(struct imgu_descriptor);
	run->shared.block = block;
	run->shared.count = IMGU_SHAREDS;
}

static int imgu_run_alloc_references(struct imgu_run *run, const char *label,
				     struct vb2_ipu_mem **mem,
				     const struct imgu_reference *reference)
{
	struct vb2_ipu_device *vid = imgu_run_device(run)->vid;
	struct vb2_ipu_mem *frame;
	unsigned int i;

	for (i = 0; i < IMGU_REFERENCES; i++) {
		frame = vb2_ipu_mem_alloc_unmapped(vid, label, reference->size,
						   DMA_BIDIRECTIONAL);
		if (IS_ERR(frame))
			return PTR_ERR(frame);
		mem[i] = frame;
	}
	return 0;
}

static int imgu_run_alloc_frames(struct imgu_run *run)
{
	struct imgu_reference reference;
	int ret;

	imgu_stage_gdc_reference(&run->geometry, &reference);
	ret = imgu_run_alloc_references(run, "gdc-reference", run->gdc, &reference);
	if (ret || !run->chosen.tnr)
		return ret;
	imgu_stage_tnr_reference(&run->geometry, &run->chosen.program, &reference);
	return imgu_run_alloc_references(run, "tnr-reference", run->tnr, &reference);
}

static int imgu_run_alloc_sink(struct imgu_run *run)
{
	const struct imgu_geometry *g = &run->geometry;
	size_t out = g->out_stride * g->out.height * 3 / 2;
	size_t vf = g->vf_stride * g->vf.height * 3 / 2;
	struct vb2_ipu_mem *sink;

	sink = vb2_ipu_mem_alloc_sink(imgu_run_device(run)->vid, "sink",
				      max3(out, vf, sizeof(struct ipu3_uapi_stats_3a)));
	if (IS_ERR(sink))
		return PTR_ERR(sink);
	run->sink = sink;
	return 0;
}

/**
 * imgu_run_create() - get what a pipe needs to run
 * @pipe: The pipe.
 * @g: Its sizes, judged.
 * @chosen: Its program, loaded.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 * Return: what it needs; an ERR_PTR: -ENOMEM, or what the memory backend said.
 */
struct imgu_run *imgu_run_create(struct imgu_pipe *pipe, const struct imgu_geometry *g,
				 const struct imgu_firmware_program *chosen)
{
	struct vb2_ipu_device *vid = pipe->imgu->vid;
	struct imgu_run *run;
	int ret;

	run = kvzalloc(sizeof(*run), GFP_KERNEL);
	if (!run)
		return ERR_PTR(-ENOMEM);
	run->pipe = pipe;
	run->geometry = *g;
	run->chosen = *chosen;
	imgu_run_size_told(run);
	imgu_run_size_shared(run);
	/* Whether the firmware keeps anything of its own in what it is told is not known. */
	ret = imgu_blocks_alloc(&run->told, vid, "told", DMA_BIDIRECTIONAL);
	if (!ret)
		ret = imgu_blocks_alloc(&run->shared, vid, "shared", DMA_BIDIRECTIONAL);
	if (!ret)
		ret = imgu_run_alloc_frames(run);
	if (!ret)
		ret = imgu_run_alloc_sink(run);
	if (ret) {
		imgu_run_destroy(run);
		return ERR_PTR(ret);
	}
	imgu_settings_init(&run->settings, g);
	imgu_warp_unity(g, run->told_block[IMGU_TOLD_WARP].vaddr);
	imgu_blocks_sync(&run->told, &run->told_block[IMGU_TOLD_WARP], 0,
			 run->told_block[IMGU_TOLD_WARP].size);
	return run;
}

/**
 * imgu_run_destroy() - free what a pipe had to run with
 * @run: The run, whole or in part; the firmware does not run, or was not started for it.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 */
void imgu_run_destroy(struct imgu_run *run)
{
	unsigned int i;

	for (i = 0; i < IMGU_REFERENCES; i++) {
		vb2_ipu_mem_free(run->gdc[i]);
		vb2_ipu_mem_free(run->tnr[i]);
	}
	vb2_ipu_mem_free(run->sink);
	imgu_blocks_free(&run->shared);
	imgu_blocks_free(&run->told);
	kvfree(run);
}

static u32 imgu_run_address(struct vb2_ipu_mem *mem)
{
	return mem ? vb2_ipu_mem_dma_addr(mem) : 0;
}

static void imgu_run_addresses(const struct imgu_run *run, struct imgu_stage_memory *memory)
{
	unsigned int i;

	*memory = (struct imgu_stage_memory){
		.body = imgu_program_address(imgu_run_device(run), run->chosen.number),
		.isp_stage = run->told_block[IMGU_TOLD_ISP_STAGE].dma,
		.map = run->shared_block[IMGU_SHARED_MAP].dma,
	};
	for (i = 0; i < IMGU_REFERENCES; i++) {
		memory->gdc[i] = imgu_run_address(run->gdc[i]);
		memory->tnr[i] = imgu_run_address(run->tnr[i]);
	}
	for (i = 0; i < IMGU_MEMORIES; i++) {
		memory->config[i] = run->told_block[IMGU_TOLD_CONFIG + i].dma;
		memory->state[i] = run->shared_block[IMGU_SHARED_STATE + i].dma;
	}
}

static void imgu_run_sync_all(struct imgu_blocks *blocks, const struct imgu_block *block)
{
	if (block->size)
		imgu_blocks_sync(blocks, block, 0, block->size);
}

/**
 * imgu_run_fill() - tell the firmware of a pipe
 * @run: The pipe's run. The firmware has been started, and not been told of it.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 */
void imgu_run_fill(struct imgu_run *run)
{
	struct imgu_device *imgu = imgu_run_device(run);
	const struct imgu_firmware *firmware = &imgu->firmware;
	struct imgu_block *told = run->told_block, *shared = run->shared_block;
	struct imgu_stage_memory memory;

	lockdep_assert_held(&imgu->stream_lock);
	imgu_run_addresses(run, &memory);
	imgu_stage_config(&run->geometry, firmware, &run->chosen, &memory,
			  told[IMGU_TOLD_CONFIG + IMGU_MEMORY_DMEM0].vaddr);
	imgu_stage_state(firmware, &run->chosen,
			 shared[IMGU_SHARED_STATE + IMGU_MEMORY_DMEM0].vaddr);
	imgu_stage_isp(firmware, &run->chosen, &memory, told[IMGU_TOLD_ISP_STAGE].vaddr);
	imgu_stage_sp(&run->geometry, firmware, &run->chosen, &memory,
		      told[IMGU_TOLD_SP_STAGE].vaddr);
	imgu_run_sync_all(&run->told, &told[IMGU_TOLD_CONFIG + IMGU_MEMORY_DMEM0]);
	imgu_run_sync_all(&run->shared, &shared[IMGU_SHARED_STATE + IMGU_MEMORY_DMEM0]);
	imgu_run_sync_all(&run->told, &told[IMGU_TOLD_ISP_STAGE]);
	imgu_run_sync_all(&run->told, &told[IMGU_TOLD_SP_STAGE]);

	imgu_stage_pipe(firmware, &run->chosen, run->pipe->number, told[IMGU_TOLD_SP_STAGE].dma,
			imgu->group);
	vb2_ipu_pool_sync_for_device(imgu->shared, imgu->group, sizeof(*imgu->group));
}
