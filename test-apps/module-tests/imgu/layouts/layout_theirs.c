// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/types.h>
#include <linux/videodev2.h>

#include "ipu3-css.h"
#include "ipu3-css-fw.h"

#define OURS(ours, theirs) theirs
#include "module-tests/imgu/layouts/measure.h"

size_t layout_theirs(struct layout_row *table, size_t room)
{
	return measure_all(table, room);
}
