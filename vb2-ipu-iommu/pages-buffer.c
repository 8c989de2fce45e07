// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of the backend's own pages: for MMAP, and for drivers' internal use.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "buffer.h"
#include "device.h"
#include "pages-buffer.h"
#include "pages.h"
#include "sync.h"

/**
 * struct ipu_pages_buffer - a buffer of the backend's own pages
 * @buf: What all kinds share.
 * @vmaps: Users of &ipu_buffer.vaddr; together they are one view that can be written through.
 *	Covered by &ipu_buffer.sync_lock.
 * @vb2_vaddr: &ipu_buffer.vaddr as vb2 knows it. Serialised by vb2.
 */
struct ipu_pages_buffer {
	struct ipu_buffer buf;
	unsigned int vmaps;
	void *vb2_vaddr;
};

static_assert(!offsetof(struct ipu_pages_buffer, buf));

static struct ipu_pages_buffer *to_pages_buffer(struct ipu_buffer *buf)
{
	return container_of(buf, struct ipu_pages_buffer, buf);
}

/* One user for all of vb2's calls, until the buffer ends: vb2 does not tell when it is done. */
static void *ipu_pages_buffer_vaddr(struct ipu_buffer *buf)
{
	struct ipu_pages_buffer *own = to_pages_buffer(buf);

	if (!own->vb2_vaddr)
		own->vb2_vaddr = ipu_pages_buffer_vmap(buf);
	return own->vb2_vaddr;
}

static const struct ipu_buffer_ops ipu_pages_buffer_ops = {
	.name = "pages",
	.object_size = sizeof(struct ipu_pages_buffer),
	.hints = true,
	.disconnect = ipu_buffer_disconnect,
	.flush = ipu_buffer_flush_runs,
	.device_sgt = ipu_buffer_own_sgt,
	.vaddr = ipu_pages_buffer_vaddr,
	.begin_access = ipu_pages_buffer_vmap,
	.end_access = ipu_pages_buffer_vunmap,
};

/* @size bytes of addresses; @n_pages of memory: as many, or one that ipu_plane_map() repeats. */
static struct ipu_buffer *ipu_pages_buffer_make(struct device *dma_dev, struct vb2_buffer *vb,
						enum dma_data_direction dir, size_t size,
						unsigned int n_pages)
{
	/* Who queues buffers pays for them. A driver's own are not for whoever happens to call. */
	gfp_t account = vb ? __GFP_ACCOUNT : 0;
	struct ipu_buffer *buf;
	gfp_t zone;
	int ret;

	buf = ipu_buffer_new(dma_dev, &ipu_pages_buffer_ops, vb, dir, size);
	if (IS_ERR(buf))
		return buf;
	if (!ipu_buffer_has_addresses(buf)) {
		ret = -ENOMEM;
		goto err_free;
	}
	zone = !vb && buf->vid->below_4g ? GFP_DMA32 : 0;
	buf->n_pages = n_pages;
	buf->pages = ipu_pages_alloc(buf->vid->parent, n_pages, account | zone);
	if (IS_ERR(buf->pages)) {
		ret = PTR_ERR(buf->pages);
		goto err_free;
	}
	ret = sg_alloc_table_from_pages(&buf->sgt, buf->pages, n_pages, 0,
					(size_t)n_pages << PAGE_SHIFT, GFP_KERNEL | account);
	if (ret)
		goto err_pages;
	/*
	 * Where the device snoops the zeroes count as dirty; so does, until the first device that
	 * does not, whatever it writes that stays in the caches.
	 */
	if (buf->vid->noncoherent)
		ipu_buffer_flush(buf, 0, (size_t)n_pages << PAGE_SHIFT);
	else
		ipu_coherency_cpu_wrote(&buf->coherency);
	ret = ipu_buffer_connect(buf);
	if (ret)
		goto err_table;
	return buf;

err_table:
	sg_free_table(&buf->sgt);
err_pages:
	ipu_pages_free(buf->pages, buf->n_pages);
err_free:
	ipu_buffer_free(buf);
	return ERR_PTR(ret);
}

/**
 * ipu_pages_buffer_new() - allocate a buffer that the device can reach
 * @dma_dev: The queue's device.
 * @vb: The vb2 buffer, or %NULL.
 * @dir: What the device will do.
 * @size: Bytes; rounded up to pages.
 *
 * The memory is zeroed. The zeroes are written back at once if the device does not snoop: until the
 * first begin, a device that goes astray would read what the memory's last owner left there.
 *
 * Context: Process context.
 * Return: The buffer with one reference; an ERR_PTR, see ipu_buffer_new(), ipu_pages_alloc() and
 * ipu_buffer_connect().
 */
struct ipu_buffer *ipu_pages_buffer_new(struct device *dma_dev, struct vb2_buffer *vb,
					enum dma_data_direction dir, size_t size)
{
	size = PAGE_ALIGN(size);
	if ((size >> PAGE_SHIFT) > UINT_MAX)
		return ERR_PTR(-EINVAL);
	return ipu_pages_buffer_make(dma_dev, vb, dir, size, size >> PAGE_SHIFT);
}

/**
 * ipu_pages_buffer_new_sink() - addresses that all lead to one page
 * @dma_dev: The device, which has an MMU.
 * @size: Bytes; rounded up to pages.
 *
 * Behind another IOMMU it takes one mapping there, however long it is.
 *
 * Context: Process context.
 * Return: As ipu_pages_buffer_new(). The buffer's lines must not be flushed, nor can it be mapped.
 */
struct ipu_buffer *ipu_pages_buffer_new_sink(struct device *dma_dev, size_t size)
{
	size = PAGE_ALIGN(size);
	if (!size || (size >> PAGE_SHIFT) > UINT_MAX)
		return ERR_PTR(-EINVAL);
	/* Read as well: whether the IPU reads before it writes a part of a line is its matter. */
	return ipu_pages_buffer_make(dma_dev, NULL, DMA_BIDIRECTIONAL, size, 1);
}

/**
 * ipu_pages_buffer_put() - give back a reference; the last one frees
 * @buf: The buffer.
 *
 * The pages are freed after the device's MMU has forgotten them.
 *
 * Context: Process context; may be within mmap_lock.
 */
void ipu_pages_buffer_put(struct ipu_buffer *buf)
{
	if (!refcount_dec_and_test(&buf->ref))
		return;
	/* Who has pages pinned keeps them, and reads what the device wrote. */
	if (buf->lingering)
		ipu_buffer_settle(buf, buf->size, false);
	mutex_lock(&buf->vid->lock);
	ipu_buffer_disconnect(buf);
	mutex_unlock(&buf->vid->lock);
	if (buf->vaddr)
		vunmap(buf->vaddr);
	sg_free_table(&buf->sgt);
	ipu_pages_free(buf->pages, buf->n_pages);
	ipu_buffer_free(buf);
}

/* All user mappings of a buffer are one view; mremap, fork and partial munmap make and end VMAs. */

static void ipu_vma_open(struct vm_area_struct *vma)
{
	struct ipu_buffer *buf = vma->vm_private_data;

	refcount_inc(&buf->ref);
	mutex_lock(&buf->sync_lock);
	buf->vmas++;
	mutex_unlock(&buf->sync_lock);
}

static void ipu_vma_close(struct vm_area_struct *vma)
{
	struct ipu_buffer *buf = vma->vm_private_data;

	mutex_lock(&buf->sync_lock);
	if (!--buf->vmas) {
		buf->lingering = true;
		ipu_buffer_check_pins(buf);
	}
	mutex_unlock(&buf->sync_lock);
	ipu_pages_buffer_put(buf);
}

/* Within sync_lock. */
static void ipu_vma_make_writable(struct ipu_buffer *buf)
{
	if (!buf->vma_writable)
		ipu_coherency_make_writable(&buf->coherency, IPU_VIEWER_USER);
	buf->vma_writable = true;
}

static int ipu_vma_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			    unsigned long flags)
{
	struct ipu_buffer *buf = vma->vm_private_data;

	if (flags & VM_WRITE) {
		mutex_lock(&buf->sync_lock);
		ipu_vma_make_writable(buf);
		mutex_unlock(&buf->sync_lock);
	}
	return 0;
}

static const struct vm_operations_struct ipu_vm_ops = {
	.open = ipu_vma_open,
	.close = ipu_vma_close,
	.mprotect = ipu_vma_mprotect,
};

/**
 * ipu_pages_buffer_mmap() - map a buffer into user space
 * @buf: The buffer.
 * @vma: Where to; its vm_pgoff is relative to the buffer's start.
 *
 * Context: Process context, within mmap_lock for writing. Takes &ipu_buffer.sync_lock.
 * Return: 0; -ENXIO for a range beyond the buffer; -EINVAL for a private mapping; -ENOMEM.
 */
int ipu_pages_buffer_mmap(struct ipu_buffer *buf, struct vm_area_struct *vma)
{
	int ret;

	/* Not VM_SHARED: the core clears that for a file that cannot be written. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;

	/* The view is open, and its lines are right, before the first page can be touched. */
	mutex_lock(&buf->sync_lock);
	if (!buf->vmas++ && !buf->lingering)
		ipu_buffer_open_view(buf, IPU_VIEWER_USER, false);
	buf->lingering = false;
	if (vma->vm_flags & VM_WRITE)
		ipu_vma_make_writable(buf);
	mutex_unlock(&buf->sync_lock);
	refcount_inc(&buf->ref);

	ret = vm_map_pages(vma, buf->pages, buf->n_pages);
	vma->vm_private_data = buf;
	if (ret) {
		/*
		 * mmap() undoes what was mapped, but does not call close() for a mapping that
		 * failed.
		 */
		ipu_vma_close(vma);
		vma->vm_private_data = NULL;
		return ret;
	}
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &ipu_vm_ops;
	return 0;
}

/**
 * ipu_pages_buffer_vmap() - map a buffer into the kernel
 * @buf: The buffer.
 *
 * Each call is to be undone by ipu_pages_buffer_vunmap(), but for vb2's, which lasts as long as the
 * buffer.
 *
 * Context: Process context. Takes &ipu_buffer.sync_lock.
 * Return: The address, or %NULL without memory.
 */
void *ipu_pages_buffer_vmap(struct ipu_buffer *buf)
{
	void *vaddr;

	mutex_lock(&buf->sync_lock);
	if (!buf->vaddr)
		buf->vaddr = vmap(buf->pages, buf->n_pages, VM_MAP, PAGE_KERNEL);
	vaddr = buf->vaddr;
	if (vaddr && !to_pages_buffer(buf)->vmaps++)
		ipu_buffer_open_view(buf, IPU_VIEWER_OTHER, true);
	mutex_unlock(&buf->sync_lock);
	return vaddr;
}

/**
 * ipu_pages_buffer_vunmap() - one user less of the kernel mapping
 * @buf: The buffer. The mapping itself stays for the next user: only the view ends.
 *
 * Context: Process context. Takes &ipu_buffer.sync_lock.
 */
void ipu_pages_buffer_vunmap(struct ipu_buffer *buf)
{
	mutex_lock(&buf->sync_lock);
	if (!--to_pages_buffer(buf)->vmaps)
		ipu_buffer_close_view(buf, IPU_VIEWER_OTHER, true);
	mutex_unlock(&buf->sync_lock);
}
