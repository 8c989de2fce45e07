// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/videodev2.h>

#include "ipu3-imgu/abi-acc.h"
#include "ipu3-imgu/event.h"
#include "ipu3-imgu/firmware-format.h"
#include "ipu3-imgu/firmware.h"
#include "ipu3-imgu/geometry.h"
#include "ipu3-imgu/registers.h"
#include "ipu3-imgu/stage.h"

#define OURS(ours, theirs) ours
#include "module-tests/imgu/layouts/measure.h"

size_t layout_ours(struct layout_row *table, size_t room)
{
	return measure_all(table, room);
}
