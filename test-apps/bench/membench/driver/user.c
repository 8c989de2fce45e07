// SPDX-License-Identifier: GPL-2.0-only
/*
 * USERPTR buffers: the memory is there, what is measured is pinning it and mapping it for the
 * device.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mman.h>

#include "planes.h"
#include "target.h"

/**
 * user_memory_map() - have user memory, which is the same for all backends
 * @planes: The addresses, one a plane; 0 before.
 * @count: How many.
 * @size: Bytes of each.
 *
 * Context: A process, whose memory it will be.
 * Return: 0, or the first error; user_memory_unmap() undoes both.
 */
int user_memory_map(unsigned long *planes, unsigned int count, size_t size)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		/* Present, so that no page fault is measured. */
		unsigned long addr = vm_mmap(NULL, 0, size, PROT_READ | PROT_WRITE,
					     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, 0);

		if (IS_ERR_VALUE(addr))
			return (int)addr;
		planes[i] = addr;
	}
	return 0;
}

/**
 * user_memory_unmap() - give user memory back
 * @planes: The addresses; 0 where there is none.
 * @count: How many.
 * @size: Bytes of each.
 *
 * Context: The process whose memory it is.
 */
void user_memory_unmap(const unsigned long *planes, unsigned int count, size_t size)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (planes[i])
			vm_munmap(planes[i], size);
}

static int planes_pin(struct planes *planes, struct measurement *m, unsigned int i,
		      unsigned long addr)
{
	void *priv;

	measure_begin(m);
	priv = planes->ops->get_userptr(&planes->buffers[i], m->dev, addr, m->size);
	measure_end(m, OP_USERPTR);
	if (IS_ERR_OR_NULL(priv))
		return priv ? PTR_ERR(priv) : -ENOMEM;
	planes->buffers[i].planes[0].mem_priv = priv;
	return 0;
}

static void planes_unpin(struct planes *planes, struct measurement *m, unsigned int i)
{
	measure_begin(m);
	planes->ops->put_userptr(planes->buffers[i].planes[0].mem_priv);
	measure_end(m, OP_USERPTR_END);
	planes->buffers[i].planes[0].mem_priv = NULL;
}

/**
 * planes_measure_userptr() - one round of USERPTR buffers
 * @planes: The buffers, without memory before and after.
 * @m: The measurement.
 * @memory: Of user_memory_map(), for each buffer.
 *
 * Context: The process whose memory it is.
 * Return: 0, or the first error.
 */
int planes_measure_userptr(struct planes *planes, struct measurement *m,
			   const unsigned long *memory)
{
	unsigned int done = 0;
	int ret = 0;

	for (; !ret && done < m->buffers; done++)
		ret = planes_pin(planes, m, done, memory[done]);
	if (ret)
		done--;
	while (done--)
		planes_unpin(planes, m, done);
	return ret;
}
