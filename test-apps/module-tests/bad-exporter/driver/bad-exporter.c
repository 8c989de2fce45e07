// SPDX-License-Identifier: GPL-2.0-only
/*
 * An exporter of dma-bufs that misbehave, so that an importer's ways out can be tested.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "ipu-bad-exporter.h"

/**
 * struct bad_buffer - a dma-buf's memory
 * @fault: What it does wrong.
 * @pages: The pages.
 */
struct bad_buffer {
	unsigned long fault;
	struct page *pages[IPU_BAD_EXPORTER_PAGES];
};

/* One segment a page: what a device with an IOMMU makes of them is up to it. */
static int bad_fill_table(struct bad_buffer *bad, struct sg_table *sgt, unsigned int pages)
{
	struct scatterlist *sg;
	unsigned int i;
	int ret = sg_alloc_table(sgt, pages, GFP_KERNEL);

	if (ret)
		return ret;
	for_each_sgtable_sg(sgt, sg, i)
		sg_set_page(sg, bad->pages[i], PAGE_SIZE, 0);
	return 0;
}

static int bad_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct bad_buffer *bad = dmabuf->priv;

	return bad->fault == IPU_BAD_EXPORTER_ATTACH ? -EBUSY : 0;
}

/* Moves all pages but the first one by a page, in the importer's eyes only. */
static void bad_make_hole(struct sg_table *sgt)
{
	struct scatterlist *first = sgt->sgl;

	/* An IOMMU has joined them into one segment, whose rest becomes a second one. */
	if (sgt->nents == 1) {
		struct scatterlist *second = sg_next(first);

		sg_dma_address(second) = sg_dma_address(first) + 2 * PAGE_SIZE;
		sg_dma_len(second) = sg_dma_len(first) - PAGE_SIZE;
		sg_dma_len(first) = PAGE_SIZE;
		sgt->nents = 2;
	}
}

static void bad_mend_hole(struct sg_table *sgt)
{
	if (sgt->nents == 2) {
		sg_dma_len(sgt->sgl) += sg_dma_len(sg_next(sgt->sgl));
		sg_dma_len(sg_next(sgt->sgl)) = 0;
		sgt->nents = 1;
	}
}

static struct sg_table *bad_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	struct bad_buffer *bad = attach->dmabuf->priv;
	unsigned int pages =
		IPU_BAD_EXPORTER_PAGES - (bad->fault == IPU_BAD_EXPORTER_SHORT ? 1 : 0);
	struct sg_table *sgt;
	int ret;

	if (bad->fault == IPU_BAD_EXPORTER_MAP)
		return ERR_PTR(-ENOSPC);
	sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	if (!sgt)
		return ERR_PTR(-ENOMEM);
	ret = bad_fill_table(bad, sgt, pages);
	if (ret)
		goto err_free;
	ret = dma_map_sgtable(attach->dev, sgt, dir, 0);
	if (ret)
		goto err_table;
	if (bad->fault == IPU_BAD_EXPORTER_HOLE)
		bad_make_hole(sgt);
	return sgt;

err_table:
	sg_free_table(sgt);
err_free:
	kfree(sgt);
	return ERR_PTR(ret);
}

static void bad_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt,
		      enum dma_data_direction dir)
{
	struct bad_buffer *bad = attach->dmabuf->priv;

	if (bad->fault == IPU_BAD_EXPORTER_HOLE)
		bad_mend_hole(sgt);
	dma_unmap_sgtable(attach->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

static void bad_free(struct bad_buffer *bad)
{
	unsigned int i;

	for (i = 0; i < IPU_BAD_EXPORTER_PAGES; i++)
		if (bad->pages[i])
			__free_page(bad->pages[i]);
	kfree(bad);
}

static void bad_release(struct dma_buf *dmabuf)
{
	bad_free(dmabuf->priv);
}

static const struct dma_buf_ops bad_ops = {
	.attach = bad_attach,
	.map_dma_buf = bad_map,
	.unmap_dma_buf = bad_unmap,
	.release = bad_release,
};

static struct bad_buffer *bad_alloc(unsigned long fault)
{
	struct bad_buffer *bad = kzalloc(sizeof(*bad), GFP_KERNEL);
	unsigned int i;

	if (!bad)
		return NULL;
	bad->fault = fault;
	for (i = 0; i < IPU_BAD_EXPORTER_PAGES; i++) {
		bad->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!bad->pages[i]) {
			bad_free(bad);
			return NULL;
		}
	}
	return bad;
}

static long bad_ioctl(struct file *file, unsigned int request, unsigned long argument)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct bad_buffer *bad;
	struct dma_buf *dmabuf;
	int fd;

	if (request != IPU_BAD_EXPORTER_MAKE)
		return -ENOTTY;
	if (argument > IPU_BAD_EXPORTER_HOLE)
		return -EINVAL;
	bad = bad_alloc(argument);
	if (!bad)
		return -ENOMEM;
	info.ops = &bad_ops;
	info.size = IPU_BAD_EXPORTER_PAGES * PAGE_SIZE;
	info.flags = O_RDWR;
	info.priv = bad;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf)) {
		bad_free(bad);
		return PTR_ERR(dmabuf);
	}
	fd = dma_buf_fd(dmabuf, O_CLOEXEC);
	if (fd < 0)
		dma_buf_put(dmabuf);
	return fd;
}

static const struct file_operations bad_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = bad_ioctl,
};

static struct miscdevice bad_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ipu-bad-exporter",
	.fops = &bad_fops,
};
module_misc_device(bad_device);

MODULE_DESCRIPTION("An exporter of dma-bufs that misbehave");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
/*
 * By the parts of MODULE_IMPORT_NS(), whose argument's type is another one since 6.13
 * (cdd30ebb1b9f).
 */
MODULE_INFO(import_ns, "DMA_BUF");
