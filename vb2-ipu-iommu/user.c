// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of user memory (USERPTR).
 *
 * User space always has a mapping, so such a buffer is flushed each time. Its first and last line
 * may be shared with other data of the process: the CPU may dirty them while the device writes, and
 * whichever is flushed last would undo the other's bytes. So, for a device that does not snoop,
 * pages with such a line have a stand-in towards the device, and the bytes of the buffer are
 * copied. The device then does not see the neighbours either.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <media/videobuf2-memops.h>

#include "buffer.h"
#include "cache.h"
#include "device.h"
#include "sync.h"
#include "user.h"

/**
 * struct ipu_user_buffer - a buffer of user memory
 * @buf: What all kinds share.
 * @vec: The pinned pages.
 * @head: Stands in for the first page towards the device; %NULL if nothing does.
 * @tail: Likewise for the last page.
 */
struct ipu_user_buffer {
	struct ipu_buffer buf;
	struct frame_vector *vec;
	struct page *head;
	struct page *tail;
};

static_assert(!offsetof(struct ipu_user_buffer, buf));

static struct ipu_user_buffer *to_user_buffer(struct ipu_buffer *buf)
{
	return container_of(buf, struct ipu_user_buffer, buf);
}

/* Bytes of the buffer in its first page. */
static size_t ipu_user_head_size(const struct ipu_buffer *buf)
{
	return min_t(size_t, buf->size, PAGE_SIZE - buf->offset);
}

/* Bytes of the buffer in its last page; 0 if that is the first one as well. */
static size_t ipu_user_tail_size(const struct ipu_buffer *buf)
{
	return buf->n_pages > 1 ? offset_in_page(buf->offset + buf->size - 1) + 1 : 0;
}

static bool ipu_user_needs_stand_ins(const struct ipu_buffer *buf)
{
	return buf->vid->noncoherent &&
	       !IS_ALIGNED(buf->offset | (buf->offset + buf->size), ipu_cache_line_size());
}

/*
 * The device reaches all of the page, so none of it may hold what its last owner left: neither in
 * the caches nor, for the device reads there, in memory.
 */
static struct page *ipu_user_stand_in(struct ipu_buffer *buf)
{
	struct page *page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);

	if (page)
		ipu_cache_flush(&buf->vid->stats.flushed_lines, page_address(page), PAGE_SIZE);
	return page;
}

static int ipu_user_add_stand_ins(struct ipu_user_buffer *user, struct page **device_pages)
{
	struct ipu_buffer *buf = &user->buf;
	size_t line = ipu_cache_line_size();
	bool head = !IS_ALIGNED(buf->offset, line);
	bool tail = !IS_ALIGNED(buf->offset + buf->size, line);

	if (buf->n_pages == 1) {
		head = head || tail;
		tail = false;
	}
	if (head) {
		user->head = ipu_user_stand_in(buf);
		if (!user->head)
			return -ENOMEM;
		device_pages[0] = user->head;
	}
	if (tail) {
		user->tail = ipu_user_stand_in(buf);
		if (!user->tail)
			return -ENOMEM;
		device_pages[buf->n_pages - 1] = user->tail;
	}
	return 0;
}

static void ipu_user_free_stand_ins(struct ipu_user_buffer *user)
{
	if (user->head)
		__free_page(user->head);
	if (user->tail)
		__free_page(user->tail);
}

/*
 * Such memory (of a DAX device, say) need not be where the DMA API looks for what a function has to
 * reach, see ipu_mmu_map_table_for_parent().
 */
static bool ipu_user_is_a_devices(const struct ipu_buffer *buf)
{
	unsigned int i;

	for (i = 0; i < buf->n_pages; i++)
		if (is_zone_device_page(buf->pages[i]))
			return true;
	return false;
}

/* The table of runs as the device shall see them. */
static int ipu_user_make_table(struct ipu_user_buffer *user)
{
	struct ipu_buffer *buf = &user->buf;
	struct page **device_pages;
	int ret;

	if (!ipu_user_needs_stand_ins(buf))
		return sg_alloc_table_from_pages(&buf->sgt, buf->pages, buf->n_pages, buf->offset,
						 buf->size, GFP_KERNEL_ACCOUNT);

	device_pages =
		kvmemdup(buf->pages, array_size(buf->n_pages, sizeof(*buf->pages)), GFP_KERNEL);
	if (!device_pages)
		return -ENOMEM;
	ret = ipu_user_add_stand_ins(user, device_pages);
	if (!ret)
		ret = sg_alloc_table_from_pages(&buf->sgt, device_pages, buf->n_pages, buf->offset,
						buf->size, GFP_KERNEL_ACCOUNT);
	kvfree(device_pages);
	if (ret)
		ipu_user_free_stand_ins(user);
	return ret;
}

static void *ipu_user_buffer_vaddr(struct ipu_buffer *buf)
{
	mutex_lock(&buf->sync_lock);
	if (!buf->vaddr)
		buf->vaddr = vmap(buf->pages, buf->n_pages, VM_MAP, PAGE_KERNEL);
	mutex_unlock(&buf->sync_lock);
	return buf->vaddr ? buf->vaddr + buf->offset : NULL;
}

/* User memory always counts as mapped and writable, so there is nothing to end. */
static void ipu_user_buffer_end_access(struct ipu_buffer *buf)
{
}

/*
 * Brings the stand-ins up to date. Also when the device will only write: it may write less than the
 * whole.
 */
static void ipu_user_buffer_copy_in(struct ipu_buffer *buf)
{
	struct ipu_user_buffer *user = to_user_buffer(buf);

	if (user->head)
		memcpy(page_address(user->head) + buf->offset,
		       page_address(buf->pages[0]) + buf->offset, ipu_user_head_size(buf));
	if (user->tail)
		memcpy(page_address(user->tail), page_address(buf->pages[buf->n_pages - 1]),
		       ipu_user_tail_size(buf));
}

/* Gives user space what the device wrote into the stand-ins. */
static void ipu_user_buffer_copy_out(struct ipu_buffer *buf, size_t bytes)
{
	struct ipu_user_buffer *user = to_user_buffer(buf);
	size_t tail = ipu_user_tail_size(buf);
	size_t before_tail = buf->size - tail;

	if (user->head)
		memcpy(page_address(buf->pages[0]) + buf->offset,
		       page_address(user->head) + buf->offset, min(bytes, ipu_user_head_size(buf)));
	if (user->tail && bytes > before_tail)
		memcpy(page_address(buf->pages[buf->n_pages - 1]), page_address(user->tail),
		       min(bytes - before_tail, tail));
}

static const struct ipu_buffer_ops ipu_user_buffer_ops = {
	.name = "user",
	.object_size = sizeof(struct ipu_user_buffer),
	.hints = true,
	.disconnect = ipu_buffer_disconnect,
	.flush = ipu_buffer_flush_runs,
	.device_sgt = ipu_buffer_own_sgt,
	.vaddr = ipu_user_buffer_vaddr,
	.begin_access = ipu_user_buffer_vaddr,
	.end_access = ipu_user_buffer_end_access,
	.before_device = ipu_user_buffer_copy_in,
	.after_device = ipu_user_buffer_copy_out,
};

/**
 * ipu_user_buffer_new() - pin user memory and let the device reach it
 * @dma_dev: The queue's device.
 * @vb: The vb2 buffer.
 * @dir: What the device will do.
 * @vaddr: Start, with any alignment.
 * @size: Bytes, any number but 0.
 *
 * Context: The process whose memory it is; takes mmap_lock.
 * Return: The buffer; an ERR_PTR: -EFAULT for memory that is not there, cannot be pinned for long,
 * has no struct page or is a device's own, or is read-only while the device will write; see also
 * ipu_buffer_new() and ipu_buffer_connect().
 */
struct ipu_buffer *ipu_user_buffer_new(struct device *dma_dev, struct vb2_buffer *vb,
				       enum dma_data_direction dir, unsigned long vaddr,
				       size_t size)
{
	struct ipu_user_buffer *user;
	struct ipu_buffer *buf;
	int ret;

	buf = ipu_buffer_new(dma_dev, &ipu_user_buffer_ops, vb, dir, size);
	if (IS_ERR(buf))
		return buf;
	user = to_user_buffer(buf);
	buf->offset = offset_in_page(vaddr);
	/* There is no memory there; the core would say -EOVERFLOW. */
	if (vaddr + size < vaddr) {
		ret = -EFAULT;
		goto err_free;
	}
	user->vec = vb2_create_framevec(vaddr, size, dir != DMA_TO_DEVICE);
	if (IS_ERR(user->vec)) {
		ret = PTR_ERR(user->vec);
		goto err_free;
	}
	buf->pages = frame_vector_pages(user->vec);
	if (IS_ERR(buf->pages)) {
		ret = -EFAULT;
		goto err_vec;
	}
	buf->n_pages = frame_vector_count(user->vec);
	if (ipu_user_is_a_devices(buf)) {
		ret = -EFAULT;
		goto err_vec;
	}
	ret = ipu_user_make_table(user);
	if (ret)
		goto err_vec;

	mutex_lock(&buf->sync_lock);
	ipu_buffer_open_view(buf, IPU_VIEWER_USER, true);
	mutex_unlock(&buf->sync_lock);

	ret = ipu_buffer_connect(buf);
	if (ret)
		goto err_table;
	return buf;

err_table:
	sg_free_table(&buf->sgt);
	ipu_user_free_stand_ins(user);
err_vec:
	vb2_destroy_framevec(user->vec);
err_free:
	ipu_buffer_free(buf);
	return ERR_PTR(ret);
}

/**
 * ipu_user_buffer_put() - unpin
 * @buf: The buffer.
 *
 * Context: Process context, not necessarily of the process whose memory it is.
 */
void ipu_user_buffer_put(struct ipu_buffer *buf)
{
	struct ipu_user_buffer *user = to_user_buffer(buf);
	unsigned int i;

	mutex_lock(&buf->vid->lock);
	ipu_buffer_disconnect(buf);
	mutex_unlock(&buf->vid->lock);
	if (buf->vaddr)
		vunmap(buf->vaddr);
	sg_free_table(&buf->sgt);
	ipu_user_free_stand_ins(user);
	if (buf->dir != DMA_TO_DEVICE)
		for (i = 0; i < buf->n_pages; i++)
			set_page_dirty_lock(buf->pages[i]);
	vb2_destroy_framevec(user->vec);
	ipu_buffer_free(buf);
}
