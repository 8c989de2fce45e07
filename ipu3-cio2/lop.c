// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of pages. The DMA fetches one page number ahead of what it writes, so behind a buffer's
 * last page comes another one that exists: the hole, which takes the frames without a buffer, too.
 */
#include <linux/align.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/scatterlist.h>
#include <media/vb2-ipu-iommu.h>

#include "ipu3-cio2.h"

static_assert(CIO2_LOP_ENTRIES * sizeof(__le32) == CIO2_PAGE_SIZE);

static void cio2_lop_fill(struct vb2_ipu_mem *lop, unsigned int from, struct vb2_ipu_mem *page)
{
	__le32 number = cio2_page_number(vb2_ipu_mem_dma_addr(page));
	__le32 *entries = vb2_ipu_mem_vaddr(lop);

	for (; from < CIO2_LOP_ENTRIES; from++)
		entries[from] = number;
}

/* What leads to bytes @offset to @end of the pages of @lops, and then to the hole. */
static void cio2_target_set(struct cio2_device *cio2, struct cio2_fbpt_target *target,
			    struct vb2_ipu_mem *const *lops, unsigned int n_lops, u32 offset,
			    u32 end)
{
	unsigned int i;

	for (i = 0; i < CIO2_MAX_LOPS; i++) {
		struct vb2_ipu_mem *lop = i < n_lops ? lops[i] : cio2->hole_lop;

		target->lop[i] = cio2_page_number(vb2_ipu_mem_dma_addr(lop));
	}
	target->offset = cpu_to_le32(offset);
	target->size = cpu_to_le32(cio2_fbpt_size(end));
}

/**
 * cio2_lop_init() - make the hole
 * @cio2: The device, with its memory backend.
 *
 * Context: Process context, probe.
 * Return: 0, or what vb2_ipu_mem_alloc() said.
 */
int cio2_lop_init(struct cio2_device *cio2)
{
	struct vb2_ipu_mem *mem;

	mem = vb2_ipu_mem_alloc(cio2->vid, "hole", CIO2_PAGE_SIZE, DMA_FROM_DEVICE);
	if (IS_ERR(mem))
		return PTR_ERR(mem);
	cio2->hole = mem;
	mem = vb2_ipu_mem_alloc(cio2->vid, "hole-lop", CIO2_PAGE_SIZE, DMA_TO_DEVICE);
	if (IS_ERR(mem)) {
		cio2_lop_exit(cio2);
		return PTR_ERR(mem);
	}
	cio2->hole_lop = mem;
	cio2_lop_fill(mem, 0, cio2->hole);
	vb2_ipu_mem_sync_for_device(mem, 0, CIO2_PAGE_SIZE);
	cio2_target_set(cio2, &cio2->hole_target, NULL, 0, 0,
			CIO2_MAX_LOPS * CIO2_LOP_ENTRIES * CIO2_PAGE_SIZE);
	return 0;
}

/**
 * cio2_lop_exit() - free the hole
 * @cio2: The device, whose DMA has ended.
 *
 * Context: Process context.
 */
void cio2_lop_exit(struct cio2_device *cio2)
{
	vb2_ipu_mem_free(cio2->hole_lop);
	vb2_ipu_mem_free(cio2->hole);
	cio2->hole_lop = NULL;
	cio2->hole = NULL;
}

/* Writes the numbers of @pages pages; false if the memory is in pieces that are no whole pages. */
static bool cio2_lop_write(struct cio2_buffer *buf, struct sg_table *sgt, unsigned int pages)
{
	struct scatterlist *sg;
	unsigned int n = 0, i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		dma_addr_t dma = sg_dma_address(sg), end = dma + sg_dma_len(sg);

		if (n && !IS_ALIGNED(dma, CIO2_PAGE_SIZE))
			return false;
		for (dma = ALIGN_DOWN(dma, CIO2_PAGE_SIZE); dma < end && n < pages; n++) {
			__le32 *entries = vb2_ipu_mem_vaddr(buf->lops[n / CIO2_LOP_ENTRIES]);

			entries[n % CIO2_LOP_ENTRIES] = cio2_page_number(dma);
			dma += CIO2_PAGE_SIZE;
		}
		if (n == pages)
			return true;
		if (!IS_ALIGNED(end, CIO2_PAGE_SIZE))
			return false;
	}
	return false;
}

/**
 * cio2_lop_make() - make the lists of a buffer's pages
 * @cio2: The device.
 * @buf: The buffer, whose memory is mapped for the device.
 *
 * Context: Process context.
 * Return: 0; -EINVAL for memory that is too large or is in pieces that are no whole pages; -EFAULT
 * if it is not mapped; or what vb2_ipu_mem_alloc() said.
 */
int cio2_lop_make(struct cio2_device *cio2, struct cio2_buffer *buf)
{
	struct vb2_buffer *vb = &buf->vb.vb2_buf;
	struct sg_table *sgt = vb2_ipu_iommu_plane_sgt(vb, 0);
	unsigned int pages, lops, rest, i;
	u32 offset;
	u64 end;
	int ret;

	if (!sgt)
		return -EFAULT;
	offset = sg_dma_address(sgt->sgl) & (CIO2_PAGE_SIZE - 1);
	end = (u64)offset + vb2_plane_size(vb, 0);
	pages = DIV_ROUND_UP_ULL(end, CIO2_PAGE_SIZE);
	if (pages > CIO2_MAX_PAGES)
		return -EINVAL;
	lops = DIV_ROUND_UP(pages, CIO2_LOP_ENTRIES);
	for (buf->n_lops = 0; buf->n_lops < lops; buf->n_lops++) {
		struct vb2_ipu_mem *mem;

		mem = vb2_ipu_mem_alloc(cio2->vid, "lop", CIO2_PAGE_SIZE, DMA_TO_DEVICE);
		if (IS_ERR(mem)) {
			ret = PTR_ERR(mem);
			goto err_free;
		}
		buf->lops[buf->n_lops] = mem;
	}
	if (!cio2_lop_write(buf, sgt, pages)) {
		ret = -EINVAL;
		goto err_free;
	}
	rest = pages % CIO2_LOP_ENTRIES;
	if (rest)
		cio2_lop_fill(buf->lops[lops - 1], rest, cio2->hole);
	for (i = 0; i < lops; i++)
		vb2_ipu_mem_sync_for_device(buf->lops[i], 0, CIO2_PAGE_SIZE);
	cio2_target_set(cio2, &buf->target, buf->lops, lops, offset, end);
	return 0;

err_free:
	cio2_lop_free(buf);
	return ret;
}

/**
 * cio2_lop_free() - free the lists of a buffer's pages
 * @buf: The buffer, which is in no entry.
 *
 * Context: Process context.
 */
void cio2_lop_free(struct cio2_buffer *buf)
{
	while (buf->n_lops)
		vb2_ipu_mem_free(buf->lops[--buf->n_lops]);
}
