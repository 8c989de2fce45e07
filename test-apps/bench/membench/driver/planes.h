/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One backend's planes, made and used as videobuf2 does.
 */
#ifndef MEMBENCH_PLANES_H
#define MEMBENCH_PLANES_H

#include <media/videobuf2-core.h>

#include "measure.h"

#define PLANES_MOST 64

/**
 * struct planes - buffers of one plane each
 * @ops: The backend.
 * @settle: What a driver's buf_finish calls, if the backend wants it.
 * @queue: As far as backends look at it.
 * @buffers: The buffers.
 * @user: Addresses of their mappings.
 */
struct planes {
	const struct vb2_mem_ops *ops;
	void (*settle)(struct vb2_buffer *vb);
	struct vb2_queue queue;
	struct vb2_buffer buffers[PLANES_MOST];
	unsigned long user[PLANES_MOST];
};

void planes_init(struct planes *planes, const struct vb2_mem_ops *ops,
		 void (*settle)(struct vb2_buffer *vb), struct measurement *m);
int planes_measure_mmap(struct planes *planes, struct measurement *m);

/* user.c */
int user_memory_map(unsigned long *planes, unsigned int count, size_t size);
void user_memory_unmap(const unsigned long *planes, unsigned int count, size_t size);
int planes_measure_userptr(struct planes *planes, struct measurement *m,
			   const unsigned long *memory);

#endif /* MEMBENCH_PLANES_H */
