// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers that devices share as dma-bufs: two of this backend, one of another, and memory of
 * another exporter.
 */
#include <linux/completion.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/iosys-map.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "backend.h"
#include "dma-address.h"
#include "suites.h"
#include "tables.h"

#define SIZE SZ_64K

/**
 * struct share - a buffer of one device, imported by another one
 * @owner: The device that exports.
 * @other: The one that imports.
 * @exported: The buffer as the owner's queue has it.
 * @imported: As the other's has it.
 * @dmabuf: What passes from the one to the other.
 */
struct share {
	struct ktest_backend owner;
	struct ktest_backend other;
	struct ktest_plane *exported;
	struct ktest_plane *imported;
	struct dma_buf *dmabuf;
};

static bool export_plane(struct ktest *t, struct ktest_backend *b, enum dma_data_direction dir,
			 struct ktest_plane **plane, struct dma_buf **dmabuf)
{
	*plane = ktest_plane_alloc(t, b, dir, SIZE);
	if (!*plane)
		return false;
	*dmabuf = vb2_ipu_iommu_memops.get_dmabuf(&(*plane)->vb, (*plane)->priv, O_RDWR);
	if (KTEST_EXPECT(t, *dmabuf))
		return true;
	vb2_ipu_iommu_memops.put((*plane)->priv);
	ktest_plane_free(*plane);
	return false;
}

static void unexport_plane(struct ktest_plane *plane, struct dma_buf *dmabuf)
{
	dma_buf_put(dmabuf);
	vb2_ipu_iommu_memops.put(plane->priv);
	ktest_plane_free(plane);
}

static struct ktest_plane *import_plane(struct ktest *t, struct ktest_backend *b,
					struct dma_buf *dmabuf, enum dma_data_direction dir,
					size_t size)
{
	struct ktest_plane *plane = ktest_plane_new(t, dir);
	void *priv;

	if (!plane)
		return NULL;
	priv = vb2_ipu_iommu_memops.attach_dmabuf(&plane->vb, vb2_ipu_device_dma_dev(b->vid),
						  dmabuf, size);
	if (ktest_plane_made(t, plane, priv, size)) {
		if (KTEST_EQ(t, vb2_ipu_iommu_memops.map_dmabuf(priv), 0)) {
			/* As videobuf2 sets them for each import. */
			plane->vb.skip_cache_sync_on_prepare = 1;
			plane->vb.skip_cache_sync_on_finish = 1;
			return plane;
		}
		vb2_ipu_iommu_memops.detach_dmabuf(priv);
	}
	ktest_plane_free(plane);
	return NULL;
}

static void unimport_plane(struct ktest_plane *plane)
{
	vb2_ipu_iommu_memops.unmap_dmabuf(plane->priv);
	vb2_ipu_iommu_memops.detach_dmabuf(plane->priv);
	ktest_plane_free(plane);
}

/* The device with the MMU writes, the one without reads; either may export. */
static bool share_open(struct ktest *t, struct share *s, bool owner_snoops, bool other_snoops)
{
	if (!ktest_backend_open(t, &s->owner, true, !owner_snoops))
		return false;
	if (!ktest_backend_open(t, &s->other, false, !other_snoops))
		goto close_owner;
	if (!export_plane(t, &s->owner, DMA_FROM_DEVICE, &s->exported, &s->dmabuf))
		goto close_other;
	s->imported = import_plane(t, &s->other, s->dmabuf, DMA_TO_DEVICE, SIZE);
	if (s->imported) {
		ktest_flushed(&s->owner);
		ktest_flushed(&s->other);
		return true;
	}
	unexport_plane(s->exported, s->dmabuf);
close_other:
	ktest_backend_close(t, &s->other);
close_owner:
	ktest_backend_close(t, &s->owner);
	return false;
}

static void share_close(struct ktest *t, struct share *s)
{
	unimport_plane(s->imported);
	unexport_plane(s->exported, s->dmabuf);
	ktest_backend_close(t, &s->other);
	ktest_backend_close(t, &s->owner);
}

static s64 share_flushed(struct share *s)
{
	return ktest_flushed(&s->owner) + ktest_flushed(&s->other);
}

static void share_costs_nothing(struct ktest *t)
{
	struct share s;
	unsigned int i;

	if (!share_open(t, &s, false, false))
		return;
	for (i = 0; i < 2; i++) {
		ktest_plane_begin(s.exported);
		ktest_plane_end(s.exported);
		ktest_plane_settle(s.exported, SIZE);
		ktest_plane_begin(s.imported);
		ktest_plane_end(s.imported);
		ktest_plane_settle(s.imported, SIZE);
	}
	KTEST_EQ(t, share_flushed(&s), 0);
	share_close(t, &s);
}

/* Who imports writes, who exports has the mapping: the state is one. */
static void share_is_one_state(struct ktest *t)
{
	struct share s;

	if (!share_open(t, &s, false, false))
		return;
	KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&s.exported->vb, s.exported->priv));
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
	ktest_plane_end(s.exported);
	/* How far the other one wrote is not for this one to say. */
	ktest_plane_settle(s.imported, 1000);
	KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
	share_close(t, &s);
}

/* To a device that looks into the caches, what another one wrote past them is stale. */
static void share_with_one_that_snoops(struct ktest *t)
{
	struct share s;

	if (!share_open(t, &s, false, true))
		return;
	ktest_plane_begin(s.exported);
	ktest_plane_end(s.exported);
	ktest_plane_settle(s.exported, 1000);
	KTEST_EQ(t, share_flushed(&s), 0);
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), ktest_lines(1000));
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), 0);
	/* Nobody has taken the frame back yet. */
	ktest_plane_begin(s.exported);
	ktest_plane_end(s.exported);
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
	share_close(t, &s);
}

/* The zeroes of a buffer whose device snoops are in the caches, and another device may not. */
static void share_zeroes(struct ktest *t)
{
	struct share s;

	if (!share_open(t, &s, true, false))
		return;
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), 0);
	/* What the one that snoops writes is not past the caches: who looks needs no flush. */
	KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&s.exported->vb, s.exported->priv));
	ktest_plane_begin(s.exported);
	ktest_plane_end(s.exported);
	ktest_plane_settle(s.exported, SIZE);
	KTEST_EQ(t, share_flushed(&s), 0);
	share_close(t, &s);
}

/* Where what a snooping device writes stays in the caches, memory does not have it. */
static void share_ddio(struct ktest *t, bool ddio)
{
	struct share s;

	if (!share_open(t, &s, true, false))
		return;
	s.owner.vid->allocates = ddio;
	/* The zeroes. */
	ktest_plane_begin(s.imported);
	share_flushed(&s);
	ktest_plane_begin(s.exported);
	ktest_plane_end(s.exported);
	ktest_plane_settle(s.exported, SIZE);
	KTEST_EQ(t, share_flushed(&s), 0);
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), ddio ? ktest_lines(SIZE) : 0);
	ktest_plane_end(s.imported);
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), 0);
	share_close(t, &s);
}

/* The same where who imports snoops and writes: the state is the exporter's. */
static void share_imported_writes_that_stay(struct ktest *t)
{
	struct ktest_backend reader, writer;
	struct ktest_plane *exported, *imported;
	struct dma_buf *dmabuf;

	if (!ktest_backend_open(t, &reader, true, true))
		return;
	if (!ktest_backend_open(t, &writer, false, false))
		goto close_reader;
	writer.vid->allocates = true;
	if (!export_plane(t, &reader, DMA_TO_DEVICE, &exported, &dmabuf))
		goto close_writer;
	imported = import_plane(t, &writer, dmabuf, DMA_FROM_DEVICE, SIZE);
	if (imported) {
		ktest_flushed(&reader);
		ktest_plane_begin(imported);
		ktest_plane_end(imported);
		ktest_plane_settle(imported, SIZE);
		KTEST_EQ(t, ktest_flushed(&reader), 0);
		ktest_plane_begin(exported);
		KTEST_EQ(t, ktest_flushed(&reader), ktest_lines(SIZE));
		ktest_plane_end(exported);
		unimport_plane(imported);
	}
	unexport_plane(exported, dmabuf);
close_writer:
	ktest_backend_close(t, &writer);
close_reader:
	ktest_backend_close(t, &reader);
}

static void share_writes_that_stay(struct ktest *t)
{
	share_ddio(t, true);
}

static void share_writes_that_do_not(struct ktest *t)
{
	share_ddio(t, false);
}

/* A guard is the device's own matter: the importer's comes after what it imports, no other. */
static void share_guards(struct ktest *t)
{
	const struct vb2_ipu_device_config config = { .guard = true };
	struct ktest_plane *exported, *imported;
	struct ktest_backend with, without;
	struct dma_buf *dmabuf;
	struct scatterlist *sg;
	size_t length = 0;
	unsigned int i;

	if (!ktest_backend_open_config(t, &with, true, &config))
		return;
	if (!ktest_backend_open(t, &without, false, false))
		goto close;
	if (export_plane(t, &without, DMA_FROM_DEVICE, &exported, &dmabuf)) {
		imported = import_plane(t, &with, dmabuf, DMA_TO_DEVICE, SIZE);
		if (imported) {
			dma_addr_t end = vb2_ipu_iommu_plane_dma_addr(&imported->vb, 0) + SIZE;

			KTEST_EQ(t, ipu_dma_to_phys(vb2_ipu_device_dma_dev(with.vid), end),
				 page_to_phys(with.vid->guard));
			unimport_plane(imported);
		}
		unexport_plane(exported, dmabuf);
	}
	if (export_plane(t, &with, DMA_FROM_DEVICE, &exported, &dmabuf)) {
		imported = import_plane(t, &without, dmabuf, DMA_TO_DEVICE, SIZE);
		if (imported) {
			for_each_sgtable_dma_sg(vb2_ipu_iommu_plane_sgt(&imported->vb, 0), sg, i)
				length += sg_dma_len(sg);
			KTEST_EQ(t, length, SIZE);
			unimport_plane(imported);
		}
		unexport_plane(exported, dmabuf);
	}
	ktest_backend_close(t, &without);
close:
	ktest_backend_close(t, &with);
}

/* The hints that videobuf2 sets for each import are not user space's. */
static void share_hints(struct ktest *t)
{
	struct share s;
	unsigned long at;

	if (!share_open(t, &s, false, false))
		return;
	at = vm_mmap(s.dmabuf->file, 0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	if (KTEST_EXPECT(t, !IS_ERR_VALUE(at))) {
		ktest_plane_begin(s.imported);
		KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
		ktest_plane_end(s.exported);
		ktest_plane_settle(s.imported, SIZE);
		KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
		KTEST_EQ(t, vm_munmap(at, SIZE), 0);
	}
	share_close(t, &s);
}

/*
 * User space had a mapping when only a device that snoops had the buffer, and may have pinned a
 * page through it, which it then goes on writing. Nobody looked for pins when the mapping went. The
 * first begin has the zeroes to flush in any case; the second one tells whether somebody still
 * writes.
 */
static void share_after_a_mapping(struct ktest *t, bool pinned)
{
	struct page *page = NULL;
	struct share s;
	unsigned long at;

	if (!ktest_backend_open(t, &s.owner, true, false))
		return;
	if (!ktest_backend_open(t, &s.other, false, true))
		goto close_owner;
	if (!export_plane(t, &s.owner, DMA_FROM_DEVICE, &s.exported, &s.dmabuf))
		goto close_other;
	at = vm_mmap(s.dmabuf->file, 0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	if (!KTEST_EXPECT(t, !IS_ERR_VALUE(at)))
		goto unexport;
	if (pinned && !KTEST_EQ(t, pin_user_pages_fast(at + SIZE / 2, 1, FOLL_WRITE, &page), 1))
		page = NULL;
	KTEST_EQ(t, vm_munmap(at, SIZE), 0);
	s.imported = import_plane(t, &s.other, s.dmabuf, DMA_TO_DEVICE, SIZE);
	if (!s.imported)
		goto unpin;
	share_flushed(&s);
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
	ktest_plane_begin(s.imported);
	KTEST_EQ(t, share_flushed(&s), pinned ? ktest_lines(SIZE) : 0);
	if (page) {
		unpin_user_page(page);
		page = NULL;
		/* What was written until then may still be dirty. */
		ktest_plane_begin(s.imported);
		KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
		ktest_plane_begin(s.imported);
		KTEST_EQ(t, share_flushed(&s), 0);
	}
	unimport_plane(s.imported);
unpin:
	if (page)
		unpin_user_page(page);
unexport:
	unexport_plane(s.exported, s.dmabuf);
close_other:
	ktest_backend_close(t, &s.other);
close_owner:
	ktest_backend_close(t, &s.owner);
}

static void share_after_a_mapping_that_is_gone(struct ktest *t)
{
	share_after_a_mapping(t, false);
}

static void share_after_a_mapping_with_a_pin(struct ktest *t)
{
	share_after_a_mapping(t, true);
}

/* User space asks for a look while the frame is not taken back. */
static void share_cpu_access(struct ktest *t)
{
	struct iosys_map map;
	struct share s;

	if (!share_open(t, &s, false, false))
		return;
	if (KTEST_EQ(t, dma_buf_vmap_unlocked(s.dmabuf, &map), 0)) {
		ktest_plane_begin(s.exported);
		KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
		ktest_plane_end(s.exported);
		KTEST_EQ(t, dma_buf_begin_cpu_access(s.dmabuf, DMA_FROM_DEVICE), 0);
		KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
		KTEST_EQ(t, dma_buf_end_cpu_access(s.dmabuf, DMA_FROM_DEVICE), 0);
		dma_buf_vunmap_unlocked(s.dmabuf, &map);
		ktest_plane_begin(s.exported);
		KTEST_EQ(t, share_flushed(&s), ktest_lines(SIZE));
		ktest_plane_begin(s.exported);
		KTEST_EQ(t, share_flushed(&s), 0);
	}
	share_close(t, &s);
}

/* ---- an importer of another kind ---- */

static void foreign_importer(struct ktest *t, struct ktest_backend *b, struct ktest_plane *plane,
			     struct dma_buf_attachment *attachment, enum dma_data_direction dir)
{
	bool writes = dir != DMA_TO_DEVICE;
	struct sg_table *sgt;

	ktest_flushed(b);
	ktest_plane_begin(plane);
	ktest_plane_end(plane);
	ktest_plane_settle(plane, 1000);
	KTEST_EQ(t, ktest_flushed(b), 0);
	sgt = dma_buf_map_attachment_unlocked(attachment, dir);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(sgt), 0))
		return;
	/* Its accesses are like the CPU's. */
	KTEST_EQ(t, ktest_flushed(b), ktest_lines(1000));
	ktest_plane_begin(plane);
	KTEST_EQ(t, ktest_flushed(b), writes ? ktest_lines(SIZE) : 0);
	ktest_plane_end(plane);
	ktest_plane_settle(plane, 1000);
	KTEST_EQ(t, ktest_flushed(b), ktest_lines(1000));
	dma_buf_unmap_attachment_unlocked(attachment, sgt, dir);
	ktest_plane_begin(plane);
	KTEST_EQ(t, ktest_flushed(b), writes ? ktest_lines(SIZE) : 0);
	ktest_plane_end(plane);
	ktest_plane_settle(plane, 1000);
	KTEST_EQ(t, ktest_flushed(b), 0);
	/* What was put off is done for the next one that looks, here the same. */
	sgt = dma_buf_map_attachment_unlocked(attachment, dir);
	KTEST_EQ(t, ktest_flushed(b), ktest_lines(1000));
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(sgt), 0))
		dma_buf_unmap_attachment_unlocked(attachment, sgt, dir);
	ktest_plane_begin(plane);
}

static void share_with_another_kind(struct ktest *t)
{
	struct dma_buf_attachment *attachment;
	struct platform_device *importer;
	struct ktest_plane *plane;
	struct ktest_backend b;
	struct dma_buf *dmabuf;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	importer =
		platform_device_register_simple("ipu-ktest-importer", PLATFORM_DEVID_NONE, NULL, 0);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(importer), 0))
		goto close;
	KTEST_EQ(t, dma_coerce_mask_and_coherent(&importer->dev, DMA_BIT_MASK(64)), 0);
	if (!export_plane(t, &b, DMA_FROM_DEVICE, &plane, &dmabuf))
		goto unregister;
	attachment = dma_buf_attach(dmabuf, &importer->dev);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(attachment), 0)) {
		foreign_importer(t, &b, plane, attachment, DMA_TO_DEVICE);
		foreign_importer(t, &b, plane, attachment, DMA_FROM_DEVICE);
		dma_buf_detach(dmabuf, attachment);
	}
	unexport_plane(plane, dmabuf);
unregister:
	platform_device_unregister(importer);
close:
	ktest_backend_close(t, &b);
}

/* An importer may map its attachment twice: each mapping has addresses of its own. */
static void share_two_mappings(struct ktest *t)
{
	struct dma_buf_attachment *attachment;
	struct sg_table *first, *second;
	struct ktest_plane *plane;
	struct ktest_backend b;
	struct dma_buf *dmabuf;
	struct device *dev;
	phys_addr_t phys;
	dma_addr_t at;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	dev = vb2_ipu_device_dma_dev(b.vid);
	if (!export_plane(t, &b, DMA_FROM_DEVICE, &plane, &dmabuf))
		goto close;
	attachment = dma_buf_attach(dmabuf, dev);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(attachment), 0))
		goto unexport;
	first = dma_buf_map_attachment_unlocked(attachment, DMA_TO_DEVICE);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(first), 0))
		goto detach;
	at = sg_dma_address(first->sgl);
	phys = ipu_dma_to_phys(dev, at);
	second = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(second), 0)) {
		KTEST_EXPECT(t, second != first);
		KTEST_EQ(t, sg_dma_address(first->sgl), at);
		if (second != first)
			dma_buf_unmap_attachment_unlocked(attachment, second, DMA_BIDIRECTIONAL);
		KTEST_EQ(t, ipu_dma_to_phys(dev, at), phys);
	}
	dma_buf_unmap_attachment_unlocked(attachment, first, DMA_TO_DEVICE);
detach:
	dma_buf_detach(dmabuf, attachment);
unexport:
	unexport_plane(plane, dmabuf);
close:
	ktest_backend_close(t, &b);
}

/* What is exported for reading only can be mapped for that, and never written. */
static void share_read_only(struct ktest *t)
{
	struct vm_area_struct *vma;
	struct ktest_plane *plane;
	struct ktest_backend b;
	struct dma_buf *dmabuf;
	unsigned long at;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SIZE);
	if (!plane)
		goto close;
	dmabuf = vb2_ipu_iommu_memops.get_dmabuf(&plane->vb, plane->priv, O_RDONLY);
	if (!KTEST_EXPECT(t, dmabuf))
		goto put;
	at = vm_mmap(dmabuf->file, 0, SIZE, PROT_READ, MAP_SHARED, 0);
	if (KTEST_EXPECT(t, !IS_ERR_VALUE(at))) {
		mmap_read_lock(current->mm);
		vma = find_vma(current->mm, at);
		/* What mprotect() goes by. */
		KTEST_EXPECT(t, vma && !(vma->vm_flags & VM_MAYWRITE));
		mmap_read_unlock(current->mm);
		KTEST_EQ(t, vm_munmap(at, SIZE), 0);
	}
	KTEST_EQ(t, vm_mmap(dmabuf->file, 0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0), -EACCES);
	KTEST_EQ(t, vm_mmap(dmabuf->file, 0, SIZE, PROT_READ, MAP_PRIVATE, 0), -EINVAL);
	dma_buf_put(dmabuf);
put:
	vb2_ipu_iommu_memops.put(plane->priv);
	ktest_plane_free(plane);
close:
	ktest_backend_close(t, &b);
}

/* ---- another exporter ---- */

static struct sg_table *page_map(struct dma_buf_attachment *attachment, enum dma_data_direction dir)
{
	struct sg_table *sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	int ret;

	if (!sgt)
		return ERR_PTR(-ENOMEM);
	ret = sg_alloc_table(sgt, 1, GFP_KERNEL);
	if (ret)
		goto err_free;
	sg_set_page(sgt->sgl, attachment->dmabuf->priv, PAGE_SIZE, 0);
	ret = dma_map_sgtable(attachment->dev, sgt, dir, 0);
	if (ret)
		goto err_table;
	return sgt;

err_table:
	sg_free_table(sgt);
err_free:
	kfree(sgt);
	return ERR_PTR(ret);
}

static void page_unmap(struct dma_buf_attachment *attachment, struct sg_table *sgt,
		       enum dma_data_direction dir)
{
	dma_unmap_sgtable(attachment->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

static void page_release(struct dma_buf *dmabuf)
{
	struct page *page = dmabuf->priv;

	if (!PageReserved(page))
		__free_page(page);
}

static const struct dma_buf_ops page_ops = {
	.map_dma_buf = page_map,
	.unmap_dma_buf = page_unmap,
	.release = page_release,
};

static struct dma_buf *page_export(struct ktest *t, struct page *page)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;

	if (!KTEST_EXPECT(t, page))
		return NULL;
	info.ops = &page_ops;
	info.size = PAGE_SIZE;
	info.flags = O_RDWR;
	info.priv = page;
	dmabuf = dma_buf_export(&info);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(dmabuf), 0))
		return dmabuf;
	if (!PageReserved(page))
		__free_page(page);
	return NULL;
}

/* Nobody here knows who maps it, so it counts as mapped and written. */
static void share_memory_of_others(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	struct dma_buf *dmabuf;
	unsigned int i;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	dmabuf = page_export(t, alloc_page(GFP_KERNEL | GFP_DMA32 | __GFP_ZERO));
	plane = dmabuf ? import_plane(t, &b, dmabuf, DMA_FROM_DEVICE, PAGE_SIZE) : NULL;
	if (plane) {
		ktest_flushed(&b);
		for (i = 0; i < 2; i++) {
			ktest_plane_begin(plane);
			KTEST_EQ(t, ktest_flushed(&b), ktest_lines(PAGE_SIZE));
			ktest_plane_end(plane);
			ktest_plane_settle(plane, 1000);
			KTEST_EQ(t, ktest_flushed(&b), ktest_lines(1000));
		}
		/*
		 * With the mapping goes the way to its lines, so what was not settled is settled
		 * before.
		 */
		ktest_plane_end(plane);
		vb2_ipu_iommu_memops.unmap_dmabuf(plane->priv);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(PAGE_SIZE));
		vb2_ipu_iommu_memops.detach_dmabuf(plane->priv);
		ktest_plane_free(plane);
	}
	if (dmabuf)
		dma_buf_put(dmabuf);
	ktest_backend_close(t, &b);
}

/* Its exporter maps it without waiting for memory, but the tables are there by then. */
static void share_tables(struct ktest *t)
{
	struct ktest_plane *plane = NULL;
	unsigned int made, in_haste;
	struct ktest_backend b;
	struct dma_buf *dmabuf;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	dmabuf = page_export(t, alloc_page(GFP_KERNEL | GFP_DMA32 | __GFP_ZERO));
	if (dmabuf && ktest_tables_watch(t)) {
		plane = import_plane(t, &b, dmabuf, DMA_FROM_DEVICE, PAGE_SIZE);
		ktest_tables_unwatch(&made, &in_haste);
		KTEST_EQ(t, made, 1);
		KTEST_EQ(t, in_haste, 0);
	}
	if (plane)
		unimport_plane(plane);
	if (dmabuf)
		dma_buf_put(dmabuf);
	ktest_backend_close(t, &b);
}

/*
 * A page with a struct page that the kernel has not mapped: in a hole that the firmware keeps for
 * itself, above the first megabyte (which is mapped whatever it is).
 */
static struct page *page_of_a_hole(void)
{
	unsigned long pfn;

	for (pfn = PHYS_PFN(SZ_4G) - 1; pfn > PHYS_PFN(SZ_1M); pfn--)
		if (pfn_valid(pfn) && PageReserved(pfn_to_page(pfn)) && !page_is_ram(pfn))
			return pfn_to_page(pfn);
	return NULL;
}

/* Lines that cannot be reached cannot be kept right, so a device that does not snoop must not. */
static void share_memory_that_is_not_mapped(struct ktest *t)
{
	struct page *page = page_of_a_hole();
	struct ktest_plane *plane;
	struct ktest_backend b;
	struct dma_buf *dmabuf;
	void *priv;

	if (!page) {
		t->skip = "this machine has no such hole";
		return;
	}
	if (!ktest_backend_open(t, &b, false, true))
		return;
	dmabuf = page_export(t, page);
	plane = dmabuf ? ktest_plane_new(t, DMA_TO_DEVICE) : NULL;
	if (!plane)
		goto put;
	priv = vb2_ipu_iommu_memops.attach_dmabuf(&plane->vb, vb2_ipu_device_dma_dev(b.vid),
						  dmabuf, PAGE_SIZE);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(priv), 0)) {
		KTEST_EQ(t, vb2_ipu_iommu_memops.map_dmabuf(priv), -EFAULT);
		/* No begin: where it was not refused, that ends the machine. */
		vb2_ipu_iommu_memops.detach_dmabuf(priv);
	}
	ktest_plane_free(plane);
put:
	if (dmabuf)
		dma_buf_put(dmabuf);
	ktest_backend_close(t, &b);
}

/* ---- an exporter that takes its time ---- */

/**
 * struct patience - who waits for whom
 * @t: The test.
 * @b: The device.
 * @dmabuf: Of an exporter that waits for @go before it gives an address.
 * @asked: It was asked for one.
 * @go: It may give it.
 * @imported: What became of that.
 * @others: What else the device has to do is done.
 * @gone: The device is.
 * @result: Of the mapping.
 */
struct patience {
	struct ktest *t;
	struct ktest_backend b;
	struct dma_buf *dmabuf;
	struct completion asked;
	struct completion go;
	struct completion imported;
	struct completion others;
	struct completion gone;
	int result;
};

static struct patience *patience;

static struct sg_table *patient_map(struct dma_buf_attachment *attachment,
				    enum dma_data_direction dir)
{
	complete(&patience->asked);
	wait_for_completion(&patience->go);
	return page_map(attachment, dir);
}

static const struct dma_buf_ops patient_ops = {
	.map_dma_buf = patient_map,
	.unmap_dma_buf = page_unmap,
	.release = page_release,
};

static int import_patiently(void *data)
{
	struct patience *p = data;
	struct ktest_plane *plane = ktest_plane_new(p->t, DMA_TO_DEVICE);
	void *priv;

	if (plane) {
		priv = vb2_ipu_iommu_memops.attach_dmabuf(&plane->vb,
							  vb2_ipu_device_dma_dev(p->b.vid),
							  p->dmabuf, PAGE_SIZE);
		if (KTEST_EQ(p->t, PTR_ERR_OR_ZERO(priv), 0)) {
			p->result = vb2_ipu_iommu_memops.map_dmabuf(priv);
			if (!p->result)
				vb2_ipu_iommu_memops.unmap_dmabuf(priv);
			vb2_ipu_iommu_memops.detach_dmabuf(priv);
		}
	}
	ktest_plane_free(plane);
	complete(&p->imported);
	return 0;
}

static int use_others(void *data)
{
	struct patience *p = data;
	struct ktest_plane *plane = ktest_plane_alloc(p->t, &p->b, DMA_FROM_DEVICE, SIZE);

	if (plane) {
		ktest_plane_begin(plane);
		ktest_plane_end(plane);
		ktest_plane_settle(plane, SIZE);
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	complete_all(&p->others);
	return 0;
}

static int unbind(void *data)
{
	struct patience *p = data;

	ktest_backend_close(p->t, &p->b);
	complete(&p->gone);
	return 0;
}

static bool runs(struct ktest *t, int (*what)(void *data), struct patience *p)
{
	struct task_struct *thread = kthread_run(what, p, "ipu-ktest-patience");

	return KTEST_EQ(t, PTR_ERR_OR_ZERO(thread), 0);
}

/* Only who asked waits, and, with the device, who takes that away. */
static void share_exporter_that_waits(struct ktest *t)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct patience *p = kzalloc(sizeof(*p), GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA32 | __GFP_ZERO);

	if (!KTEST_EXPECT(t, p && page))
		goto out;
	patience = p;
	p->t = t;
	init_completion(&p->asked);
	init_completion(&p->go);
	init_completion(&p->imported);
	init_completion(&p->others);
	init_completion(&p->gone);
	info.ops = &patient_ops;
	info.size = PAGE_SIZE;
	info.flags = O_RDWR;
	info.priv = page;
	p->dmabuf = dma_buf_export(&info);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(p->dmabuf), 0))
		goto out;
	page = NULL; /* the dma-buf's */
	if (!ktest_backend_open(t, &p->b, true, true))
		goto put;
	if (runs(t, import_patiently, p)) {
		wait_for_completion(&p->asked);
		if (runs(t, use_others, p))
			KTEST_EXPECT(t, wait_for_completion_timeout(&p->others, 5 * HZ));
		if (runs(t, unbind, p))
			KTEST_EXPECT(t, !wait_for_completion_timeout(&p->gone, HZ / 2));
		complete(&p->go);
		wait_for_completion(&p->imported);
		wait_for_completion(&p->others);
		wait_for_completion(&p->gone);
		KTEST_EQ(t, p->result, -ENODEV);
	} else {
		ktest_backend_close(t, &p->b);
	}
put:
	dma_buf_put(p->dmabuf);
out:
	if (page)
		__free_page(page);
	kfree(p);
}

static const struct ktest_case cases[] = {
	{ "costs_nothing", share_costs_nothing },
	{ "is_one_state", share_is_one_state },
	{ "with_one_that_snoops", share_with_one_that_snoops },
	{ "zeroes", share_zeroes },
	{ "writes_that_stay", share_writes_that_stay },
	{ "writes_that_do_not", share_writes_that_do_not },
	{ "imported_writes_that_stay", share_imported_writes_that_stay },
	{ "guards", share_guards },
	{ "hints", share_hints },
	{ "after_a_mapping_that_is_gone", share_after_a_mapping_that_is_gone },
	{ "after_a_mapping_with_a_pin", share_after_a_mapping_with_a_pin },
	{ "cpu_access", share_cpu_access },
	{ "with_another_kind", share_with_another_kind },
	{ "two_mappings", share_two_mappings },
	{ "read_only", share_read_only },
	{ "memory_of_others", share_memory_of_others },
	{ "tables", share_tables },
	{ "exporter_that_waits", share_exporter_that_waits },
	{ "memory_that_is_not_mapped", share_memory_that_is_not_mapped },
	{}
};

const struct ktest_suite ktest_share_suite = { "share", cases };
