// SPDX-License-Identifier: GPL-2.0-only
/*
 * ipu-membench: what buffers cost by vb2-ipu-iommu.ko, by vb2_dma_contig and by vb2_dma_sg, on the
 * same translated device; and what a mapped page costs by its IOMMU and by the in-tree ImgU driver.
 *
 * All is measured when the module is loaded, and told in the kernel's log, a line an operation:
 *
 *   ipu-membench: BACKEND DEVICE BYTES BUFFERS OPERATION TIMES INSTRUCTIONS MOST LINES TABLE-LINES
 *   INVALIDATES TABLES OTHERS REQUESTS
 *
 * Numbers from INSTRUCTIONS on are sums over TIMES operations in the round of the fewest
 * instructions; MOST is the most instructions of a round. OTHERS and REQUESTS are of the driver of
 * an IOMMU before the device's (parameter parent): lines that it flushes and its invalidation
 * requests, these of a round that does not count otherwise. What vb2_dma_sg costs for a device
 * behind that one alone is measured then instead of vb2_dma_contig. The last line is "done: 0", or
 * an error number. Loading succeeds nevertheless, once something was measured: the loading process
 * lets go of the files it mapped only when it returns to user space, and these files' functions
 * are the module's.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>
#include <media/videobuf2-dma-contig.h>
#include <media/videobuf2-dma-sg.h>

#include "check.h"
#include "compat.h"
#include "map.h"
#include "planes.h"
#include "requests.h"
#include "target.h"

static ulong size = 4 << 20;
module_param(size, ulong, 0444);
MODULE_PARM_DESC(size, "bytes of a plane");

static uint buffers = 4;
module_param(buffers, uint, 0444);
MODULE_PARM_DESC(buffers, "how many planes, at most 64");

static uint rounds = 6;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds,
		 "how often all is measured; the round with the fewest instructions counts");

static bool stray;
module_param(stray, bool, 0444);
MODULE_PARM_DESC(stray, "negative control: a flush that the backend does not know of");

static char *parent;
module_param(parent, charp, 0444);
MODULE_PARM_DESC(parent,
		 "PCI function without a driver to measure for, and the IOMMU before it");

static unsigned long user_memory[PLANES_MOST];

#define BARE "vb2-dma-sg-bare"

struct backend {
	const char *name;
	const struct vb2_mem_ops *ops;
	void (*settle)(struct vb2_buffer *vb);
};

static const struct backend backends[] = {
	{ "vb2-ipu-iommu", &vb2_ipu_iommu_memops, vb2_ipu_iommu_buf_finish },
	{ "vb2-dma-contig", &vb2_dma_contig_memops },
	{ "vb2-dma-sg", &vb2_dma_sg_memops },
};

/* Of a PCI function: the last one knows nothing of the IPU's MMU. */
static const struct backend translated_backends[] = {
	{ "vb2-ipu-iommu", &vb2_ipu_iommu_memops, vb2_ipu_iommu_buf_finish },
	{ "vb2-dma-sg", &vb2_dma_sg_memops },
	{ BARE, &vb2_dma_sg_memops },
};

static_assert(ARRAY_SIZE(backends) == ARRAY_SIZE(translated_backends));

/*
 * Whose turn it is, round by round. Each finds memory as the one before has left it, which is not
 * the same whoever that was; so each comes behind each other one.
 */
static const unsigned int turns[][ARRAY_SIZE(backends)] = {
	{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
};

/* What remains of a measured region in which nothing is done. */
static void measure_nothing(struct measurement *m)
{
	measure_begin(m);
	measure_end(m, OP_NOTHING);
}

static struct measurement *measurement_new(struct target *target, const char *backend)
{
	struct measurement *m = kvzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	m->backend = backend;
	m->target = target;
	m->foreign = !strcmp(backend, BARE);
	m->dev = m->foreign ? target->parent : target->dev;
	m->size = size;
	m->buffers = buffers;
	m->stray = stray;
	return m;
}

static int measure_round(struct measurement *m, struct planes *planes)
{
	int ret;

	/* No other task comes in between. */
	sched_set_fifo(current);
	measure_nothing(m);
	ret = planes_measure_mmap(planes, m);
	if (!ret)
		ret = planes_measure_userptr(planes, m, user_memory);
	measure_end_round(m);
	sched_set_normal(current, 0);
	/* RCU frees what the round has freed, in tasks of its own. */
	synchronize_rcu();
	if (ret)
		pr_err("ipu-membench: %s: %d\n", m->backend, ret);
	return ret;
}

/* Once more, for what cannot be watched without costing instructions. */
static int measure_requests(struct measurement *m, struct planes *planes)
{
	int ret;

	if (!m->target->translated)
		return 0;
	ret = requests_watch();
	if (ret)
		return ret;
	m->probed = true;
	ret = measure_round(m, planes);
	requests_unwatch();
	return ret;
}

static int measure_backends(struct target *target)
{
	const struct backend *all = parent ? translated_backends : backends;
	struct measurement *m[ARRAY_SIZE(backends)] = {};
	struct planes *planes[ARRAY_SIZE(backends)] = {};
	unsigned int i, round;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(backends); i++) {
		m[i] = measurement_new(target, all[i].name);
		planes[i] = kvzalloc(sizeof(*planes[i]), GFP_KERNEL);
		if (!m[i] || !planes[i]) {
			ret = -ENOMEM;
			goto out;
		}
		planes_init(planes[i], all[i].ops, all[i].settle, m[i]);
	}
	for (round = 0; !ret && round < rounds; round++)
		for (i = 0; !ret && i < ARRAY_SIZE(backends); i++) {
			unsigned int turn = turns[round % ARRAY_SIZE(turns)][i];

			ret = measure_round(m[turn], planes[turn]);
		}
	for (i = 0; !ret && i < ARRAY_SIZE(backends); i++)
		ret = measure_requests(m[i], planes[i]);
	for (i = 0; !ret && i < ARRAY_SIZE(backends); i++)
		ret = measure_report(m[i]);
out:
	for (i = 0; i < ARRAY_SIZE(backends); i++) {
		kvfree(planes[i]);
		kvfree(m[i]);
	}
	return ret;
}

static int measure_maps(struct target *target, const char *name, struct imgu *imgu,
			struct pile *pile)
{
	struct measurement *m = measurement_new(target, name);
	bool bare = !strcmp(name, BARE), watched = false;
	int ret = m ? 0 : -ENOMEM;
	unsigned int i;

	for (i = 0; !ret && i < rounds + target->translated; i++) {
		if (i == rounds) {
			ret = requests_watch();
			watched = m->probed = !ret;
		}
		if (ret)
			break;
		sched_set_fifo(current);
		measure_nothing(m);
		m->foreign = imgu || bare;
		if (imgu)
			ret = imgu_measure(imgu, pile, m);
		else
			ret = bare ? map_measure_bare(pile, m) : map_measure(pile, m);
		measure_end_round(m);
		sched_set_normal(current, 0);
		synchronize_rcu();
	}
	if (watched)
		requests_unwatch();
	if (!ret)
		ret = measure_report(m);
	kvfree(m);
	return ret;
}

static int measure_target(bool noncoherent, struct imgu *imgu, struct pile *pile)
{
	struct target target = {};
	int ret;

	ret = target_open(&target, noncoherent, parent);
	if (ret)
		return ret;
	ret = measure_backends(&target);
	if (!ret)
		ret = measure_maps(&target, "vb2-ipu-iommu", NULL, pile);
	if (!ret && parent)
		ret = measure_maps(&target, BARE, NULL, pile);
	if (!ret && noncoherent && imgu)
		ret = measure_maps(&target, "ipu3-imgu", imgu, pile);
	target_close(&target);
	return ret;
}

static int __init ipu_membench_init(void)
{
	struct imgu *imgu;
	struct pile pile;
	int ret;

	if (!size || !rounds || !buffers || buffers > PLANES_MOST)
		return -EINVAL;
	sched_set_fifo(current);
	ret = check_counters();
	sched_set_normal(current, 0);
	if (ret)
		return ret;
	ret = pile_make(&pile, size);
	if (ret)
		return ret;
	ret = user_memory_map(user_memory, buffers, size);
	if (ret) {
		user_memory_unmap(user_memory, buffers, size);
		pile_free(&pile);
		return ret;
	}
	/* The other driver cannot stand behind an IOMMU. */
	imgu = parent ? NULL : imgu_open();
	if (IS_ERR(imgu)) {
		pr_notice("ipu-membench: ipu3-imgu is not measured: %pe\n", imgu);
		imgu = NULL;
	}
	ret = measure_target(false, imgu, &pile);
	if (!ret)
		ret = measure_target(true, imgu, &pile);
	if (imgu)
		imgu_close(imgu);
	user_memory_unmap(user_memory, buffers, size);
	pile_free(&pile);
	pr_info("ipu-membench: done: %d\n", ret);
	return 0;
}
module_init(ipu_membench_init);

/* Nothing lives on; this lets the module be unloaded. */
static void __exit ipu_membench_exit(void)
{
}
module_exit(ipu_membench_exit);

MODULE_DESCRIPTION("Benchmark of memory backends for Intel IPU cameras");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
IPU_MODULE_IMPORT_NS(VB2_IPU_IOMMU_TEST);
IPU_MODULE_IMPORT_NS(DMA_BUF);
