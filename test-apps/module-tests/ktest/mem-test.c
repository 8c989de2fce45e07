// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers' own memory: without a kernel mapping, in small blocks, and addresses that lead nowhere.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "backend.h"
#include "dma-address.h"
#include "flushes.h"
#include "ipu-mmu-hw.h"
#include "ipu-mmu-table.h"
#include "parent.h"
#include "suites.h"
#include "walker.h"

#define SIZE (SZ_64K + SZ_8K)

/* As much as any other memory, but for the mapping, whose flushes nobody needs. */
static void mem_unmapped(struct ktest *t)
{
	struct ktest_backend b;
	struct vb2_ipu_mem *mem;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	mem = vb2_ipu_mem_alloc_unmapped(b.vid, "test", SIZE, DMA_BIDIRECTIONAL);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), 0)) {
		KTEST_EXPECT(t, !vb2_ipu_mem_vaddr(mem));
		KTEST_EXPECT(t, vb2_ipu_mem_dma_addr(mem));
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(SIZE));
		KTEST_EQ(t, atomic64_read(&b.vid->stats.mapped_pages), SIZE / PAGE_SIZE);
		vb2_ipu_mem_free(mem);
	}
	KTEST_EQ(t, atomic64_read(&b.vid->stats.mapped_pages), 0);
	ktest_backend_close(t, &b);
}

/* Calls of the function that the test has a probe on. */
static atomic_t probed;

static int before_probed(struct kprobe *probe, struct pt_regs *regs)
{
	atomic_inc(&probed);
	return 0;
}
NOKPROBE_SYMBOL(before_probed);

/* Pages that another IOMMU was asked for, and the probe that counts them. */
static atomic_t asked;

static int before_asked(struct kprobe *probe, struct pt_regs *regs)
{
	struct sg_table *sgt = (struct sg_table *)regs_get_kernel_argument(regs, 1);
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(sgt, sg, i)
		atomic_add(sg->length / PAGE_SIZE, &asked);
	return 0;
}
NOKPROBE_SYMBOL(before_asked);

static struct kprobe ask_probe = {
	.symbol_name = "ipu_dma_map_table",
	.pre_handler = before_asked,
};

static bool watch_asked(struct ktest *t)
{
	ask_probe.addr = NULL;
	ask_probe.flags = 0;
	atomic_set(&asked, 0);
	return KTEST_EQ(t, register_kprobe(&ask_probe), 0);
}

/* Over the edge of a table, as real ones are. */
#define SINK_SIZE (SZ_4M + SZ_64K)

static void look_into_sink(struct ktest *t, struct ktest_backend *b, struct vb2_ipu_mem *sink)
{
	struct device *dev = vb2_ipu_device_dma_dev(b->vid);
	dma_addr_t at = vb2_ipu_mem_dma_addr(sink);
	phys_addr_t phys = ipu_dma_to_phys(dev, at);
	const u8 *page;
	size_t offset;

	KTEST_EQ(t, atomic64_read(&b->vid->stats.mapped_pages), SINK_SIZE / PAGE_SIZE);
	KTEST_EXPECT(t, !vb2_ipu_mem_vaddr(sink));
	if (!KTEST_EXPECT(t, phys))
		return;
	page = phys_to_virt(phys);
	KTEST_EXPECT(t, !memchr_inv(page, 0, PAGE_SIZE));
	for (offset = 0; offset < SINK_SIZE; offset += PAGE_SIZE)
		if (!KTEST_EQ(t, ipu_dma_to_phys(dev, at + offset), phys))
			return;
	KTEST_EQ(t, ktest_flushed(b), ktest_lines(PAGE_SIZE));
}

static void mem_sink(struct ktest *t)
{
	struct vb2_ipu_mem *sink;
	struct ktest_backend b;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	if (!watch_asked(t))
		goto close;
	sink = vb2_ipu_mem_alloc_sink(b.vid, "test", SINK_SIZE);
	unregister_kprobe(&ask_probe);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(sink), 0)) {
		look_into_sink(t, &b, sink);
		/* Behind another IOMMU it is one page. */
		KTEST_EQ(t, atomic_read(&asked), ktest_parent_domain() ? 1 : 0);
		vb2_ipu_mem_free(sink);
	}
	KTEST_EQ(t, atomic64_read(&b.vid->stats.mapped_pages), 0);
close:
	ktest_backend_close(t, &b);
}

/* Where a page is unmapped in the midst of others that lead to it, those still do. */
static void mem_same_page_again(struct ktest *t)
{
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA32 | __GFP_ZERO);
	struct iommu_domain *parent = ktest_parent_domain();
	struct ktest_rig rig;
	dma_addr_t dma = 0;
	unsigned int i;

	if (!KTEST_EXPECT(t, page) || !ktest_rig_open(t, &rig, true))
		goto out;
	for (i = 0; i < 4; i++)
		KTEST_EQ(t, iommu_map(rig.domain, 0x3fe000 + i * PAGE_SIZE, page_to_phys(page),
				      PAGE_SIZE, KTEST_PROT, GFP_KERNEL), 0);
	KTEST_EQ(t, ktest_walk(rig.l1, 0x3ff000, &dma), 0);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x3fe000, PAGE_SIZE), PAGE_SIZE);
	KTEST_EQ(t, iommu_iova_to_phys(rig.domain, 0x3ff000), page_to_phys(page));
	KTEST_EQ(t, iommu_iova_to_phys(rig.domain, 0x401000), page_to_phys(page));
	if (parent)
		KTEST_EQ(t, iommu_iova_to_phys(parent, dma), page_to_phys(page));
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x3ff000, 3 * PAGE_SIZE), 3 * PAGE_SIZE);
	if (parent)
		KTEST_EQ(t, iommu_iova_to_phys(parent, dma), 0);
	ktest_rig_close(t, &rig);
out:
	if (page)
		__free_page(page);
}

/* Blocks that the driver writes and blocks that the device writes share no line. */
static void mem_pool(struct ktest *t)
{
	struct vb2_ipu_pool *pool;
	struct ktest_backend b;
	unsigned int blocks = 0;
	dma_addr_t dma[2], last;
	u8 *first, *second, *rest[PAGE_SIZE / 64];
	struct device *dev;
	int invalidates;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	dev = vb2_ipu_device_dma_dev(b.vid);
	pool = vb2_ipu_pool_create(b.vid, "test", PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(pool), 0))
		goto close;
	invalidates = ktest_invalidates(&b.rig);
	ktest_flushed(&b);
	first = vb2_ipu_pool_alloc(pool, 72, &dma[0]);
	KTEST_EQ(t, ktest_flushed(&b), ktest_lines(72));
	second = vb2_ipu_pool_alloc(pool, 144, &dma[1]);
	KTEST_EQ(t, ktest_flushed(&b), ktest_lines(144));
	if (KTEST_EXPECT(t, first && second)) {
		KTEST_EQ(t, ipu_dma_to_phys(dev, dma[0]),
			 page_to_phys(vmalloc_to_page(first)) + offset_in_page(first));
		KTEST_EQ(t, ipu_dma_to_phys(dev, dma[1]),
			 page_to_phys(vmalloc_to_page(second)) + offset_in_page(second));
		KTEST_EQ(t, dma[1] - dma[0], second - first);
		KTEST_EQ(t, (uintptr_t)first % 64 + (uintptr_t)second % 64, 0);
		KTEST_EXPECT(t, abs(second - first) >= 128);
		memset(first, 0xa5, 72);
		vb2_ipu_pool_sync_for_device(pool, first + 64, 8);
		KTEST_EQ(t, ktest_flushed(&b), 1);
		vb2_ipu_pool_sync_for_cpu(pool, second, 144);
		KTEST_EQ(t, ktest_flushed(&b), ktest_lines(144));
		vb2_ipu_pool_free(pool, first, 72);
		/* No block shows what was in it before. */
		first = vb2_ipu_pool_alloc(pool, 72, &dma[0]);
		KTEST_EXPECT(t, first && !memchr_inv(first, 0, 72));
		/* All that is left, and no more. */
		while (blocks < ARRAY_SIZE(rest)) {
			rest[blocks] = vb2_ipu_pool_alloc(pool, 64, &last);
			if (!rest[blocks])
				break;
			blocks++;
		}
		KTEST_EQ(t, blocks, PAGE_SIZE / 64 - 2 - 3);
		while (blocks--)
			vb2_ipu_pool_free(pool, rest[blocks], 64);
		vb2_ipu_pool_free(pool, first, 72);
		vb2_ipu_pool_free(pool, second, 144);
	}
	KTEST_EQ(t, ktest_invalidates(&b.rig), invalidates);
	vb2_ipu_pool_destroy(pool);
close:
	ktest_backend_close(t, &b);
}

/* Whoever wants one block asks for its size, whatever a line is. */
static void mem_pool_of_one(struct ktest *t)
{
	struct vb2_ipu_pool *pool;
	struct ktest_backend b;
	dma_addr_t dma;
	u8 *block;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	pool = vb2_ipu_pool_create(b.vid, "test", 380, DMA_BIDIRECTIONAL);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(pool), 0))
		goto close;
	block = vb2_ipu_pool_alloc(pool, 380, &dma);
	if (KTEST_EXPECT(t, block)) {
		KTEST_EXPECT(t, !vb2_ipu_pool_alloc(pool, 1, &dma));
		vb2_ipu_pool_free(pool, block, 380);
	}
	vb2_ipu_pool_destroy(pool);
close:
	ktest_backend_close(t, &b);
}

static void look_behind(struct ktest *t, struct ktest_backend *b, dma_addr_t start, size_t size)
{
	struct device *dev = vb2_ipu_device_dma_dev(b->vid);

	KTEST_EXPECT(t, ipu_dma_to_phys(dev, start + size - PAGE_SIZE));
	KTEST_EQ(t, ipu_dma_to_phys(dev, start + size), page_to_phys(b->vid->guard));
}

static void put_planes(struct ktest_plane **planes, unsigned int count)
{
	while (count--) {
		if (planes[count])
			vb2_ipu_iommu_memops.put(planes[count]->priv);
		ktest_plane_free(planes[count]);
	}
}

static void mem_guard(struct ktest *t)
{
	const struct vb2_ipu_device_config config = {
		.noncoherent_tables = true,
		.noncoherent_buffers = true,
		.guard = true,
	};
	struct ktest_plane *planes[2] = {};
	struct vb2_ipu_mem *sink;
	struct ktest_backend b;
	unsigned int i;
	s64 without;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	without = atomic64_read(&b.vid->stats.flushed_table_lines);
	KTEST_EXPECT(t, !b.vid->guard);
	ktest_backend_close(t, &b);
	if (!ktest_backend_open_config(t, &b, true, &config))
		return;
	if (!KTEST_EXPECT(t, b.vid->guard))
		goto close;
	KTEST_EXPECT(t, !memchr_inv(page_address(b.vid->guard), 0, PAGE_SIZE));
	KTEST_EQ(t, atomic64_read(&b.vid->stats.flushed_table_lines),
		 without + ktest_lines(PAGE_SIZE));
	for (i = 0; i < ARRAY_SIZE(planes); i++) {
		/* Whatever the buffer is for. */
		planes[i] = ktest_plane_alloc(t, &b, i ? DMA_TO_DEVICE : DMA_FROM_DEVICE, SZ_64K);
		if (planes[i])
			look_behind(t, &b, vb2_ipu_iommu_plane_dma_addr(&planes[i]->vb, 0), SZ_64K);
	}
	KTEST_EQ(t, ktest_flushed(&b), 2 * ktest_lines(SZ_64K));
	KTEST_EQ(t, atomic64_read(&b.vid->stats.mapped_pages), 2 * (SZ_64K / PAGE_SIZE + 1));
	sink = vb2_ipu_mem_alloc_sink(b.vid, "test", SZ_64K);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(sink), 0)) {
		look_behind(t, &b, vb2_ipu_mem_dma_addr(sink), SZ_64K);
		vb2_ipu_mem_free(sink);
	}
	put_planes(planes, ARRAY_SIZE(planes));
	KTEST_EQ(t, atomic64_read(&b.vid->stats.mapped_pages), 0);
close:
	ktest_backend_close(t, &b);
}

/* The guard is one page of addresses behind another IOMMU as well, whoever it comes after. */
static void mem_guard_parent(struct ktest *t)
{
	const struct vb2_ipu_device_config config = { .guard = true };
	struct ktest_plane *planes[3] = {};
	struct ktest_backend b;
	unsigned int i;

	if (!ktest_backend_open_config(t, &b, true, &config))
		return;
	/* It has the table. */
	planes[0] = ktest_plane_alloc(t, &b, DMA_TO_DEVICE, PAGE_SIZE);
	if (planes[0] && watch_asked(t)) {
		for (i = 1; i < ARRAY_SIZE(planes); i++)
			planes[i] = ktest_plane_alloc(t, &b, DMA_TO_DEVICE, PAGE_SIZE);
		unregister_kprobe(&ask_probe);
		KTEST_EQ(t, atomic_read(&asked), ktest_parent_domain() ? 2 : 0);
	}
	put_planes(planes, ARRAY_SIZE(planes));
	KTEST_EQ(t, atomic64_read(&b.vid->stats.mapped_pages), 0);
	ktest_backend_close(t, &b);
}

/* Half of the addresses is what fits, with the guard a page less; all else is refused at once. */
static void mem_room(struct ktest *t)
{
	const struct vb2_ipu_device_config config = { .guard = true };
	struct kprobe probe = {
		.symbol_name = "ipu_pages_alloc",
		.pre_handler = before_probed,
	};
	struct ktest_backend b;
	struct vb2_ipu_mem *mem;

	if (!ktest_backend_open_config(t, &b, true, &config))
		return;
	if (KTEST_EQ(t, register_kprobe(&probe), 0)) {
		atomic_set(&probed, 0);
		mem = vb2_ipu_mem_alloc_unmapped(b.vid, "test", SZ_2G, DMA_TO_DEVICE);
		KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), -ENOMEM);
		KTEST_EQ(t, atomic_read(&probed), 0);
		unregister_kprobe(&probe);
	}
	/* A sink has the addresses and no memory. */
	mem = vb2_ipu_mem_alloc_sink(b.vid, "test", SZ_1G);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), 0))
		vb2_ipu_mem_free(mem);
	ktest_backend_close(t, &b);
}

/* Control, and whether there is memory above. */
static bool above_4g(struct ktest *t)
{
	struct ktest_backend b;
	struct vb2_ipu_mem *mem;
	bool above = false;

	if (!ktest_backend_open(t, &b, true, true))
		return false;
	mem = vb2_ipu_mem_alloc(b.vid, "test", SIZE, DMA_TO_DEVICE);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), 0)) {
		above = page_to_phys(vmalloc_to_page(vb2_ipu_mem_vaddr(mem))) >= SZ_4G;
		vb2_ipu_mem_free(mem);
	}
	ktest_backend_close(t, &b);
	return above;
}

/* Tables and the driver's own memory. */
static void mem_below_4g(struct ktest *t)
{
	const struct vb2_ipu_device_config config = {
		.noncoherent_tables = true,
		.noncoherent_buffers = true,
		.below_4g = true,
		.guard = true,
	};
	struct vb2_ipu_mem *mem;
	struct ktest_backend b;
	struct device *dev;
	size_t at;

	if (!above_4g(t)) {
		t->skip = "no memory above 4 GiB is free";
		return;
	}
	if (!ktest_backend_open_config(t, &b, true, &config))
		return;
	dev = vb2_ipu_device_dma_dev(b.vid);
	KTEST_EXPECT(t, page_to_phys(b.vid->guard) < SZ_4G);
	KTEST_EXPECT(t, virt_to_phys(b.vid->mmu->zeroes->entries) < SZ_4G);
	KTEST_EXPECT(t, virt_to_phys(b.vid->mmu->empty_l1->entries) < SZ_4G);
	mem = vb2_ipu_mem_alloc(b.vid, "test", SIZE, DMA_TO_DEVICE);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), 0)) {
		for (at = 0; at < SIZE; at += PAGE_SIZE)
			if (!KTEST_EXPECT(t, ipu_dma_to_phys(dev, vb2_ipu_mem_dma_addr(mem) + at) <
						     SZ_4G))
				break;
		vb2_ipu_mem_free(mem);
	}
	ktest_backend_close(t, &b);
}

/* What is the driver's own is counted apart, too. */
static void mem_counted(struct ktest *t)
{
	struct ktest_plane *plane;
	struct vb2_ipu_mem *mem;
	struct ipu_stats *stats;
	struct ktest_backend b;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	stats = &b.vid->stats;
	mem = vb2_ipu_mem_alloc(b.vid, "test", SZ_8K, DMA_BIDIRECTIONAL);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), 0))
		goto close;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SZ_64K);
	KTEST_EQ(t, atomic64_read(&stats->buffers), 2);
	KTEST_EQ(t, atomic64_read(&stats->bytes), SZ_64K + SZ_8K);
	KTEST_EQ(t, atomic64_read(&stats->internal_buffers), 1);
	KTEST_EQ(t, atomic64_read(&stats->internal_bytes), SZ_8K);
	KTEST_EQ(t, atomic64_read(&stats->flushed_lines), ktest_lines(SZ_64K + SZ_8K));
	KTEST_EQ(t, atomic64_read(&stats->internal_flushed_lines), ktest_lines(SZ_8K));
	vb2_ipu_mem_sync_for_device(mem, 64, 64);
	KTEST_EQ(t, atomic64_read(&stats->internal_flushed_lines), ktest_lines(SZ_8K + 64));
	if (plane)
		vb2_ipu_iommu_memops.put(plane->priv);
	ktest_plane_free(plane);
	vb2_ipu_mem_free(mem);
	KTEST_EQ(t, atomic64_read(&stats->internal_buffers), 0);
	KTEST_EQ(t, atomic64_read(&stats->internal_bytes), 0);
close:
	ktest_backend_close(t, &b);
}

/* What was flushed in how many calls, and how often that was waited for. */
struct flushed_ranges {
	const u8 *vaddr[4];
	unsigned int calls;
	unsigned int orders;
	size_t bytes;
};

static void note_range(void *data, const void *vaddr, size_t size)
{
	struct flushed_ranges *seen = data;

	if (seen->calls < ARRAY_SIZE(seen->vaddr))
		seen->vaddr[seen->calls] = vaddr;
	seen->calls++;
	seen->bytes += size;
}

static struct flushed_ranges *ordering;

static int before_order(struct kprobe *probe, struct pt_regs *regs)
{
	ordering->orders++;
	return 0;
}
NOKPROBE_SYMBOL(before_order);

/* A device that looks into the caches needs nothing of it. */
static void mem_ranges_coherent(struct ktest *t)
{
	static const struct vb2_ipu_range ranges[] = { { 0, 64 }, { 256, 8 } };
	struct vb2_ipu_mem *mem;
	struct ktest_backend b;

	if (!ktest_backend_open(t, &b, true, false))
		return;
	mem = vb2_ipu_mem_alloc(b.vid, "test", SZ_8K, DMA_BIDIRECTIONAL);
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(mem), 0)) {
		vb2_ipu_mem_sync_ranges_for_device(mem, 0, ranges, ARRAY_SIZE(ranges));
		KTEST_EQ(t, ktest_flushed(&b), 0);
		vb2_ipu_mem_free(mem);
	}
	ktest_backend_close(t, &b);
}

/* Each range's lines and no other, and one wait before them and one after. */
static void mem_ranges(struct ktest *t)
{
	static const struct vb2_ipu_range ranges[] = { { 0, 64 }, { 256, 8 }, { 1000, 100 } };
	struct kprobe probe = { .symbol_name = "ipu_cache_order", .pre_handler = before_order };
	struct flushed_ranges seen = {};
	const struct ktest_watcher watcher = { .flush = note_range, .data = &seen };
	struct vb2_ipu_pool *pool;
	struct ktest_backend b;
	dma_addr_t dma;
	const u8 *at;
	unsigned int i;
	u8 *block;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	pool = vb2_ipu_pool_create(b.vid, "test", SZ_8K, DMA_BIDIRECTIONAL);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(pool), 0))
		goto close;
	vb2_ipu_pool_alloc(pool, SZ_2K, &dma);
	block = vb2_ipu_pool_alloc(pool, SZ_2K, &dma);
	if (!KTEST_EXPECT(t, block))
		goto destroy;
	ktest_flushed(&b);
	ordering = &seen;
	if (!KTEST_EQ(t, register_kprobe(&probe), 0))
		goto free;
	if (ktest_watch_flushes(t, &watcher)) {
		vb2_ipu_pool_sync_ranges_for_device(pool, block, ranges, ARRAY_SIZE(ranges));
		KTEST_EQ(t, seen.calls, 3);
		/* By the linear map. */
		at = page_address(vmalloc_to_page(block)) + offset_in_page(block);
		for (i = 0; i < ARRAY_SIZE(ranges); i++)
			KTEST_EQ(t, seen.vaddr[i] - at, ranges[i].offset);
		KTEST_EQ(t, seen.bytes, 172);
		KTEST_EQ(t, seen.orders, 2);
		/* 1000 to 1099: the lines from 960, 1024 and 1088 on. */
		KTEST_EQ(t, ktest_flushed(&b), 1 + 1 + 3);
		vb2_ipu_pool_sync_ranges_for_device(pool, block, ranges, 0);
		KTEST_EQ(t, seen.orders, 2);
		ktest_ignore_flushes();
	}
	unregister_kprobe(&probe);
free:
	vb2_ipu_pool_free(pool, block, SZ_2K);
	vb2_ipu_pool_free(pool, block - SZ_2K, SZ_2K);
destroy:
	vb2_ipu_pool_destroy(pool);
close:
	ktest_backend_close(t, &b);
}

static const struct ktest_case cases[] = {
	{ "unmapped", mem_unmapped },
	{ "sink", mem_sink },
	{ "same_page_again", mem_same_page_again },
	{ "pool", mem_pool },
	{ "pool_of_one", mem_pool_of_one },
	{ "guard", mem_guard },
	{ "guard_parent", mem_guard_parent },
	{ "room", mem_room },
	{ "below_4g", mem_below_4g },
	{ "counted", mem_counted },
	{ "ranges", mem_ranges },
	{ "ranges_coherent", mem_ranges_coherent },
	{}
};

const struct ktest_suite ktest_mem_suite = { "mem", cases };
