// SPDX-License-Identifier: GPL-2.0-only
/*
 * User mappings of a buffer: of the process that loads the module, made and looked at from here.
 */
#include <linux/anon_inodes.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/sizes.h>

#include "backend.h"
#include "buffer.h"
#include "flushes.h"
#include "suites.h"

#define SIZE SZ_64K

static int map_plane(struct file *file, struct vm_area_struct *vma)
{
	return vb2_ipu_iommu_memops.mmap(file->private_data, vma);
}

static const struct file_operations plane_file = {
	.owner = THIS_MODULE,
	.mmap = map_plane,
};

/* 0 without a mapping. */
static unsigned long user_map(struct ktest *t, struct ktest_plane *plane, unsigned long prot)
{
	struct file *file = anon_inode_getfile("ipu-ktest", &plane_file, plane->priv, O_RDWR);
	unsigned long at;

	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(file), 0))
		return 0;
	at = vm_mmap(file, 0, SIZE, prot, MAP_SHARED, 0);
	fput(file);
	return KTEST_EXPECT(t, !IS_ERR_VALUE(at)) ? at : 0;
}

/* What mprotect() asks the mapping, before it makes it writable. */
static void user_protect(struct ktest *t, unsigned long at)
{
	struct vm_area_struct *vma;

	mmap_write_lock(current->mm);
	vma = find_vma(current->mm, at);
	if (KTEST_EXPECT(t, vma && vma->vm_ops && vma->vm_ops->mprotect))
		KTEST_EQ(t, vma->vm_ops->mprotect(vma, at, at + SIZE, vma->vm_flags | VM_WRITE), 0);
	mmap_write_unlock(current->mm);
}

static bool with_plane(struct ktest *t, struct ktest_backend *b, struct ktest_plane **plane,
		       enum dma_data_direction dir)
{
	if (!ktest_backend_open(t, b, true, true))
		return false;
	*plane = ktest_plane_alloc(t, b, dir, SIZE);
	if (!*plane)
		ktest_backend_close(t, b);
	ktest_flushed(b);
	return *plane;
}

static void without_plane(struct ktest *t, struct ktest_backend *b, struct ktest_plane *plane)
{
	vb2_ipu_iommu_memops.put(plane->priv);
	ktest_plane_free(plane);
	ktest_backend_close(t, b);
}

static void mapping_that_writes(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	unsigned long at;

	if (!with_plane(t, &b, &plane, DMA_TO_DEVICE))
		return;
	at = user_map(t, plane, PROT_READ | PROT_WRITE);
	ktest_plane_begin(plane);
	KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
	ktest_plane_begin(plane);
	KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
	if (at)
		KTEST_EQ(t, vm_munmap(at, SIZE), 0);
	/* Once more for what it left, and then no more. */
	ktest_plane_begin(plane);
	KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
	ktest_plane_begin(plane);
	KTEST_EQ(t, ktest_flushed(&b), 0);
	without_plane(t, &b, plane);
}

static void mapping_that_reads(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	unsigned long at;

	if (!with_plane(t, &b, &plane, DMA_FROM_DEVICE))
		return;
	at = user_map(t, plane, PROT_READ);
	ktest_plane_begin(plane);
	KTEST_EQ(t, ktest_flushed(&b), 0);
	ktest_plane_end(plane);
	ktest_plane_settle(plane, 1000);
	KTEST_EQ(t, ktest_flushed(&b), ktest_lines(1000));
	if (at) {
		user_protect(t, at);
		ktest_plane_begin(plane);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		KTEST_EQ(t, vm_munmap(at, SIZE), 0);
	}
	without_plane(t, &b, plane);
}

/* Half of a mapping is a mapping. */
static void mapping_in_parts(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	unsigned long at;

	if (!with_plane(t, &b, &plane, DMA_FROM_DEVICE))
		return;
	at = user_map(t, plane, PROT_READ | PROT_WRITE);
	if (at) {
		KTEST_EQ(t, vm_munmap(at + SIZE / 4, SIZE / 4), 0);
		KTEST_EQ(t, vm_munmap(at, SIZE / 4), 0);
		ktest_plane_begin(plane);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		ktest_plane_begin(plane);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		ktest_plane_end(plane);
		ktest_plane_settle(plane, 0);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		KTEST_EQ(t, vm_munmap(at + SIZE / 2, SIZE / 2), 0);
		/* All parts have gone, so the next mapping is the first one. */
		ktest_plane_begin(plane);
		ktest_plane_end(plane);
		ktest_plane_settle(plane, 0);
		ktest_flushed(&b);
		at = user_map(t, plane, PROT_READ);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		if (at)
			KTEST_EQ(t, vm_munmap(at, SIZE), 0);
	}
	without_plane(t, &b, plane);
}

/* A page that somebody pinned through a mapping can be written after the mapping has gone. */
static void mapping_with_a_pin(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	struct page *page;
	unsigned long at;

	if (!with_plane(t, &b, &plane, DMA_TO_DEVICE))
		return;
	at = user_map(t, plane, PROT_READ | PROT_WRITE);
	if (at && KTEST_EQ(t, pin_user_pages_fast(at + SIZE / 2, 1, FOLL_WRITE, &page), 1)) {
		KTEST_EQ(t, vm_munmap(at, SIZE), 0);
		ktest_plane_begin(plane);
		ktest_flushed(&b);
		ktest_plane_begin(plane);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		unpin_user_page(page);
		/* What was written until then may still be dirty. */
		ktest_plane_begin(plane);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		ktest_plane_begin(plane);
		KTEST_EQ(t, ktest_flushed(&b), 0);
	}
	without_plane(t, &b, plane);
}

/*
 * Whoever has pinned a page reads what the device wrote, even when the buffer is freed before it is
 * taken back.
 */
static void mapping_with_a_pin_that_stays(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	struct page *page;
	unsigned long at;

	if (!with_plane(t, &b, &plane, DMA_FROM_DEVICE))
		return;
	at = user_map(t, plane, PROT_READ);
	if (!at || !KTEST_EQ(t, pin_user_pages_fast(at + SIZE / 2, 1, 0, &page), 1)) {
		without_plane(t, &b, plane);
		return;
	}
	KTEST_EQ(t, vm_munmap(at, SIZE), 0);
	ktest_plane_begin(plane);
	ktest_plane_end(plane);
	ktest_flushed(&b);
	vb2_ipu_iommu_memops.put(plane->priv);
	KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
	unpin_user_page(page);
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/*
 * struct unmapped - whether user space can already look when lines are flushed
 * @page: A page of the buffer.
 * @flushes: Flushes while it cannot.
 * @late: Flushes while it can.
 */
struct unmapped {
	struct page *page;
	unsigned int flushes;
	unsigned int late;
};

static void look_for_mapping(void *data, const void *vaddr, size_t size)
{
	struct unmapped *u = data;

	if (folio_mapped(page_folio(u->page)))
		u->late++;
	else
		u->flushes++;
}

static void mapping_comes_after_the_flush(struct ktest *t)
{
	struct unmapped u = {};
	const struct ktest_watcher watcher = { .flush = look_for_mapping, .data = &u };
	struct ktest_plane *plane;
	struct ktest_backend b;
	unsigned long at;

	if (!with_plane(t, &b, &plane, DMA_FROM_DEVICE))
		return;
	u.page = ((struct ipu_buffer *)plane->priv)->pages[0];
	ktest_plane_begin(plane);
	ktest_plane_end(plane);
	ktest_plane_settle(plane, 0);
	KTEST_EQ(t, ktest_flushed(&b), 0);
	if (!ktest_watch_flushes(t, &watcher))
		goto out;
	at = user_map(t, plane, PROT_READ);
	KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
	KTEST_EXPECT(t, u.flushes);
	KTEST_EQ(t, u.late, 0);
	/* Negative control: now it is mapped. */
	ktest_plane_end(plane);
	ktest_plane_settle(plane, 0);
	KTEST_EXPECT(t, u.late);
	ktest_ignore_flushes();
	if (at)
		KTEST_EQ(t, vm_munmap(at, SIZE), 0);
out:
	without_plane(t, &b, plane);
}

static const struct ktest_case cases[] = {
	{ "that_writes", mapping_that_writes },
	{ "that_reads", mapping_that_reads },
	{ "in_parts", mapping_in_parts },
	{ "with_a_pin", mapping_with_a_pin },
	{ "with_a_pin_that_stays", mapping_with_a_pin_that_stays },
	{ "comes_after_the_flush", mapping_comes_after_the_flush },
	{}
};

const struct ktest_suite ktest_mapping_suite = { "mapping", cases };
