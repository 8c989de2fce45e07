// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a buffer's lines are flushed, and how many: the backend's own memory, with no mapping or the
 * kernel's.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/kthread.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#include "backend.h"
#include "buffer.h"
#include "dma-address.h"
#include "flushes.h"
#include "parent.h"
#include "suites.h"
#include "tables.h"

/* No power of two, so there are two runs of pages, which are seldom neighbours. */
#define SIZE (SZ_64K + SZ_8K)

static void capture_once(struct ktest_plane *plane, size_t payload)
{
	ktest_plane_begin(plane);
	ktest_plane_end(plane);
	ktest_plane_settle(plane, payload);
}

/* The device sees zeroes before anything else happens; nothing need be flushed for it later. */
static void buffer_zeroes(struct ktest *t)
{
	struct ktest_backend b;
	struct ktest_plane *plane;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_TO_DEVICE, SIZE);
	if (plane) {
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		ktest_plane_begin(plane);
		KTEST_EQ(t, ktest_flushed(&b), 0);
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/*
 * struct reach - what the device could reach when lines were flushed
 * @vid: The device.
 * @pages: Pages that it could, at any of the flushes.
 * @flushes: How many there were.
 */
struct reach {
	struct vb2_ipu_device *vid;
	s64 pages;
	unsigned int flushes;
};

static void look_at_reach(void *data, const void *vaddr, size_t size)
{
	struct reach *reach = data;

	/* Of a page of a table, or of a buffer: the latter are larger here. */
	if (size <= 4096)
		return;
	reach->pages += atomic64_read(&reach->vid->stats.mapped_pages);
	reach->flushes++;
}

/* Nor does it see, before that, what the memory's last owner left there. */
static void buffer_zeroes_come_first(struct ktest *t)
{
	struct reach reach = {};
	const struct ktest_watcher watcher = { .flush = look_at_reach, .data = &reach };
	struct ktest_plane *plane;
	struct ktest_backend b;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	reach.vid = b.vid;
	if (!ktest_watch_flushes(t, &watcher))
		goto close;
	plane = ktest_plane_alloc(t, &b, DMA_BIDIRECTIONAL, SIZE);
	if (plane) {
		KTEST_EXPECT(t, reach.flushes);
		KTEST_EQ(t, reach.pages, 0);
		/* Negative control: now it can reach them. */
		KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&plane->vb, plane->priv));
		ktest_plane_begin(plane);
		KTEST_EXPECT(t, reach.pages);
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_ignore_flushes();
close:
	ktest_backend_close(t, &b);
}

/* Each run of pages is flushed. */
static void buffer_runs(struct ktest *t)
{
	enum { TRIES = 16 };
	struct ktest_plane *planes[TRIES];
	struct ktest_backend b;
	unsigned int i, scattered = 0;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	for (i = 0; i < TRIES; i++) {
		planes[i] = ktest_plane_alloc(t, &b, DMA_TO_DEVICE, SIZE);
		if (!planes[i])
			break;
		scattered += ((struct ipu_buffer *)planes[i]->priv)->sgt.orig_nents > 1;
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
	}
	KTEST_EXPECT(t, scattered);
	while (i--) {
		vb2_ipu_iommu_memops.put(planes[i]->priv);
		ktest_plane_free(planes[i]);
	}
	ktest_backend_close(t, &b);
}

/* A device that looks into the caches needs nothing. */
static void buffer_snoops(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;

	if (!ktest_backend_open(t, &b, true, false))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_BIDIRECTIONAL, SIZE);
	if (plane) {
		KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&plane->vb, plane->priv));
		capture_once(plane, 1000);
		capture_once(plane, 0);
		KTEST_EQ(t, ktest_flushed(&b), 0);
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/* What was put off while nobody could look is done for the first one that comes, and only that. */
static void buffer_first_view(struct ktest *t)
{
	struct ktest_backend b;
	struct ktest_plane *plane;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SIZE);
	if (plane) {
		ktest_flushed(&b);
		capture_once(plane, 1000);
		KTEST_EQ(t, ktest_flushed(&b), 0);
		KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&plane->vb, plane->priv));
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(1000));
		/* From now on the kernel may read and write at any time. */
		ktest_plane_begin(plane);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		ktest_plane_end(plane);
		KTEST_EQ(t, ktest_flushed(&b), 0);
		ktest_plane_settle(plane, 1000);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(1000));
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/* A device wrote, and nobody took the buffer back before somebody maps it. */
static void buffer_view_before_settle(struct ktest *t)
{
	struct ktest_backend b;
	struct ktest_plane *plane;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SIZE);
	if (plane) {
		ktest_flushed(&b);
		ktest_plane_begin(plane);
		ktest_plane_end(plane);
		KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&plane->vb, plane->priv));
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/* How far the device wrote is believed only of a good frame, and only if the driver says it. */
static void buffer_payload(struct ktest *t)
{
	struct ktest_backend b;
	struct ktest_plane *plane;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SIZE);
	if (plane) {
		KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&plane->vb, plane->priv));
		ktest_plane_begin(plane);
		ktest_flushed(&b);
		ktest_plane_end(plane);
		ktest_plane_settle(plane, 0);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		ktest_plane_end(plane);
		ktest_plane_settle(plane, 2 * SIZE);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		ktest_plane_end(plane);
		plane->vb.planes[0].bytesused = 100;
		plane->vb.state = VB2_BUF_STATE_ERROR;
		vb2_ipu_iommu_buf_finish(&plane->vb);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/* User space may waive what it would get, which is then not done, but not forgotten either. */
static void buffer_hints(struct ktest *t)
{
	struct ktest_backend b;
	struct ktest_plane *plane;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SIZE);
	if (plane) {
		KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&plane->vb, plane->priv));
		ktest_flushed(&b);
		plane->vb.skip_cache_sync_on_prepare = 1;
		plane->vb.skip_cache_sync_on_finish = 1;
		/* The mapping is the kernel's, for which user space cannot speak. */
		capture_once(plane, 1000);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE) + ktest_lines(1000));
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

static void buffer_drivers_own(struct ktest *t)
{
	struct ktest_backend b;
	struct vb2_ipu_mem *mem;
	int coherent;

	for (coherent = 0; coherent < 2; coherent++) {
		s64 times = coherent ? 0 : 1;

		if (!ktest_backend_open(t, &b, true, !coherent))
			return;
		mem = vb2_ipu_mem_alloc(b.vid, "test", SIZE, DMA_BIDIRECTIONAL);
		if (KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), 0)) {
			KTEST_EQ(t, ktest_flushed(&b), times * ktest_lines(SIZE));
			vb2_ipu_mem_sync_for_device(mem, 4096 - 1, 2);
			KTEST_EQ(t, ktest_flushed(&b), times * 2);
			vb2_ipu_mem_sync_for_cpu(mem, 8192, 1000);
			KTEST_EQ(t, ktest_flushed(&b), times * ktest_lines(1000));
			vb2_ipu_mem_free(mem);
		}
		ktest_backend_close(t, &b);
	}
}

/*
 * struct pages_held - pages of a buffer that the hardware may still reach until it has invalidated
 */
struct pages_held {
	struct page *first;
	struct page *last;
	unsigned int alive;
	unsigned int gone;
};

static void look_at_pages(struct ktest_rig *rig)
{
	struct pages_held *held = rig->hook_data;

	if (page_count(held->first) && page_count(held->last))
		held->alive++;
	else
		held->gone++;
}

static void buffer_pages_outlive_the_mapping(struct ktest *t)
{
	struct pages_held held = {};
	struct ktest_backend b;
	struct ktest_plane *plane;
	struct ipu_buffer *buf;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SIZE);
	if (plane) {
		buf = plane->priv;
		held.first = buf->pages[0];
		held.last = buf->pages[buf->n_pages - 1];
		b.rig.hook_data = &held;
		b.rig.hook = look_at_pages;
		vb2_ipu_iommu_memops.put(plane->priv);
		b.rig.hook = NULL;
		KTEST_EQ(t, held.alive, 1);
		KTEST_EQ(t, held.gone, 0);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/* A device that goes reaches nothing any more, and a buffer that outlives it does no harm. */
static void buffer_outlives_the_device(struct ktest *t)
{
	struct vb2_ipu_device *vid;
	struct ktest_backend b;
	struct ktest_plane *plane;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	vid = b.vid;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SIZE);
	if (plane)
		KTEST_EQ(t, atomic64_read(&vid->stats.mapped_pages), SIZE / 4096);
	ktest_backend_close(t, &b);
	if (plane) {
		struct ipu_buffer *buf = plane->priv;

		KTEST_EQ(t, atomic64_read(&vid->stats.mapped_pages), 0);
		KTEST_EXPECT(t, !buf->mapped);
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
}

/* A driver that looks at a plane once costs one flush, not one for each frame to come. */
static void buffer_access(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	unsigned int i;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_BIDIRECTIONAL, SIZE);
	if (plane) {
		ktest_flushed(&b);
		for (i = 0; i < 2; i++) {
			capture_once(plane, 1000);
			KTEST_EQ(t, ktest_flushed(&b), 0);
			KTEST_EXPECT(t, vb2_ipu_iommu_plane_begin_access(&plane->vb, 0));
			KTEST_EQ(t, ktest_flushed(&b), ktest_lines(1000));
			vb2_ipu_iommu_plane_end_access(&plane->vb, 0);
			/* It may have written. */
			ktest_plane_begin(plane);
			KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
			ktest_plane_begin(plane);
			KTEST_EQ(t, ktest_flushed(&b), 0);
		}
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/* A device may snoop for one of both, tables and buffers. */
static void buffer_half_coherent(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	int tables;

	for (tables = 0; tables < 2; tables++) {
		s64 before;

		if (!ktest_backend_open_with(t, &b, true, tables, !tables))
			return;
		before = atomic64_read(&b.vid->stats.flushed_table_lines);
		/* The page of zeroes is what buffers' accesses end in. */
		KTEST_EQ(t, before == ktest_lines(PAGE_SIZE), !tables);
		KTEST_EXPECT(t, before);
		KTEST_EQ(t, device_iommu_capable(vb2_ipu_device_dma_dev(b.vid),
						 IOMMU_CAP_CACHE_COHERENCY),
			 tables);
		plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SIZE);
		if (plane) {
			KTEST_EQ(t, ktest_flushed(&b), tables ? 0 : ktest_lines(SIZE));
			KTEST_EQ(t, atomic64_read(&b.vid->stats.flushed_table_lines) > before,
				 tables);
			vb2_ipu_iommu_memops.put(plane->priv);
		}
		ktest_plane_free(plane);
		ktest_backend_close(t, &b);
	}
}

/* ---- who pays, and who waits ---- */

/* User space pays for its buffers; a driver's own are nobody's who happens to open a node. */
static void buffer_charged(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	struct vb2_ipu_mem *mem;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_TO_DEVICE, SIZE);
	if (!plane)
		goto close;
	/* Negative control, and in the root cgroup nobody pays for anything. */
	if (!PageMemcgKmem(((struct ipu_buffer *)plane->priv)->pages[0]))
		t->skip = "not within a memory cgroup";
	mem = vb2_ipu_mem_alloc(b.vid, "test", SIZE, DMA_TO_DEVICE);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), 0)) {
		KTEST_EXPECT(t, !PageMemcgKmem(vmalloc_to_page(vb2_ipu_mem_vaddr(mem))));
		vb2_ipu_mem_free(mem);
	}
	vb2_ipu_iommu_memops.put(plane->priv);
close:
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

#define LARGE SZ_8M

/**
 * struct others - somebody who wants the CPU that flushes
 * @thread: Its thread, of a higher priority, on the same CPU.
 * @flushed: Bytes that were flushed since it was woken.
 * @waited: That number when it ran.
 * @woken: It was.
 * @ran: It did.
 */
struct others {
	struct task_struct *thread;
	size_t flushed;
	size_t waited;
	bool woken;
	bool ran;
};

static void wake_others(void *data, const void *vaddr, size_t size)
{
	struct others *others = data;

	others->flushed += size;
	if (!others->woken) {
		others->woken = true;
		wake_up_process(others->thread);
	}
}

static int others_run(void *data)
{
	struct others *others = data;

	others->waited = others->flushed;
	others->ran = true;
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

/*
 * Megabytes are flushed within a lock, but not in one go. The first flush may be past before the
 * other one is looked for.
 */
static void buffer_lets_others_run(struct ktest *t)
{
	struct others others = {};
	const struct ktest_watcher watcher = { .flush = wake_others, .data = &others };
	struct ktest_plane *plane;
	struct ktest_backend b;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_BIDIRECTIONAL, LARGE);
	if (!plane)
		goto close;
	KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&plane->vb, plane->priv));
	migrate_disable();
	others.thread = kthread_create(others_run, &others, "ipu-ktest-others");
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(others.thread), 0)) {
		kthread_bind(others.thread, smp_processor_id());
		sched_set_fifo(others.thread);
		if (ktest_watch_flushes(t, &watcher)) {
			ktest_plane_begin(plane);
			ktest_ignore_flushes();
		}
		KTEST_EXPECT(t, others.woken);
		KTEST_EXPECT(t, others.flushed >= LARGE);
		KTEST_EXPECT(t, others.ran);
		KTEST_EXPECT(t, others.waited <= SZ_1M);
		kthread_stop(others.thread);
	}
	migrate_enable();
	vb2_ipu_iommu_memops.put(plane->priv);
close:
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

/* Tables that a buffer needs may wait for memory, as the buffer itself may. */
static void buffer_tables(struct ktest *t)
{
	unsigned int made, in_haste;
	struct ktest_plane *plane;
	struct ktest_backend b;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	if (!ktest_tables_watch(t))
		goto close;
	plane = ktest_plane_alloc(t, &b, DMA_BIDIRECTIONAL, LARGE + SIZE);
	ktest_tables_unwatch(&made, &in_haste);
	KTEST_EXPECT(t, made >= 3);
	KTEST_EQ(t, in_haste, 0);
	KTEST_EQ(t, ktest_tables_of(&b), 3);
	if (plane)
		vb2_ipu_iommu_memops.put(plane->priv);
	ktest_plane_free(plane);
close:
	ktest_backend_close(t, &b);
}

/* A device without an MMU finds all of a driver's buffer behind one address, or does not get it. */
static void buffer_drivers_own_without_mmu(struct ktest *t)
{
	enum { TRIES = 16 };
	struct vb2_ipu_mem *mems[TRIES];
	struct ktest_backend b;
	unsigned int i, pages;

	if (!ktest_backend_open(t, &b, false, true))
		return;
	for (i = 0; i < TRIES; i++) {
		dma_addr_t at;
		char *vaddr;

		mems[i] = vb2_ipu_mem_alloc(b.vid, "test", SIZE, DMA_TO_DEVICE);
		if (IS_ERR(mems[i])) {
			KTEST_EQ(t, PTR_ERR(mems[i]), -ENOMEM);
			mems[i] = NULL;
			continue;
		}
		at = vb2_ipu_mem_dma_addr(mems[i]);
		vaddr = vb2_ipu_mem_vaddr(mems[i]);
		for (pages = 0; pages < SIZE / PAGE_SIZE; pages++)
			if (!KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), at + pages * PAGE_SIZE),
				      page_to_phys(vmalloc_to_page(vaddr + pages * PAGE_SIZE))))
				break;
	}
	while (i--)
		vb2_ipu_mem_free(mems[i]);
	ktest_backend_close(t, &b);
}

static const struct ktest_case cases[] = {
	{ "zeroes", buffer_zeroes },
	{ "zeroes_come_first", buffer_zeroes_come_first },
	{ "runs", buffer_runs },
	{ "snoops", buffer_snoops },
	{ "first_view", buffer_first_view },
	{ "view_before_settle", buffer_view_before_settle },
	{ "payload", buffer_payload },
	{ "hints", buffer_hints },
	{ "drivers_own", buffer_drivers_own },
	{ "drivers_own_without_mmu", buffer_drivers_own_without_mmu },
	{ "access", buffer_access },
	{ "half_coherent", buffer_half_coherent },
	{ "charged", buffer_charged },
	{ "lets_others_run", buffer_lets_others_run },
	{ "tables", buffer_tables },
	{ "pages_outlive_the_mapping", buffer_pages_outlive_the_mapping },
	{ "outlives_the_device", buffer_outlives_the_device },
	{}
};

const struct ktest_suite ktest_buffer_suite = { "buffer", cases };
