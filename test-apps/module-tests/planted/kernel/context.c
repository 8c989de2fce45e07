// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs with locks and contexts: seen by PROVE_LOCKING and DEBUG_ATOMIC_SLEEP.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include "planted.h"

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);

/* Never a deadlock here: there is one process only. */
int planted_lock_order(struct device *dev)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
	return 0;
}

int planted_sleep(struct device *dev)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
	return 0;
}
