// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs with memory and with what lies in it: seen by KASAN, kmemleak, UBSAN, DEBUG_LIST and
 * DEBUG_OBJECTS.
 */
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "planted.h"

/* The compiler must not know that it is. */
static unsigned int hidden(unsigned int value)
{
	OPTIMIZER_HIDE_VAR(value);
	return value;
}

int planted_use_after_free(struct device *dev)
{
	unsigned int *memory = kzalloc(sizeof(*memory), GFP_KERNEL);

	if (!memory)
		return -ENOMEM;
	kfree(memory);
	OPTIMIZER_HIDE_VAR(memory);
	(void)READ_ONCE(*memory);
	return 0;
}

int planted_leak(struct device *dev)
{
	unsigned int i;

	/* Several: a stale copy of a pointer somewhere on a stack hides one. */
	for (i = 0; i < 8; i++) {
		void *memory = kzalloc(1000, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(memory);
		if (!memory)
			return -ENOMEM;
	}
	return 0;
}

int planted_index(struct device *dev)
{
	static unsigned int array[4];

	/* Whose address is taken may lie right behind the last one. */
	WRITE_ONCE(array[hidden(ARRAY_SIZE(array) + 1)], 0);
	return 0;
}

int planted_shift(struct device *dev)
{
	return (1U << hidden(40)) == 1 ? -EINVAL : 0;
}

int planted_list(struct device *dev)
{
	struct list_head entry;
	LIST_HEAD(list);

	list_add(&entry, &list);
	list_add(&entry, &list);
	return 0;
}

struct planted_object {
	struct timer_list timer;
};

static void planted_expired(struct timer_list *timer)
{
}

int planted_timer(struct device *dev)
{
	struct planted_object *object = kzalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	timer_setup(&object->timer, planted_expired, 0);
	mod_timer(&object->timer, jiffies + 1000 * HZ);
	kfree(object);
	return 0;
}
