// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page has a physical address, which the CPU uses, and one for each device that reaches it. Where
 * an IOMMU translates for the device the two differ, and only that IOMMU knows the way back.
 */
#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/mm.h>

#include "compat.h"
#include "dma-address.h"

/*
 * Nothing to sync: the backend does that itself. A refusal is told by the caller, once. What the
 * MMU's parent gets is mapped for the translated device as well, and may be for other devices.
 */
#define IPU_DMA_ATTRS (DMA_ATTR_SKIP_CPU_SYNC | DMA_ATTR_NO_WARN | IPU_DMA_ATTR_SHARED_LINES)

/* The domain that translates for a device, or %NULL where addresses pass as they are. */
static struct iommu_domain *ipu_dma_domain(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	return domain && (domain->type & __IOMMU_DOMAIN_PAGING) ? domain : NULL;
}

/**
 * ipu_dma_is_direct() - whether an address of a device is a function of the physical one, with no
 * state behind it
 * @dev: The device. While a driver is bound to it the answer does not change.
 *
 * Context: Any.
 * Return: False if an IOMMU translates for the device.
 */
bool ipu_dma_is_direct(struct device *dev)
{
	return !ipu_dma_domain(dev);
}

/**
 * ipu_dma_is_plain() - whether all addresses of a device are memory's by one offset
 * @dev: The device; a driver is bound to it.
 *
 * If ipu_dma_map() then accepts what has the highest address, it does so for all below.
 *
 * Context: Any.
 * Return: False with an IOMMU, with a platform's own dma_map_ops (as under Xen), and with ranges of
 * which each has an offset of its own.
 */
bool ipu_dma_is_plain(struct device *dev)
{
	return ipu_dma_is_direct(dev) && !get_dma_ops(dev) && !dev->dma_range_map;
}

/**
 * ipu_dma_to_phys() - the memory behind a DMA address
 * @dev: The device that emits the address: a PCI function, or a device behind the IPU MMU.
 * @dma: The address, which stays mapped during the call.
 *
 * Context: Any.
 * Return: The physical address; 0 for an address that is not mapped or that the device cannot emit.
 * (The page at 0 is never one of the kernel's allocators.)
 */
phys_addr_t ipu_dma_to_phys(struct device *dev, dma_addr_t dma)
{
	struct iommu_domain *domain = ipu_dma_domain(dev);
	phys_addr_t phys;

	if (domain)
		return iommu_iova_to_phys(domain, dma);
	phys = dma_to_phys(dev, dma);
	return phys == (phys_addr_t)-1 ? 0 : phys;
}
EXPORT_SYMBOL_IPU_TEST(ipu_dma_to_phys);

/**
 * ipu_dma_map() - a device's address of a run of pages, behind which are these very pages
 * @dev: The PCI function.
 * @phys: Start of the run, page aligned.
 * @size: Bytes, a multiple of the page size.
 * @dir: What the device does.
 * @dma: Where to put the address of the first byte.
 *
 * No cache is touched. With ipu_dma_is_direct() the address is good as long as the pages are, and
 * ipu_dma_unmap() does nothing.
 *
 * Context: Any.
 * Return: 0; -EIO if the pages are not ordinary memory, if the device cannot reach them, or if the
 * platform would copy the data through other memory (swiotlb); -ENOMEM if the IOMMU before the
 * device has no room left.
 */
int ipu_dma_map(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir,
		dma_addr_t *dma)
{
	bool direct = ipu_dma_is_direct(dev), same;
	dma_addr_t addr;

	if (!pfn_valid(PHYS_PFN(phys)) || !pfn_valid(PHYS_PFN(phys + size - 1)))
		return -EIO;
	addr = dma_map_page_attrs(dev, pfn_to_page(PHYS_PFN(phys)), 0, size, dir, IPU_DMA_ATTRS);
	if (dma_mapping_error(dev, addr))
		return direct ? -EIO : -ENOMEM;

	/* A bounce buffer is not what the caches are kept right for. */
	same = ipu_dma_to_phys(dev, addr) == phys;
	/* What is no state is given back at once, so that nobody need remember it. */
	if (direct || !same)
		dma_unmap_page_attrs(dev, addr, size, dir, IPU_DMA_ATTRS);
	if (!same)
		return -EIO;
	*dma = addr;
	return 0;
}

/**
 * ipu_dma_unmap() - give back an address of ipu_dma_map()
 * @dev: The PCI function, which no longer emits the address.
 * @dma: The address of the first byte.
 * @size: Bytes, all that were mapped.
 * @dir: As mapped.
 *
 * Context: Any.
 */
void ipu_dma_unmap(struct device *dev, dma_addr_t dma, size_t size, enum dma_data_direction dir)
{
	if (!ipu_dma_is_direct(dev))
		dma_unmap_page_attrs(dev, dma, size, dir, IPU_DMA_ATTRS);
}

/**
 * ipu_dma_map_sgtable() - let a device reach the pages of a table
 * @dev: The device: a PCI function, or a device behind the IPU MMU.
 * @sgt: The table. To be undone by dma_unmap_sgtable() with the same attributes.
 * @dir: What the device does.
 * @attrs: DMA_ATTR_*.
 *
 * iommu-dma knows two errors: -ENOMEM, and -EINVAL for every other. To user space -EINVAL means
 * that its arguments were wrong, and here they are not.
 *
 * Context: Process context.
 * Return: 0; -ENOMEM; -EIO if the platform cannot serve the device, see ipu_dma_map().
 */
int ipu_dma_map_sgtable(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir,
			unsigned long attrs)
{
	int ret = dma_map_sgtable(dev, sgt, dir, attrs);

	return ret == -EINVAL ? -EIO : ret;
}

/**
 * ipu_dma_map_table() - a PCI function's addresses of pages
 * @dev: The PCI function.
 * @sgt: The pages: entries begin and end at their borders.
 * @dir: What the device does.
 *
 * No cache is touched. Who asks for the addresses sees to it that behind them are these very pages:
 * ipu_dma_to_phys().
 *
 * Context: Process context.
 * Return: As ipu_dma_map_sgtable().
 */
int ipu_dma_map_table(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir)
{
	return ipu_dma_map_sgtable(dev, sgt, dir, IPU_DMA_ATTRS);
}

/**
 * ipu_dma_unmap_table() - undo ipu_dma_map_table()
 * @dev: The PCI function, which no longer emits the addresses.
 * @sgt: The pages.
 * @dir: As mapped.
 *
 * Context: Process context.
 */
void ipu_dma_unmap_table(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir)
{
	dma_unmap_sgtable(dev, sgt, dir, IPU_DMA_ATTRS);
}
