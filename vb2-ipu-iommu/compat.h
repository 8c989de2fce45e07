/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels that this module is built for, with the upstream change that
 * made it. What can be told from the kernel's own declarations is not told from its version.
 */
#ifndef VB2_IPU_IOMMU_COMPAT_H
#define VB2_IPU_IOMMU_COMPAT_H

#include <linux/compiler.h>
#include <linux/dma-mapping.h>
#include <linux/export.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#error "vb2-ipu-iommu needs Linux 6.12 or later"
#endif
#ifndef CONFIG_IOMMU_DMA
#error "vb2-ipu-iommu needs a kernel with CONFIG_IOMMU_DMA"
#endif
#if !IS_ENABLED(CONFIG_GENERIC_ALLOCATOR)
#error "vb2-ipu-iommu needs a kernel with CONFIG_GENERIC_ALLOCATOR, which CONFIG_X86_MCE selects"
#endif
#if !IS_ENABLED(CONFIG_VIDEOBUF2_V4L2)
#error "vb2-ipu-iommu needs a kernel with CONFIG_VIDEOBUF2_V4L2"
#endif

/*
 * 6.13: cdd30ebb1b9f ("module: Convert symbol namespace to string literal"). MODULE_IMPORT_NS() and
 * EXPORT_SYMBOL_NS_GPL() take a bare word before and a string since; what they are made of takes a
 * string in both.
 */
#define IPU_MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, #ns)

/*
 * What test modules may use: the IPU MMU without a driver. They link with the module that ships, so
 * that this is what they test, and not a second copy that was built into the test. Modpost and the
 * module loader refuse the symbols to each module that does not import the namespace.
 */
#define EXPORT_SYMBOL_IPU_TEST(symbol) __EXPORT_SYMBOL(symbol, "GPL", "VB2_IPU_IOMMU_TEST")

/*
 * 7.0: 9bb0a4d6a443 ("dma-mapping: Clarify valid conditions for CPU cache line overlap"). That
 * lines are mapped more than once is then no finding of CONFIG_DMA_API_DEBUG's. Kernels before have
 * no way to say so, and warn once, with that option, when a page is mapped for the ninth time.
 */
#ifdef DMA_ATTR_DEBUGGING_IGNORE_CACHELINES
#define IPU_DMA_ATTR_SHARED_LINES DMA_ATTR_DEBUGGING_IGNORE_CACHELINES
#else
#define IPU_DMA_ATTR_SHARED_LINES 0
#endif

/*
 * 6.16: "dma-mapping: Provide an interface to allow allocate IOVA". Before, a range of a device's
 * addresses is to be had only with something mapped there; ipu-mmu-plane.c says what is done
 * instead.
 */
#ifdef DMA_IOVA_USE_SWIOTLB
#define IPU_HAS_DMA_IOVA 1
#else
#define IPU_HAS_DMA_IOVA 0
#endif

/*
 * 6.19: "iommu: Pass in old domain to attach_dev callback functions". Nobody here needs the old
 * domain, so int NAME(struct iommu_domain *domain, struct device *dev) serves both:
 * IPU_DEFINE_ATTACH_DEV(NAME) makes the form with the third parameter, and IPU_ATTACH_DEV(NAME) is
 * the one that &iommu_domain_ops.attach_dev wants.
 */
#define IPU_DEFINE_ATTACH_DEV(name)							\
static int __maybe_unused name##_from(struct iommu_domain *domain, struct device *dev,	\
				      struct iommu_domain *old)				\
{											\
	return name(domain, dev);							\
}

#define IPU_ATTACH_DEV(name)								\
	__builtin_choose_expr(__same_type(((struct iommu_domain_ops *)NULL)->attach_dev,	\
					  int (*)(struct iommu_domain *, struct device *)), \
			      name, name##_from)

#endif /* VB2_IPU_IOMMU_COMPAT_H */
