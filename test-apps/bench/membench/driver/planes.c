// SPDX-License-Identifier: GPL-2.0-only
/*
 * MMAP buffers. videobuf2's own work, the same for each backend, is left out: what is called here
 * is what it calls.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>

#include "planes.h"
#include "target.h"

/*
 * Each of them for every buffer, after one that is not measured: the first frame of a buffer is
 * another matter.
 */
#define FRAMES 3

/**
 * planes_init() - have buffers without memory
 * @planes: The buffers, zeroed.
 * @ops: The backend.
 * @settle: What buf_finish calls, or %NULL.
 * @m: The measurement that they are for.
 *
 * Context: Any.
 */
void planes_init(struct planes *planes, const struct vb2_mem_ops *ops,
		 void (*settle)(struct vb2_buffer *vb), struct measurement *m)
{
	unsigned int i;

	planes->ops = ops;
	planes->settle = settle;
	planes->queue.mem_ops = ops;
	planes->queue.dev = m->dev;
	planes->queue.dma_dir = DMA_FROM_DEVICE;
	for (i = 0; i < m->buffers; i++) {
		struct vb2_buffer *vb = &planes->buffers[i];

		vb->vb2_queue = &planes->queue;
		vb->index = i;
		vb->num_planes = 1;
		vb->planes[0].length = m->size;
	}
}

static int planes_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vb2_buffer *vb = file->private_data;

	/* As vb2_mmap() does: backends look at the whole buffer. */
	vma->vm_pgoff = 0;
	return vb->vb2_queue->mem_ops->mmap(vb->planes[0].mem_priv, vma);
}

static const struct file_operations planes_fops = {
	.owner = THIS_MODULE,
	.mmap = planes_file_mmap,
};

static int planes_map(struct planes *planes, struct measurement *m, unsigned int i,
		      unsigned long prot, enum op op)
{
	struct file *file;
	unsigned long addr;

	file = anon_inode_getfile("[ipu-membench]", &planes_fops, &planes->buffers[i], O_RDWR);
	if (IS_ERR(file))
		return PTR_ERR(file);
	measure_begin(m);
	addr = vm_mmap(file, 0, m->size, prot, MAP_SHARED, 0);
	measure_end(m, op);
	fput(file);
	if (IS_ERR_VALUE(addr))
		return (int)addr;
	planes->user[i] = addr;
	return 0;
}

static int planes_unmap(struct planes *planes, struct measurement *m, unsigned int i, enum op op)
{
	int ret;

	measure_begin(m);
	ret = vm_munmap(planes->user[i], m->size);
	measure_end(m, op);
	planes->user[i] = 0;
	return ret;
}

static void planes_frame(struct planes *planes, struct vb2_buffer *vb)
{
	void *priv = vb->planes[0].mem_priv;

	planes->ops->prepare(priv);
	vb->planes[0].bytesused = vb->planes[0].length;
	vb->state = VB2_BUF_STATE_DONE;
	planes->ops->finish(priv);
	if (planes->settle)
		planes->settle(vb);
}

static void planes_frames(struct planes *planes, struct measurement *m, enum op what, bool hinted)
{
	unsigned int i, k;

	for (i = 0; i < m->buffers; i++) {
		struct vb2_buffer *vb = &planes->buffers[i];

		vb->skip_cache_sync_on_prepare = hinted;
		planes_frame(planes, vb);
		for (k = 0; k < FRAMES; k++) {
			measure_begin(m);
			planes_frame(planes, vb);
			measure_end(m, what);
		}
		vb->skip_cache_sync_on_prepare = 0;
	}
}

static int planes_mapped_frames(struct planes *planes, struct measurement *m, bool write)
{
	unsigned long prot = write ? PROT_READ | PROT_WRITE : PROT_READ;
	unsigned int done = 0;
	int ret = 0;

	for (; !ret && done < m->buffers; done++)
		ret = planes_map(planes, m, done, prot, write ? OP_MMAP_WRITE : OP_MMAP_READ);
	if (ret)
		done--;
	else
		planes_frames(planes, m, write ? OP_FRAME_WRITE : OP_FRAME_READ, false);
	if (!ret && write)
		planes_frames(planes, m, OP_FRAME_HINTED, true);
	while (done--) {
		int end = planes_unmap(planes, m, done, write ? OP_MUNMAP_WRITE : OP_MUNMAP_READ);

		ret = ret ?: end;
	}
	return ret;
}

static int planes_alloc(struct planes *planes, struct measurement *m, unsigned int i)
{
	void *priv;

	measure_begin(m);
	priv = planes->ops->alloc(&planes->buffers[i], m->dev, PAGE_ALIGN(m->size));
	measure_end(m, OP_ALLOC);
	if (IS_ERR_OR_NULL(priv))
		return priv ? PTR_ERR(priv) : -ENOMEM;
	planes->buffers[i].planes[0].mem_priv = priv;
	return 0;
}

static void planes_put(struct planes *planes, struct measurement *m, unsigned int i)
{
	measure_begin(m);
	planes->ops->put(planes->buffers[i].planes[0].mem_priv);
	measure_end(m, OP_FREE);
	planes->buffers[i].planes[0].mem_priv = NULL;
}

/**
 * planes_measure_mmap() - one round of MMAP buffers
 * @planes: The buffers, without memory before and after.
 * @m: The measurement.
 *
 * Context: A process, which the buffers are mapped into.
 * Return: 0, or the first error.
 */
int planes_measure_mmap(struct planes *planes, struct measurement *m)
{
	unsigned int done = 0;
	int ret = 0;

	for (; !ret && done < m->buffers; done++)
		ret = planes_alloc(planes, m, done);
	if (ret)
		done--;
	else
		planes_frames(planes, m, OP_FRAME_UNSEEN, false);
	if (!ret)
		ret = planes_mapped_frames(planes, m, false);
	if (!ret)
		ret = planes_mapped_frames(planes, m, true);
	while (done--)
		planes_put(planes, m, done);
	return ret;
}
