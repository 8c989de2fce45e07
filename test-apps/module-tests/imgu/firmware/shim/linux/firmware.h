/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FIRMWARE_SHIM_FIRMWARE_H
#define FIRMWARE_SHIM_FIRMWARE_H

#include <linux/types.h>

struct device;
struct firmware {
	size_t size;
	const u8 *data;
};

int request_firmware(const struct firmware **firmware, const char *name, struct device *device);
void release_firmware(const struct firmware *firmware);

#endif
