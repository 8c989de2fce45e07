/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory, lists and arithmetic, as far as the kernel's own driver asks for them. */
#ifndef FIRMWARE_SHIM_SLAB_H
#define FIRMWARE_SHIM_SLAB_H

#include <linux/types.h>
#include <stdlib.h>

#define GFP_KERNEL 0
#define kzalloc_objs(object, number, ...) calloc(number, sizeof(object))
#define kcalloc(number, size, flags) calloc(number, size)
#define kfree free
/* As large as an address can be if the sum is too large for one, as in the kernel. */
#define struct_size(object, member, number) shim_struct_size(sizeof(*(object)), sizeof((object)->member[0]), number)

static inline size_t shim_struct_size(size_t whole, size_t member, size_t number)
{
	size_t size;

	if (__builtin_mul_overflow(member, number, &size) || __builtin_add_overflow(size, whole, &size))
		return SIZE_MAX;
	return size;
}

#define min(a, b) ((a) < (b) ? (a) : (b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define clamp(value, low, high) ((value) < (low) ? (low) : (value) > (high) ? (high) : (value))
#define clamp_t(type, value, low, high) clamp((type)(value), (type)(low), (type)(high))
#define DIV_ROUND_CLOSEST(value, by) (((value) + (by) / 2) / (by))
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)

static inline u16 swab16(u16 value)
{
	return __builtin_bswap16(value);
}

static inline void strscpy(char *to, const char *from, size_t size)
{
	size_t length = strnlen(from, size - 1);

	memcpy(to, from, length);
	to[length] = 0;
}

/* ---- Lists ---- */

#define container_of(member_pointer, type, member) ((type *)((char *)(member_pointer)-offsetof(type, member)))
#define list_first_entry(head, type, member) container_of((head)->next, type, member)
#define list_for_each_entry_safe(entry, following, head, member)                                                       \
	for (entry = container_of((head)->next, typeof(*entry), member),                                               \
	    following = container_of(entry->member.next, typeof(*entry), member);                                      \
	     &entry->member != (head);                                                                                 \
	     entry = following, following = container_of(following->member.next, typeof(*entry), member))

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	entry->prev = head->prev;
	entry->next = head;
	head->prev->next = entry;
	head->prev = entry;
}

static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
}

/* ---- One thread ---- */

#define spin_lock_init(lock) ((void)(lock))
#define spin_lock(lock) ((void)(lock))
#define spin_unlock(lock) ((void)(lock))
#define for_each_set_bit(bit, bits, size)                                                                              \
	for (bit = 0; bit < (size); ++bit)                                                                             \
		if (*(bits) >> bit & 1)

#endif
