// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers exported as dma-bufs.
 *
 * Importers of two kinds: devices of this backend, which tell the shared coherency state of each
 * access; and all others. Those do not tell, and their DMA goes through the caches as the CPU's
 * accesses do, so while such an importer has the buffer mapped it counts as a CPU mapping.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat.h"
#include "device.h"
#include "dma-address.h"
#include "export.h"
#include "pages-buffer.h"
#include "sync.h"

/**
 * struct ipu_attachment - an importer
 * @own: The device of this backend that it is, referenced; %NULL for any other one.
 */
struct ipu_attachment {
	struct vb2_ipu_device *own;
};

static int ipu_export_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct ipu_attachment *importer;

	importer = kzalloc(sizeof(*importer), GFP_KERNEL);
	if (!importer)
		return -ENOMEM;
	importer->own = vb2_ipu_device_find(attach->dev);
	attach->priv = importer;
	return 0;
}

static void ipu_export_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct ipu_attachment *importer = attach->priv;

	if (importer->own)
		vb2_ipu_device_put(importer->own);
	kfree(importer);
	attach->priv = NULL;
}

/**
 * struct ipu_mapping - a buffer's pages as an importer's device sees them
 * @sgt: The buffer's runs. (Its own table has its own device's addresses.)
 * @plane: Where they are in the addresses of a device of this backend that has an MMU.
 *
 * One for each call: an importer may have several at a time.
 */
struct ipu_mapping {
	struct sg_table sgt;
	struct ipu_plane plane;
};

static struct ipu_mmu *ipu_importer_mmu(const struct ipu_attachment *importer)
{
	return importer->own ? importer->own->mmu : NULL;
}

/* Who shares lines with a device of this backend has to say so as well. */
static unsigned long ipu_export_attrs(const struct ipu_attachment *importer)
{
	return importer->own ? IPU_DMA_ATTR_SHARED_LINES : 0;
}

static int ipu_runs_copy(struct sg_table *to, const struct ipu_buffer *from)
{
	struct scatterlist *sg, *run = from->sgt.sgl;
	unsigned int i;
	int ret = sg_alloc_table(to, from->sgt.orig_nents, GFP_KERNEL);

	if (ret)
		return ret;
	for_each_sgtable_sg(to, sg, i) {
		sg_set_page(sg, sg_page(run), run->length, run->offset);
		run = sg_next(run);
	}
	return 0;
}

static int ipu_mapping_make(struct ipu_mapping *mapping, struct dma_buf_attachment *attach,
			    enum dma_data_direction dir)
{
	struct ipu_attachment *importer = attach->priv;
	struct ipu_mmu *mmu = ipu_importer_mmu(importer);
	int ret;

	ret = ipu_runs_copy(&mapping->sgt, attach->dmabuf->priv);
	if (ret)
		return ret;
	if (mmu)
		ret = ipu_plane_map(mmu, &mapping->plane, &mapping->sgt, attach->dmabuf->size, dir);
	else
		ret = ipu_dma_map_sgtable(attach->dev, &mapping->sgt, dir,
					  ipu_export_attrs(importer));
	if (ret)
		sg_free_table(&mapping->sgt);
	return ret;
}

static struct sg_table *ipu_export_map(struct dma_buf_attachment *attach,
				       enum dma_data_direction dir)
{
	struct ipu_mapping *mapping = kzalloc(sizeof(*mapping), GFP_KERNEL);
	struct ipu_attachment *importer = attach->priv;
	struct ipu_buffer *buf = attach->dmabuf->priv;
	int ret;

	if (!mapping)
		return ERR_PTR(-ENOMEM);
	ret = ipu_mapping_make(mapping, attach, dir);
	if (ret) {
		kfree(mapping);
		return ERR_PTR(ret);
	}
	if (!importer->own) {
		mutex_lock(&buf->sync_lock);
		ipu_buffer_open_view(buf, IPU_VIEWER_OTHER, dir != DMA_TO_DEVICE);
		mutex_unlock(&buf->sync_lock);
	}
	return &mapping->sgt;
}

static void ipu_export_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt,
			     enum dma_data_direction dir)
{
	struct ipu_mapping *mapping = container_of(sgt, struct ipu_mapping, sgt);
	struct ipu_attachment *importer = attach->priv;
	struct ipu_buffer *buf = attach->dmabuf->priv;
	struct ipu_mmu *mmu = ipu_importer_mmu(importer);

	if (!importer->own) {
		mutex_lock(&buf->sync_lock);
		ipu_buffer_close_view(buf, IPU_VIEWER_OTHER, dir != DMA_TO_DEVICE);
		mutex_unlock(&buf->sync_lock);
	}
	if (mmu)
		ipu_plane_unmap(mmu, &mapping->plane);
	else
		dma_unmap_sgtable(attach->dev, sgt, dir, ipu_export_attrs(importer));
	sg_free_table(sgt);
	kfree(mapping);
}

static void ipu_export_release(struct dma_buf *dmabuf)
{
	ipu_pages_buffer_put(dmabuf->priv);
}

/*
 * There is no end_cpu_access(): whoever can write has a mapping, and a mapping that can be written
 * through makes the next device's begin write back, whether user space told of its writes or not.
 */
static int ipu_export_begin_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	struct ipu_buffer *buf = dmabuf->priv;

	ipu_buffer_settle(buf, buf->size, false);
	return 0;
}

static int ipu_export_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	void *vaddr = ipu_pages_buffer_vmap(dmabuf->priv);

	if (!vaddr)
		return -ENOMEM;
	iosys_map_set_vaddr(map, vaddr);
	return 0;
}

static void ipu_export_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	ipu_pages_buffer_vunmap(dmabuf->priv);
}

static int ipu_export_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	return ipu_pages_buffer_mmap(dmabuf->priv, vma);
}

static const struct dma_buf_ops ipu_dma_buf_ops = {
	.attach = ipu_export_attach,
	.detach = ipu_export_detach,
	.map_dma_buf = ipu_export_map,
	.unmap_dma_buf = ipu_export_unmap,
	.release = ipu_export_release,
	.begin_cpu_access = ipu_export_begin_cpu_access,
	.vmap = ipu_export_vmap,
	.vunmap = ipu_export_vunmap,
	.mmap = ipu_export_mmap,
};

/**
 * ipu_export() - make a dma-buf of a buffer
 * @buf: The buffer, of the backend's own pages.
 * @flags: O_RDWR and the like.
 *
 * Context: Process context.
 * Return: The dma-buf, which has a reference of its own to the buffer; an ERR_PTR otherwise.
 */
struct dma_buf *ipu_export(struct ipu_buffer *buf, unsigned long flags)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;

	info.ops = &ipu_dma_buf_ops;
	info.size = buf->size;
	info.flags = flags;
	info.priv = buf;

	refcount_inc(&buf->ref);
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf))
		ipu_pages_buffer_put(buf);
	return dmabuf;
}

/**
 * ipu_export_origin() - the buffer behind a dma-buf
 * @dmabuf: Any dma-buf.
 *
 * Return: The buffer, valid as long as @dmabuf; %NULL if another exporter made it.
 */
struct ipu_buffer *ipu_export_origin(struct dma_buf *dmabuf)
{
	return dmabuf->ops == &ipu_dma_buf_ops ? dmabuf->priv : NULL;
}
