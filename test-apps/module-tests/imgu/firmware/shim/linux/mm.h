/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FIRMWARE_SHIM_MM_H
#define FIRMWARE_SHIM_MM_H

#define PAGE_ALIGN(value) (((value) + 4095) & ~4095UL)

#endif
