// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of one MMU.
 */
#include <linux/ctype.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu-dma.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>

#include "cache.h"
#include "compat.h"
#include "dma-address.h"
#include "ipu-mmu.h"
#include "ipu-mmu-domain.h"
#include "ipu-mmu-hw.h"
#include "ipu-mmu-table.h"

/* A page that accesses to buffers end in, and that the walker does not read. */
static void ipu_mmu_flush_target(struct ipu_mmu *mmu, struct ipu_table *page)
{
	if (mmu->noncoherent || mmu->parent.noncoherent)
		ipu_cache_flush(&mmu->parent.stats->flushed_table_lines, page->entries, PAGE_SIZE);
}

/*
 * The page behind each buffer. It is mapped once and for writing as well, like the page of zeroes
 * and for the same reason; it is another one, for an entry that leads to zeroes is not in use.
 */
static int ipu_mmu_alloc_guard(struct ipu_mmu *mmu)
{
	mmu->guard = ipu_table_alloc(&mmu->parent, 0, DMA_BIDIRECTIONAL, false, GFP_KERNEL);
	if (IS_ERR(mmu->guard))
		return PTR_ERR(mmu->guard);
	ipu_mmu_flush_target(mmu, mmu->guard);
	return 0;
}

static int ipu_mmu_alloc_empty(struct ipu_mmu *mmu)
{
	/*
	 * Mapped for writing as well: if another IOMMU stands before the device, a write that goes
	 * astray would be a fault there, one for each access, and for each of them lines in the
	 * log. So it ends in this page, with or without such an IOMMU. The page is this device's
	 * alone, and all it can later read there is what it wrote.
	 */
	mmu->zeroes = ipu_table_alloc(&mmu->parent, 0, DMA_BIDIRECTIONAL, false, GFP_KERNEL);
	if (IS_ERR(mmu->zeroes))
		return PTR_ERR(mmu->zeroes);
	mmu->empty_l2 = ipu_table_alloc(&mmu->parent, ipu_mmu_pte_encode(mmu->zeroes->dma),
					DMA_TO_DEVICE, false, GFP_KERNEL);
	if (IS_ERR(mmu->empty_l2))
		return PTR_ERR(mmu->empty_l2);
	mmu->empty_l1 = ipu_table_alloc(&mmu->parent, ipu_mmu_pte_encode(mmu->empty_l2->dma),
					DMA_TO_DEVICE, false, GFP_KERNEL);
	if (IS_ERR(mmu->empty_l1))
		return PTR_ERR(mmu->empty_l1);
	ipu_mmu_flush_target(mmu, mmu->zeroes);
	ipu_table_flush(&mmu->parent, mmu->empty_l2, 0, IPU_MMU_TABLE_ENTRIES);
	ipu_table_flush(&mmu->parent, mmu->empty_l1, 0, IPU_MMU_TABLE_ENTRIES);
	mmu->l1 = mmu->empty_l1->dma;
	return 0;
}

/* Tables that nobody wants any more, with @tables less that are wanted. */
static void ipu_mmu_want_less(struct ipu_mmu *mmu, unsigned int tables)
{
	struct ipu_table *table, *next;
	LIST_HEAD(surplus);

	spin_lock_irq(&mmu->reserve);
	mmu->wanted -= tables;
	list_for_each_entry_safe(table, next, &mmu->spare, node) {
		if (mmu->spares <= mmu->wanted)
			break;
		list_move(&table->node, &surplus);
		mmu->spares--;
	}
	spin_unlock_irq(&mmu->reserve);
	ipu_tables_free(&mmu->parent, &surplus);
}

/**
 * ipu_mmu_reserve() - have tables for what is about to be mapped
 * @mmu: The MMU.
 * @size: Bytes that will be mapped, with one range of addresses.
 *
 * iommu-dma maps in a way that never waits for memory, whoever calls it: a second level, and its
 * bookkeeping behind another IOMMU, had to be found at once. Who may wait does so here.
 *
 * Context: Process context.
 * Return: What to tell ipu_mmu_unreserve(); what ipu_table_alloc() said.
 */
int ipu_mmu_reserve(struct ipu_mmu *mmu, size_t size)
{
	size_t pages = DIV_ROUND_UP(size, IPU_MMU_PAGE_SIZE);
	/* A range may begin and end within a table. */
	unsigned int tables = (pages + IPU_MMU_TABLE_ENTRIES - 2) / IPU_MMU_TABLE_ENTRIES + 1;
	struct ipu_table *table;
	bool enough;

	spin_lock_irq(&mmu->reserve);
	mmu->wanted += tables;
	enough = mmu->spares >= mmu->wanted;
	spin_unlock_irq(&mmu->reserve);
	while (!enough) {
		table = ipu_domain_table_alloc(mmu, GFP_KERNEL);
		if (IS_ERR(table)) {
			ipu_mmu_want_less(mmu, tables);
			return PTR_ERR(table);
		}
		spin_lock_irq(&mmu->reserve);
		list_add(&table->node, &mmu->spare);
		enough = ++mmu->spares >= mmu->wanted;
		spin_unlock_irq(&mmu->reserve);
	}
	return tables;
}

/**
 * ipu_mmu_unreserve() - what was about to be mapped is, or will not be
 * @mmu: The MMU.
 * @tables: What ipu_mmu_reserve() returned.
 *
 * Context: Process context. Tables that nobody wants are freed.
 */
void ipu_mmu_unreserve(struct ipu_mmu *mmu, int tables)
{
	ipu_mmu_want_less(mmu, tables);
}

static void ipu_mmu_end(struct ipu_mmu *mmu)
{
	dma_set_max_seg_size(mmu->parent.dev, mmu->max_segment);
	kfree(mmu);
}

static void ipu_mmu_free(struct ipu_mmu *mmu)
{
	ipu_tables_free(&mmu->parent, &mmu->spare);
	ipu_table_free(&mmu->parent, mmu->empty_l1);
	ipu_table_free(&mmu->parent, mmu->empty_l2);
	ipu_table_free(&mmu->parent, mmu->zeroes);
	ipu_table_free(&mmu->parent, mmu->guard);
	ipu_domain_drop_kept(mmu);
	ipu_mmu_end(mmu);
}

/* ---- the device that is translated ---- */

/*
 * Its driver does nothing, but while one is bound the IOMMU core refuses to give the device another
 * domain. (Root could have it by the group's "type" in sysfs; all mappings would be gone, and those
 * who made them would not know.)
 */
static struct platform_driver ipu_translated_driver = {
	.driver = {
		.name = "ipu-translated",
		.suppress_bind_attrs = true,
	},
};

/**
 * ipu_mmu_init() - make ready for MMUs
 *
 * Context: Process context, the module's init.
 * Return: 0, or what the driver core said.
 */
int ipu_mmu_init(void)
{
	return platform_driver_register(&ipu_translated_driver);
}

/**
 * ipu_mmu_exit() - no more MMUs
 *
 * Context: Process context, the module's exit.
 */
void ipu_mmu_exit(void)
{
	platform_driver_unregister(&ipu_translated_driver);
}

/* ---- life ---- */

/*
 * Covers the registration of an IOMMU together with its device's. The IOMMU core looks for devices
 * of a new IOMMU on the whole bus, and would take another MMU's device, which is just being added,
 * half way.
 */
static DEFINE_MUTEX(ipu_mmu_register_lock);

/* What a dev_iommu has, as far as is known. A member more may be one that zero is not right for. */
struct ipu_known_dev_iommu {
	struct mutex lock; /* the core's own, of fault_param */
	void *fault_param, *fwspec, *iommu_dev, *priv;
	u32 max_pasids, flags;
};

static_assert(sizeof(struct dev_iommu) == sizeof(struct ipu_known_dev_iommu));

/*
 * What the core makes of a device that is to be behind an IOMMU, for one that is not added yet and
 * that nobody else can see. iommu_fwspec_init() would make both structures, but asserts under
 * lockdep that iommu_probe_device_lock is held, which a module cannot take: a warning at each probe
 * in every distribution's debug kernel. They are public, the core makes them of zeroes and a mutex,
 * and they are its own to free once the device is added.
 */
static int ipu_mmu_make_fwspec(struct device *dev, struct fwnode_handle *fwnode)
{
	struct iommu_fwspec *fwspec;
	struct dev_iommu *param;

	param = kzalloc(sizeof(*param), GFP_KERNEL);
	if (!param)
		return -ENOMEM;
	mutex_init(&param->lock);
	dev->iommu = param;
	/* As long as the core's own, though nothing ever gets an ID. */
	fwspec = kzalloc(struct_size(fwspec, ids, 1), GFP_KERNEL);
	if (!fwspec)
		return -ENOMEM;
	fwspec->iommu_fwnode = fwnode_handle_get(fwnode);
	param->fwspec = fwspec;
	/* Of a device that has one it asks only whether that IOMMU is registered. */
	return iommu_fwspec_init(dev, fwnode);
}

/*
 * Undoes ipu_mmu_make_fwspec(), however far it came, on a device that was never added. The core
 * does so when a device is removed, and exports no other way (6.12's iommu_fwspec_free() is no
 * longer exported, and leaves half of it).
 */
static void ipu_mmu_forget_fwspec(struct device *dev)
{
	struct dev_iommu *param = dev->iommu;

	dev->iommu = NULL;
	if (!param)
		return;
	if (param->fwspec) {
		fwnode_handle_put(param->fwspec->iommu_fwnode);
		kfree(param->fwspec);
	}
	kfree(param);
}

/* The device that is translated. */
static int ipu_mmu_add_translated(struct ipu_mmu *mmu, const char *name)
{
	struct platform_device *pdev;
	struct iommu_domain *domain;
	int ret;

	pdev = platform_device_alloc(name, PLATFORM_DEVID_NONE);
	if (!pdev)
		return -ENOMEM;
	pdev->dev.parent = mmu->parent.dev;
	set_dev_node(&pdev->dev, dev_to_node(mmu->parent.dev));
	ret = platform_device_add_data(pdev, &mmu, sizeof(mmu));
	if (!ret)
		ret = ipu_mmu_make_fwspec(&pdev->dev, mmu->fwnode);
	if (!ret)
		ret = platform_device_add(pdev);
	if (ret) {
		ipu_mmu_forget_fwspec(&pdev->dev);
		platform_device_put(pdev);
		return ret;
	}
	/*
	 * The core logs why, but lets the device be added without translation: then DMA addresses
	 * were physical ones.
	 */
	domain = iommu_get_domain_for_dev(&pdev->dev);
	if (!domain || domain->type != IOMMU_DOMAIN_DMA || !use_dma_iommu(&pdev->dev)) {
		dev_err(mmu->parent.dev, "MMU: the IOMMU core gave no strict DMA domain\n");
		platform_device_unregister(pdev);
		return -ENODEV;
	}
	/*
	 * Not before: of a device that is not translated a mask smaller than the lowest zone of
	 * memory would be refused, and 31 bits are where the kernel has no ZONE_DMA.
	 */
	ret = dma_coerce_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(mmu->input_bits));
	if (!ret)
		ret = device_driver_attach(&ipu_translated_driver.driver, &pdev->dev);
	if (ret) {
		dev_err(mmu->parent.dev, "MMU: cannot set up the translated device: %d\n", ret);
		platform_device_unregister(pdev);
		return ret;
	}
	mmu->translated = pdev;
	return 0;
}

/* "imgu.0000:00:05.0", without what a name in sysfs must not have. */
static char *ipu_mmu_name(struct device *parent, const char *name)
{
	char *full = kasprintf(GFP_KERNEL, "%s.%s", name, dev_name(parent));
	char *c;

	for (c = full; c && *c; c++)
		if (!isalnum(*c) && !strchr(".:-_", *c))
			*c = '_';
	return full;
}

/**
 * ipu_mmu_create() - make an MMU and the device behind it
 * @parent: The PCI function, with its DMA mask set.
 * @config: What its driver says. The operations are used only between ipu_mmu_power_on() and
 *	ipu_mmu_power_off().
 * @stats: Counters; outlives the MMU.
 *
 * Context: Process context.
 * Return: The MMU, to be ended by ipu_mmu_destroy(); an ERR_PTR: -EINVAL for more address
 * bits than two levels translate, -ENOMEM, -EIO, -ENODEV, or what the IOMMU core said.
 */
struct ipu_mmu *ipu_mmu_create(struct device *parent, const struct vb2_ipu_device_config *config,
			       struct ipu_stats *stats)
{
	struct ipu_mmu *mmu;
	char *full_name;
	int ret;

	if (config->address_bits > IPU_MMU_INPUT_BITS)
		return ERR_PTR(-EINVAL);
	mmu = kzalloc(sizeof(*mmu), GFP_KERNEL);
	if (!mmu)
		return ERR_PTR(-ENOMEM);
	mmu->parent.dev = parent;
	mmu->ops = config->mmu_ops;
	mmu->hw = config->hw;
	mmu->noncoherent = config->noncoherent_buffers;
	mmu->input_bits = config->address_bits ?: IPU_MMU_INPUT_BITS;
	mmu->parent.noncoherent = config->noncoherent_tables;
	mmu->parent.stats = stats;
	/* What the function does not reach is refused, not bounced: so look for other memory. */
	mmu->parent.zone = config->below_4g || dma_addressing_limited(parent) ? GFP_DMA32 : 0;
	mmu->parent.direct = ipu_dma_is_direct(parent);
	/* Where the function emits more than an entry can hold, each address is looked at. */
	mmu->parent.plain = ipu_dma_is_plain(parent) &&
			    dma_get_mask(parent) <= DMA_BIT_MASK(IPU_MMU_OUTPUT_BITS);
	mmu->parent.plain_zero = ipu_dma_plain(parent, 0);
	/* The function takes each page by an entry of its own. */
	mmu->max_segment = dma_get_max_seg_size(parent);
	dma_set_max_seg_size(parent, UINT_MAX);
	mutex_init(&mmu->change);
	mutex_init(&mmu->placing);
	raw_spin_lock_init(&mmu->lock);
	spin_lock_init(&mmu->reserve);
	INIT_LIST_HEAD(&mmu->spare);

	full_name = ipu_mmu_name(parent, config->name);
	if (!full_name) {
		ret = -ENOMEM;
		goto err_free;
	}
	ret = ipu_mmu_alloc_empty(mmu);
	if (!ret && config->guard)
		ret = ipu_mmu_alloc_guard(mmu);
	if (ret)
		goto err_name;
	mmu->fwnode = fwnode_create_software_node(NULL, NULL);
	if (IS_ERR(mmu->fwnode)) {
		ret = PTR_ERR(mmu->fwnode);
		goto err_name;
	}
	mutex_lock(&ipu_mmu_register_lock);
	/*
	 * No parent: in the PCI function's folder, "iommu" is the link to the IOMMU before it, if
	 * there is one.
	 */
	ret = iommu_device_sysfs_add(&mmu->iommu, NULL, NULL, "ipu-mmu.%s", full_name);
	if (ret)
		goto err_fwnode;
	mmu->iommu.fwnode = mmu->fwnode;
	ret = iommu_device_register(&mmu->iommu, &ipu_iommu_ops, NULL);
	if (ret)
		goto err_sysfs;
	ret = ipu_mmu_add_translated(mmu, full_name);
	if (ret)
		goto err_iommu;
	mutex_unlock(&ipu_mmu_register_lock);
	kfree(full_name);
	return mmu;

err_iommu:
	iommu_device_unregister(&mmu->iommu);
err_sysfs:
	iommu_device_sysfs_remove(&mmu->iommu);
err_fwnode:
	mutex_unlock(&ipu_mmu_register_lock);
	fwnode_remove_software_node(mmu->fwnode);
err_name:
	kfree(full_name);
err_free:
	ipu_mmu_free(mmu);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_IPU_TEST(ipu_mmu_create);

/**
 * ipu_mmu_destroy() - end an MMU
 * @mmu: The MMU. Nothing is mapped for the translated device any more, and nobody but the core
 *	holds a domain of it. It has no power: else what its registers name stays allocated, for the
 *	device may walk it at any time.
 *
 * Context: Process context.
 */
void ipu_mmu_destroy(struct ipu_mmu *mmu)
{
	bool powered;

	/*
	 * The core blocks the device, frees its domain, and gives back its reference to this
	 * module.
	 */
	mutex_lock(&ipu_mmu_register_lock);
	platform_device_unregister(mmu->translated);
	iommu_device_unregister(&mmu->iommu);
	iommu_device_sysfs_remove(&mmu->iommu);
	mutex_unlock(&ipu_mmu_register_lock);
	fwnode_remove_software_node(mmu->fwnode);
	powered = ipu_mmu_power_off(mmu);
	if (dev_WARN_ONCE(mmu->parent.dev, powered,
			  "MMU: ends with power on; its empty tables are given up\n")) {
		ipu_domain_drop_kept(mmu);
		ipu_mmu_end(mmu);
	} else {
		ipu_mmu_free(mmu);
	}
}
EXPORT_SYMBOL_IPU_TEST(ipu_mmu_destroy);

/**
 * ipu_mmu_translated_device() - what to map DMA for
 * @mmu: The MMU.
 *
 * Return: The device; valid until ipu_mmu_destroy().
 */
struct device *ipu_mmu_translated_device(struct ipu_mmu *mmu)
{
	return &mmu->translated->dev;
}
EXPORT_SYMBOL_IPU_TEST(ipu_mmu_translated_device);

/**
 * ipu_mmu_guard() - what comes after each buffer
 * @mmu: The MMU.
 *
 * ipu_plane_map() has one and the same address of the PCI function for it, whatever the buffer's
 * direction.
 *
 * Context: Any.
 * Return: The page, which lasts as long as the MMU; %NULL if its driver wanted none.
 */
struct page *ipu_mmu_guard(struct ipu_mmu *mmu)
{
	return mmu->guard ? virt_to_page(mmu->guard->entries) : NULL;
}
