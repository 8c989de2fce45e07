/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measuring a field: a plain one by its offset and size, a bit-field by what changes when it is written. Included by one
 * file a header, which defines OURS(ours, theirs) to be the one that it is about.
 */
#include "module-tests/imgu/layouts/layout.h"

#include <stdalign.h>
#include <string.h>

/* Larger than each structure, and aligned as strictly. */
static _Alignas(64) unsigned char memory[1 << 19];

struct rows {
	struct layout_row *table;
	size_t room, count;
};

static inline void add(struct rows *rows, struct layout_row row)
{
	if (rows->count < rows->room)
		rows->table[rows->count] = row;
	++rows->count;
}

/* The one field of the structure in memory that has been written: which bits are set. */
static inline struct layout_row measure_bits(const char *name, size_t bytes, bool is_signed)
{
	struct layout_row row = {.kind = LAYOUT_FIELD, .name = name, .is_signed = is_signed};
	size_t last = 0;

	for (size_t bit = 0; bit < 8 * bytes; ++bit) {
		if (!(memory[bit / 8] >> bit % 8 & 1))
			continue;
		if (!row.bits)
			row.bit = bit;
		last = bit;
		++row.bits;
	}
	row.contiguous = row.bits && last - row.bit + 1 == row.bits;
	return row;
}

#define MEASURE_STRUCT(label, type)                                                                                    \
	add(&rows, (struct layout_row){.kind = LAYOUT_STRUCT, .name = label, .bit = 8 * alignof(struct type),          \
				       .bits = 8 * sizeof(struct type), .contiguous = true});
#define MEASURE_FIELD(label, type, field)                                                                              \
	add(&rows, (struct layout_row){.kind = LAYOUT_FIELD, .name = label, .bit = 8 * offsetof(struct type, field),   \
				       .bits = 8 * sizeof(((struct type *)0)->field), .contiguous = true,              \
				       .is_signed = _Generic(((struct type *)0)->field, int8_t: 1, int16_t: 1,         \
							     int32_t: 1, int8_t *: 1, int16_t *: 1, default: 0)});
#define MEASURE_BITS(label, type, field)                                                                               \
	do {                                                                                                           \
		struct type *whole = (struct type *)memory;                                                            \
		_Static_assert(sizeof(*whole) <= sizeof(memory), "memory is too small");                               \
		memset(memory, 0, sizeof(*whole));                                                                     \
		whole->field--;                                                                                        \
		add(&rows, measure_bits(label, sizeof(*whole), whole->field < 0));                                     \
	} while (0);
#define MEASURE_VALUE(label, number) add(&rows, (struct layout_row){.kind = LAYOUT_VALUE, .name = label, .value = number});

#define UAPI_STRUCT(type) MEASURE_STRUCT(#type, type)
#define UAPI_FIELD(type, field) MEASURE_FIELD(#type "." #field, type, field)
#define UAPI_BITS(type, field) MEASURE_BITS(#type "." #field, type, field)
#define UAPI_VALUE(name) MEASURE_VALUE(#name, name)
#define ABI_STRUCT(our_type, their_type) MEASURE_STRUCT(#our_type, OURS(our_type, their_type))
#define ABI_FIELD(our_type, our_field, their_type, their_field)                                                        \
	MEASURE_FIELD(#our_type "." #our_field, OURS(our_type, their_type), OURS(our_field, their_field))
#define ABI_BITS(our_type, our_field, their_type, their_field)                                                         \
	MEASURE_BITS(#our_type "." #our_field, OURS(our_type, their_type), OURS(our_field, their_field))
#define ABI_VALUE(our_name, their_name) MEASURE_VALUE(#our_name, OURS(our_name, their_name))

static inline size_t measure_all(struct layout_row *table, size_t room)
{
	struct rows rows = {.table = table, .room = room};

#include "module-tests/imgu/layouts/uapi-fields.h"

#include "module-tests/imgu/layouts/abi-fields.h"

	return rows.count;
}
