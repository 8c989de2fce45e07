// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of user memory: of the process that loads the module.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>

#include "backend.h"
#include "buffer.h"
#include "dma-address.h"
#include "suites.h"

#define AREA SZ_64K
/* The buffer lies within the area, and shares its first and last line with others. */
#define OFFSET 100
#define SIZE (AREA - 4096)

/**
 * struct user_buffer - a buffer in user memory
 * @b: The device.
 * @area: Start of the memory.
 * @plane: The buffer.
 */
struct user_buffer {
	struct ktest_backend b;
	unsigned long area;
	struct ktest_plane *plane;
};

static bool user_open(struct ktest *t, struct user_buffer *u, enum dma_data_direction dir,
		      unsigned long offset)
{
	void *priv;

	if (!ktest_backend_open(t, &u->b, true, true))
		return false;
	u->area = vm_mmap(NULL, 0, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	u->plane = ktest_plane_new(t, dir);
	if (KTEST_EXPECT(t, !IS_ERR_VALUE(u->area)) && u->plane) {
		struct device *dev = vb2_ipu_device_dma_dev(u->b.vid);

		priv = vb2_ipu_iommu_memops.get_userptr(&u->plane->vb, dev, u->area + offset, SIZE);
		if (ktest_plane_made(t, u->plane, priv, SIZE)) {
			ktest_flushed(&u->b);
			return true;
		}
	}
	if (!IS_ERR_VALUE(u->area))
		vm_munmap(u->area, AREA);
	ktest_plane_free(u->plane);
	ktest_backend_close(t, &u->b);
	return false;
}

static void user_close(struct ktest *t, struct user_buffer *u)
{
	if (u->plane->priv)
		vb2_ipu_iommu_memops.put_userptr(u->plane->priv);
	ktest_plane_free(u->plane);
	KTEST_EQ(t, vm_munmap(u->area, AREA), 0);
	ktest_backend_close(t, &u->b);
}

static void user_byte_is(struct ktest *t, struct user_buffer *u, unsigned long at, u8 wanted)
{
	u8 byte = ~wanted;

	KTEST_EQ(t, copy_from_user(&byte, (void __user *)(u->area + at), 1), 0);
	KTEST_EQ(t, byte, wanted);
}

static void user_store(struct ktest *t, struct user_buffer *u, unsigned long at, u8 byte)
{
	KTEST_EQ(t, copy_to_user((void __user *)(u->area + at), &byte, 1), 0);
}

/*
 * Behind an end within a page the guard begins at the next one; so it does behind a page that
 * stands in for the last one.
 */
static void user_guard(struct ktest *t)
{
	const struct vb2_ipu_device_config config = {
		.noncoherent_tables = true,
		.noncoherent_buffers = true,
		.guard = true,
	};
	static const struct {
		unsigned long offset;
		size_t size;
	} ends[] = { { 0, AREA }, { 0, 1024 }, { 100, 3 }, { 100, 5000 }, { 64, 8192 } };
	struct ktest_plane *plane;
	struct ktest_backend b;
	unsigned long area;
	unsigned int i;

	if (!ktest_backend_open_config(t, &b, true, &config))
		return;
	area = vm_mmap(NULL, 0, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (!KTEST_EXPECT(t, !IS_ERR_VALUE(area)))
		goto close;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		struct device *dev = vb2_ipu_device_dma_dev(b.vid);
		dma_addr_t end;
		void *priv;

		plane = ktest_plane_new(t, DMA_TO_DEVICE);
		if (!plane)
			break;
		priv = vb2_ipu_iommu_memops.get_userptr(&plane->vb, dev, area + ends[i].offset,
							ends[i].size);
		if (ktest_plane_made(t, plane, priv, ends[i].size)) {
			end = vb2_ipu_iommu_plane_dma_addr(&plane->vb, 0) + ends[i].size;
			KTEST_EQ(t, ipu_dma_to_phys(dev, PAGE_ALIGN(end)),
				 page_to_phys(b.vid->guard));
			vb2_ipu_iommu_memops.put_userptr(priv);
		}
		KTEST_EQ(t, atomic64_read(&b.vid->stats.mapped_pages), 0);
		ktest_plane_free(plane);
	}
	KTEST_EQ(t, vm_munmap(area, AREA), 0);
close:
	ktest_backend_close(t, &b);
}

/* Whoever owns the memory can write at any time. */
static void user_counts_as_writer(struct ktest *t)
{
	struct user_buffer u;
	unsigned int i;

	if (!user_open(t, &u, DMA_TO_DEVICE, 0))
		return;
	for (i = 0; i < 2; i++) {
		ktest_plane_begin(u.plane);
		KTEST_EQ(t, ktest_flushed(&u.b), ktest_lines(SIZE));
		ktest_plane_end(u.plane);
		ktest_plane_settle(u.plane, SIZE);
		KTEST_EQ(t, ktest_flushed(&u.b), 0);
	}
	user_close(t, &u);
}

/* What user space stored meanwhile is not undone by a device that only read. */
static void user_keeps_what_was_not_written(struct ktest *t)
{
	struct user_buffer u;

	if (!user_open(t, &u, DMA_TO_DEVICE, OFFSET))
		return;
	user_store(t, &u, OFFSET, 1);
	ktest_plane_begin(u.plane);
	user_store(t, &u, OFFSET, 2);
	ktest_plane_end(u.plane);
	ktest_plane_settle(u.plane, SIZE);
	user_byte_is(t, &u, OFFSET, 2);
	user_close(t, &u);
}

/* What a device leaves as it was is as it was, though it writes to a page that stands in. */
static void user_short_frame(struct ktest *t)
{
	struct user_buffer u;

	if (!user_open(t, &u, DMA_FROM_DEVICE, OFFSET))
		return;
	user_store(t, &u, OFFSET, 3);
	user_store(t, &u, OFFSET + SIZE - 1, 4);
	ktest_plane_begin(u.plane);
	ktest_plane_end(u.plane);
	ktest_plane_settle(u.plane, SIZE);
	user_byte_is(t, &u, OFFSET, 3);
	user_byte_is(t, &u, OFFSET + SIZE - 1, 4);
	user_close(t, &u);
}

/*
 * struct pin_held - a page that the hardware may still reach until it has invalidated
 * @page: The page.
 * @pinned: Invalidations that found it pinned.
 * @gone: Those that did not.
 */
struct pin_held {
	struct page *page;
	unsigned int pinned;
	unsigned int gone;
};

static void look_for_pin(struct ktest_rig *rig)
{
	struct pin_held *held = rig->hook_data;

	if (folio_maybe_dma_pinned(page_folio(held->page)))
		held->pinned++;
	else
		held->gone++;
}

static void user_stays_pinned_until_forgotten(struct ktest *t)
{
	struct pin_held held = {};
	struct user_buffer u;

	if (!user_open(t, &u, DMA_FROM_DEVICE, 0))
		return;
	held.page = ((struct ipu_buffer *)u.plane->priv)->pages[1];
	u.b.rig.hook_data = &held;
	u.b.rig.hook = look_for_pin;
	vb2_ipu_iommu_memops.put_userptr(u.plane->priv);
	u.plane->priv = NULL;
	KTEST_EQ(t, held.pinned, 1);
	KTEST_EQ(t, held.gone, 0);
	/* Written back to where it is from, should it be from a file. */
	KTEST_EXPECT(t, PageDirty(held.page));
	/* Negative control: by now the hook sees what it looks for. */
	look_for_pin(&u.b.rig);
	KTEST_EQ(t, held.gone, 1);
	u.b.rig.hook = NULL;
	user_close(t, &u);
}

static const struct ktest_case cases[] = {
	{ "counts_as_writer", user_counts_as_writer },
	{ "keeps_what_was_not_written", user_keeps_what_was_not_written },
	{ "short_frame", user_short_frame },
	{ "stays_pinned_until_forgotten", user_stays_pinned_until_forgotten },
	{ "guard", user_guard },
	{}
};

const struct ktest_suite ktest_user_suite = { "user", cases };
