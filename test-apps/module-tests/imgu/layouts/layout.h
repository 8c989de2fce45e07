/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of a header's structures and fields: what the compiler made of them. One translation unit a header, since the
 * module's UAPI and the packaged one have the same names.
 */
#ifndef LAYOUTS_LAYOUT_H
#define LAYOUTS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a row of the table is about. */
enum layout_kind {
	LAYOUT_STRUCT, /* bit: its alignment, bits: its size */
	LAYOUT_FIELD,  /* bit: its first bit, bits: how many */
	LAYOUT_VALUE,  /* value */
};

struct layout_row {
	enum layout_kind kind;
	const char *name;  /* of the module: "structure", "structure.field" or a number's name */
	size_t bit;	   /* counted from the structure's first byte and that byte's lowest bit */
	size_t bits;
	bool is_signed;
	bool contiguous;   /* a bit-field's bits follow each other */
	int64_t value;
};

/* Writes up to room rows to table, and says how many there are. */
size_t layout_ours(struct layout_row *table, size_t room);
size_t layout_theirs(struct layout_row *table, size_t room);

#ifdef __cplusplus
}
#endif

#endif
