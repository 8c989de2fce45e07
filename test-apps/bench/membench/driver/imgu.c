// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mapping of the kernel's own ImgU driver, on the registers of a DMA test function, which are
 * the ImgU's as far as that code goes. The driver's functions are not exported and no ImgU is
 * there, so they are looked up and called.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "map.h"

/* Of ipu-dmatest's registers. */
#define DMATEST_VENDOR		0x1234
#define DMATEST_DEVICE		0x1d0a
#define DMATEST_INVALIDATES	0x020c
#define DMATEST_L1_BASE		0x4304

/**
 * struct imgu - the driver's MMU
 * @pdev: The DMA test function.
 * @base: Its registers.
 * @mmu: What the driver's functions take.
 * @init: imgu_mmu_init().
 * @exit: imgu_mmu_exit().
 * @map_sg: imgu_mmu_map_sg().
 * @unmap: imgu_mmu_unmap().
 */
struct imgu {
	struct pci_dev *pdev;
	void __iomem *base;
	void *mmu;
	void *(*init)(struct device *dev, void __iomem *base);
	void (*exit)(void *mmu);
	size_t (*map_sg)(void *mmu, unsigned long iova, struct scatterlist *sg, unsigned int nents);
	size_t (*unmap)(void *mmu, unsigned long iova, size_t size);
};

/* A probe knows where a function is, exported or not. */
static void *imgu_function(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	void *address;

	if (register_kprobe(&probe))
		return NULL;
	address = probe.addr;
	unregister_kprobe(&probe);
	return address;
}

static int imgu_start(struct imgu *imgu)
{
	int ret;

	imgu->init = imgu_function("imgu_mmu_init");
	imgu->exit = imgu_function("imgu_mmu_exit");
	imgu->map_sg = imgu_function("imgu_mmu_map_sg");
	imgu->unmap = imgu_function("imgu_mmu_unmap");
	if (!imgu->init || !imgu->exit || !imgu->map_sg || !imgu->unmap)
		return -ENOENT;
	imgu->pdev = pci_get_device(DMATEST_VENDOR, DMATEST_DEVICE, NULL);
	if (!imgu->pdev)
		return -ENODEV;
	if (imgu->pdev->driver)
		return -EBUSY;
	ret = pci_enable_device(imgu->pdev);
	if (ret)
		return ret;
	/* Without power the driver would not invalidate. */
	ret = pm_runtime_resume_and_get(&imgu->pdev->dev);
	if (ret)
		goto err_disable;
	imgu->base = pci_iomap(imgu->pdev, 0, 0);
	if (!imgu->base) {
		ret = -ENOMEM;
		goto err_put;
	}
	imgu->mmu = imgu->init(&imgu->pdev->dev, imgu->base);
	if (IS_ERR(imgu->mmu)) {
		ret = PTR_ERR(imgu->mmu);
		goto err_unmap;
	}
	return 0;

err_unmap:
	pci_iounmap(imgu->pdev, imgu->base);
err_put:
	pm_runtime_put(&imgu->pdev->dev);
err_disable:
	pci_disable_device(imgu->pdev);
	return ret;
}

/**
 * imgu_open() - set the in-tree driver's MMU up
 *
 * Context: Process context. ipu3-imgu.ko is loaded, and stays so.
 * Return: The MMU; an ERR_PTR: -ENOENT without that module, -ENODEV without a DMA test function,
 * -EBUSY if that has a driver, -ENOMEM.
 */
struct imgu *imgu_open(void)
{
	struct imgu *imgu = kzalloc(sizeof(*imgu), GFP_KERNEL);
	int ret;

	if (!imgu)
		return ERR_PTR(-ENOMEM);
	ret = imgu_start(imgu);
	if (ret) {
		pci_dev_put(imgu->pdev);
		kfree(imgu);
		return ERR_PTR(ret);
	}
	return imgu;
}

/**
 * imgu_close() - end what imgu_open() gave
 * @imgu: The MMU. The driver does not free its second-level tables.
 *
 * Context: Process context.
 */
void imgu_close(struct imgu *imgu)
{
	imgu->exit(imgu->mmu);
	pci_iounmap(imgu->pdev, imgu->base);
	pm_runtime_put(&imgu->pdev->dev);
	pci_disable_device(imgu->pdev);
	pci_dev_put(imgu->pdev);
	kfree(imgu);
}

/* Nothing is mapped at 0, so there the first level leads to the table that has nothing. */
static s64 imgu_tables(struct imgu *imgu)
{
	u32 *l1 = phys_to_virt((phys_addr_t)readl(imgu->base + DMATEST_L1_BASE) << PAGE_SHIFT);
	unsigned int i;
	s64 count = 0;

	for (i = 0; i < PAGE_SIZE / sizeof(*l1); i++)
		count += l1[i] != l1[0];
	return count;
}

static int imgu_table(struct imgu *imgu, struct sg_table *sgt, struct measurement *m, enum op map,
		      enum op unmap)
{
	const size_t size = PAGE_ALIGN(m->size);
	size_t mapped, unmapped;
	u32 invalidates;
	s64 tables;

	invalidates = readl(imgu->base + DMATEST_INVALIDATES);
	tables = imgu_tables(imgu);
	measure_begin(m);
	mapped = imgu->map_sg(imgu->mmu, MAP_IOVA, sgt->sgl, sgt->orig_nents);
	measure_end(m, map);
	m->sum[map].invalidates += readl(imgu->base + DMATEST_INVALIDATES) - invalidates;
	m->sum[map].tables += imgu_tables(imgu) - tables;

	invalidates = readl(imgu->base + DMATEST_INVALIDATES);
	tables = imgu_tables(imgu);
	measure_begin(m);
	unmapped = imgu->unmap(imgu->mmu, MAP_IOVA, size);
	measure_end(m, unmap);
	m->sum[unmap].invalidates += readl(imgu->base + DMATEST_INVALIDATES) - invalidates;
	m->sum[unmap].tables += imgu_tables(imgu) - tables;
	return mapped == size && unmapped == size ? 0 : -EIO;
}

/**
 * imgu_measure() - one round by the in-tree driver's mapping
 * @imgu: The MMU.
 * @pile: The memory.
 * @m: The measurement.
 *
 * Context: Process context.
 * Return: 0, or the first error.
 */
int imgu_measure(struct imgu *imgu, struct pile *pile, struct measurement *m)
{
	int ret;

	ret = imgu_table(imgu, &pile->scattered, m, OP_MAP_PAGES, OP_UNMAP_PAGES);
	return ret ?: imgu_table(imgu, &pile->runs, m, OP_MAP_RUNS, OP_UNMAP_RUNS);
}
